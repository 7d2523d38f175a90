"""Titles of projects: what is no name is refused with a remedy, and a new title moves nothing."""

import pytest

from poetas.project_names import LONGEST, ProjectNameRefused, clean_title, create_project, rename_project, title_of
from poetas.workspace import Workspace

HOSTILE = (
    "../../etc/passwd",
    "C:\\Windows\\nul",
    "CON",
    "nul.txt",
    "<b>poemas</b>",
    "قصائد",
    "🌵 coplas 👩‍🌾",
    "a" * LONGEST,
    ".oculto",
    "-rf",
    "=1+1",
)


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "home")


@pytest.mark.parametrize("title", HOSTILE)
def test_any_title_is_kept_as_it_is_in_a_folder_that_stays_where_it_is_put(workspace, title):
    project = create_project(workspace, title)
    assert title_of(project) == title
    assert project.path.parent == workspace.root / "proyectos"
    assert project.name.split(".")[0].lower() not in {"con", "nul", ""}
    assert workspace.current() == project.name
    assert [other.name for other in workspace.projects()] == [project.name]


@pytest.mark.parametrize("title", ["", " \n\t", "\u202e\u200f", "a" * (LONGEST + 1), "x" * 300, "\u0301"])
def test_what_is_no_name_is_refused_with_a_remedy_and_makes_nothing(workspace, title):
    with pytest.raises(ProjectNameRefused) as refused:
        create_project(workspace, title)
    assert refused.value.explanation.remedy
    assert not workspace.root.exists()


def test_a_title_never_turns_the_text_around_it():
    assert clean_title("coplas\u202egnp.exe") == "coplasgnp.exe"
    assert clean_title("a\x00b\x1b[31m") == "a b [31m"


def test_two_projects_have_two_names_and_two_folders(workspace):
    create_project(workspace, "Poemas de Ana")
    other = create_project(workspace, "poemas/de/ana")
    assert other.name.casefold() != "poemas-de-ana"
    for taken in ("Poemas de Ana", "POEMAS DE ANA", " poemas  de ana "):
        with pytest.raises(ProjectNameRefused):
            create_project(workspace, taken)
        with pytest.raises(ProjectNameRefused):
            rename_project(other, taken)


def test_a_renamed_project_keeps_its_folder_and_all_that_it_holds(workspace):
    project = create_project(workspace, "uno")
    project.remember(model="tiny")
    rename_project(project, "Uno")
    rename_project(project, "dos")
    assert (title_of(project), project.state()["model"], workspace.current()) == ("dos", "tiny", "uno")


@pytest.mark.parametrize("title", [7, None, "", "\u202e", {}])
def test_a_title_that_was_edited_into_nonsense_is_the_folders_name(workspace, title):
    project = create_project(workspace, "uno")
    project.remember(title=title)
    assert title_of(project) == "uno"
