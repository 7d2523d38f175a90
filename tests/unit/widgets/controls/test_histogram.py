"""Histogram: an axis that stands still, wherever the line is, and the line that a drag moves."""

import numpy as np

from widgets.controls.histogram.histogram import Histogram


def drawn(lengths, cut=None):
    made = Histogram(unit="tokens", counted="textos", line="acá", lowest=4)
    made.show(np.asarray(lengths), cut)
    return made


def test_the_axis_is_the_same_wherever_the_line_is():
    made = drawn(np.arange(900, 1000))
    axis, bars = made.axis, made.bars
    for place in (950, 40, 999, 1):
        made.move(place)
        assert (made.axis, made.bars) == (axis, bars)
    assert drawn(np.arange(900, 1000), 850).axis == axis


def test_the_line_can_stand_below_every_text():
    axis = drawn(np.arange(900, 1000)).axis
    assert (axis["first"], axis["lowest"], axis["longest"]) == (0, 4, 999)


def test_every_text_is_in_a_bar_and_every_tick_on_the_axis():
    made = drawn([1, 1, 7, 80, 2000])
    assert sum(count for _left, _right, count in made.bars) == 5
    assert made.bars[0][0] == made.axis["first"] == 0
    assert made.bars[-1][1] == made.axis["last"] > 2000
    assert all(0 <= value <= made.axis["last"] for value, _text in made.axis["across"])
    assert [text for _value, text in made.axis["across"]][-1] == "2.000"
    assert "de 1 a 2.000 tokens" in made.spoken
