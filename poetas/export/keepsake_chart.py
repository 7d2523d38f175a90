"""Loss curve of a keepsake as SVG, with its legend in HTML: no script and no address."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.i18n import _, number

Points = Sequence[tuple[float, float]]
WIDTH, HEIGHT = 640, 200
_MARGIN = 6
_BELOW = 0.15  # of the losses' span: room below the lowest
_MOST = 300  # points a line


def loss_chart(training: Points, validation: Points) -> str:
    """Return the picture; "" where there are no two points to draw a line through.

    >>> loss_chart([], []), "<svg" in loss_chart([(1, 3.0), (2, 2.0)], [])
    ('', True)
    """
    lines = {name: thinned(points) for name, points in (("training", training), ("validation", validation))}
    every = [point for points in lines.values() for point in points]
    if max(len(points) for points in lines.values()) < 2 or not every:  # noqa: PLR2004 - a line has two ends
        return ""
    first, last = min(step for step, _loss in every), max(step for step, _loss in every)
    least, high = min(loss for _step, loss in every), max(loss for _step, loss in every)
    low = least - _BELOW * (high - least)  # as in the app: from zero, what was learnt would look like nothing

    def place(step: float, loss: float) -> tuple[float, float]:
        across = (step - first) / ((last - first) or 1.0)
        up = (loss - low) / ((high - low) or 1.0)
        return _MARGIN + across * (WIDTH - 2 * _MARGIN), HEIGHT - _MARGIN - up * (HEIGHT - 2 * _MARGIN)

    names = {"training": _("estudio"), "validation": _("simulacro")}
    drawn, legend = [], []
    for name, points in lines.items():
        if points:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
            drawn.append(f'<polyline class="{name}" points="{path}"/>')
            ends = _("{name}: de {first} a {last}").format(
                name=names[name], first=number(points[0][1], 2), last=number(points[-1][1], 2)
            )
            legend.append(f'<span class="{name}">{ends}</span>')
    axis = f'<line class="axis" x1="0" y1="{HEIGHT - 2}" x2="{WIDTH}" y2="{HEIGHT - 2}"/>'
    ticks = "".join(f"<span>{_('corrección {n}').format(n=number(step))}</span>" for step in (first, last))
    label = _("La pérdida de cada paso")
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}" xmlns="http://www.w3.org/2000/svg">'
        f'{axis}{"".join(drawn)}</svg>\n<p class="ticks">{ticks}</p>\n<p class="legend">{"".join(legend)}</p>'
    )


def thinned(points: Points) -> list[tuple[float, float]]:
    """Return finite points, at most `_MOST` and the last one."""
    kept = [(float(step), float(loss)) for step, loss in points if abs(step) < 1e12 and abs(loss) < 1e6]  # noqa: PLR2004
    every = -(-len(kept) // _MOST) or 1
    return kept[::every] + (kept[-1:] if (len(kept) - 1) % every else [])
