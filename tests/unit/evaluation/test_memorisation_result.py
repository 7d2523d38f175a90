"""A result of the memorisation check is read back as anybody may have left it: what no page can draw is refused."""

import pytest

from poetas.evaluation.memorisation.memorisation_result import CheckUnreadable, checked

COUNTED = {"n": 9, "recited": 0}
CLEAN = {
    "task": "style",
    "words": 8,
    "short": 0,
    "openings": {"tuned": COUNTED, "base": COUNTED, "held_out": COUNTED},
    "personal": {"n": 1, "tuned": 1, "base": 0},
    "ordinary": {"n": 4, "recited": 0, "longest": 3, "held_out_longest": 3},
    "recited": [{"how": "opening", "given": "Querida", "written": "Elvira", "words": 8}],
    "data": [],
    "level": "none",
}
DATUM = {"kind": "link", "text": "https://a.ar/x?token=9f8a7b6c", "how": "personal"}
DAMAGED = {
    "level alone": {"level": "none"},
    "level of no kind": {**CLEAN, "level": 7},
    "passage without its beginning": {**CLEAN, "recited": [{"written": "Elvira"}]},
    "data as strings": {**CLEAN, "level": "personal", "data": ["23.456.789"]},
    "data of no kind": {**CLEAN, "level": "personal", "data": [{**DATUM, "kind": "x"}]},
    "data that the level hides": {**CLEAN, "data": [DATUM]},
    "counts as texts": {**CLEAN, "ordinary": {**CLEAN["ordinary"], "n": "4"}},
    "no openings": {**CLEAN, "openings": {}},
    "a list": [],
    "nothing": None,
}


@pytest.mark.parametrize("damaged", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_result_is_refused_with_a_card(damaged):
    with pytest.raises(CheckUnreadable) as error:
        checked(damaged)
    assert error.value.explanation.action == "restart"


def test_what_the_check_found_is_as_it_was():
    whole = {**CLEAN, "level": "personal", "data": [DATUM]}
    assert checked(whole) is whole
    assert checked(CLEAN) is CLEAN
