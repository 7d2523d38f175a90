"""The learner's folder: a project is found again by its name, and only its owner can open the folder."""

import os
import stat
from pathlib import Path

import pytest

from poetas.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "casa")


def test_every_project_that_is_listed_is_found_by_its_name(workspace):
    for name in ("mi proyecto", "mi-proyecto", "-x", "con", "a" * 80, "otra.vez "):
        (workspace.root / "proyectos" / name).mkdir(parents=True)
    listed = list(workspace.projects())
    assert len(listed) == 6
    for project in listed:
        assert workspace.project(project.name).path == project.path
        assert workspace.open(project.name).path == project.path
        assert workspace.project().path == project.path


def test_a_name_that_is_no_project_is_made_safe(workspace):
    outside = workspace.root / "fuera"
    outside.mkdir(parents=True)
    (workspace.root / "proyectos").mkdir()
    for name in ("atajo x", "atajo", "atajo-2"):
        (workspace.root / "proyectos" / name).symlink_to(outside)
    for name in ("../fuera", "..", ".", "a/b", "atajo x", "atajo", "nuevo proyecto"):
        path = workspace.project(name).path
        assert path.parent == workspace.root / "proyectos"
        assert not path.is_symlink()
        assert path.name not in {"..", ".", ""}
    assert workspace.open("atajo").name == workspace.project().name == "atajo-3"


def test_a_link_in_place_of_the_state_that_leads_out_is_not_followed_and_is_replaced(workspace, tmp_path):
    project = workspace.open("uno")
    outside = tmp_path / "ajeno.json"
    outside.write_text('{"done": ["leer"]}')
    state = project.path / "progreso.json"
    project.path.mkdir(parents=True, exist_ok=True)
    state.symlink_to(outside)
    assert project.state() == {}
    project.remember(model="m")
    assert project.state() == {"model": "m"}
    assert not state.is_symlink()
    assert outside.read_text() == '{"done": ["leer"]}'
    state.rename(project.path / "otro.json")
    state.symlink_to("otro.json")
    assert project.state() == {"model": "m"}


def put(workspace, *names):
    for name in names:
        path = workspace.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mi texto")


def mode(folder):
    return stat.S_IMODE(folder.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize(
    "holds",
    [(), ("proyectos/a/progreso.json", "licencias.json", ".DS_Store", ".ipynb_checkpoints/a.txt")],
    ids=["empty", "ours"],
)
def test_a_home_that_was_there_before_is_its_owners_alone_once_it_is_used(workspace, holds):
    workspace.root.mkdir()
    workspace.root.chmod(0o755)
    put(workspace, *holds)
    assert list(workspace.projects()) == [workspace.project("a")] * bool(holds)
    assert mode(workspace.root) == 0o755, "looking changes nothing"
    workspace.project("a").remember(step=1)
    assert mode(workspace.root) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_home_whose_mode_is_not_ours_to_change_is_used_all_the_same(workspace, monkeypatch):
    workspace.root.mkdir()
    workspace.root.chmod(0o755)

    chmod = Path.chmod

    def refuse(path, *arguments, **options):
        if path == workspace.root:
            raise PermissionError(1, "Operation not permitted")
        chmod(path, *arguments, **options)

    monkeypatch.setattr(Path, "chmod", refuse)
    workspace.project("a").remember(step=1)
    assert workspace.project("a").state() == {"step": 1}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("other", ["fotos/gato.jpg", ".bashrc"])
def test_a_home_that_holds_other_things_too_keeps_who_may_open_it(workspace, other):
    workspace.root.mkdir()
    workspace.root.chmod(0o755)
    put(workspace, other, "proyectos/a/progreso.json")
    workspace.open("a")
    assert mode(workspace.root) == 0o755
    workspace.project("b").remember(step=1)
    assert mode(workspace.project("b").path) == 0o700
