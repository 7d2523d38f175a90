"""The learner's folder: a project is found again by its name, and erasing leaves nothing of the learner behind."""

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
    (workspace.root / "proyectos" / "atajo x").symlink_to(outside)
    for name in ("../fuera", "..", ".", "a/b", "atajo x", "nuevo proyecto"):
        path = workspace.project(name).path
        assert path.parent == workspace.root / "proyectos"
        assert not path.is_symlink()
        assert path.name not in {"..", ".", ""}


def put(workspace, *names):
    for name in names:
        spot = workspace.root / name
        spot.parent.mkdir(parents=True, exist_ok=True)
        spot.write_text("mi texto")


def left(workspace):
    return {str(one.relative_to(workspace.root)) for one in workspace.root.rglob("*") if one.is_file()}


def test_erasing_takes_everything_that_may_hold_a_text_and_leaves_the_models(workspace):
    mine = [
        "proyectos/a/fuentes/t.txt", "trabajos/fetch-1/log.txt", "cuadernos/2_preparar.ipynb",
        "cuadernos/.ipynb_checkpoints/2_preparar.ipynb", "run/generation.log", "run/servidor.log.1", "run/poetas.log",
        "registro.jsonl", "actual.json", "clave-hub.txt",
    ]  # fmt: skip
    models = {"licencias.json", "modelos/.fichas/a.json", "modelos/a/model.safetensors", "run/jupyter/x.json"}
    put(workspace, *mine, *models)
    assert set(workspace.erase()) == set(mine)
    assert left(workspace) == models
    assert workspace.erase() == []


def test_logs_of_what_is_running_are_emptied_in_their_place(workspace):
    put(workspace, "run/generation.log", "run/generation.json", "run/servidor.log", "run/echo.log")
    put(workspace, "run/preparation.log", "run/preparation-private-7-ab.json")
    with (workspace.root / "run/generation.log").open("a") as log:
        assert "run/generation.log" in workspace.erase()
        log.write("sigo acá")
    assert (workspace.root / "run/generation.log").read_text() == "sigo acá"
    assert (workspace.root / "run/servidor.log").read_text() == ""
    assert (workspace.root / "run/preparation.log").read_text() == ""
    assert not (workspace.root / "run/echo.log").exists()
    assert (workspace.root / "run/generation.json").exists()


def test_erasing_follows_no_link(workspace, tmp_path):
    other = tmp_path / "ajeno.log"
    other.write_text("no es de acá")
    (tmp_path / "cuadernos").mkdir()
    (tmp_path / "cuadernos" / "a.ipynb").write_text("no es de acá")
    (workspace.root / "run").mkdir(parents=True)
    (workspace.root / "run" / "servidor.log").symlink_to(other)
    (workspace.root / "cuadernos").symlink_to(tmp_path / "cuadernos")
    assert set(workspace.erase()) == {"run/servidor.log", "cuadernos"}
    assert other.read_text() == "no es de acá"
    assert (tmp_path / "cuadernos" / "a.ipynb").exists()


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
