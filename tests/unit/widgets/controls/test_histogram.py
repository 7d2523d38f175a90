"""Histogram: its axis, its bars and their colours on both sides of the line."""

import numpy as np

from widgets.controls.histogram import BEYOND, KEPT, Histogram


def test_the_axis_begins_where_the_cut_can_be_seen():
    drawn = Histogram(unit="tokens", counted="textos", line="acá")
    drawn.show(np.arange(900, 1000))
    drawn.move(950)
    axis = drawn.bars.scales["x"]
    assert axis.min == 900
    drawn.move(40)
    assert axis.min < drawn.cut.x[0] < axis.max
    assert len(drawn.bars.colors) == len(drawn.bars.x)
    assert len(set(drawn.bars.colors)) == 1
    drawn.move(950)
    assert axis.min == 900
    assert len(set(drawn.bars.colors)) == 2


def test_bars_are_made_once_with_their_colours_and_stay_while_a_browser_may_be_building_them():
    drawn = Histogram(unit="tokens", counted="textos", line="acá")
    drawn.show(np.arange(900, 1000), 40)
    first = drawn.bars
    assert set(first.colors) == {BEYOND}
    drawn.move(950)
    assert drawn.bars is not first  # the axis begins elsewhere
    assert first.comm is not None, "closed in the same breath, and a browser that still builds it draws no bar at all"
    drawn.show(np.arange(10))
    assert first.comm is None
    assert set(drawn.bars.colors) == {KEPT}
