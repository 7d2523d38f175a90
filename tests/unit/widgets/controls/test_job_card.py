"""JobCard: it says that something was saved only where it was, and shows an error in what follows the job."""

import time

import pytest

from poetas.jobs import Finished, JobState, Saved, Started, Step, Stopped, process_lock
from poetas.jobs.events import encode
from poetas.jobs.job import Job
from poetas.jobs.job_record import JobRecord
from widgets import JobCard, Poller
from widgets.core.elements import is_shown, show

STEP = Step(1, 9, 0.1, 2.5, 1e-4, 100.0, 9.0)


def left_behind(tmp_path, *events, kind="train"):
    """A job's folder as its process left it."""
    folder = tmp_path / f"{kind}-20250101-000000-abcdef12"
    folder.mkdir()
    JobRecord(folder.name, kind, {}, time.time(), None).write(folder)
    (folder / "events.jsonl").write_text("\n".join(map(encode, (Started(1, resumed=False), *events))) + "\n", "utf-8")
    (folder / "lock").touch()
    return Job.open(folder)


def card_of(job):
    poller = Poller(inline=False)
    card = JobCard(poller)
    card.follow(job)
    poller._sweep(force=True)
    return card


@pytest.mark.parametrize(
    ("events", "kind", "said", "button"),
    [
        ((Stopped(0),), "train", "no había nada que guardar", "Empezar de nuevo"),
        ((STEP, Stopped(None)), "train", "todavía no había guardado nada", "Empezar de nuevo"),
        ((STEP, Saved(1, "checkpoints/checkpoint-1"), Stopped(1)), "train", "Lo hecho está guardado", "Seguir desde"),
        ((Stopped(None),), "evaluate", "Lo hecho está guardado", "Seguir desde"),
    ],
)
def test_a_stopped_job_says_that_it_saved_only_where_it_did(tmp_path, events, kind, said, button):
    card = card_of(left_behind(tmp_path, *events, kind=kind))
    assert card.value is JobState.STOPPED
    assert said in card.message.value
    assert is_shown(card.resume_button)
    assert card.resume_button.description.startswith(button)


@pytest.mark.parametrize(("events", "said"), [((), "Deteniendo…"), ((STEP,), "Deteniendo: guardo lo hecho…")])
def test_a_job_that_is_stopping_saves_what_it_has_done(tmp_path, events, said):
    job = left_behind(tmp_path, *events)
    (job.dir / "stop").touch()
    hold = process_lock.acquire(job.dir / "lock")
    try:
        card = card_of(job)
        assert card.value is JobState.STOPPING
        assert said in card.message.value
    finally:
        hold.release()


def test_an_error_in_the_code_that_follows_a_job_is_shown(tmp_path):
    poller = Poller(inline=False)
    card = JobCard(poller)

    def over(_state):
        show(card, False)
        raise RuntimeError

    card.follow(left_behind(tmp_path, Finished({})), over=over)
    poller.drain(10)
    assert card.alert.problem.code == "unexpected"
    assert is_shown(card)
