"""A page's later steps: loaded and made when its first control is on the screen, whatever one of them does."""

import asyncio
import json
import os
import subprocess
import sys
from unittest import TestCase

import pytest
from ipywidgets import Text

from widgets import Glossary, ModelPicker, NextTokenChart, SamplingControls, SplitControls, StepCard
from widgets.core import step_card as cards
from widgets.core.lazy_component import LazyComponent
from widgets.core.lazy_steps import FirstControlSignal, LazySteps
from widgets.core.page_context import PageContext
from widgets.core.poller import Poller

PAGE = """
import json, sys
from widgets import App, DataAndModel, Hyperparameters, StepCard, TrainingPanel
App("entrenar")
first = StepCard("conjunto", DataAndModel)
later = StepCard("entrena", TrainingPanel, StepCard("perillas", Hyperparameters))
before = sorted({"numpy", "bqplot", "pandas", "widgets.train.training_panel"} & set(sys.modules))
asked = type(later.component).__name__  # an instructor's cell may ask before the page is there
print(json.dumps([type(first.component).__name__, before, asked, later.component.hyperparameters is not None]))
"""

NoSuchThing = LazyComponent("widgets.explore.next_token.next_token_chart", "NoSuchThing")


@pytest.fixture
def context():
    context = PageContext()
    context.make_current()
    return context


@pytest.fixture
def queue(monkeypatch, context):
    """The steps of a page that Voilà has just opened."""
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/1")
    return context.lazy_steps


def names(card):
    return [type(child).__name__ for child in card.children]


def test_the_first_control_is_made_at_once_and_the_others_follow_when_the_page_shows_it(queue, context):
    kinds = (Glossary, ModelPicker, NextTokenChart, SplitControls)
    picture, first, *others = [StepCard("x", kind) for kind in kinds]
    assert names(picture) == ["Glossary"], "who waits for a button does not want to wait for it after a drawing"
    assert (names(first)[0], names(first)[-1]) == ("ModelPicker", "FirstControlSignal")
    assert [card.children for card in others] == [(), ()]
    assert all("poetas-coming" in card._dom_classes for card in others)

    async def shown():
        first.children[-1]._handle_custom_msg({"kind": "seen"}, [])
        await asyncio.wait_for(context.poller._loop_task, 10)

    asyncio.run(shown())
    assert [names(card)[0] for card in others] == ["NextTokenChart", "SplitControls"]
    assert not any("poetas-coming" in card._dom_classes for card in others)
    assert not any(isinstance(child, FirstControlSignal) for card in others for child in card.children)


def test_a_step_follows_the_other_at_once_and_clicks_are_answered_in_between(monkeypatch):
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/1")
    poller, seen = Poller(inline=False, period=60), []
    queue = LazySteps(poller)
    assert queue.signal() is not None
    assert all(queue.defer(lambda n=n: seen.append(n)) for n in range(3))

    async def shown():
        queue.begin()
        while not poller._loop_task.done():
            if seen and seen[-1] != "click":
                seen.append("click")
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(shown(), 10))  # three beats of a minute otherwise
    assert seen == [0, "click", 1, "click", 2]


def test_steps_come_though_no_page_ever_shows_the_first_control(queue, context, monkeypatch):
    monkeypatch.setattr("widgets.core.lazy_steps.TIMEOUT", 0.5)
    StepCard("x", ModelPicker)  # in a cell that does not show it
    chart = StepCard("x", NextTokenChart)
    assert chart.children == ()
    context.poller.drain(10)
    assert names(chart)[0] == "NextTokenChart"
    late = StepCard("x", SplitControls)  # its cell was still to be run
    assert names(late)[0] == "SplitControls"


def test_a_step_that_cannot_be_made_does_not_keep_the_others_away(queue, context):
    StepCard("x", ModelPicker)
    broken, whole = StepCard("rota", NoSuchThing), StepCard("x", NextTokenChart)
    with TestCase().assertLogs(cards.__name__) as logged:
        queue.begin()
        context.poller.drain(5)
    assert names(broken) == ["ErrorCard"]
    [record] = logged.records
    assert "rota" in record.getMessage()
    assert "NoSuchThing" in str(record.exc_info[1]), "without it the cause cannot be found"
    assert "poetas-coming" not in broken._dom_classes
    assert names(whole)[0] == "NextTokenChart"


def test_a_first_step_that_cannot_be_made_shows_why_and_the_others_follow(queue, context, monkeypatch, tmp_path):
    monkeypatch.setenv("POETAS_CATALOGUE", str(tmp_path / "no está.toml"))
    first, second = StepCard("x", ModelPicker), StepCard("x", NextTokenChart)
    assert names(first) == ["ErrorCard", "FirstControlSignal"]
    assert "no está.toml" in first.children[0].message.value
    monkeypatch.delenv("POETAS_CATALOGUE")
    first.children[0].button.click()
    assert names(first)[0] == "ModelPicker"
    queue.begin()
    context.poller.drain(5)
    assert names(second)[0] == "NextTokenChart"


def test_what_is_asked_for_before_its_turn_is_made_then_and_only_once(queue, context):
    StepCard("x", ModelPicker)
    chart = StepCard("x", NextTokenChart)
    knobs = StepCard("x", SamplingControls, chart)
    assert knobs.component.chart is chart.component
    made = knobs.children
    queue.begin()
    context.poller.drain(5)
    assert knobs.children == made


def test_outside_voila_nothing_waits(monkeypatch, context):
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    steps = [StepCard("x", kind) for kind in (Glossary, NextTokenChart)]
    assert [names(step)[0] for step in steps] == ["Glossary", "NextTokenChart"]
    assert not any(isinstance(child, FirstControlSignal) for step in steps for child in step.children)
    text = Text()
    assert StepCard("x", text).component is text


def test_the_first_step_of_a_page_loads_no_drawing_library(tmp_path):
    env = {**os.environ, "SERVER_SOFTWARE": "voila/1", "POETAS_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", PAGE], env=env, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == ["DataAndModel", [], "TrainingPanel", True]
