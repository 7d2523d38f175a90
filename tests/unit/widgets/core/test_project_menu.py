"""ProjectMenu: what a page may ask for, and that each project has its own state."""

import pytest

from poetas.workspace import Workspace
from widgets import PageContext, Poller
from widgets.core.project_menu import ProjectMenu


@pytest.fixture
def page(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=Poller(inline=True))
    menu = ProjectMenu(context)
    answers = []
    menu.send = answers.append
    yield menu, context, lambda **message: (menu._receive(message), answers[-1])[1]
    context.close()


def test_a_new_project_is_empty_and_the_one_before_comes_back(page):
    menu, context, ask = page
    context.model = "tiny"
    assert ask(kind="new", name="Poemas <de> Ana") == {"kind": "moved"}
    assert (menu.value, context.model) == ("Poemas <de> Ana", "")
    listed = ask(kind="list")["projects"]
    assert [(project["title"], project["here"]) for project in listed] == [("mi-proyecto", False), (menu.value, True)]
    assert ask(kind="open", name="mi-proyecto") == {"kind": "moved"}
    assert (menu.value, context.model) == ("mi-proyecto", "tiny")


def test_another_page_opens_the_project_that_was_chosen_here(page):
    _menu, context, ask = page
    ask(kind="new", name="dos")
    other = PageContext(context.workspace)
    assert other.project == context.project
    other.close()


def test_a_renamed_project_is_the_same_one(page):
    menu, context, ask = page
    context.model = "tiny"
    assert ask(kind="rename", name="Otro nombre") == {"kind": "renamed"}
    assert (menu.value, context.model, context.project.name) == ("Otro nombre", "tiny", "mi-proyecto")
    assert context.state()["model"] == "tiny"


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "new", "name": ""},
        {"kind": "rename", "name": "x" * 300},
        {"kind": "open", "name": "../../etc"},
        {"kind": "open", "name": None},
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(page, message):
    menu, context, ask = page
    context.model = "tiny"
    answer = ask(**message)
    assert answer["kind"] == "failed"
    assert answer["text"]
    assert (menu.value, context.project.name) == ("mi-proyecto", "mi-proyecto")
    assert len(ask(kind="list")["projects"]) == 1


@pytest.mark.parametrize("message", [7, None, [], "new", {}])
def test_a_message_of_another_shape_does_no_harm(page, message):
    menu, _context, _ask = page
    menu._receive(message)
    assert menu.value == "mi-proyecto"


def test_looking_at_the_menu_makes_nothing(page):
    _menu, context, ask = page
    assert [project["title"] for project in ask(kind="list")["projects"]] == ["mi-proyecto"]
    assert not context.workspace.root.exists()
