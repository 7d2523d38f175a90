"""Doors under the verdict: cards with costs from the run's own figures; one click puts the preset."""

from poetas.training.presets import PRESETS
from tests.unit.widgets.train.steps import an_exam, finished, plain, trained_by_hand
from widgets import Hyperparameters, Scoreboard
from widgets.core.elements import is_shown


def board_with(context, kind):
    folder = trained_by_hand(context, {"seconds": 600.0, "steps": 90, "best_step": 90, "best_loss": 1.2})
    context.training = str(folder)
    result = {**an_exam(), "seconds": 120.0}
    result["verdict"]["kind"] = kind
    result["n"] = 4 if kind == "too_few" else result["n"]
    finished(context, "evaluate", {"adapter": str(folder / "adapter")}, result)
    board = Scoreboard(context=context)
    context.poller.drain(5)
    assert board.value
    return board


def test_what_can_be_tried_has_its_price_and_a_click_puts_the_preset(alone):
    knobs = Hyperparameters(context=alone)
    board = board_with(alone, "worse")
    assert is_shown(board.doors)
    first, *others = board.doors.cards.children
    said, button = first.children
    assert "Rápido" in said.value
    assert "a lo sumo 7 min" in said.value  # half of ten minutes, and two of the exam
    button.click()
    assert knobs.value == PRESETS["rapido"].config
    assert "quedó puesta «Rápido»" in board.doors.taken.value
    assert "Ir a entrenar con ella" in board.doors.taken.value
    [more] = [card.children[0].value for card in others if "Más textos" in card.children[0].value]
    assert "2_preparar.ipynb#textos" in more


def test_without_the_step_of_the_knobs_the_click_leads_there(alone):
    board = board_with(alone, "worse")
    board.doors.cards.children[0].children[1].click()
    assert "Ir a las perillas" in board.doors.taken.value


def test_too_few_texts_ask_for_so_many(alone):
    board = board_with(alone, "too_few")
    assert "Juntá unos" in plain(board.doors.cards.children[0].children[0].value)
    board.context.training = ""
    assert not is_shown(board.doors)


def test_an_improvement_leads_on(alone):
    links = "".join(card.children[0].value for card in board_with(alone, "improved").doors.cards.children)
    assert 'href="#conviene"' in links
    assert 'href="#probalo"' in links


def more_texts(context, kind):
    cards = board_with(context, kind).doors.cards.children
    [said] = [plain(card.children[0].value) for card in cards if "Más textos" in card.children[0].value]
    return said


def test_a_void_exam_asks_for_other_texts_and_too_few_promise_no_difference(alone):
    said = more_texts(alone, "void")
    assert "distintos entre sí" in said
    assert "si se parecen a estos" not in said


def test_of_too_few_texts_nothing_is_said_that_they_cannot_show(alone):
    said = more_texts(alone, "too_few")
    assert "se podría notar si mejoró" in said
    assert "una diferencia como esta" not in said
