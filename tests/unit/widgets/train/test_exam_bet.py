"""Answer to the bet: it says that the tuned model won or lost only where the verdict may say so."""

import pytest

from poetas.exam_size import FEWEST
from widgets.train.evaluation.exam_bet import answer, exam_verdict


def exam(count, difference):
    interval = {"mean": difference, "low": difference - 0.05, "high": difference + 0.05}
    rows = [{"system": "lead1", "scores": {"rouge1": 0.3}}, {"system": "tuned", "scores": {"rouge1": 0.3 + difference}}]
    return {"task": "summary", "n": count, "rows": rows, "differences": {"lead1": {"rouge1": interval}}}


@pytest.mark.parametrize(
    ("difference", "enough", "few"),
    [(0.1, "le ganó por 10,0", "quedó 10,0 arriba"), (-0.1, "perdió por 10,0", "quedó 10,0 abajo")],
)
def test_with_fewer_texts_than_a_verdict_needs_nothing_is_said_to_be_won_or_lost(difference, enough, few):
    assert enough in answer(exam(FEWEST, difference))
    assert few in answer(exam(FEWEST - 1, difference))
    assert "suerte" in answer(exam(FEWEST - 1, difference))


@pytest.mark.parametrize(
    ("bet", "difference", "won", "said"),
    [
        ("win", 0.1, True, "Apostaste que sí, y fue que sí: le ganó por 10,0 puntos."),
        ("win", -0.1, False, "Apostaste que sí, y fue que no: perdió por 10,0 puntos."),
        ("lose", -0.1, True, "Apostaste que no, y fue que no: perdió por 10,0 puntos."),
        ("tie", 0.01, True, "Apostaste que no se iba a notar, y fue que no se nota: quedó 1,0 puntos arriba"),
        ("win", 0.01, False, "Apostaste que sí, y fue que no se nota: quedó 1,0 puntos arriba, y puede ser suerte."),
    ],
)
def test_the_bet_is_compared_with_the_strongest_baseline_which_is_named(bet, difference, won, said):
    verdict = exam_verdict(bet, exam(FEWEST, difference))
    assert verdict.won is won
    assert verdict.sentence.startswith(said)
    assert "La mejor de las que no cuestan esfuerzo fue «" in verdict.sentence
    unsure = exam_verdict(bet, exam(FEWEST - 1, difference))
    assert unsure.won is None, "so few texts decide nothing"


def test_a_style_is_compared_with_the_model_as_it_came_and_a_bet_of_another_version_with_nothing():
    style = {"task": "style", "n": FEWEST, "rows": [], "verdict": {"beaten": ["base"]}}
    assert exam_verdict("win", style).won
    assert exam_verdict("lose", style).sentence == "Apostaste que no, y fue que sí."
    assert exam_verdict("sí, un poco", style) is None
    assert exam_verdict("win", {**style, "verdict": {}}) is None
