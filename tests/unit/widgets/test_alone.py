"""Each component alone in a notebook, with an empty disk: it says something, and no control is dead and silent."""

import html
import re

import pytest
from ipywidgets import Widget

import widgets
from poetas.course.question_bank import current_bank
from poetas.workspace import Workspace
from tests.unit.widgets.pollers import new_poller
from tests.unit.widgets.train.steps import an_exam
from widgets import LengthChart, NextTokenChart, PageContext, Scoreboard, StepCard
from widgets.core.component import Component
from widgets.core.elements import is_shown

# Those that do not take a context and nothing else.
MADE = {
    "BetPrompt": lambda _context: widgets.BetPrompt("¿Qué sigue?"),
    "BarList": lambda _context: widgets.BarList("Las apuestas"),
    "StepCode": lambda _context: widgets.StepCode("proxima", {}),
    "SliderField": lambda _context: widgets.SliderField("Épocas", 3, lowest=1, highest=10, step=1),
    "Glossary": lambda _context: widgets.Glossary(),
    "Question": lambda context: widgets.Question(current_bank().items["paso-azar"], context=context),
    "LossChart": lambda _context: widgets.LossChart(),
    **{
        name: lambda context, name=name: getattr(widgets, name)(NextTokenChart(context=context))
        for name in ("ContextWindow", "GreedyLoop", "SamplingControls", "SideBySide", "WordWeights")
    },
    "StepCard": lambda context: StepCard("proxima", NextTokenChart(context=context)),
    "StepNote": lambda _context: widgets.StepNote("proxima"),
}
# Empty until they are given something to show; `PageContext` and `Poller` draw nothing; `App` is the page's head.
SILENT = {"App", "PageContext", "Download", "ErrorCard", "JobCard", "Poller", "Undo"}


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "nothing"), poller=new_poller())
    yield context
    context.close()


def seen(widget):
    """Return a widget and all of its parts that are shown."""
    if widget.has_trait("layout") and widget.layout is not None and not is_shown(widget):
        return []
    return [widget, *(part for child in getattr(widget, "children", ()) for part in seen(child))]


def words(widget):
    """Return what a reader sees."""
    results = []
    for part in seen(widget):
        if type(part).__name__ == "HTML" or part.has_trait("_esm") or "<" in str(getattr(part, "value", "")):
            results.append(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", str(getattr(part, "value", "")))))
        results += [str(getattr(part, name)) for name in ("description", "label") if part.has_trait(name)]
    return " ".join(" ".join(results).split())


def make(name, context):
    return MADE[name](context) if name in MADE else getattr(widgets, name)(context=context)


@pytest.mark.parametrize("name", sorted(set(widgets.__all__) - SILENT))
def test_it_says_something_and_every_dead_control_has_its_reason_beside_it(context, name):
    component = make(name, context)
    assert isinstance(component, Widget)
    assert re.search(r"\w{3}", words(component))
    dead = [part for part in seen(component) if part.has_trait("disabled") and part.disabled]
    notices = [part for part in seen(component) if "notice care" in str(getattr(part, "value", ""))]
    assert notices or not dead, f"{dead[0]} is dead, and nothing says why"
    assert len(notices) <= 1, "said twice"
    assert not context.workspace.root.exists()


@pytest.mark.parametrize("name", sorted(set(widgets.__all__) - SILENT))
def test_what_it_needs_is_said_and_only_a_step_card_leads_there(context, name):
    component = make(name, context)
    if not isinstance(component, Component):
        return
    assert bool(re.search(r"hacen? falta", words(component))) is bool(component.needs)
    if not component.needs:
        return
    assert "Ir a ese paso" not in words(component)
    step = StepCard("paso", component, context=context)
    assert words(step).count("Ir a ese paso") == 1
    assert words(step).count("Para este paso") == 1
    for need in component.needs:
        (component if component.has_trait(need) else context).set_trait(need, "something")
    if not {"dataset", "training"} & set(component.needs):  # one that is not on the disk is still missing
        assert "Para este paso" not in words(step)


def test_the_first_widget_displayed_brings_the_style_sheet_unless_the_page_has_it(context):
    context.make_current()

    def brings(component):
        show = getattr(component, "_ipython_display_", None) or component._repr_mimebundle_
        show()
        show()
        parts = [*component.children, *getattr(component.children[0], "children", ())]
        return sum("<style>" in str(getattr(part, "value", "")) for part in parts)

    assert brings(NextTokenChart(context=context)) == 1
    assert brings(StepCard("proxima", NextTokenChart(context=context))) == 1
    context.themed = True
    assert brings(NextTokenChart(context=context)) == 0


def test_lengths_that_are_handed_over_are_drawn_at_once_and_the_line_moves(context):
    chart = LengthChart(lengths=[10, 700, 900], context=context)
    assert "Se cortan 2 de 3 textos." in words(chart)
    chart.value = 800
    assert "Se corta 1 de 3 textos." in words(chart)
    context.model = "another"
    assert "Para este paso" not in words(chart)
    assert chart.draft.cut == 0


def test_a_result_that_is_handed_over_is_shown_at_once(context):
    board = Scoreboard(an_exam(), context=context)
    assert board.sheet.verdict.value
    assert "Para este paso" not in words(board)
    context.dataset = "another"
    assert board.value
