"""JobCard: it says what was saved only where it was, blocks no cell, and shows an error in what follows the job."""

import re
import time

import pytest

from poetas.jobs import Finished, JobState, Progress, Saved, Step, Stopped, Written, process_lock
from tests.unit.job_under_way import JobUnderWay, left_behind
from tests.unit.widgets.pollers import sweep
from widgets import JobCard, Poller
from widgets.core.elements import is_shown, show

STEP = Step(1, 9, 0.1, 2.5, 1e-4, 100.0, 9.0)


def job_of(tmp_path, *events, kind="train"):
    """A job's folder as its process left it."""
    return left_behind(tmp_path / f"{kind}-20250101-000000-abcdef12", kind, *events)


def card_of(job):
    poller = Poller(inline=False)
    card = JobCard(poller)
    card.follow(job)
    sweep(poller)
    return card


@pytest.mark.parametrize(
    ("events", "kind", "said", "button"),
    [
        ((Stopped(0),), "train", "no había nada que guardar", "Empezar de nuevo"),
        ((STEP, Stopped(None)), "train", "todavía no había guardado nada", "Empezar de nuevo"),
        ((STEP, Saved(1, "checkpoints/checkpoint-1"), Stopped(1)), "train", "Lo hecho está guardado", "Seguir desde"),
        ((Stopped(None),), "evaluate", "Lo hecho está guardado", "Seguir desde"),
        ((Stopped(None),), "export", "no queda nada", "Empezar de nuevo"),
        ((Stopped(None),), "memorisation", "no queda nada", "Empezar de nuevo"),
    ],
)
def test_a_stopped_job_says_that_it_saved_only_where_it_did(tmp_path, events, kind, said, button):
    card = card_of(job_of(tmp_path, *events, kind=kind))
    assert card.value is JobState.STOPPED
    assert said in card.message.value
    assert is_shown(card.resume_button)
    assert card.resume_button.description.startswith(button)


def test_a_lost_job_of_a_kind_that_keeps_nothing_is_begun_again(tmp_path):
    card = card_of(job_of(tmp_path, kind="export"))
    assert card.value is JobState.LOST
    assert "no queda nada" in card.message.value
    assert not is_shown(card.resume_button), "the card of the failure has the one button"
    assert card.alert.button.description == "Empezar de nuevo"


@pytest.mark.parametrize(
    ("events", "kind", "said", "button"),
    [
        ((), "train", "Deteniendo…", "Detener y guardar"),
        ((STEP,), "train", "Deteniendo: guardo lo hecho…", "Detener y guardar"),
        ((), "export", "Deteniendo…", "Detener"),
    ],
)
def test_a_job_that_is_stopping_saves_what_its_kind_keeps(tmp_path, events, kind, said, button):
    job = job_of(tmp_path, *events, kind=kind)
    (job.dir / "stop").touch()
    hold = process_lock.acquire(job.dir / "lock")
    try:
        card = card_of(job)
        assert card.value is JobState.STOPPING
        assert said in card.message.value
        assert card.stop_button.description == button
    finally:
        hold.release()


def test_an_error_in_the_code_that_follows_a_job_is_shown(tmp_path):
    poller = Poller(inline=False)
    card = JobCard(poller)

    def over(_state):
        show(card, False)
        raise RuntimeError

    card.follow(job_of(tmp_path, Finished({})), over=over)
    poller.drain(10)
    assert card.alert.problem.code == "unexpected"
    assert is_shown(card)


def times_left(tmp_path, monkeypatch, kind, reported):
    """Follow a job whose clock goes on by some seconds before each look, where an event, or none, is reported."""
    clock = [time.time()]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    under_way = JobUnderWay(tmp_path / f"{kind}-20250101-000000-abcdef12", kind, {})
    poller = Poller(inline=False)
    card, said = JobCard(poller), []
    card.follow(under_way.job)
    try:
        for seconds, event in reported:
            clock[0] += seconds
            if event is not None:
                under_way.emit(event)
            sweep(poller)
            said.append(re.sub("<.*?>|\\s", "", card.left.value).split(".")[0])
    finally:
        under_way.leave()
    return said


def test_the_time_left_goes_down_while_nothing_is_reported_and_is_taken_back_once_it_is_over(tmp_path, monkeypatch):
    reported = [(0, Progress(1, 4, "Ensayo")), (60, Progress(3, 4, "Ensayo")), (20, None), (20, None)]
    assert times_left(tmp_path, monkeypatch, "dry_run", reported) == [
        "25%·calculocuántofalta",
        "75%·faltan30s",
        "75%·faltan10s",
        "75%·siguetrabajando,másdespaciodeloquecalculé",
    ]


def test_the_time_left_goes_down_also_while_texts_are_reported_and_no_progress(tmp_path, monkeypatch):
    written = [Written("tuned", index, "río", "mar", cut=False) for index in range(2)]
    reported = [(0, Progress(1, 4, "Escribe")), (60, Progress(3, 4, "Escribe")), *((5, event) for event in written)]
    said = times_left(tmp_path, monkeypatch, "evaluate", reported)
    assert said[1:] == ["75%·faltan30s", "75%·faltan25s", "75%·faltan20s"]


def test_a_training_counts_down_between_its_steps_and_says_so_where_it_got_slower(tmp_path, monkeypatch):
    clock = [time.time()]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    under_way = JobUnderWay(tmp_path / "train-20250101-000000-abcdef12", "train", {})
    poller = Poller(inline=False)
    card, said = JobCard(poller), []
    card.follow(under_way.job)
    try:
        for step, seconds_left, later in ((1, 90, 0), (None, 0, 20), (2, 65, 10), (3, 100, 10), (None, 0, 120)):
            clock[0] += later
            if step:
                under_way.emit(Step(step, 4, 0.1, 2.0, 1e-4, 10.0, seconds_left))
            sweep(poller)
            said.append(re.sub("<.*?>", "", card.left.value).partition(" · ")[2].partition(" Podés")[0])
    finally:
        under_way.leave()
    assert said == [
        "faltan 1 min 30 s.",
        "faltan 1 min 10 s.",
        "falta 1 min.",
        "faltan 1 min 40 s. Va más despacio que hace un rato.",
        "sigue trabajando, más despacio de lo que calculé.",
    ]


def test_without_an_event_loop_a_running_job_is_drawn_once_and_blocks_no_cell(tmp_path, monkeypatch):
    job = job_of(tmp_path, STEP)
    poller = Poller(inline=True)
    monkeypatch.setattr(poller, "watch", lambda *_given, **_more: pytest.fail("a cell would wait for the job here"))
    hold = process_lock.acquire(job.dir / "lock")
    try:
        card = JobCard(poller)
        card.follow(job)
        assert card.value is JobState.RUNNING
        assert card.bar.value == pytest.approx(1 / 9)
        assert is_shown(card.look_button)
    finally:
        hold.release()
