"""Drawings of a class report as small SVG for a table's cell: percentages as coordinates, so they take any width."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.evaluation.bootstrap import Interval

_HEIGHT = 22


def interval_axis() -> str:
    """Return the heading of a column of `interval_drawing`: its ends and its middle."""
    return "\N{MINUS SIGN}100 · 0 · +100"


def interval_drawing(change: Interval, *, few: bool = False) -> str:
    """Draw a difference of shares, from -1 to 1, with its interval and a line at zero. few: paler.

    >>> 'cx="60.0%"' in interval_drawing(Interval(0.2, 0.1, 0.3, 20))
    True
    """
    middle = _HEIGHT / 2
    parts = [f'<line class="zero" x1="50%" x2="50%" y1="0" y2="{_HEIGHT}"/>']
    if change.low is not None and change.high is not None:
        ends = f'x1="{_across(change.low)}" x2="{_across(change.high)}"'
        parts.append(f'<line class="range" {ends} y1="{middle}" y2="{middle}"/>')
    parts.append(f'<circle cx="{_across(change.mean)}" cy="{middle}" r="5"/>')
    return _svg("few" if few else "", parts)


def _across(share: float) -> str:
    return f"{50 * (1 + max(-1.0, min(1.0, share))):.1f}%"


def marks_drawing(counts: Sequence[int]) -> str:
    """Draw how often each mark was given as parts of one bar, the lowest mark first.

    >>> marks_drawing([1, 0, 0, 0, 1]).count("<rect")
    2
    """
    total = sum(counts) or 1
    parts, start = [], 0.0
    for mark, count in enumerate(counts, start=1):
        width = 100 * count / total
        if count:
            parts.append(f'<rect class="m{mark}" x="{start:.1f}%" width="{width:.1f}%" y="3" height="{_HEIGHT - 6}"/>')
        start += width
    return _svg("marks", parts)


def time_drawing(seconds: tuple[float, float, float], longest: float) -> str:
    """Draw first quartile, median and third quartile of seconds, on a scale from zero to the longest.

    >>> 'x="50.0%"' in time_drawing((60, 60, 90), 120)
    True
    """
    low, middle, high = (100 * value / (longest or 1.0) for value in seconds)
    width = max(1.0, high - low)
    box = f'<rect class="box" x="{low:.1f}%" width="{width:.1f}%" y="5" height="{_HEIGHT - 10}"/>'
    return _svg(
        "times", [box, f'<line class="median" x1="{middle:.1f}%" x2="{middle:.1f}%" y1="2" y2="{_HEIGHT - 2}"/>']
    )


def _svg(name: str, parts: Sequence[str]) -> str:
    return f'<svg class="{name}" width="100%" height="{_HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'
