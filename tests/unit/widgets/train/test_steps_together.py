"""App 3's components on one page: nothing starts by itself, no second click counts, and a style from end to end."""

from types import SimpleNamespace

import pytest

from poetas.data.storage.samples import sample
from poetas.services import Service
from poetas.workspace import Workspace
from tests.tiny_model import TINY, build_tiny_model
from tests.unit.widgets.pollers import new_poller
from tests.unit.widgets.train.steps import LONG, dataset
from widgets import (
    BaselineSamples,
    DataAndModel,
    EraseMyData,
    Hyperparameters,
    PageContext,
    Scoreboard,
    StepCard,
    TrainingPanel,
    TryIt,
)
from widgets.core.component import State
from widgets.core.service_pool import ServicePool

pytestmark = pytest.mark.slow


def test_nothing_is_written_or_started_when_the_whole_app_is_built(empty):
    knobs = Hyperparameters(context=empty)
    parts = [
        DataAndModel(context=empty),
        BaselineSamples(context=empty),
        knobs,
        TrainingPanel(knobs),
        Scoreboard(context=empty),
    ]
    parts += [TryIt(context=empty), EraseMyData(context=empty)]
    for part in parts:
        StepCard("paso", part, context=empty)
    assert not empty.workspace.root.exists()
    assert [part.state for part in parts[1:5]] == [State.WAITING] * 4


def test_a_second_click_asks_a_model_nothing_twice(alone, monkeypatch):
    asked = []
    monkeypatch.setattr(ServicePool, "ask", lambda *_args, **_options: asked.append("texts"))
    monkeypatch.setattr(
        ServicePool, "stream", lambda *_args, **_options: asked.append("write") or SimpleNamespace(cancel=lambda: None)
    )
    before, tried = BaselineSamples(context=alone), TryIt("Hoy llueve.", context=alone)
    for _click in range(2):
        before.more.click()
        tried.write.click()
    assert sorted(asked) == ["texts", "write"]


def test_a_style_is_tried_from_beginnings_alone_and_goes_on_from_the_learners_own(tmp_path):
    workspace = Workspace(tmp_path / "home")
    build_tiny_model(workspace.models / TINY)
    context = PageContext(workspace, poller=new_poller())
    verses = sample("coplas").path.read_text("utf-8").split("\n\n")[:26]
    context.dataset, context.model = str(dataset(context.project, [{"text": verse.strip()} for verse in verses])), TINY
    before = BaselineSamples(context=context)
    before.prediction.skip()
    context.poller.drain(LONG)
    assert before.done
    assert all("shown" not in row for row in before.value)
    assert all(verse.strip().startswith(row["text"]) for verse, row in zip(verses[12:15], before.value, strict=True))
    tried = TryIt("Cuando baja", context=context)
    assert tried.write.description == "Seguir el comienzo"
    assert tried.values()["TASK"] == "style"
    tried.write.click()
    context.poller.drain(LONG)
    first = tried.answers["base"]
    assert "Cuando baja" in tried.pair.columns["base"].value
    tried.another.click()
    context.poller.drain(LONG)
    assert tried.answers["base"] != first
    assert "sorprender" in Scoreboard(context=context).guess.label
    Service.retire("generation", workspace.root)
    context.close()
