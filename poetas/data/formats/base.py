"""Types that all readers share: hints of the learner in, a ragged table of strings and notices out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

LEFT_OUT_LISTED = 1_000  # parts named one by one; a zip may hold 20,000 files


@dataclass(frozen=True, slots=True)
class ReadingNotice:
    """Something the learner should know about the reading of a file; not an error.

    code: stable identifier. sentence: translated. rows: the first rows or lines it is about, counted from 1. count: how
    many rows, cells, files or pages the sentence is about, 0 where it counts nothing.
    """

    code: str
    sentence: str
    rows: tuple[int, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a file that is in no row of the table.

    where: the part in the learner's words ("hoja «Notas»", "README.md", "párrafo 3"). code: stable reason.
    rows: how many rows of a table it is, 0 where it is none.

    >>> LeftOut("hoja «Notas»", "other-sheet").code
    'other-sheet'
    """

    where: str
    code: str
    rows: int = 0


def each_left_out(
    numbers: Sequence[int], code: str, name_of: Callable[[int], str], rest_of: Callable[[int], str]
) -> tuple[LeftOut, ...]:
    """A part for each row or line, as far as a page can list them, and one for all that follow.

    name_of: the name of a row by its number. rest_of: the name of the rest, by how many they are.
    """
    named = [LeftOut(name_of(row), code, rows=1) for row in numbers[:LEFT_OUT_LISTED]]
    if rest := len(numbers) - len(named):
        named.append(LeftOut(rest_of(rest), code, rows=rest))
    return tuple(named)


@dataclass(frozen=True, slots=True)
class Hints:
    """Settings of the learner that replace what is detected in a file. None: detect.

    encoding: a codec of Python. delimiter: one character. header: whether the first row holds titles. header_row:
    number of the row that holds them, from 1; 0: none does. sheet: name of a sheet. division: how a text is divided:
    ``"poems"``, ``"blocks"`` (blank lines), ``"titles"``, ``"marks"``, ``"pages"``, ``"lines"`` or ``"whole"``.
    indentation: whether verse keeps its indentation. files: those of a folder or zip that are read, by their names in
    it.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    header_row: int | None = None
    sheet: str | None = None
    division: str | None = None
    indentation: bool | None = None
    files: tuple[str, ...] | None = None

    def as_dict(self) -> dict[str, str | int | list[str]]:
        """The settings that are not None, ready for JSON."""
        values: dict[str, str | int | list[str] | None] = {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "header": self.header,
            "header_row": self.header_row,
            "sheet": self.sheet,
            "division": self.division,
            "indentation": self.indentation,
            "files": None if self.files is None else list(self.files),
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's table before it is cleaned.

    rows: cells as text, row by row, ragged. columns: names where the format has them; None: the first row may be a
    header. encoding, delimiter: as detected, "" where the format has none. what: writes a count of rows in words, where
    rows and columns would not be understood ("132 estrofas"). left: how many more rows the file has; None: some,
    and counting them would take too long. wide: how many columns were left out. left_out: parts of the file that are in
    no row, up to a number that a page can list (`LEFT_OUT_LISTED`); the count of all of them is in a notice. division:
    how a running text was divided, "" for other files. divisions: how many texts each way of dividing it would give.
    repeated: those of them that give the very texts of another.
    numbers: the row numbers in the file, where blank rows were left out. sheet, sheets: the sheet that was read, and
    those that can be. remade: whether the cells are not the file's own values, so that a plain loader gives others.
    going_on: indexes of the rows whose text goes on in the next one.

    Notices about rows, columns and cells beyond the limits are made by `clean_table`.
    """

    rows: list[list[str]]
    columns: list[str] | None = None
    encoding: str = ""
    delimiter: str = ""
    what: Callable[[int], str] | None = None
    notices: tuple[ReadingNotice, ...] = ()
    left: int | None = 0
    wide: int = 0
    left_out: tuple[LeftOut, ...] = ()
    division: str = ""
    divisions: Mapping[str, int] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    numbers: Sequence[int] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    remade: bool = False
    going_on: Sequence[int] = ()


Reader: TypeAlias = Callable[[Path, Hints, Limits], RawTable]


def listed(numbers: tuple[int, ...], total: int) -> str:
    """Write row numbers for a sentence, the rest as an ellipsis.

    >>> listed((4, 8), 2), listed((4, 8), 5)
    ('4, 8', '4, 8…')
    """
    return ", ".join(number(n) for n in numbers) + ("…" if total > len(numbers) else "")


def at_rows(numbers: tuple[int, ...], total: int) -> str:
    """Write row numbers after the word for rows.

    >>> at_rows((4,), 1), at_rows((4, 8), 5)
    ('fila 4', 'filas 4, 8…')
    """
    return ngettext("fila {rows}", "filas {rows}", total).format(rows=listed(numbers, total))


def row_name(row_number: int) -> str:
    """The name of a row by its number."""
    return _("fila {n}").format(n=number(row_number))


def other_rows(count: int) -> str:
    """The name of rows that are not named one by one."""
    return ngettext("otra {n} fila", "otras {n} filas", count).format(n=number(count))
