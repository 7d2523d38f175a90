"""Which character separates the cells of a text table, and how its cells are quoted."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from poetas.data.pipeline.column_names import role

# From the least to the most common inside a sentence: of two that fit equally, the earlier one.
CANDIDATES = ("\t", ";", "|", ",")
NONE = "\x1f"  # a character that no text holds: one column, each line a cell
SAMPLE, RECORDS = 300_000, 300
_LONGEST_FIELD = 2**31 - 1  # the csv module's own default refuses cells above 128 kB; ours are cut, and it is said
_ENOUGH = 0.55
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to cut lines into cells. delimiter: "" where there is one column."""

    delimiter: str
    quoted: bool = True
    escape: str | None = None
    blank_after: bool = False

    def unquoted(self) -> Dialect:
        """The same with quotes read as letters."""
        return replace(self, quoted=False)

    def reader(self, source: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        """Cut lines into rows."""
        # The module's limit is one for the whole process: it is set wherever a reader is made, not once and before.
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


def dialect(text: str, told: str | None = None) -> Dialect:
    r"""Find the delimiter of a table (``told`` wins), and its habits.

    A delimiter fits when most records have as many cells as the first one, or when it makes known names of the
    first line.

    >>> dialect("texto;resumen\nHola, che;Hola\n1,5;2,5\n").delimiter
    ';'
    >>> dialect("Una línea, con comas.\nOtra.\nY otra, más, larga.").delimiter
    ''
    """
    sample = text[:SAMPLE]
    if told is not None:
        return _habits(sample, told[:1])
    scored = [(_score(sample, _habits(sample, candidate)), candidate) for candidate in CANDIDATES]
    best, delimiter = max(scored, key=lambda one: one[0])
    return _habits(sample, delimiter if best >= _ENOUGH else "")


def _habits(sample: str, delimiter: str) -> Dialect:
    # \" inside a quoted cell instead of "" : what many programs that are not Excel write
    escape = "\\" if '\\"' in sample and '""' not in sample else None
    return Dialect(delimiter, escape=escape, blank_after=bool(delimiter) and f'{delimiter} "' in sample)


def _score(sample: str, form: Dialect) -> float:
    try:
        records = [row for row in islice(form.reader(io.StringIO(sample, newline="")), RECORDS) if row]
    except csv.Error:
        return 0.0
    if len(sample) == SAMPLE and len(records) > 1:
        records.pop()  # probably cut in the middle
    first = len(records[0]) if records else 0
    if first <= 1:
        return 0.0
    widths = Counter(len(row) for row in records)
    same = widths[first] / len(records)
    named = sum(role(cell) is not None for cell in records[0])
    if len(records) == 1 and not named:
        return 0.0  # one line with commas is a sentence
    foreign = sum(any(other in cell for other in CANDIDATES[:3]) for row in records for cell in row)
    # Cells that hold another rare delimiter speak against this one ("1,5;2,5" cut at the commas).
    clean = 1.0 - foreign / sum(len(row) for row in records)
    # A blank after each comma is how sentences are written, and hardly any table.
    later = [cell for row in records for cell in row[1:] if cell]
    prose = form.delimiter == "," and sum(cell.startswith(" ") for cell in later) > _MOSTLY * len(later)
    return same * (0.8 + 0.2 * clean) * (0.5 if prose else 1.0) + (0.5 if named else 0.0)
