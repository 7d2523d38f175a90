"""What the loss chart and the training say of two lines: memorising, steps that are too large, or neither."""

from math import log

import pytest

from poetas.jobs import Evaluated, Notice, Step
from widgets import LossChart
from widgets.core.elements import is_shown
from widgets.train.loss_chart.loss_figure import NAME_WIDTH, ROOM_FOR_NAMES
from widgets.train.training_messages import before, learnt

EVERY = 4  # steps between two evaluations


def run(training, validation):
    """The events of a run: a training loss a step, a validation loss each ``EVERY`` steps and before the first."""
    events = [Evaluated(0, 0.0, validation[0])]
    for step, loss in enumerate(training, 1):
        events.append(Step(step, 99, step / 99, loss, 1e-4, 10.0, 8.0))
        if step % EVERY == 0:
            events.append(Evaluated(step, step / 99, validation[step // EVERY]))
    return events


def falling(start, by, count):
    return [start - by * step for step in range(count)]


@pytest.mark.parametrize(
    ("training", "validation", "said", "not_said"),
    [
        (falling(3.0, 0.1, 16), [3.0, 2.5, 2.3, 2.4, 2.6], "cuaderno de memoria", "demasiado grande"),
        (falling(2.0, -0.1, 16), [2.0, 1.9, 2.4, 2.9, 3.6], "demasiado grande", "cuaderno de memoria"),
        (falling(2.0, -0.1, 12), [2.0, 2.4, 2.9, 3.6], "Las dos líneas suben", "cuaderno de memoria"),
        (falling(3.0, 0.1, 12), [2.0, 2.1, 2.2, 2.3], "cuaderno de memoria", "demasiado grande"),
        (falling(3.0, 0.1, 16), [3.0, 2.8, 2.6, 2.5, 2.4], "El mejor simulacro fue 2,40", "notice care"),
    ],
    ids=["memorises", "too-large", "too-large-from-the-start", "worse-from-the-start", "learns"],
)
def test_two_rising_lines_are_no_overfitting(training, validation, said, not_said):
    chart = LossChart()
    chart.add(run(training, validation))
    assert said in chart.message.value
    assert not_said not in chart.message.value


def test_without_validation_texts_no_second_line_is_promised():
    chart = LossChart()
    chart.add([Notice("no-validation", "No hay"), Step(1, 99, 0.01, 3.0, 1e-4, 10.0, 8.0)])
    assert "es la única que hay" in chart.message.value
    chart.clear()
    chart.add([Step(1, 99, 0.01, 3.0, 1e-4, 10.0, 8.0)])
    assert "aparece cuando lo toma por primera vez" in chart.message.value


def test_the_loss_is_said_as_the_tokens_that_the_model_hesitates_between_now_and_before():
    chart = LossChart()
    chart.add(run(falling(3.0, 0.1, 16), [log(9), 2.0, 1.9, 1.7, log(5)]))
    assert "duda entre 5 pedacitos; antes, entre 9." in chart.message.value
    chart.clear()
    chart.add([Step(1, 99, 0.01, log(7), 1e-4, 10.0, 8.0)])
    assert "como si dudara entre 7." in chart.message.value


def offered(chart):
    return [is_shown(button) for button in (chart.stop_button, chart.slower_button)]


def test_stopping_is_offered_beside_the_sentence_while_it_runs_and_smaller_steps_where_they_are_too_large():
    clicks = []
    chart = LossChart(on_stop=lambda: clicks.append("stop"), on_slower=lambda: clicks.append("slower"))
    chart.add(run(falling(3.0, 0.1, 16), [3.0, 2.8, 2.6, 2.5, 2.4]))
    assert offered(chart) == [False, False]
    chart.clear()
    chart.add(run(falling(3.0, 0.1, 16), [3.0, 2.5, 2.3, 2.4, 2.6]))
    assert offered(chart) == [True, False]
    chart.stop_button.click()
    chart.rest()
    assert offered(chart) == [False, False]
    chart.clear()
    chart.add(run(falling(2.0, -0.1, 16), [2.0, 1.9, 2.4, 2.9, 3.6]))
    assert offered(chart) == [True, True]
    assert "Tamaño del paso" in chart.message.value
    chart.slower_button.click()
    chart.rest()
    assert offered(chart) == [False, True]
    assert clicks == ["stop", "slower"]
    chart.clear()
    assert offered(chart) == [False, False]


@pytest.mark.parametrize(("live", "said"), [(True, "en vivo"), (False, "Mirar cómo va")])
def test_how_a_training_is_watched_is_said_of_the_page(live, said):
    message = before(live=live)
    assert said in message
    assert ("en vivo" in message) == live


@pytest.mark.parametrize(
    ("first", "best", "said"), [(2.5, 1.5, "pasó de 2,50 a 1,50"), (2.5, 2.5, "no bajó de donde empezó: 2,50")]
)
def test_a_loss_that_did_not_fall_is_not_said_to_have_passed_to_the_same(first, best, said):
    assert said in learnt({"first_loss": first, "best_loss": best})


def test_the_best_step_is_said_to_be_chosen_only_where_there_was_something_to_choose_by():
    assert "de la corrección 8, donde el simulacro salió mejor." in learnt({"best_step": 8, "best_loss": 2.0})
    falls = {"steps": 8, "first_loss": 3.0, "best_loss": 2.0}
    assert "todavía bajaba" in learnt({**falls, "best_step": 8})
    assert "ya no bajó" in learnt({**falls, "best_step": 4})
    words = learnt({"best_step": 8, "best_loss": None})
    assert "Se guardó el modelo de la corrección 8." in words
    assert "simulacro" not in words


@pytest.mark.parametrize("share", [0.4, 1.0], ids=["early", "late"])
def test_the_name_of_a_line_stands_clear_of_both_lines(share):
    """A name beside its end would cross a line that zigzags there."""
    waves = [4.0 - 0.02 * step + (0.4 if step % 7 == 0 else -0.2) for step in range(round(99 * share))]
    chart = LossChart()
    chart.add(run(waves, [5.0 - 0.06 * step for step in range(len(waves) // EVERY + 1)]))
    figure = chart.figure
    for name, over in ((figure.names[0], False), (figure.names[1], True)):
        end, height, clear = name.x[0], name.y[0], (max if over else min)
        late = end > ROOM_FOR_NAMES * 99
        assert name.align == ("end" if late else "start")
        assert (name.y_offset < 0) is over
        first, last = (end - NAME_WIDTH * 99, end) if late else (end, end + NAME_WIDTH * 99)
        for line in (figure.training, figure.validation):
            beside = [loss for step, loss in zip(line.x, line.y, strict=True) if first <= step <= last]
            assert not beside or clear([height, *beside]) == height
    lowest = min(figure.names[0].y)
    scale = figure.figure.axes[1].scale
    assert lowest - scale.min > 0.05 * (scale.max - scale.min), "below it are the numbers of the steps"
