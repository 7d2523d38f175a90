"""State per dataset: taken over from an earlier version, kept by a copy, and safe against what is no object."""

import json
import shutil

import pytest

from poetas.data.storage.state_scopes import ROOT, SCOPES, StateOwner, taken_over, value_at, with_values
from poetas.workspace import Workspace

RECORD = {
    "format": 1,
    "task": "style",
    "name": "coplas",
    "counts": {"train": 3, "validation": 1, "test": 1},
    "fingerprints": {"train": "a", "validation": "b", "test": "c"},
}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "home" / "proyectos" / "mi-proyecto" / "conjuntos" / "coplas"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text(json.dumps(RECORD), "utf-8")
    return folder


def test_what_an_earlier_version_kept_is_of_the_dataset_that_it_was_made_with(folder):
    made_with = {"dataset": str(folder), "model": "tiny"}
    other = {"dataset": "/nowhere/otro", "fingerprint": "f00d", "model": "otro"}
    state = {
        **made_with,
        "training": "/home/trabajos/train-1",
        "steps": ["antes"],
        "knobs": {"epochs": 7},
        "before": {**other, "rows": [{"text": "uno"}]},
        "tasting": {**made_with, "training": "/home/trabajos/train-0", "rows": [], "votes": [1]},
        "bet": "sí",
        "model_name": "La voz",
    }
    now = taken_over(state)
    owner = StateOwner.of(str(folder), "tiny", "/home/trabajos/train-1")
    assert len(owner.dataset) == 64
    assert value_at(now, owner.path("knobs")) == {"epochs": 7}
    assert value_at(now, owner.path("bet")) == "sí"
    assert value_at(now, owner.path("model_name")) == "La voz"
    assert value_at(now, owner.path("training")) == "/home/trabajos/train-1"
    assert value_at(now, owner.path("before")) is None
    assert value_at(now, StateOwner("f00d", model="otro").path("before"))["rows"] == [{"text": "uno"}]
    earlier = StateOwner(owner.dataset, model="tiny", training="train-0")
    assert value_at(now, earlier.path("tasting"))["votes"] == [1]
    assert set(now) == {"dataset", "model", "training", "steps", ROOT}
    assert taken_over(now) == now


def test_what_the_dataset_has_already_is_not_replaced_by_an_earlier_versions(folder):
    owner = StateOwner.of(str(folder), "tiny", "")
    state = with_values({"dataset": str(folder), "model": "tiny", "knobs": {"epochs": 7}}, {owner.path("knobs"): {}})
    assert value_at(taken_over(state), owner.path("knobs")) == {}


def test_a_copied_dataset_and_a_renamed_one_are_the_same_owner(folder):
    copy = shutil.copytree(folder, folder.with_name("copia"))
    (copy / "dataset.json").write_text(json.dumps({**RECORD, "name": "copia"}), "utf-8")
    assert StateOwner.of(str(copy), "tiny", "").dataset == StateOwner.of(str(folder), "tiny", "").dataset


def test_datasets_of_before_the_fingerprints_are_told_apart_by_their_folder(tmp_path):
    owners = {StateOwner.of(str(tmp_path / name), "tiny", "").dataset for name in ("uno", "dos")}
    assert owners == {"folder:uno", "folder:dos"}


@pytest.mark.parametrize("broken", [7, [], "x", None, {"f00d": 7}, {"f00d": {"models": []}}])
def test_a_state_that_was_edited_into_nonsense_is_no_state(broken):
    owner = StateOwner("f00d", model="tiny")
    state = {ROOT: broken, "before": broken, "dataset": 7}
    for key in SCOPES:
        assert value_at(state, owner.path(key)) is None
    assert value_at(with_values(taken_over(state), {owner.path("before"): 1}), owner.path("before")) == 1


def test_two_pages_do_not_overwrite_each_others_values(tmp_path):
    project = Workspace(tmp_path / "home").project()
    owner = StateOwner("f00d", model="tiny")
    for key in ("knobs", "before"):
        project.update(lambda state, key=key: with_values(state, {owner.path(key): key}))
    assert [value_at(project.state(), owner.path(key)) for key in ("knobs", "before")] == ["knobs", "before"]
