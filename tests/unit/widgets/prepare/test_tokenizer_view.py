"""TokenizerView: a text in tokens, after the guess, and what it costs in two languages."""

import csv

from poetas.data.storage.samples import sample
from poetas.errors import Explanation
from tests.tiny_model import register_tiny_model
from tests.unit.widgets.prepare.steps import bring
from widgets import TokenizerView
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.prepare.dataset_draft import DatasetDraft


def test_tokens_stay_hidden_until_the_guess(context):
    register_tiny_model(context.workspace)
    view = TokenizerView("Llueve sobre la pampa", context=context)
    assert not is_shown(view.shown)
    view.prediction.place("6")
    context.poller.drain()
    assert is_shown(view.shown)
    chips = view.cuts.children[0].chips
    assert "".join(piece for piece, _number in chips.pieces) == "Llueve sobre la pampa"
    assert view.counts == {"tiny": len(chips.pieces)}
    assert f"{len(chips.pieces)} tokens · 4 palabras" in view.cuts.children[0].figures.value
    assert view.prediction.answered["text"].startswith(f"Dijiste 6 y son {len(chips.pieces)}: mirá «")
    view.box.value = "Otra cosa"
    context.poller.drain()
    assert not is_shown(view.prediction), "the answer is of another text"


def test_the_newest_text_wins_however_fast_it_is_typed(context):
    register_tiny_model(context.workspace)
    view = TokenizerView("a", context=context)
    view.prediction.skip()
    for end in range(1, 20):
        view.box.value = "Cuarenta años repartí"[:end]
    context.poller.drain()
    assert "".join(piece for piece, _n in view.cuts.children[0].chips.pieces) == "Cuarenta años repartí"[:19]


def test_of_a_very_long_text_the_beginning_is_counted_and_the_page_says_so(context):
    register_tiny_model(context.workspace)
    view = TokenizerView("río " * 12_500, context=context)
    view.prediction.skip()
    context.poller.drain(60)
    [cut] = view.cuts.children
    assert "5.000 palabras" in cut.figures.value
    assert "primeras 20.000 letras" in view.status.value
    assert view.seen().startswith("Las primeras 20.000 letras de «río río")
    view.value = " "
    context.poller.drain(60)
    assert view.status.value == view.seen() == ""


def test_without_a_model_the_step_says_where_to_get_one(context):
    view = TokenizerView(context=context)
    assert view.state is State.WAITING
    assert "1_conocer.ipynb#modelo" in view.missing.value
    assert view.prediction.disabled
    register_tiny_model(context.workspace)
    view.check.click()
    assert view.state is State.READY
    assert not view.missing.value


def test_the_cost_of_the_same_thing_in_two_languages(context):
    register_tiny_model(context.workspace)
    view = TokenizerView(context=context)
    view.prediction.skip()
    view.cost.button.click()
    context.poller.drain()
    assert "castellano" in view.cost.drawing.value
    assert "en inglés cuesta" in view.cost.drawing.value  # the tiny model's scissors have seen Spanish only


def test_a_card_about_a_text_of_the_file_goes_from_the_scissors_with_it(context, file, monkeypatch):
    register_tiny_model(context.workspace)
    bring(context, file)
    view = TokenizerView(context=context)
    with monkeypatch.context() as patched:
        patched.setattr(
            DatasetDraft,
            "ask",
            lambda _draft, _question, *, failed, **_done: failed(Explanation("file-gone", "No está.", "", "", "retry")),
        )
        view.another.click()
    assert view.alert.problem is not None
    view.alert.button.click()  # tries again what was asked for
    context.poller.drain()
    assert view.alert.problem is None
    with sample("noticias").path.open(encoding="utf-8", newline="") as rows:
        assert view.value[:12] in next(csv.DictReader(rows))["texto"]
    with monkeypatch.context() as patched:
        patched.setattr(
            DatasetDraft,
            "ask",
            lambda _draft, _question, *, failed, **_done: failed(Explanation("file-gone", "No está.", "", "")),
        )
        view.another.click()
    bring(context, sample("coplas").path)
    assert view.alert.problem is None
