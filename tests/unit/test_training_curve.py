"""The loss curve as it is read from a job's events, and what the tiles and the job card say of them."""

from __future__ import annotations

import re

from poetas.jobs import Evaluated, Saved, Started, Step
from poetas.training.curve import Curve
from widgets.job_card import JobCard
from widgets.loss_chart import LossChart
from widgets.pump import Pump


def step(number: int, left: float = 60.0) -> Step:
    return Step(number, 9, number / 9, 2.0 / number, 1e-4, 50.0, left, time=float(number))


KILLED = [
    Started(1, resumed=False),
    Evaluated(0, 0.0, 3.0),
    *map(step, (1, 2, 3)),
    Evaluated(3, 0.3, 1.0),
    Saved(3, "c"),
]
KILLED += [step(4), step(5), Evaluated(5, 0.5, 0.5)]


def test_a_resumed_run_forgets_what_lay_beyond_its_checkpoint_at_once_and_how_fast_it_was():
    curve = Curve()
    curve.add(KILLED)
    assert curve.add([Started(2, resumed=True)])
    assert curve.training()[0].tolist() == [1, 2, 3]
    assert curve.best == (3, 1.0)
    assert (curve.last_step.step, curve.last_step.seconds_left, curve.last_step.tokens_per_second) == (3, 0, 0)
    curve.add([step(4)])
    assert curve.training()[0].tolist() == [1, 2, 3, 4]
    assert curve.last_step.seconds_left == 60


def test_a_run_killed_before_its_first_checkpoint_begins_its_curve_again():
    curve = Curve()
    curve.add([Started(1, resumed=False), step(1), step(2), Started(2, resumed=True)])
    assert curve.training()[0].tolist() == []
    assert curve.last_step.step == 0


def test_the_tiles_of_a_resumed_run_promise_no_minutes_until_it_has_made_a_step():
    chart = LossChart()
    chart.add(KILLED)
    tiles = re.findall("<b>(.*?)</b>", chart.figures.value)
    assert tiles[:3] == ["5 de 9", "1 min", "50"]
    chart.add([Started(2, resumed=True)])
    assert re.findall("<b>(.*?)</b>", chart.figures.value)[:3] == ["3 de 9", "–", "–"]


def test_a_run_that_nobody_works_on_promises_no_minutes():
    chart = LossChart()
    chart.add(KILLED)
    chart.rest()
    assert re.findall("<b>(.*?)</b>", chart.figures.value)[:3] == ["5 de 9", "–", "50"]


def test_the_job_card_always_says_something_of_the_time_left():
    card = JobCard(Pump())
    card._draw([Started(1, resumed=False)])
    assert "calculo cuánto falta" in card.left.value
    card._draw([step(3)])
    assert "faltan 1 min" in card.left.value
    card._draw([Started(2, resumed=True)])
    assert "calculo cuánto falta" in card.left.value
