"""Each component alone in a notebook, with an empty disk: it says something, and no control is dead and silent."""

import html
import re

import pytest
from ipywidgets import Widget

import widgets
from poetas.workspace import Workspace
from tests.unit.widgets.train.test_app3 import an_exam
from widgets import Desk, LengthChart, NextTokenChart, Pump, Scoreboard, StepCard
from widgets.core.component import Component
from widgets.core.theme import Wardrobe

# Those that do not take a desk and nothing else.
MADE = {
    "Bars": lambda _desk: widgets.Bars("Las apuestas"),
    "BettingPicture": lambda _desk: widgets.BettingPicture(),
    "CodeOfStep": lambda _desk: widgets.CodeOfStep("proxima", {}),
    "Dial": lambda _desk: widgets.Dial("Épocas", 3, lowest=1, highest=10, step=1),
    "Glossary": lambda _desk: widgets.Glossary(),
    "Guess": lambda _desk: widgets.Guess("¿Qué sigue?"),
    "LossChart": lambda _desk: widgets.LossChart(),
    "SamplingControls": lambda desk: widgets.SamplingControls(NextTokenChart(desk=desk)),
    "StepCard": lambda desk: StepCard("proxima", NextTokenChart(desk=desk)),
    "WhatISaw": lambda _desk: widgets.WhatISaw("proxima"),
}
# Empty until they are given something to show; `Desk` and `Pump` draw nothing; `App` is the page's head.
SILENT = {"App", "Desk", "Download", "ErrorCard", "JobCard", "Pump", "Undo"}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(Workspace(tmp_path / "nothing"), pump=Pump(inline=False))
    yield desk
    desk.close()


def seen(widget):
    """Return a widget and all of its parts that are shown."""
    if widget.has_trait("layout") and widget.layout is not None and widget.layout.display == "none":
        return []
    return [widget, *(part for child in getattr(widget, "children", ()) for part in seen(child))]


def words(widget):
    """Return what a reader sees."""
    found = []
    for part in seen(widget):
        if type(part).__name__ == "HTML" or part.has_trait("_esm") or "<" in str(getattr(part, "value", "")):
            found.append(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", str(getattr(part, "value", "")))))
        found += [str(getattr(part, name)) for name in ("description", "label") if part.has_trait(name)]
    return " ".join(" ".join(found).split())


def make(name, desk):
    return MADE[name](desk) if name in MADE else getattr(widgets, name)(desk=desk)


@pytest.mark.parametrize("name", sorted(set(widgets.__all__) - SILENT))
def test_it_says_something_and_every_dead_control_has_its_reason_beside_it(desk, name):
    component = make(name, desk)
    assert isinstance(component, Widget)
    assert re.search(r"\w{3}", words(component))
    dead = [part for part in seen(component) if part.has_trait("disabled") and part.disabled]
    notices = [part for part in seen(component) if "notice care" in str(getattr(part, "value", ""))]
    assert notices or not dead, f"{dead[0]} is dead, and nothing says why"
    assert len(notices) <= 1, "said twice"
    assert not desk.workspace.root.exists()


@pytest.mark.parametrize("name", sorted(set(widgets.__all__) - SILENT))
def test_what_it_needs_is_said_and_only_a_step_card_leads_there(desk, name):
    component = make(name, desk)
    if not isinstance(component, Component) or not component.needs:
        return
    assert "hace falta" in words(component) or "hacen falta" in words(component)
    assert "Ir a ese paso" not in words(component)
    step = StepCard("paso", component, desk=desk)
    assert words(step).count("Ir a ese paso") == 1
    assert words(step).count("Para este paso") == 1
    for need in component.needs:
        (component if component.has_trait(need) else desk).set_trait(need, "something")
    if "dataset" not in component.needs:  # a dataset that is not on the disk is still missing
        assert "Para este paso" not in words(step)


def test_whoever_is_shown_first_brings_the_look_and_nobody_does_on_a_page_that_has_it(desk, monkeypatch):
    monkeypatch.setattr(Wardrobe, "brought", False)

    def brings(component):
        show = getattr(component, "_ipython_display_", None) or component._repr_mimebundle_
        show()
        show()
        parts = [*component.children, *getattr(component.children[0], "children", ())]
        return sum("<style>" in str(getattr(part, "value", "")) for part in parts)

    assert brings(NextTokenChart(desk=desk)) == 1
    assert brings(StepCard("proxima", NextTokenChart(desk=desk))) == 1
    monkeypatch.setattr(Wardrobe, "brought", True)
    assert brings(NextTokenChart(desk=desk)) == 0


def test_lengths_that_are_handed_over_are_drawn_at_once_and_the_line_moves(desk):
    chart = LengthChart(lengths=[10, 700, 900], desk=desk)
    assert "Se cortan 2 de 3 textos." in words(chart)
    chart.value = 800
    assert "Se corta 1 de 3 textos." in words(chart)
    desk.model = "another"
    assert "Para este paso" not in words(chart)
    assert chart.draft.cut == 0


def test_a_result_that_is_handed_over_is_shown_at_once(desk):
    board = Scoreboard(an_exam(), desk=desk)
    assert board.sheet.verdict.value
    assert "Para este paso" not in words(board)
    desk.dataset = "another"
    assert board.value
