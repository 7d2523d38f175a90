"""A training that the system killed: what is said, and which way out comes first, with and without a save."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from poetas.jobs import Evaluated, Job, JobState, Progress, Saved, Started, Step
from tests.unit.job_under_way import left_behind
from widgets import JobCard, Poller
from widgets.core.elements import is_shown

SAVED = Saved(1, "checkpoints/checkpoint-1")


def killed(folder: Path, kind: str = "train", *more) -> Job:
    """A job as the kernel leaves it when memory runs out: real files, no process, no last word."""
    events = (Progress(0, 0, "Cargando el modelo"), Step(1, 9, 0.1, 2.5, 1e-4, 99.0, 9.0))
    return left_behind(folder / f"{kind}-20990101-000000-abc", kind, *events, *more)


def shown(card: JobCard) -> str:
    return re.sub("<.*?>", " ", card.message.value + card.alert.message.value)


def test_without_a_save_it_says_so_and_offers_something_smaller_not_the_same_again(tmp_path):
    job, clicks, poller = killed(tmp_path), [], Poller()
    card = JobCard(poller)
    card.follow(job, actions={"smaller": lambda: clicks.append("smaller")})
    poller.drain(5)
    assert card.value is JobState.LOST
    assert "antes de guardar" in shown(card)
    assert "sigue ahí" not in shown(card)
    assert "lo último que guardó" not in shown(card)
    assert card.alert.button.description == "Probar con algo más chico"
    assert not is_shown(card.resume_button), "there is nothing to go on from"
    card.alert.button.click()
    assert clicks == ["smaller"]


@pytest.mark.parametrize("more", [(SAVED,), (Evaluated(1, 0.1, 2.0), SAVED, Started(2, resumed=True))])
def test_with_a_save_going_on_comes_first(tmp_path, more):
    job, poller = killed(tmp_path, "train", *more), Poller()
    card = JobCard(poller)
    card.follow(job, actions={"smaller": lambda: None})
    poller.drain(5)
    assert "Lo que alcanzó a guardar sigue ahí" in shown(card)
    assert "sigue desde lo último que guardó" in shown(card)
    assert card.alert.button.description == "Seguir desde donde quedó"


@pytest.mark.parametrize("kind", ["evaluate", "fetch"])
def test_other_work_goes_on_whatever_it_had_done(tmp_path, kind):
    """What they keep is no checkpoint with a `Saved` event: parts of a download, texts that were written."""
    explanation = killed(tmp_path, kind).failure()
    assert (explanation.code, explanation.action) == ("job-killed", "resume")
