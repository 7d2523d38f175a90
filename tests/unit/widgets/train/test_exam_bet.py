"""Answer to the bet: it says that the tuned model won or lost only where the verdict may say so."""

import pytest

from poetas.exam_size import FEWEST
from widgets.train.evaluation.exam_bet import answer


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
