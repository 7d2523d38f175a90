"""Intervals as a picture: for each system a point, and a line from how little to how much it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poetas.i18n import _, number
from widgets.markup import tag, text


@dataclass(frozen=True, slots=True)
class Reach:
    """One line. mean, low, high: in points; low and high are None where there are too few texts. mine: drawn bold."""

    title: str
    mean: float
    low: float | None
    high: float | None
    mine: bool = False


def picture(reaches: Sequence[Reach], caption: str, decimals: int = 1) -> str:
    """Draw the lines over one scale from zero; the figures stand beside them."""
    most = max([reach.high if reach.high is not None else reach.mean for reach in reaches] or [0.0]) * 1.04 or 1.0
    rows = "".join(_row(reach, most, decimals) for reach in reaches)
    return tag("figure", tag("figcaption", text(caption)) + tag("div", rows), class_="poetas-reaches")


def _row(reach: Reach, most: float, decimals: int) -> str:
    def share(value: float) -> str:
        return f"{100 * max(0.0, value) / most:.2f}%"

    drawn = ""
    words = number(reach.mean, decimals)
    if reach.low is not None and reach.high is not None:
        width = f"{100 * (reach.high - max(0.0, reach.low)) / most:.2f}%"
        drawn = tag("i", "", class_="line", style=f"left:{share(reach.low)};width:{width}")
        words = _("{mean} (de {low} a {high})").format(
            mean=words, low=number(reach.low, decimals), high=number(reach.high, decimals)
        )
    drawn += tag("i", "", class_="dot", style=f"left:{share(reach.mean)}")
    track = tag("span", drawn, class_="track", aria_hidden="true")
    name = "reach me" if reach.mine else "reach"
    return tag("div", tag("b", text(reach.title)) + track + tag("span", text(words), class_="told"), class_=name)
