"""The preparation pipeline: a reading and a mapping in, three splits and their record out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from poetas import __version__
from poetas.data.dataset_schema import CUT, FORMAT, PARTS, SUMMARY, TEXT, WINDOWS
from poetas.data.pipeline.language import recognise_language
from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.reading import Reading
from poetas.data.pipeline.row_account import account_rows
from poetas.data.pipeline.row_digest import row_digest
from poetas.data.pipeline.splitting import Split, SplitPlan, split
from poetas.data.pipeline.steps import DEFAULT, AppliedStep, PipelineStep, apply
from poetas.data.pipeline.validation import Finding, check, refuse


@dataclass(frozen=True, slots=True)
class Prepared:
    """A dataset that is ready to be saved.

    parts: a table a split, columns ``text`` and, for summaries, ``summary``. record: the content of ``dataset.json``.
    applied: the result of each step. split: the rows of each split.
    """

    parts: Mapping[str, pd.DataFrame]
    record: dict[str, Any]
    applied: tuple[AppliedStep, ...]
    split: Split


def select(table: pd.DataFrame, mapping: ColumnMapping, findings: Sequence[Finding] | None = None) -> pd.DataFrame:
    """The chosen columns under their standard names; the index is the row in the file.

    findings: what `check` found in them, where that is known: it looks through every text.
    Raises WrongColumn where they cannot be used.
    """
    refuse(check(table, mapping) if findings is None else findings)
    names = {mapping.text: TEXT} | ({mapping.summary: SUMMARY} if mapping.summary is not None else {})
    return table[list(names)].rename(columns=names).reset_index(drop=True)


def prepare(
    reading: Reading,
    mapping: ColumnMapping,
    plan: SplitPlan | None = None,
    steps: Sequence[PipelineStep] = DEFAULT,
    *,
    longest: int = 0,
    parted: bool = False,
    measured: Mapping[str, Any] | None = None,
    clean: tuple[pd.DataFrame, Sequence[AppliedStep]] | None = None,
) -> Prepared:
    """Clean and split a table.

    longest: tokens of a text that a model reads, 0 for all. parted: whether longer texts of a style are studied in
    windows of that length, not cut. measured: {"model": id of the tokenizer, "longest": tokens of the longest text}.
    All are recorded, and the texts stay whole: another model has other tokens; of each part also the rows whose text
    goes on in another one. clean: what these steps made of the table, where that is known: they are not run again.

    Raises WrongColumn, TooFewRows.

    >>> verses = ["El río creció", "La gata duerme", "Vino la noche", "Canta el gallo rojo", "Sube el pan"]
    >>> reading = Reading(pd.DataFrame({"verso": verses}, dtype="str"), "txt", "UTF-8", "", "Leí 5 líneas")
    >>> prepare(reading, ColumnMapping("verso")).record["counts"]
    {'train': 3, 'validation': 1, 'test': 1}
    """
    plan = plan or SplitPlan()
    chosen = select(reading.table, mapping)
    table, applied = clean if clean is not None else apply(chosen, steps)
    divided = split(list(table[TEXT]), plan, style=mapping.summary is None)
    rows = {part: table.index[divided.parts[part]] for part in PARTS}  # in the file
    going_on = {part: np.flatnonzero(rows[part].isin(reading.going_on)).tolist() for part in PARTS}
    parts = {part: table.iloc[divided.parts[part]].reset_index(drop=True) for part in PARTS}
    record = {
        "format": FORMAT,
        "name": "",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": f"llms-para-poetas {__version__}",
        "task": str(mapping.task),
        "language": recognise_language(parts["train"][TEXT]),
        "source": _source(reading),
        "steps": [
            {"step": "select", "parameters": {TEXT: mapping.text, SUMMARY: mapping.summary}},
            *(step.as_dict() for step in applied),
            {
                "step": "split",
                "parameters": plan.as_dict(),
                "kept_together": {"groups": divided.kept_together, "texts": divided.grouped},
                **({"twins": True} if divided.twins else {}),
            },
        ],
        "longest": longest,
        "long_texts": WINDOWS if parted and mapping.summary is None else CUT,
        **({"measured": dict(measured)} if measured else {}),
        **({"going_on": going_on} if any(going_on.values()) else {}),
        "counts": divided.counts,
        "account": account_rows(reading, chosen, table, tuple(applied)).counts(),
        "fingerprints": {part: fingerprint(table) for part, table in parts.items()},
    }
    return Prepared(parts, record, tuple(applied), divided)


def _source(reading: Reading) -> dict[str, Any]:
    return {
        "name": reading.name,
        "sha256": reading.sha256,
        "size": reading.size,
        "format": reading.format,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "header": reading.header,
        "rows": len(reading.table),
        "columns": [str(name) for name in reading.table.columns],
        "hints": reading.hints.as_dict(),
    }


def fingerprint(table: pd.DataFrame) -> str:
    """SHA-256 of a part's texts in their order, independent of the file format."""
    return row_digest(table.itertuples(index=False, name=None))
