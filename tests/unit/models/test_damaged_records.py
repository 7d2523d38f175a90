"""What killed processes leave behind, and records that cannot be read: neither hides a sound model nor stays."""

import shutil
import signal
import subprocess
import sys

import pytest

from poetas.jobs import JobState
from poetas.models import (
    Catalogue,
    LicenceNotAccepted,
    Record,
    accept_licence,
    is_ready,
    licence_accepted,
    model_folder,
    ready_models,
    start_fetch,
)
from poetas.models.convert import building
from poetas.util.atomic_folder import recover
from poetas.util.files import read_json
from poetas.workspace import Workspace
from tests.paths import ROOT
from tests.tiny_model import register_tiny_model

DEEP = "[" * 200_000


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("POETAS_MODELS", "POETAS_CATALOGUE", "POETAS_MODEL_FOLDERS"):
        monkeypatch.delenv(name, raising=False)
    return Workspace(tmp_path / "casa")


KILLED = """
import os, signal, sys
from pathlib import Path
from poetas.models.convert import building
with building(Path(sys.argv[1])) as place:
    (place / "model.safetensors").write_bytes(bytes(1000))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_conversions_leave_one_part_and_the_next_one_none(tmp_path):
    folder = tmp_path / "modelos" / "ana--mini"
    (tmp_path / "modelos" / ".ana--mini.otro.part").mkdir(parents=True)  # of the model "ana/mini.otro"
    for _again in range(2):
        command = [sys.executable, "-c", KILLED, str(folder)]
        assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    assert len(list(folder.parent.iterdir())) == 2
    with building(folder) as place:
        assert not list(place.iterdir())
    assert {path.name for path in folder.parent.iterdir()} == {"ana--mini", ".ana--mini.otro.part"}


KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from poetas.models import convert
moved = Path.replace
def then_die(path, goal):
    moved(path, goal)
    if path.name == "casa--sana":
        os.kill(os.getpid(), signal.SIGKILL)
Path.replace = then_die
with convert.building(Path(sys.argv[1]), refetch=True) as place:
    (place / "model.safetensors").write_bytes(b"new")
"""


def test_a_kill_while_a_new_model_takes_the_place_of_the_old_one_loses_neither(place):
    folder = model_folder(place, register_tiny_model(place, id="casa/sana"))
    command = [sys.executable, "-c", KILLED_BETWEEN, str(folder)]
    assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    assert not folder.exists()
    recover(folder)
    assert is_ready(place, "casa/sana")
    assert [path.name for path in place.models.iterdir()] == [folder.name]


def test_what_killed_processes_were_writing_goes_before_the_room_is_counted(place, hub):
    """It goes even where the model turns out to be ready."""
    place.models.mkdir(parents=True)
    register_tiny_model(place, id="hub")
    staging = place.models / ".descargas" / "hub"
    left = [place.models / ".hub.part", staging / "wheels" / ".llega-x"]
    for path in left:
        path.mkdir(parents=True)
    (staging / ".tiny.gguf.abc.part").write_bytes(b"x")
    (staging / "model.safetensors.part").write_bytes(b"resumes")
    job = start_fetch(place, "hub", folder=hub)
    assert job.wait(90) is JobState.FINISHED
    assert job.result()["already"] is True
    assert not any(path.exists() for path in left)
    assert [path.name for path in staging.glob("*") if path.is_file()] == ["model.safetensors.part"]


RECORDS = {
    "half": "{",
    "deep": DEEP,
    "list": "[]",
    "notices": '{"id": "gemma3-270m", "notices": 3}',
    "style": '{"id": "gemma3-270m", "prompt_style": []}',
    "huge": '{"id": "gemma3-270m", "parameters": 1%s}' % ("0" * 400),
    "bytes": b"\xff\xfe",
}


@pytest.mark.parametrize("content", RECORDS.values(), ids=RECORDS)
def test_a_damaged_record_hides_its_own_model_alone_and_it_can_be_fetched_again(place, content):
    folder = model_folder(place, register_tiny_model(place, id="gemma3-270m"))
    register_tiny_model(place, id="casa/sana")
    (folder / "poetas-model.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError):  # noqa: PT011 - each damage has its own words
        Record.read(folder)
    assert [entry.id for entry in ready_models(place)] == ["casa/sana"]
    assert "casa/sana" in [entry.id for entry in Catalogue.load(place)]
    assert not is_ready(place, "gemma3-270m")
    assert not licence_accepted(place, "gemma3-270m")
    with pytest.raises(LicenceNotAccepted):
        start_fetch(place, "gemma3-270m")
    accept_licence(place, "gemma3-270m")
    assert licence_accepted(place, "gemma3-270m")
    with building(folder) as again:  # what fetching does at its end
        shutil.copytree(model_folder(place, "casa/sana"), again, dirs_exist_ok=True)
    assert is_ready(place, "gemma3-270m")


@pytest.mark.parametrize("content", ["{", DEEP, "[]", '{"id": "../x"}'])
def test_a_damaged_record_on_a_shelf_or_of_the_hub_is_passed_over(place, whole, tmp_path, monkeypatch, content):
    shutil.copytree(whole, tmp_path / "pendrive" / "ana--mini")
    (tmp_path / "pendrive" / "ana--mini" / "poetas-model.json").write_text(content, encoding="utf-8")
    answers = place.models / ".fichas"
    answers.mkdir(parents=True)
    (answers / "ana--otro.json").write_text(content, encoding="utf-8")
    monkeypatch.setenv("POETAS_MODEL_FOLDERS", str(tmp_path / "pendrive"))
    names = [entry.id for entry in Catalogue.load(place)]
    assert "ana/mini" in names, "its folder's name describes it as well as that of one without a record"
    assert "ana/otro" not in names


@pytest.mark.parametrize("content", ["{", DEEP, "[]", '{"gemma3-270m": 3}', '{"gemma3-270m": {"date": 3}}'])
def test_a_damaged_list_of_accepted_licences_accepts_nothing(place, content):
    place.root.mkdir()
    (place.root / "licencias.json").write_text(content, encoding="utf-8")
    assert not licence_accepted(place, "gemma3-270m")
    accept_licence(place, "gemma3-270m")
    assert licence_accepted(place, "gemma3-270m")


def test_json_nested_beyond_reason_is_a_value_error(tmp_path):
    for content in (DEEP, '{"a":' * 200_000):
        (tmp_path / "a.json").write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match="JSON"):
            read_json(tmp_path / "a.json")
