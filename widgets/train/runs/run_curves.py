"""Small loss curves of several runs as SVG, all on one axis, so that they can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.i18n import ngettext, number
from poetas.training.run_record import RunRecord
from widgets.core.html import text

WIDTH, HEIGHT, MARGIN = 150, 54, 4


def run_curves(runs: Sequence[RunRecord]) -> list[str]:
    """Return a picture for each run, "" for one that has no two points; steps and losses share one scale.

    >>> run_curves([])
    []
    """
    every = [point for run in runs for points in (run.training, run.validation) for point in points]
    if not every:
        return ["" for _run in runs]
    last = max(step for step, _loss in every) or 1.0
    low, high = min(loss for _step, loss in every), max(loss for _step, loss in every)

    def line(name: str, points: Sequence[tuple[float, float]]) -> str:
        places = " ".join(
            f"{MARGIN + step / last * (WIDTH - 2 * MARGIN):.1f},"
            f"{HEIGHT - MARGIN - (loss - low) / ((high - low) or 1.0) * (HEIGHT - 2 * MARGIN):.1f}"
            for step, loss in points
        )
        return f'<polyline class="{name}" points="{places}"/>' if len(points) > 1 else ""

    return [_picture(run, line("training", run.training) + line("validation", run.validation)) for run in runs]


def _picture(run: RunRecord, lines: str) -> str:
    if not lines:
        return ""
    points = run.validation if len(run.validation) > 1 else run.training
    steps = round(points[-1][0])
    words = ngettext(
        "Pérdida de {first} a {last}, en {steps} corrección",
        "Pérdida de {first} a {last}, en {steps} correcciones",
        steps,
    )
    label = words.format(first=number(points[0][1], 2), last=number(points[-1][1], 2), steps=number(steps))
    return (
        f'<svg class="poetas-run-curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{text(label)}">'
        f"{lines}</svg>"
    )
