"""Interval plot as HTML: for each system its mean as a point and its confidence interval as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poetas.i18n import _, number
from widgets.core.html import tag, text


@dataclass(frozen=True, slots=True)
class Reach:
    """One line. mean, low, high: in points; low and high are None where there are too few texts. mine: drawn bold."""

    title: str
    mean: float
    low: float | None
    high: float | None
    mine: bool = False


def picture(reaches: Sequence[Reach], caption: str, decimals: int = 1) -> str:
    """Draw the intervals on one scale, from zero unless all lie far from it, with the numbers beside them."""
    most = max([reach.mean if reach.high is None else reach.high for reach in reaches], default=1.0)
    least = min([reach.mean if reach.low is None else reach.low for reach in reaches], default=0.0)
    start = max(0.0, least - (most - least) / 4) if least > most / 2 else 0.0
    rows = "".join(_row(reach, start, (most - start) * 1.04 or 1.0, decimals) for reach in reaches)
    return tag("figure", tag("figcaption", text(caption)) + tag("div", rows), class_="poetas-reaches")


def _row(reach: Reach, start: float, width: float, decimals: int) -> str:
    def share(value: float) -> str:
        return f"{100 * max(0.0, value - start) / width:.2f}%"

    drawn = ""
    words = number(reach.mean, decimals)
    if reach.low is not None and reach.high is not None:
        reached = f"{100 * (reach.high - max(start, reach.low)) / width:.2f}%"
        drawn = tag("i", "", class_="line", style=f"left:{share(reach.low)};width:{reached}")
        words = _("{mean} (de {low} a {high})").format(
            mean=words, low=number(reach.low, decimals), high=number(reach.high, decimals)
        )
    drawn += tag("i", "", class_="dot", style=f"left:{share(reach.mean)}")
    track = tag("span", drawn, class_="track", aria_hidden="true")
    name = "reach me" if reach.mine else "reach"
    return tag("div", tag("b", text(reach.title)) + track + tag("span", text(words), class_="reach-text"), class_=name)
