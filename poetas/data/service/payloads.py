"""What of the texts may leave the preparation process: a few rows, shortened; a page never holds a dataset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from poetas.data.dataset_schema import PARTS
from poetas.data.pipeline.pipeline import Prepared
from poetas.data.pipeline.pipeline_errors import TooFewRows
from poetas.data.pipeline.splitting import FEWEST
from poetas.data.service.session_state import Mapped, Work
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.util.excerpt import shortened

ROWS, CHARACTERS = 20, 300
BUDGET = ROWS * CHARACTERS  # characters of one answer: fewer rows may be longer
HEAD = 5
EXAMPLES = 3
SHOWN_FINDINGS = 20
WHOLE = 20_000  # of the one text that a page asked for
MOST, LONG = 40, 6_000  # texts of a saved dataset that a page may ask for at once, and how much of each


def reading(work: Work) -> dict[str, Any]:
    """A file as it was understood, and its first rows."""
    read = work.reading
    columns = [str(name) for name in read.table.columns]
    head = read.table.head(HEAD)
    longest = max(20, BUDGET // max(1, len(columns) * len(head)))
    return {
        "name": read.name,
        "format": read.format,
        "encoding": read.encoding,
        "delimiter": read.delimiter,
        "decimal": read.decimal,
        "header": read.header,
        "size": read.size,
        "rows": len(read.table),
        "columns": columns,
        "sentence": read.sentence,
        "notices": [one.sentence for one in read.notices],
        "notice_codes": [one.code for one in read.notices],
        "head": [[shortened(str(cell), longest) for cell in row] for row in head.itertuples(index=False)],
        **guessed(work),
    }


def guessed(work: Work) -> dict[str, Any]:
    """What was guessed about the columns."""
    found = work.guess
    columns = {"text": found.mapping.text, "summary": found.mapping.summary}
    return {"mapping": columns, "task": str(found.mapping.task), "sure": found.sure, "guess": found.sentence}


def mapping(work: Work, chosen: Mapped) -> dict[str, Any]:
    """What the chosen columns hold; "few" says why they cannot be split, "" where they can."""
    many = len(chosen.table)
    return {
        "mapping": {"text": chosen.mapping.text, "summary": chosen.mapping.summary},
        "task": str(chosen.mapping.task),
        "rows": many,
        "source_rows": len(work.reading.table),
        "few": TooFewRows(many, FEWEST).explanation.why if many < FEWEST else "",
        "findings": [one.as_dict() for one in chosen.findings[:SHOWN_FINDINGS]],
        "steps": [
            one.sentence
            for one in chosen.applied
            if (one.changed or one.before > one.after) and one.step.name != "drop-empty"  # a finding tells those rows
        ],
        "preview": rows(chosen, 0, HEAD),
    }


def rows(chosen: Mapped, first: int, count: int) -> list[dict[str, str]]:
    """Some of the clean rows, at most `ROWS`, within the budget of one answer."""
    part = chosen.table.iloc[max(0, first) : max(0, first) + min(max(0, count), ROWS)]
    longest = BUDGET // max(1, len(part))
    return [_row(dict(zip(part.columns, row, strict=True)), longest) for row in part.itertuples(index=False)]


def _row(row: dict[str, Any], longest: int) -> dict[str, str]:
    return {str(name): shortened(str(cell), longest) for name, cell in row.items()}


def split(prepared: Prepared) -> dict[str, Any]:
    """How the texts were dealt, with examples of each part from its middle, not its start."""
    examples = {}
    for part in PARTS:
        table = prepared.parts[part]
        places = sorted({len(table) * (2 * at + 1) // (2 * EXAMPLES) for at in range(EXAMPLES)})
        chosen = table.iloc[[place for place in places if place < len(table)]]
        examples[part] = [
            _row(dict(zip(table.columns, row, strict=True)), CHARACTERS) for row in chosen.itertuples(index=False)
        ]
    return {
        "counts": prepared.split.counts,
        "examples": examples,
        "kept_together": prepared.split.kept_together,
        "grouped": prepared.split.grouped,
        "notices": [one.sentence for one in prepared.split.notices],
        "notice_codes": [one.code for one in prepared.split.notices],
    }


def saved(dataset: PreparedDataset, steps: Iterable[str] = ()) -> dict[str, Any]:
    """A dataset that now stands in a folder."""
    return {
        "folder": str(dataset.folder),
        "path": str(dataset.folder),
        "name": dataset.name,
        "task": dataset.task,
        "counts": dataset.counts,
        "steps": list(steps),
    }


def around(kept: str, lost: str) -> tuple[str, str]:
    """Both sides of a cut, the far ends of long ones left out.

    >>> around("a" * 3, "b" * 3)
    ('aaa', 'bbb')
    """
    half = WHOLE // 2
    return (kept if len(kept) <= half else "…" + kept[1 - half :]), shortened(lost, half)
