"""Numbers that are typed: with a comma as they are written here, with a point as elsewhere, and what is none."""

from __future__ import annotations

import pytest

from poetas.util.number_parsing import read_number, written
from widgets import SliderField
from widgets.controls.number_box.number_box import NumberBox


def rate() -> SliderField:
    return SliderField("Tasa", 2e-4, lowest=1e-6, highest=5e-3, step=1e-5, log=True)


def type_into(box: NumberBox, typed: str = "", **more: str) -> list[str]:
    """What the page does with Enter or an arrow; returns what it is asked to show. typed: since the last answer."""
    answers = []
    box.send = lambda content: answers.append(content["shown"])
    box._handle_custom_msg({"typed": typed, **more} if typed or not more else more, [])
    return answers


@pytest.mark.parametrize("typed", ["0,0005", "0.0005", ",0005", " 0,0005 ", "5e-4", "5E-4", "0,00050"])
def test_a_comma_and_a_point_are_read_alike_whatever_the_browsers_language(typed):
    dial = rate()
    assert type_into(dial.box, typed) == ["0,0005"]
    assert dial.value == dial.box.value == 5e-4
    assert dial.slider.value == pytest.approx(5e-4)


@pytest.mark.parametrize("typed", ["", "mucho", "1,2,3", "0,,5", "1.2.3", "--1", "nan", "inf", "1e999", "9" * 50, "٣"])
def test_what_is_no_number_leaves_the_last_one_and_shows_it_again(typed):
    dial = rate()
    assert type_into(dial.box, typed) == ["0,0002"]
    assert dial.value == 2e-4


def test_what_is_out_of_range_becomes_the_nearest_end():
    dial = rate()
    assert type_into(dial.box, "3") == ["0,005"]
    assert dial.value == 5e-3
    assert type_into(dial.box, "-1") == ["0,000001"]
    assert dial.value == 1e-6


@pytest.mark.parametrize(("typed", "value"), [("2,5", 3), ("2,4", 2), ("1.024", 1024), ("1,024", 1024), ("7", 7)])
def test_a_whole_number_stays_whole(typed, value):
    dial = SliderField("Largo", 3, lowest=1, highest=5000, step=1)
    type_into(dial.box, typed)
    assert (dial.value, type(dial.value)) == (value, int)
    assert dial.slider.value == value


def test_the_arrows_step_from_what_is_typed_and_stop_at_the_ends():
    dial = SliderField("Épocas", 9, lowest=1, highest=10, step=1)
    for expected in (10, 10):
        type_into(dial.box, step="up")
        assert dial.value == expected
    type_into(dial.box, "4", step="down")
    assert dial.value == 3
    fine = rate()
    assert type_into(fine.box, step="up") == ["0,00021"]
    assert fine.value == 2.1e-4


def test_a_dial_that_sleeps_takes_nothing():
    dial = rate()
    dial.disabled = True
    assert type_into(dial.box, "0,0005") == []
    assert dial.value == 2e-4


def test_a_narrower_range_moves_the_number_along():
    dial = SliderField("Largo", 800, lowest=1, highest=1000, step=1)
    for part in (dial.box, dial.slider):
        part.max = 500
    assert (dial.value, dial.box.value, dial.box.shown) == (500, 500, "500")


@pytest.mark.parametrize("value", [0.0002, 1e-6, 2.5, 0.9, 0.0, 12345, 1024, 7, 0.123456])
def test_what_is_shown_is_read_back_as_what_it_was(value):
    assert read_number(written(value), whole=isinstance(value, int)) == value
