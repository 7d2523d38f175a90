"""What the loss chart and the training say of two lines: memorising, steps that are too large, or neither."""

import pytest

from poetas.jobs import Evaluated, Notice, Step
from widgets import LossChart
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
        (falling(2.0, -0.1, 12), [2.0, 2.4, 2.9, 3.6], "suben las dos líneas", "cuaderno de memoria"),
        (falling(3.0, 0.1, 12), [2.0, 2.1, 2.2, 2.3], "cuaderno de memoria", "demasiado grande"),
        (falling(3.0, 0.1, 16), [3.0, 2.8, 2.6, 2.5, 2.4], "La mejor validación fue 2,40", "Desde ahí"),
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
    assert "aparece después de la primera evaluación" in chart.message.value


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
    assert "del paso 8, donde el simulacro salió mejor." in learnt({"best_step": 8, "best_loss": 2.0})
    words = learnt({"best_step": 8, "best_loss": None})
    assert "Se guardó el modelo del paso 8." in words
    assert "simulacro" not in words
