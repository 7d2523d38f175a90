"""First rows and counts of a summarised file, read back from its job's folder as untrusted input; its HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.evaluation.systems import TUNED
from poetas.i18n import _, duration, ngettext, number
from poetas.util.files import is_figure, read_json
from widgets.controls.card_table import CardRow, card_table
from widgets.controls.previews import lines
from widgets.core.html import tag, text

VIEW, FILES = "vista.json", ("resumenes.csv", "resumenes.xlsx")  # as the job writes them
LONGEST = 2_000  # characters of a cell that are drawn
FEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class FileView:
    """What a job did. counts: rows, written, empty, shortened, cut. files: those in its folder. head: first rows."""

    counts: Mapping[str, int]
    files: tuple[str, ...]
    head: Sequence[Sequence[str]]


def read_view(folder: Path) -> FileView | None:
    """Return what a job's folder says of its rows, None where it wrote nothing that can be read."""
    try:
        value = read_json(folder / VIEW)
        counts = {name: int(value[name]) for name in ("rows", "written", "empty", "shortened", "cut")}
        head = [[str(cell)[:LONGEST] for cell in row] for row in value["head"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    files = tuple(name for name in FILES if name in (value.get("files") or ()) and (folder / name).is_file())
    return FileView(counts, files, [row for row in head if len(row) == 4])  # noqa: PLR2004 - row, text, summary, notice


def head_table(rows: Sequence[Sequence[str]]) -> str:
    """Draw the first rows, "" where there are none: as cards on a phone."""
    if not rows:
        return ""
    drawn = [
        CardRow(text(place), [lines(source), tag("span", lines(summary), class_="serif") + _noted(notice)])
        for place, source, summary, notice in rows
    ]
    return card_table(
        [_("Fila"), _("Texto"), _("Resumen")], drawn, _("Las primeras filas; el resto va en la planilla.")
    )


def view_sentence(view: FileView) -> str:
    """Say how many rows were summarised, and what of them was not as asked."""
    counts = view.counts
    words = ngettext("Resumí {n} fila de {all}.", "Resumí {n} filas de {all}.", counts["written"])
    said = [words.format(n=number(counts["written"]), all=number(counts["rows"]))]
    for name, sentence in (
        ("empty", ngettext("{n} no tenía texto.", "{n} no tenían texto.", counts["empty"])),
        ("shortened", ngettext("De {n} no leyó el final.", "De {n} no leyó el final.", counts["shortened"])),
        ("cut", ngettext("{n} resumen se corta.", "{n} resúmenes se cortan.", counts["cut"])),
    ):
        if counts[name]:
            said.append(sentence.format(n=number(counts[name])))
    return tag("p", text(" ".join(said)), class_="notice", role="status")


def duration_sentence(rows: int, exam: Mapping[str, Any]) -> str:
    """Say how long the rows would take, from what a text took in the exam; "" where that was not measured."""
    each = (exam.get("per_text") or {}).get(TUNED)
    many = ngettext("{n} fila", "{n} filas", rows).format(n=number(rows))
    if not is_figure(each):
        words = ngettext("Es {rows}.", "Son {rows}.", rows).format(rows=many)
        return tag("p", text(f"{words} {_('Podés detenerlo: lo hecho queda.')}"), class_="soft")
    seconds = rows * each
    whole = round(seconds) if seconds < FEW_SECONDS else round(seconds / 60) * 60
    words = ngettext(
        "Es {rows}: alrededor de {time}, a la velocidad que tuvo en el examen.",
        "Son {rows}: alrededor de {time}, a la velocidad que tuvo en el examen.",
        rows,
    ).format(rows=many, time=duration(max(1, whole)))
    return tag("p", text(f"{words} {_('Podés detenerlo: lo hecho queda.')}"), class_="soft")


def _noted(notice: str) -> str:
    return tag("p", text(notice), class_="soft") if notice else ""
