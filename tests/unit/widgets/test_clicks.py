"""Clicks: every button of the house is connected through the guard against the second click of a double click."""

import ast
from pathlib import Path
from types import SimpleNamespace

from ipywidgets import HTML, Button

from tests.paths import ROOT
from widgets.core import event_guards
from widgets.core.component import Component, State
from widgets.core.event_guards import on_click

GUARD = ROOT / "widgets" / "core" / "event_guards.py"


def bare(path: Path) -> list[int]:
    """Lines that call ``on_click`` of anything but the component itself."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    methods = [call.func for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "on_click"]
    return [
        method.lineno for method in methods if not (isinstance(method.value, ast.Name) and method.value.id == "self")
    ]


def test_no_button_is_connected_past_the_guard():
    unguarded = {str(path.relative_to(ROOT)): bare(path) for path in (ROOT / "widgets").rglob("*.py") if path != GUARD}
    assert {path: lines for path, lines in unguarded.items() if lines} == {}
    assert len(bare(GUARD)) == 1


def test_a_click_on_a_button_that_the_first_click_disabled_is_ignored():
    button, clicks = Button(), []

    def handle() -> None:
        clicks.append(1)
        button.disabled = True

    on_click(button, handle)
    button.click()
    button.click()
    assert clicks == [1]


def test_what_was_just_shown_is_deaf_for_as_long_as_a_double_click_takes(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(event_guards, "time", SimpleNamespace(monotonic=lambda: clock.now))
    shown, clicks, button = event_guards.JustShown(), [], Button()
    on_click(button, lambda: clicks.append(clock.now), busy=lambda: bool(shown))
    for begin in (100.0, 200.0):
        button.click()
        shown.show()
        for later in (0.0, 0.1, 0.3, 0.39, 0.41, 5.0):
            clock.now = begin + later
            button.click()
        clock.now = 200.0
    assert clicks == [100.0, 100.41, 105.0, 200.0, 200.41, 205.0]


class Work(Component):
    """A step whose buttons stand in a part of it."""

    def build(self):
        self.picked = []
        self.pick = self.unless_busy(self.picked.append)
        return (HTML(),)


def test_a_part_of_a_busy_component_is_not_heard(tmp_path, monkeypatch):
    monkeypatch.setenv("POETAS_HOME", str(tmp_path))
    work = Work()
    work.pick("first")
    work.state = State.BUSY
    work.pick("second")
    assert work.picked == ["first"]
