"""Answers of the preparation service about texts, as JSON-ready dictionaries: counts, sentences, a few short rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from poetas.data.dataset_schema import PARTS, TEXT
from poetas.data.formats.excluded_files import TICKABLE
from poetas.data.pipeline.near_duplicates import ALL_PAIRS
from poetas.data.pipeline.pipeline_errors import TooFewRows
from poetas.data.pipeline.reading import Reading
from poetas.data.pipeline.splitting import FEWEST, Split, count_groups
from poetas.data.service.session_state import SelectedColumns, SessionState
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.util.excerpt import shortened, shortened_start

ROWS, CHARACTERS = 20, 300
BUDGET = ROWS * CHARACTERS  # characters of one answer: fewer rows may be longer
HEAD = 5
EXAMPLES = 3
SHOWN_FINDINGS = 20
WHOLE = 20_000  # of the one text that a page asked for
TICKED = 200  # files of a folder that are listed with a tick each
MOST, LONG = 40, 6_000  # texts of a saved dataset that a page may ask for at once, and how much of each


def reading_payload(state: SessionState) -> dict[str, Any]:
    """How a file was read, and its first rows."""
    reading = state.reading
    columns = [str(name) for name in reading.table.columns]
    head = reading.table.head(HEAD)
    longest = max(20, BUDGET // max(1, len(columns) * len(head)))
    layout = reading.layout
    return {
        "name": reading.name,
        "format": reading.format,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "decimal": reading.decimal,
        "header": reading.header,
        "header_row": layout.header_row,
        "header_index": layout.header_index,
        "first_rows": [list(row) for row in layout.first_rows],
        "sheet": layout.sheet,
        "sheets": list(layout.sheets),
        "positions": list(layout.positions),
        "remade": layout.remade,
        "size": reading.size,
        "rows": len(reading.table),
        "columns": columns,
        "sentence": reading.sentence,
        "division": reading.division,
        "divisions": dict(reading.divisions),
        "repeated": list(reading.repeated),
        "files": _files(reading),
        "notices": [notice.sentence for notice in reading.notices],
        "notice_codes": [notice.code for notice in reading.notices],
        "head": [[shortened(str(cell), longest) for cell in row] for row in head.itertuples(index=False)],
        **guessed(state),
    }


def _files(reading: Reading) -> list[list[str]]:
    """The files of a folder or zip, each with the reason why it is left out, "" where it is read; [] where too many."""
    if reading.format not in {"zip", "folder"}:
        return []
    read = dict.fromkeys(reading.table.iloc[:, -1].tolist())
    files = [[name, ""] for name in read] + [
        [part.where, part.code] for part in reading.left_out if part.code in TICKABLE
    ]
    return sorted(files, key=lambda file: _in_order(file[0])) if len(files) <= TICKED else []


def _in_order(name: str) -> str:
    """A name as people sort it.

    >>> sorted(["poema10.txt", "Poema2.txt"], key=_in_order)
    ['Poema2.txt', 'poema10.txt']
    """
    return re.sub(r"\d+", lambda digits: digits[0].zfill(20), name.casefold())


def guessed(state: SessionState) -> dict[str, Any]:
    """The guess about the columns."""
    guess = state.guess
    columns = {"text": guess.mapping.text, "summary": guess.mapping.summary}
    return {"mapping": columns, "task": str(guess.mapping.task), "sure": guess.sure, "guess": guess.sentence}


def mapping(state: SessionState, selected: SelectedColumns) -> dict[str, Any]:
    """What the chosen columns hold; "few" says why they cannot be split, "" where they can."""
    many = len(selected.table)
    return {
        "mapping": {"text": selected.mapping.text, "summary": selected.mapping.summary},
        "task": str(selected.mapping.task),
        "rows": many,
        "source_rows": len(state.reading.table),
        "few": _few(selected),
        "repairs": dict(selected.repairs),
        "findings": [finding.as_dict() for finding in selected.findings[:SHOWN_FINDINGS]],
        "steps": [
            applied.sentence
            for applied in selected.applied
            if applied.changed_rows and applied.step.name != "drop-empty"  # a finding says those rows
        ],
        "preview": rows(selected.table, 0, HEAD),
    }


def _few(selected: SelectedColumns) -> str:
    """Why the texts cannot be split, "" where they can; masses of texts are compared when they are split."""
    distinct = selected.table[TEXT].nunique()
    alike = count_groups(selected.texts) if FEWEST <= distinct <= ALL_PAIRS and not selected.allow_twins else distinct
    return TooFewRows(distinct, FEWEST, groups=alike).explanation.why if alike < FEWEST else ""


def health(state: SessionState, selected: SelectedColumns) -> dict[str, Any]:
    """What the health checks found, the healthy ones in words, and what the chosen columns hold now."""
    examination = selected.examination
    findings = examination.findings if examination is not None else []
    for example in (example for finding in findings for example in finding["examples"]):
        example["row"] = state.reading.row_number(example["row"] - 1)
    return {
        "findings": findings,
        "healthy": examination.healthy if examination is not None else [],
        "repairs": dict(selected.repairs),
        "mapped": mapping(state, selected),
    }


def rows(table: pd.DataFrame, first: int, count: int) -> list[dict[str, str]]:
    """Some of the rows, at most `ROWS`, within the budget of one answer."""
    part = table.iloc[max(0, first) : max(0, first) + min(max(0, count), ROWS)]
    longest = BUDGET // max(1, len(part))
    return [_row(dict(zip(part.columns, row, strict=True)), longest) for row in part.itertuples(index=False)]


def _row(row: dict[str, Any], longest: int) -> dict[str, str]:
    return {str(name): shortened(str(cell), longest) for name, cell in row.items()}


def split(table: pd.DataFrame, divided: Split) -> dict[str, Any]:
    """The counts of a split, with examples from the middle of each part."""
    examples = {}
    for part in PARTS:
        rows = divided.parts[part]
        indices = sorted({len(rows) * (2 * count + 1) // (2 * EXAMPLES) for count in range(EXAMPLES)})
        chosen = table.iloc[[int(rows[index]) for index in indices if index < len(rows)]]
        examples[part] = [
            _row(dict(zip(table.columns, row, strict=True)), CHARACTERS) for row in chosen.itertuples(index=False)
        ]
    return {
        "counts": divided.counts,
        "examples": examples,
        "kept_together": divided.kept_together,
        "grouped": divided.grouped,
        "notices": [notice.sentence for notice in divided.notices],
        "notice_codes": [notice.code for notice in divided.notices],
    }


def saved(dataset: PreparedDataset, steps: Iterable[str] = ()) -> dict[str, Any]:
    """A dataset that was saved: its folder, name, task and counts."""
    return {
        "folder": str(dataset.folder),
        "path": str(dataset.folder),
        "name": dataset.name,
        "task": dataset.task,
        "counts": dataset.counts,
        "steps": list(steps),
    }


def around(kept: str, lost: str) -> tuple[str, str]:
    """Both sides of a cut; of long ones the ends far from the cut are left out.

    >>> around("a" * 3, "b" * 3)
    ('aaa', 'bbb')
    """
    half = WHOLE // 2
    return shortened_start(kept, half), shortened(lost, half)
