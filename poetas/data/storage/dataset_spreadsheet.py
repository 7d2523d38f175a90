"""A prepared dataset as a spreadsheet: its three parts in, one CSV or XLSX with a column that names the part out."""

from __future__ import annotations

from pathlib import Path

from poetas.data.dataset_schema import COLUMNS, PARTS
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.data.storage.spreadsheet_export import write_spreadsheet
from poetas.i18n import _


def export_spreadsheet(dataset: PreparedDataset, target: Path) -> Path:
    """Write a dataset as CSV or XLSX, by the target's suffix; `poetas.data` guesses its columns when it is read.

    Raises DatasetBroken, KeyError for another suffix, OSError.
    """
    names = dict(zip(COLUMNS["summary"], (_("texto"), _("resumen")), strict=True))
    parts = dict(zip(PARTS, (_("estudio"), _("simulacro"), _("examen")), strict=True))
    columns = COLUMNS[dataset.task]
    rows = [[*(row[column] for column in columns), parts[part]] for part in PARTS for row in dataset.rows(part)]
    return write_spreadsheet(target, [*(names[column] for column in columns), _("parte")], rows)
