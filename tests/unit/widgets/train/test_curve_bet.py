"""The bet on the curve: open until there is one, answered by the finished training, and again after a reload."""

import pytest

from poetas.course.made_bets import made_bets
from poetas.jobs import Evaluated, Step
from poetas.training.loss_curve import Curve
from tests.unit.widgets.train.steps import again
from widgets import TrainingPanel
from widgets.core.elements import is_shown
from widgets.train.curve_bet import CurveBet, curve_verdict


def curve(*losses):
    made = Curve()
    made.add([Evaluated(10 * index, index / 10, loss) for index, loss in enumerate(losses)])
    return made


@pytest.mark.parametrize(
    ("losses", "shape", "said"),
    [
        ((3.0, 2.5, 2.4), "falls", "que bajó y no volvió a subir: empezó en 3,00 y terminó en 2,40."),
        ((3.0, 2.5, 2.8), "valley", "empezó en 3,00, tocó fondo en 2,50 en la corrección 10 y terminó en 2,80."),
        ((3.0, 2.99, 3.01), "flat", "que casi no se movió"),
        ((3.0, 3.2, float("inf")), "rises", "que subió"),
    ],
)
def test_the_sketch_is_compared_with_what_the_line_did(losses, shape, said):
    verdict = curve_verdict(shape, curve(*losses))
    assert verdict.won
    assert said in verdict.sentence
    other = "flat" if shape != "flat" else "falls"
    assert curve_verdict(other, curve(*losses)).won is False
    assert curve_verdict("circle", curve(*losses)) is None


def test_without_validation_the_line_of_the_training_is_compared_and_one_point_is_no_line():
    steps = Curve()
    steps.add([Step(index, 9, index / 9, 3.0 - index / 5, 1e-4, 10.0, 8.0) for index in range(1, 10)])
    assert curve_verdict("falls", steps).won
    assert curve_verdict("falls", curve(3.0)) is None


@pytest.mark.slow  # a real training
def test_a_bet_made_before_the_training_is_answered_at_its_end_and_after_a_reload(trained, ready):
    prompt = trained.view.bet.prompt
    assert is_shown(prompt)
    assert prompt.answered["text"].startswith("Apostaste que subía, y fue que")
    other = again(ready)
    reloaded = TrainingPanel(context=other)
    other.poller.drain(10)
    assert reloaded.view.bet.prompt.answered == prompt.answered
    assert [(bet.bet, bet.times) for bet in made_bets(other.state()) if bet.row.id == "curva"] == [("Sube", 1)]
    other.close()


def test_the_question_is_open_until_the_curve_is_drawn_and_skipping_it_closes_it(alone):
    bet = CurveBet(alone)
    bet.begin(None)
    bet.show(asked=True)
    assert is_shown(bet.prompt)
    bet.draw(Curve())
    assert is_shown(bet.prompt)
    bet.draw(curve(3.0))
    assert is_shown(bet.prompt), "the measure before the first step has no shape"
    bet.draw(curve(3.0, 2.5))
    assert not is_shown(bet.prompt), "no question stands above its own answer"
    bet.begin(None)
    bet.prompt.skip()
    bet.show(asked=True)
    assert not is_shown(bet.prompt)
