"""The loss curve as it is read from a job's events, and what the tiles and the job card say of them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from poetas.jobs import Evaluated, JobState, Saved, Started, Step
from poetas.training.loss_curve import Curve
from widgets.controls.job_card import JobCard
from widgets.core.poller import Poller
from widgets.train.loss_chart.loss_chart import LossChart
from widgets.train.loss_chart.loss_figure import LossFigure, round_ticks, whole_ticks


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


def test_the_tiles_of_a_resumed_run_promise_no_speed_until_it_has_made_a_step():
    chart = LossChart()
    chart.add(KILLED)
    tiles = re.findall("<b>(.*?)</b>", chart.figures.value)
    assert tiles[:2] == ["5 de 9", "50"]
    chart.add([Started(2, resumed=True)])
    assert re.findall("<b>(.*?)</b>", chart.figures.value)[:2] == ["3 de 9", "–"]


def test_the_job_card_always_says_something_of_the_time_left():
    card = JobCard(Poller())
    card._draw([Started(1, resumed=False)], over=False)
    assert "calculo cuánto falta" in card.left.value
    card._draw([step(3)], over=False)
    assert "falta 1 min." in card.left.value
    card._draw([Started(2, resumed=True)], over=False)
    assert "calculo cuánto falta" in card.left.value


def test_a_job_that_is_stopping_neither_promises_minutes_nor_goes_on_by_itself():
    card = JobCard(Poller())
    card._draw([step(3)], over=False)
    card._draw_state(JobState.RUNNING)
    assert "sigue solo" in card.left.value
    card._draw_state(JobState.STOPPING)
    assert card.left.value == ""
    assert "Deteniendo" in card.message.value


def test_a_cleared_chart_says_nothing_of_the_run_before_and_before_its_first_step_only_what_is_known():
    chart = LossChart()
    chart.add(KILLED)
    assert "9" in chart.figures.value
    chart.clear()
    assert (chart.figures.value, chart.message.value, chart.table.value) == ("", "", "")
    chart.add([Started(3, resumed=False), Evaluated(0, 0.0, 4.5)])
    assert re.findall("<b>(.*?)</b>", chart.figures.value) == []
    assert names(chart) == ["simulacro 4,50"]


def names(chart):
    """What is written at the ends of the lines."""
    return [text for label in chart.figure.names for text in label.text.tolist()]


def test_each_line_is_named_at_its_end_where_there_is_room_and_the_best_step_is_marked():
    chart = LossChart()
    chart.add([Evaluated(0, 0.0, 3.0), step(1), step(2), Evaluated(2, 0.2, 1.5)])
    assert names(chart) == ["estudio 1,33", "simulacro 1,50"]
    training, validation, best = chart.figure.names
    assert (training.align, validation.align) == ("start", "start")
    assert validation.y_offset < 0 < training.y_offset, "the higher line has its name above it"
    chart.add([*map(step, range(3, 9)), Evaluated(8, 0.8, 2.5)])
    assert names(chart)[1:] == ["simulacro 2,50", "la mejor"]
    assert (training.align, validation.align) == ("end", "end")
    assert best.x.tolist() == [2]
    assert chart.figure.raw.y.tolist() == [2.0 / number for number in range(1, 9)]


def chart_with_its_table():
    chart = LossChart()
    chart.as_table.value = True
    return chart


def table_of(chart):
    return [re.findall("<td>(.*?)</td>", row) for row in chart.table.value.split("<tr>")[2:]]


def test_the_table_has_a_dash_where_nothing_was_learnt_yet_and_ends_with_the_last_step():
    chart = chart_with_its_table()
    chart.add([Evaluated(0, 0.0, 3.0)])
    assert table_of(chart) == [["0", "–", "3,000", "la mejor"]]
    chart.add([step(1)])
    assert table_of(chart) == [["0", "–", "3,000", "la mejor"], ["1", "2,000", "–", ""]]
    chart.add([Evaluated(1, 0.1, 2.5)])
    assert table_of(chart)[1:] == [["1", "2,000", "2,500", "la mejor"]]


def test_the_table_is_written_only_while_it_is_shown_and_whole_at_once():
    chart = LossChart()
    chart.as_table.value = True
    assert chart.table.value == "", "there is nothing to show yet"
    chart.as_table.value = False
    chart.add([step(1)])
    assert chart.table.value == ""
    chart.as_table.value = True
    assert table_of(chart) == [["1", "2,000", "–", ""]]
    chart.as_table.value = False
    chart.add([step(2)])
    assert chart.table.value == ""
    chart.clear()
    chart.as_table.value = True
    assert chart.table.value == "", "a head alone is no table"


def test_the_table_is_never_longer_than_was_asked_for():
    curve = Curve()
    curve.add([event for number in range(1, 9) for event in (step(number), Evaluated(number, 0.1, 1.0))] + [step(9)])
    assert [row[0] for row in curve.rows(3)] == [7, 8, 9]


def test_a_damaged_loss_is_written_briefly_and_does_not_flatten_the_picture():
    chart = chart_with_its_table()
    damaged = [Evaluated(0, 0.0, 1e300), step(1), Step(2, 9, 0.2, 1e300, 1e-4, 50.0, 60.0), Evaluated(2, 0.2, 1e307)]
    chart.add(damaged)
    shown = re.sub(r"<[^>]+>", "", chart.figures.value + chart.message.value + chart.table.value)
    assert max(map(len, re.findall(r"[\d.,]+", shown))) < 9
    assert "1 × 10³⁰⁰" in shown
    assert chart.figure.training.y.tolist() == chart.figure.raw.y.tolist() == [2.0]
    assert len(chart.figure.best.x) == 0
    assert max(scale.max for scale in chart.figure._scales.values()) < 5
    chart.add([step(3), Evaluated(3, 0.3, 1.0)])
    assert (chart.figure.best.x.tolist(), chart.figure.best.y.tolist()) == ([3], [1])


def test_the_steps_along_the_axis_are_whole_and_round():
    for total in (*range(1, 60), 102, 137, 150, 999, 1234, 5000):
        ticks = whole_ticks(total)
        assert ticks.tolist() == sorted({int(tick) for tick in ticks}), total
        assert (ticks[0], ticks[-1]) == (0, total)
        assert 2 <= len(ticks) <= 5, total
        assert len(set(np.diff(ticks)[:-1])) <= 1, f"all but the end of a run of {total} are evenly apart"


@pytest.mark.parametrize("high", [0.9, 1.7, 3.1, 4.5, 6.2, 11.0])
def test_the_losses_along_the_axis_are_round_and_far_enough_apart_to_be_read(high):
    for low in np.multiply(high, (0.0, 1e-9, 0.001, 0.03, 0.1, 0.186, 0.3, 0.5, 0.8)):
        ticks = round_ticks(low, high)
        assert 0 < ticks[0] <= (low if low > 1e-6 else high)
        assert ticks[-1] >= high
        apart = np.diff(ticks)
        assert apart.min() >= 0.45 * apart.max(), f"two labels from {low} on would run into each other"
        assert np.allclose(ticks[1:], ticks[1:].round(2)), "written with three decimals it would not be round"


def test_a_run_of_150_steps_has_round_numbers_below_and_one_that_has_not_begun_has_no_length():
    figure, curve = LossFigure("linear"), Curve()
    curve.add([Evaluated(0, 0.0, 3.0)])
    figure.draw(curve)
    assert figure._step_labels.text.tolist() == ["0"]
    curve.add([Step(1, 150, 0.1, 2.0, 1e-4, 50.0, 60.0)])
    figure.draw(curve)
    assert figure._step_labels.text.tolist() == ["0", "50", "100", "150"]
