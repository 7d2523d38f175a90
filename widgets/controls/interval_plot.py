"""Interval plot as HTML: a point for a mean, a line for its interval, of values or differences; bars for shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poetas.i18n import _, number, signed
from widgets.core.html import tag, text


@dataclass(frozen=True, slots=True)
class Reach:
    """One line. mean, low, high: in points; low and high are None where there are too few texts. mine: drawn bold.

    words: what is written beside the line, "" for the numbers.
    """

    title: str
    mean: float
    low: float | None
    high: float | None
    mine: bool = False
    words: str = ""


def picture(reaches: Sequence[Reach], caption: str, decimals: int = 1) -> str:
    """Draw the intervals on one scale, from zero unless all lie far from it, with the numbers beside them."""
    most = max([reach.mean if reach.high is None else reach.high for reach in reaches], default=1.0)
    least = min([reach.mean if reach.low is None else reach.low for reach in reaches], default=0.0)
    start = max(0.0, least - (most - least) / 4) if least > most / 2 else 0.0
    rows = "".join(_row(reach, start, (most - start) * 1.04 or 1.0, decimals) for reach in reaches)
    return tag("figure", tag("figcaption", text(caption)) + tag("div", rows), class_="poetas-reaches")


def difference_picture(reaches: Sequence[Reach], caption: str, decimals: int = 1) -> str:
    """Draw differences on one scale with a line at zero, which all rows share; right of it is more.

    >>> 'class="zero"' in difference_picture([Reach("copiar", 2.0, -1.0, 5.0)], "Diferencias")
    True
    """
    ends = [end for reach in reaches for end in (reach.mean, reach.low, reach.high) if end is not None]
    start, stop = min([0.0, *ends]), max([0.0, *ends])
    margin = (stop - start) * 0.04 or 1.0
    start, width = start - margin, stop - start + 2 * margin
    rows = "".join(_row(reach, start, width, decimals, zero=True) for reach in reaches)
    return tag("figure", tag("figcaption", text(caption)) + tag("div", rows), class_="poetas-reaches")


def share_picture(reaches: Sequence[Reach], caption: str) -> str:
    """Draw shares, from 0 to 1, as bars on one scale up to all; ``words`` are written beside them.

    >>> 'style="width:25.00%"' in share_picture([Reach("antes", 0.25, None, None, words="25 %")], "Octosílabos")
    True
    """
    rows = "".join(_line(reach, _bar(reach.mean), reach.words) for reach in reaches)
    return tag("figure", tag("figcaption", text(caption)) + tag("div", rows), class_="poetas-reaches")


def _bar(share: float) -> str:
    return tag("i", "", class_="share", style=f"width:{100 * min(1.0, max(0.0, share)):.2f}%")


def _row(reach: Reach, start: float, width: float, decimals: int, *, zero: bool = False) -> str:
    def share(value: float) -> str:
        return f"{100 * max(0.0, value - start) / width:.2f}%"

    written = signed if zero else number
    drawn = tag("i", "", class_="zero", style=f"left:{share(0.0)}") if zero else ""
    words = written(reach.mean, decimals)
    if reach.low is not None and reach.high is not None:
        reached = f"{100 * (reach.high - max(start, reach.low)) / width:.2f}%"
        drawn += tag("i", "", class_="line", style=f"left:{share(reach.low)};width:{reached}")
        words = _("{mean} (de {low} a {high})").format(
            mean=words, low=written(reach.low, decimals), high=written(reach.high, decimals)
        )
    drawn += tag("i", "", class_="dot", style=f"left:{share(reach.mean)}")
    return _line(reach, drawn, reach.words or words)


def _line(reach: Reach, drawn: str, words: str) -> str:
    track = tag("span", drawn, class_="track", aria_hidden="true")
    name = "reach me" if reach.mine else "reach"
    return tag(
        "div",
        tag("b", text(reach.title)) + track + tag("span", text(words), class_="reach-text"),
        class_=name,
    )
