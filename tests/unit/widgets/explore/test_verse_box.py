"""The learner's beginning: kept by its project, read back after a reload, and never replaced by a sample."""

import pytest

from poetas.workspace import Workspace
from tests.unit.widgets.pollers import INLINE, new_poller
from widgets import NextTokenChart, PageContext
from widgets.explore.next_token.verse_box import REMEMBERED


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "home")


def page(workspace):
    return PageContext(workspace, poller=new_poller())


def test_the_verse_survives_a_reload_and_a_sample_is_not_kept(workspace):
    context = page(workspace)
    chart = NextTokenChart(context=context)
    assert chart.value == "Esta tarde cae la"
    chart.box.value = "Bajo el ombú duerme\nel "
    if INLINE:  # there it is saved when the bars are asked for
        chart.box.remember()
    context.poller.drain(5)
    assert NextTokenChart(context=page(workspace)).value == "Bajo el ombú duerme\nel "
    chart.box.value = "  "
    chart.box.remember()
    again = NextTokenChart(context=page(workspace))
    assert again.value == "Esta tarde cae la"
    again.box.remember()
    assert not again.context.state()["verse"].strip()


def test_each_project_has_a_verse_of_its_own(workspace):
    context = page(workspace)
    chart = NextTokenChart(context=context)
    chart.box.value = "La sal del puerto"
    chart.box.remember()
    context.open("otro")
    assert chart.value == chart.box.value == "Esta tarde cae la"
    context.open("mi-proyecto")
    assert chart.value == "La sal del puerto"


@pytest.mark.parametrize("kept", [7, None, ["a"], {"a": 1}, "ñ" * (2 * REMEMBERED)])
def test_a_state_that_another_hand_wrote_does_not_break_the_page(workspace, kept):
    page(workspace).save(verse=kept)
    value = NextTokenChart(context=page(workspace)).value
    assert value == (kept[:REMEMBERED] if isinstance(kept, str) else "Esta tarde cae la")
