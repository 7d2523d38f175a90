"""Table of a summarised file: its own columns, the summary and a notice for each row, as CSV, XLSX and first rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from poetas.data.storage.spreadsheet_export import MOST_ROWS, write_spreadsheet
from poetas.evaluation.generated_texts import StoredText
from poetas.i18n import _
from poetas.util.excerpt import shortened
from poetas.util.files import write_json

CSV, XLSX, VIEW = "resumenes.csv", "resumenes.xlsx", "vista.json"
SHOWN = 12  # first rows, on the page
EXCERPT = 300  # characters of a text there


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """What is known so far.

    table: the file. column: of its texts. written: by row, counted from 0. empty, shortened: rows without text, and
    those that were too long to be read whole.
    """

    table: pd.DataFrame
    column: str
    written: Mapping[int, StoredText]
    empty: frozenset[int] | set[int]
    shortened: frozenset[int] | set[int]

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the files of a job's folder; return the counts and the first rows, as `VIEW` has them."""
        summary, notice = self._free(_("resumen")), self._free(_("aviso"))
        columns = [*map(str, self.table.columns), summary, notice]
        rows = [
            [*cells, self.written[index].text if index in self.written else "", self._notice(index)]
            for index, cells in enumerate(self.table.itertuples(index=False, name=None))
        ]
        files = [write_spreadsheet(folder / CSV, columns, rows).name]
        if len(rows) <= MOST_ROWS:
            files.append(write_spreadsheet(folder / XLSX, columns, rows).name)
        view = {
            "rows": len(rows),
            "written": len(self.written),
            "empty": len(self.empty),
            "shortened": len(self.written.keys() & self.shortened),
            "cut": sum(text.cut for text in self.written.values()),
            "files": files,
            "head": self._head(),
        }
        write_json(folder / VIEW, view)
        return view

    def _head(self) -> list[list[str]]:
        """The first rows that have something to show: row from 1, text, summary, notice."""
        texts = self.table[self.column].tolist()
        indices = [index for index in range(len(texts)) if index in self.written or index in self.empty][:SHOWN]
        return [
            [
                str(index + 1),
                shortened(texts[index], EXCERPT),
                self.written[index].text if index in self.written else "",
                self._notice(index),
            ]
            for index in indices
        ]

    def _notice(self, index: int) -> str:
        """Say what the row's summary is not, "" where there is nothing to say."""
        if index in self.empty:
            return _("no hay texto")
        if index not in self.written:
            return _("no se llegó a resumir")
        said = [_("el texto era muy largo: no leyó el final")] if index in self.shortened else []
        said += [_("el resumen se corta")] if self.written[index].cut else []
        said += [_("no escribió nada")] if not self.written[index].text else []
        return "; ".join(said)

    def _free(self, name: str) -> str:
        """Return a name that no column of the file has."""
        taken, number = {str(column).casefold() for column in self.table.columns}, 2
        free = name
        while free.casefold() in taken:
            free, number = f"{name} {number}", number + 1
        return free
