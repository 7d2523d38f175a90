"""Checkpoints: the highest step counts, not the last name; what is not needed is swept."""

from __future__ import annotations

from pathlib import Path

import pytest

from poetas.training.checkpoints import newest, seal, sweep


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """Whole checkpoints of four steps and one that a kill left without its seal."""
    for step in (3, 9, 12, 100):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "weights").write_bytes(b"abc")
        if step != 100:
            seal(folder, {"step": step})
    return tmp_path


def names(parent: Path) -> list[str]:
    return sorted(folder.name for folder in parent.iterdir())


def test_the_newest_is_the_whole_one_of_the_highest_step(parent):
    assert newest(parent).step == 12
    assert newest(parent).metadata["step"] == 12


def test_before_a_run_goes_on_only_what_is_not_whole_is_swept(parent):
    sweep(parent)
    assert names(parent) == ["checkpoint-12", "checkpoint-3", "checkpoint-9"]


def test_after_a_save_the_last_and_the_best_are_kept(parent):
    sweep(parent, keep={3, 12})
    assert names(parent) == ["checkpoint-12", "checkpoint-3"]


def test_what_is_swept_does_not_count_from_its_first_moment_on(parent, monkeypatch):
    """A kill, or a file that cannot be removed, may leave half of it."""
    monkeypatch.setattr("poetas.training.checkpoints.shutil.rmtree", lambda *_given, **_more: None)
    sweep(parent, keep={3})
    assert newest(parent).step == 3
