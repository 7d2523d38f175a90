"""Every card has one button that helps: a label for each action there is, and something that it does."""

import ast
import json
import re

import pytest

from poetas.errors import Explanation, no_network
from poetas.jobs import Job
from poetas.jobs.job_record import JobRecord
from poetas.models.catalogue import Catalogue
from poetas.workspace import Workspace
from tests.paths import ROOT
from tests.unit.widgets.pollers import new_poller
from widgets import (
    ErrorCard,
    JobCard,
    ModelPicker,
    NextTokenChart,
    PageContext,
    SamplingControls,
    Scoreboard,
    TryIt,
)
from widgets.core.error_actions import AGAIN, way_out
from widgets.core.error_card import labels

NOTEBOOKS = {"conocer": "1_conocer.ipynb", "preparar": "2_preparar.ipynb", "entrenar": "3_entrenar.ipynb"}


def actions_in(path):
    """Return the actions that a module's explanations name; a parser's ``add_argument`` means another thing by it."""
    if "action" not in (source := path.read_text("utf-8")):
        return
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") != "add_argument":
            for keyword in node.keywords:
                if keyword.arg == "action":
                    for part in ast.walk(keyword.value):
                        name = constants.get(part.id) if isinstance(part, ast.Name) else getattr(part, "value", None)
                        if isinstance(name, str):
                            yield name


ACTIONS = sorted({name for path in (ROOT / "poetas").rglob("*.py") for name in actions_in(path)} - {""})


def problem(action):
    return Explanation("some-code", "Qué pasó.", "Por qué.", "Qué hacer.", action)


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


def helps(card):
    """Tell whether a card offers one thing to do, in words of its own."""
    link = re.search(r'<a href="[^"]+" class="btn">[^<]+</a>', card.message.value)
    return (card.button in card.children) != bool(link)


def test_the_actions_are_found():
    assert {"retry", "choose-file", "choose-columns", "prepare", "ask-hub", "choose-training"} <= set(ACTIONS)
    assert "version" not in ACTIONS


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_words_and_something_that_it_does_wherever_its_card_is_shown(context, tmp_path, action):
    assert action in labels()
    assert action in AGAIN or way_out(action)
    chart = NextTokenChart(context=context)
    for component in (
        chart,
        SamplingControls(chart),
        TryIt(context=context),
        Scoreboard(context=context),
        ModelPicker(context),
    ):
        component.fail(problem(action))
        assert helps(component.alert), f"{type(component).__name__} leaves {action} without a button"
    card = JobCard(context.poller)
    folder = tmp_path / "fetch-1"
    folder.mkdir()
    JobRecord(folder.name, "fetch", {}, 1.0, None).write(folder)
    card.follow(Job.open(folder))
    card._fail(problem(action))
    assert helps(card.alert)


@pytest.mark.parametrize("app", [*NOTEBOOKS, ""])
def test_every_way_out_leads_to_a_step_that_is_there(app):
    goals = [goal for action in ACTIONS if (goal := way_out(action, app))]
    assert len(goals) >= 3
    for goal in goals:
        notebook, slug = goal.split("#")
        cells = json.loads((ROOT / "apps" / (notebook or NOTEBOOKS[app])).read_text("utf-8"))["cells"]
        steps = {slug for cell in cells for slug in re.findall(r'StepCard\("([\w-]+)"', "".join(cell["source"]))}
        assert slug in steps | ({"modelo"} if app == "entrenar" else set())


def test_the_model_picker_asks_the_hub_about_an_unknown_model(context, monkeypatch):
    asked = []

    def inquire(_home, model):
        asked.append(model)
        raise no_network()

    monkeypatch.setattr("widgets.explore.model_picker.model_picker.start_inquiry", inquire)
    picker = ModelPicker(context)
    entry = Catalogue.load(context.workspace).entry_for("somebody/a-model")
    picker.fail(problem("ask-hub"), picker._error_actions(entry.id))
    picker.alert.button.click()
    assert asked == [entry.id]
    assert picker.alert.problem.code == "no-network"


def test_what_the_component_knows_to_do_comes_before_a_link():
    card, clicked = ErrorCard(), []
    card.show(problem("choose-model"), {"choose-model": lambda: clicked.append(1)})
    assert "<a " not in card.message.value
    card.button.click()
    card.show(problem("restart-service"), {"retry": lambda: clicked.append(2)})
    card.button.click()
    assert clicked == [1, 2]
