"""BetPrompt: a bet is made once, in a form that can be compared; its answer is shown, and kept in the record."""

import pytest

from poetas.course.bets import BetVerdict, number_verdict
from poetas.course.made_bets import made_bets
from poetas.workspace import Workspace
from tests.unit.widgets.pollers import new_poller
from widgets import BetPrompt, PageContext
from widgets.controls.bet_prompt.bet_prompt import BetOption
from widgets.core.elements import is_shown

CURVES = (BetOption("falls", "Baja", "que baja"), BetOption("rises", "Sube", "que sube"))


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


def test_a_bet_on_a_number_is_asked_for_in_figures_and_is_made_once():
    prompt = BetPrompt("¿Cuántos?", counts=True)
    prompt.place("  ")
    assert "Mostrame" in prompt.hint
    for typed in ("diez", "-3", "1 o 2", "9" * 40):
        prompt.place(typed)
        assert "con cifras" in prompt.hint
        assert not prompt.revealed
    prompt.place("unos 1.200")
    assert (prompt.number, prompt.revealed, prompt.hint) == (1200, True, "")
    prompt.place("7")
    assert prompt.number == 1200
    prompt.ask("¿Y ahora?")
    assert (prompt.number, prompt.revealed, prompt.typed) == (None, False, "")


def test_only_a_button_that_is_there_is_a_bet_and_going_on_without_one_leaves_nothing():
    prompt = BetPrompt("¿Qué hace la línea?", CURVES)
    prompt._receive(prompt, {"kind": "bet", "value": "<script>"}, [])
    prompt._receive(prompt, {"kind": "bet", "value": 7}, [])
    assert not prompt.revealed
    prompt._receive(prompt, {"kind": "skip"}, [])
    assert (prompt.value, prompt.revealed) == ("", True)
    assert not is_shown(prompt)
    prompt.answer(BetVerdict("Nada.", "nada", won=True))
    assert prompt.answered == {}
    prompt.ask("¿Y esta?", CURVES[:1])
    prompt.place("rises")
    assert not prompt.revealed, "the button is gone"


def test_the_bet_stands_there_until_its_answer_takes_its_place():
    prompt = BetPrompt("¿Qué hace la línea?", CURVES)
    prompt.place("falls")
    assert "Baja" in prompt.answered["text"]
    prompt.answer(BetVerdict("Apostaste que baja, y fue que sube.", "Sube", won=False))
    assert prompt.answered == {"text": "Apostaste que baja, y fue que sube.", "mark": "Sorpresa:", "won": False}
    assert is_shown(prompt)
    prompt.clear()
    assert (prompt.answered, is_shown(prompt)) == ({}, False)


def test_the_first_outcome_is_kept_and_how_often_it_was_bet(context):
    prompt = BetPrompt("¿en cuántos pedacitos?", bet="tokens", counts=True, context=context)
    assert not context.workspace.root.exists()
    for typed, count in (("12", 16), ("20", 20)):
        prompt.ask("¿en cuántos pedacitos?")
        prompt.place(typed)
        prompt.answer(number_verdict(prompt.number, count, "mirá «ombú»"))
    [made] = made_bets(PageContext(context.workspace, poller=new_poller()).state())
    assert (made.bet, made.outcome, made.won, made.times) == ("12", "16", False, 2)
    assert made.sentence == "Dijiste 12 y son 16: mirá «ombú»."


def test_a_bet_that_waits_for_its_answer_comes_back_without_starting_anything(context):
    prompt = BetPrompt("¿Mejoró?", CURVES, bet="mejoro", context=context)
    prompt.observe(lambda _change: pytest.fail("it would take the exam"), "revealed")
    prompt.restore("of another version")
    assert not prompt.answered
    prompt.restore("falls")
    assert "Baja" in prompt.answered["text"]
    for _reload in range(2):
        prompt.answer(BetVerdict("Fue.", "Sube", won=False), about="train-1")
    assert [made.times for made in made_bets(context.state())] == [1]


def test_an_id_without_a_row_in_the_table_is_refused(context):
    with pytest.raises(KeyError):
        BetPrompt("¿?", bet="unknown", context=context)
