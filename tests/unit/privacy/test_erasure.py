"""Erasure: what may hold a text goes, logs in use are emptied, links are not followed, the models stay."""

import pytest

from poetas.privacy.erasure import erase_personal_data
from poetas.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "home")


def put(workspace, *names):
    for name in names:
        path = workspace.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mi texto")


def left(workspace):
    return {str(path.relative_to(workspace.root)) for path in workspace.root.rglob("*") if path.is_file()}


def test_erasing_takes_everything_that_may_hold_a_text_and_leaves_the_models(workspace):
    mine = [
        "proyectos/a/fuentes/t.txt", "trabajos/fetch-1/log.txt", "cuadernos/2_preparar.ipynb",
        "cuadernos/.ipynb_checkpoints/2_preparar.ipynb", "run/generation.log", "run/servidor.log.1", "run/poetas.log",
        "registro.jsonl", "actual.json", "clave-hub.txt",
    ]  # fmt: skip
    models = {"licencias.json", "modelos/.fichas/a.json", "modelos/a/model.safetensors", "run/jupyter/x.json"}
    put(workspace, *mine, *models)
    assert set(erase_personal_data(workspace)) == set(mine)
    assert left(workspace) == models
    assert erase_personal_data(workspace) == []


def test_logs_of_what_is_running_are_emptied_in_their_place(workspace):
    put(workspace, "run/generation.log", "run/generation.json", "run/servidor.log", "run/echo.log")
    put(workspace, "run/preparation.log", "run/preparation-private-7-ab.json")
    with (workspace.root / "run/generation.log").open("a") as log:
        assert "run/generation.log" in erase_personal_data(workspace)
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
    assert set(erase_personal_data(workspace)) == {"run/servidor.log", "cuadernos"}
    assert other.read_text() == "no es de acá"
    assert (tmp_path / "cuadernos" / "a.ipynb").exists()
