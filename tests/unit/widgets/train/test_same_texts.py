"""The exam and «Probalo» give a model the same text under the same limits: the words are byte for byte the same."""

import pytest

from tests.unit.widgets.train.steps import LONG
from widgets import Scoreboard, TryIt

pytestmark = pytest.mark.slow


def test_a_text_of_the_exam_gives_the_same_words_when_it_is_tried(trained, ready):
    board = Scoreboard(context=ready)
    if not board.value:
        board.again.click() if board.job else board.guess.box.set_trait("value", "sí")
    ready.poller.drain(LONG)
    assert board.alert.problem is None
    tried = TryIt(context=ready)
    for row in board.value["texts"]:
        tried.box.value = row["source"]
        tried.write.click()
        ready.poller.drain(LONG)
        assert tried.alert.problem is None
        assert tried.answers == {who: row["systems"][who]["text"] for who in ("base", "tuned")}
        for who in ("base", "tuned"):
            marked = "se corta acá" in tried.columns[who].value
            assert marked == row["systems"][who]["cut"]
    assert any(row["systems"]["tuned"]["cut"] for row in board.value["texts"]), "an untrained model goes on and on"
