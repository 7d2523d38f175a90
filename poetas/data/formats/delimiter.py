"""CSV dialect detection: a sample of a text table in, its delimiter and quoting out."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from poetas.data.formats.header import is_number
from poetas.data.pipeline.column_names import role

# From the least to the most common inside a sentence: of two with the same score, the earlier one is taken.
CANDIDATES = ("\t", ";", "|", ",")
NONE = "\x1f"  # a character that no text holds: one column, each line a cell
SAMPLE, RECORDS = 300_000, 300
_LONGEST_FIELD = 2**31 - 1  # the csv module's own default refuses cells above 128 kB; ours are cut, with a notice
_ENOUGH = 0.55
_MOSTLY = 0.8
_TWO = 2  # cells: a number with a decimal comma, cut at the comma
_SEVERAL = 0.25  # of a table of numbers, the records that have several cells
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")  # a number whose thousands are grouped by commas


@dataclass(frozen=True, slots=True)
class Dialect:
    """How lines are split into cells. delimiter: "" where there is one column."""

    delimiter: str
    quoted: bool = True
    escape: str | None = None
    blank_after: bool = False

    def unquoted(self) -> Dialect:
        """The same dialect with quotes read as letters."""
        return replace(self, quoted=False)

    def reader(self, source: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        """Split lines into rows."""
        # The limit is global to the csv module: other code of the process may have set it since.
        csv.field_size_limit(_LONGEST_FIELD)
        return csv.reader(
            source,
            delimiter=self.delimiter or NONE,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            escapechar=self.escape,
            doublequote=self.escape is None,
            skipinitialspace=self.blank_after,
            strict=strict,
        )


def dialect(text: str, delimiter: str | None = None) -> Dialect:
    r"""Detect the dialect of a table; ``delimiter``, where it is known, is not detected.

    A delimiter fits when most records have as many cells as the first one, when nearly all cells are numbers, or when
    it makes known names of the first line.

    >>> dialect("texto;resumen\nHola, che;Hola\n1,5;2,5\n").delimiter
    ';'
    >>> dialect("Una línea, con comas.\nOtra.\nY otra, más, larga.").delimiter
    ''
    """
    sample = text[:SAMPLE]
    if delimiter is not None:
        return _quoting(sample, delimiter[:1])
    scores = {candidate: _score(sample, _quoting(sample, candidate)) for candidate in CANDIDATES}
    best = max(CANDIDATES, key=lambda candidate: scores[candidate])
    return _quoting(sample, best if scores[best] >= _ENOUGH else "")


def _quoting(sample: str, delimiter: str) -> Dialect:
    # \" inside a quoted cell instead of "" : what many programs that are not Excel write; at its end it is a letter
    inside = re.search(rf'\\"(?![\r\n{re.escape(delimiter)}]|\Z)', sample) if '\\"' in sample else None
    escape = "\\" if inside and '""' not in sample else None
    return Dialect(delimiter, escape=escape, blank_after=bool(delimiter) and f'{delimiter} "' in sample)


def _score(sample: str, form: Dialect) -> float:
    try:
        records = [row for row in islice(form.reader(io.StringIO(sample, newline="")), RECORDS) if row]
    except csv.Error:
        return 0.0
    if len(sample) == SAMPLE and len(records) > 1:
        records.pop()  # probably cut in the middle
    first = len(records[0]) if records else 0
    numbers = _holds_numbers(records, form.delimiter)
    if first <= 1 and not numbers:
        return 0.0
    widths = Counter(len(row) for row in records)
    same = 1.0 if numbers else widths[first] / len(records)  # a line of numbers is no sentence, however many it has
    named = sum(role(cell) is not None for cell in records[0])
    if len(records) == 1 and not named:
        return 0.0  # one line with commas is a sentence
    foreign = sum(any(other in cell for other in CANDIDATES[:3]) for row in records for cell in row)
    # Cells that hold another rare delimiter are evidence against this one ("1,5;2,5" split at the commas).
    clean = 1.0 - foreign / sum(len(row) for row in records)
    # A blank after each comma is how sentences are written, and hardly any table.
    later = [cell for row in records for cell in row[1:] if cell]
    prose = form.delimiter == "," and not numbers and sum(cell.startswith(" ") for cell in later) > _MOSTLY * len(later)
    return same * (0.8 + 0.2 * clean) * (0.5 if prose else 1.0) + (0.5 if named else 0.0)


def _holds_numbers(records: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Tell whether nearly all cells of a ragged table are numbers, and enough records have several.

    The first record may be a header. One column of numbers with commas is none: ``1,5`` has a decimal comma, and
    ``1,234,567`` is one number too.
    """
    body = records[1:] or records
    cells = [cell for row in body for cell in row if cell.strip()]
    numbers = sum(is_number(cell) for cell in cells)
    several = sum(len(row) > 1 for row in body)
    if delimiter == "," and not any(len(row) > _TWO and not _GROUPED.fullmatch(",".join(row)) for row in records):
        return False
    return bool(cells) and numbers > _MOSTLY * len(cells) and several >= _SEVERAL * len(body)
