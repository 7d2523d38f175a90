"""Bets of the course: what counts as a hit, what survives a damaged file, and where intuition failed."""

import json

import pytest

from poetas.course.bets import BETS, BetVerdict, choice_verdict, kept, number_verdict
from poetas.course.course_record import APPS, ROOT
from poetas.course.made_bets import made_bets, score_sentence
from poetas.data.storage.state_scopes import with_values


def bets_of(*made):
    """Return a project's state after these bets: id and verdict."""
    state = {}
    for bet, verdict in made:
        state = with_values(state, kept(state, bet, verdict, question="¿?", said="algo"))
    return json.loads(json.dumps(state))


@pytest.mark.parametrize(
    ("bet", "actual", "won"), [(100, 100, True), (109, 100, True), (111, 100, False), (0, 3, False)]
)
def test_a_number_is_a_hit_within_a_tenth(bet, actual, won):
    assert number_verdict(bet, actual).won is won
    assert (number_verdict(bet, actual).miss == 0) is won


def test_a_number_far_off_surprises_more_and_even_a_huge_one_has_an_answer():
    misses = [number_verdict(bet, 100, "mirá").miss for bet in (80, 50, 10, 0, 10**9)]
    assert misses[:4] == sorted(misses[:4])
    assert max(misses) <= 6
    assert "1.000.000.000" in number_verdict(10**9, 100).sentence


def test_bets_come_in_the_order_of_the_course_with_their_app():
    state = bets_of(*((row.id, BetVerdict("Fue.", "sí", won=True)) for row in reversed(BETS)))
    made = made_bets(state)
    assert [bet.row.id for bet in made] == [row.id for row in BETS]
    assert [APPS.index(bet.row.app) for bet in made] == sorted(APPS.index(bet.row.app) for bet in made)


def test_a_bet_that_nothing_settled_yet_waits_for_the_next_result_about_the_same():
    void = BetVerdict("Apostaste que sí, pero este examen no vale.", "El examen no vale", won=None, waits=True)
    assert kept({}, "mejoro", void, question="¿?", said="Sí", about="training") == {}
    valid = BetVerdict("Fue que sí.", "Sí", won=True)
    state = with_values({}, kept({}, "mejoro", valid, question="¿?", said="Sí", about="training"))
    assert [(made.outcome, made.won) for made in made_bets(state)] == [("Sí", True)]


@pytest.mark.parametrize(
    "entry",
    [
        7,
        {"bet": ["x"], "outcome": "y"},
        {"bet": "x"},
        {"bet": "x", "outcome": {}, "won": True},
    ],
)
def test_what_a_damaged_file_says_is_left_out(entry):
    assert made_bets({ROOT: {"bets": {"tokens": entry, "unknown": entry}}}) == []


def test_a_forged_file_gets_no_odd_numbers_and_no_endless_texts_onto_the_page():
    entry = {"bet": "x" * 10**5, "outcome": "y", "won": "yes", "miss": 10**400, "times": 10**400, "sentence": 3}
    state = {ROOT: {"bets": {"tokens": entry, "proxima": {**entry, "miss": float("nan"), "times": True}}}}
    for made in made_bets(state):
        assert made.won is None
        assert made.miss == 0
        assert len(made.bet) < 1000
        assert 1 <= made.times < 1000
    assert score_sentence(made_bets(state)) == ""
    assert kept(state, "tokens", BetVerdict("Fue.", "sí", won=True), question="¿?", said="no")


def test_the_sentence_names_the_kind_and_the_bet_where_intuition_failed_most():
    hit, near, far = (number_verdict(bet, 100, "mirá «ombú»") for bet in (100, 80, 5))
    lost = choice_verdict("que sí", "que no", "No", won=False)
    open_end = BetVerdict("Faltan textos.", "no se sabe", won=None)
    made = made_bets(
        bets_of(("proxima", hit), ("tokens", near), ("cuanto-entra", far), ("curva", lost), ("mejoro", open_end))
    )
    sentence = score_sentence(made)
    assert sentence.startswith("Acertaste 1 de 4. Donde más te sorprendió: en cuántos pedacitos se corta un texto.")
    assert sentence.endswith("Dijiste 5 y son 100: mirá «ombú».")
    assert "arriesgá" in score_sentence(made_bets(bets_of(("proxima", hit))))
    assert score_sentence([]) == ""


def test_an_answer_that_is_shown_again_is_no_further_bet():
    state, verdict = {}, BetVerdict("Fue.", "sí", won=True)
    for training in ("train-1", "train-2", "train-1"):
        state = with_values(state, kept(state, "mejoro", verdict, question="¿?", said="sí", about=training))
    assert [bet.times for bet in made_bets(state)] == [2]
