"""TryIt: the same text for the base and the tuned model, streamed, stopped, and failing."""

import errno
import os
from types import SimpleNamespace

import pytest

from poetas.course.own_text import OWN_TEXT
from poetas.errors import explain
from poetas.services import Service
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import INLINE, needs_loop
from tests.unit.widgets.train.steps import LONG, dataset, news
from widgets import TryIt
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.core.service_pool import ServicePool
from widgets.train.dataset_records import adapter_in_use

pytestmark = pytest.mark.slow


def test_the_same_text_goes_to_base_and_tuned(trained, ready):
    tried = TryIt("La panadera del barrio abre antes de que salga el sol.", context=ready)
    assert is_shown(tried.pair.columns["tuned"])
    tried.write.click()
    ready.poller.drain(LONG)
    assert tried.alert.problem is None
    assert tried.done
    assert set(tried.answers) == {"base", "tuned"}
    if not INLINE:
        tried.done = False
        tried.write.click()
        tried.stop.click()
        ready.poller.drain(LONG)
        assert not tried.done, "it was stopped before there was anything to compare"
    for _click in range(1 if INLINE else 2):
        tried.bring.click()
    ready.poller.drain(LONG)
    assert tried.value == news(26)[16]["text"], "a double click brings one text"
    assert tried.answers == {}  # they were about the text before
    assert tried.pair.columns["base"].value == tried.pair.columns["tuned"].value == ""
    tried.box.value = " \n"
    assert tried.write.disabled
    assert "sin texto no hay nada que resumir" in tried.status.value
    tried.box.value = "Otra vez algo."
    assert not tried.write.disabled
    assert tried.status.value == ""
    tried._changed()  # as when a training ends: a text of the learner's stays
    assert tried.value == "Otra vez algo."
    assert tried.values()["ADAPTER"] == str(adapter_in_use(ready))


def test_what_was_pasted_in_app_1_is_brought_as_long_as_it_is_there(empty):
    coplas = [{"text": f"Copla {n},\ncon su río."} for n in range(26)]
    for rows, label, brought in (
        (coplas, "Traer tu primer verso", "Ay, mi río\n"),
        (news(26), "", "Ay, mi río\nmanso"),
    ):
        empty.dataset = str(dataset(empty.project, rows))
        empty.save_at({OWN_TEXT: "Ay, mi río\nmanso\n\nOtro"})
        tried = TryIt(context=empty)
        assert is_shown(tried.own)
        assert tried.own.description == (label or "Traer lo que pegaste en la app 1")
        tried.own.click()
        assert tried.value == brought
        assert not is_shown(tried.own)
        assert "pegaste en la app 1" in tried.status.value
        tried.box.value = "Otra cosa."
        assert is_shown(tried.own)
        empty.save_at({OWN_TEXT: ""})
        tried.own.click()
        assert tried.value == "Otra cosa."
        assert not is_shown(tried.own)


@needs_loop
def test_without_a_training_the_base_answers_alone_and_can_be_stopped(empty):
    build_tiny_model(empty.workspace.models / TINY)
    empty.model = TINY
    tried = TryIt(context=empty)
    assert not is_shown(tried.pair.columns["tuned"])
    tried.write.click()
    tried.stop.click()
    empty.poller.drain(LONG)
    assert tried.state is State.DONE
    assert set(tried.answers) == {"base"}
    assert not tried.done, "nothing was compared yet"
    assert "Lo detuviste" in tried.pair.columns["base"].value
    Service.retire("generation", empty.workspace.root)


@pytest.fixture
def writing(empty, monkeypatch):
    """«Probalo» while it writes, and the callbacks of its answer: (each, done, failed)."""
    build_tiny_model(empty.workspace.models / TINY)
    empty.model = TINY
    answers = []

    def stream(_services, _begin, *, each, done, failed):
        answers.append((each, done, failed))
        return SimpleNamespace(cancel=lambda: None)

    monkeypatch.setattr(ServicePool, "stream", stream)
    tried = TryIt("Hoy llueve.", context=empty)
    tried.write.click()
    answers[0][0](["y ", "sigue"])
    assert "y sigue" in tried.pair.columns["base"].value
    return tried, *answers[0]


def test_what_a_model_still_wrote_is_not_shown_as_anothers(writing):
    tried, each, done, failed = writing
    tried.context.model = ""
    each([" lloviendo"])
    done(None)
    failed(explain(OSError(errno.EIO, "")))
    assert tried.pair.columns["base"].value == ""
    assert tried.answers == {}
    assert not tried.done
    assert tried.alert.problem is None
    assert tried.state is State.READY


def test_a_failure_leaves_no_half_of_an_answer_beside_its_card(writing):
    tried, _each, done, failed = writing
    failed(explain(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
    done(None)
    assert tried.pair.columns["base"].value == ""
    assert tried.alert.problem.code == "disk-full"
    assert tried.state is State.READY
