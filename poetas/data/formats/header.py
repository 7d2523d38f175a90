"""Header detection: rows in, the row that holds the column names out, and those names made distinct.

Names may be whole questions (forms of the web), numbers ("2024"), and may follow rows that are no part of the table
(a title, a blank row). What tells them is that they differ in kind or in length from the cells below them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from poetas.data.formats.header_rows import is_identifiers
from poetas.data.pipeline.column_names import role
from poetas.i18n import _

SHORT = 60  # most names; longer ones need more evidence
LONGEST_NAME = 300
SEARCHED = 20  # rows among which the header is looked for
_BELOW = 200
_MOST = 0.8
_FEW = 0.1
_ENOUGH = 5  # cells below a name, to tell a kind by its absence
_WORDS = 5  # of a name that has a known word in it; a sentence has more
_FEWEST_LONG = 10
_CODE = re.compile(r"Q\d{1,3}(?:[._]\w{1,20})?")  # Qualtrics calls a question so
# "3e5" and "nan" are how programs write numbers: a row of them is data.
_NUMBER = re.compile(r"[+\-\u2212]?(?:[\d.,\s]*\d(?:e[+-]?\d{1,3})?\s*%?|nan|inf)", re.IGNORECASE)
_KINDS = (
    ("date", re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.{0,24}")),
    ("time", re.compile(r"\d{1,2}:\d{2}\b.{0,10}")),
    ("email", re.compile(r"[^\s@]+@[^\s@]+\.\w+")),
    ("address", re.compile(r"https?://\S+|www\.\S+")),
    ("number", _NUMBER),
)


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number, with point or comma.

    >>> is_number("1.234,5"), is_number("-2,5e3"), is_number("2 mates")
    (True, True, False)
    """
    return bool(_NUMBER.fullmatch(cell.strip()))


def find_header(rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> int | None:
    """Return the index of the row that holds the titles; None where no row does.

    numbers: the row numbers in the file, which show blank rows that the reader left out.

    >>> rows = [["Noticias 2024"], ["Noticia", "Resumen"], ["Hubo feria en Iruya.", "Feria."], ["Llovió.", "Agua."]]
    >>> find_header(rows, [1, 3, 4, 5]), find_header(rows[2:], [1, 2])
    (1, None)
    """
    filled = [index for index, row in enumerate(rows[:SEARCHED]) if any(row)]
    for index, below in pairwise(filled):
        if is_identifiers(rows[below]):  # what is above them was asked, and has words
            return index
    if len(filled) > 1 and _asks_under_codes(rows[filled[0]], rows[filled[1] :]):
        return filled[1]
    for place, index in enumerate(filled[1:], start=1):
        above, row = filled[:place], rows[index]
        apart = numbers[index] - numbers[above[-1]] > 1
        if not all(_may_be_above(rows[other], row, apart=apart) for other in above):
            continue
        if _width(row) < median(_width(rows[other]) for other in filled[place:]):
            continue
        known = _known(rows[above[0]])
        names = _known(row) > known or (not known and _width(row) > 1) or _reaches_down(rows[above[-1]], row)
        if names and has_header(rows[index:]):
            return index
    return filled[0] if filled and has_header(rows[filled[0] :]) else None


def _asks_under_codes(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether what is under the codes of a survey's questions is what was asked: of another kind than the answers."""
    coded = any(_CODE.fullmatch(cell) for cell in row) and any(map(_asks, below[0]))
    return coded and any(_of_other_kind(*column) for column in _columns(below))


def _may_be_above(row: Sequence[str], header: Sequence[str], *, apart: bool) -> bool:
    """Tell whether a row may be above the table.

    It is narrower than the header: much narrower, or with a blank row after it, or with fewer known names (what groups
    the columns), or it groups all but some that reach down into the header.
    """
    width, full = _width(row), _width(header)
    if apart:
        return width < full or width == full == 1
    fewer = width < full and (_known(row) < _known(header) or _reaches_down(row, header))
    return full > 1 and (width <= max(1, full // 2) or fewer)


def _reaches_down(row: Sequence[str], header: Sequence[str]) -> bool:
    """Whether cells of a row are merged with those under them: both have their text."""
    return any(cell and cell == below for cell, below in zip(row, header, strict=False))


def _width(row: Sequence[str]) -> int:
    return sum(bool(cell) for cell in row)


def _known(row: Sequence[str]) -> int:
    """Cells that are a known name and nothing else."""
    return sum(len(cell.split()) == 1 and role(cell) is not None for cell in row)


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Guess whether the first row holds titles.

    >>> has_header([["texto", "resumen"], ["Había una vez un río.", "Un río."]])
    True
    >>> has_header([["Había una vez un río.", "Un río."], ["El pan subió otra vez.", "El pan."]])
    False
    >>> has_header([["texto", "2024"], ["Había una vez un río.", "3"]])
    True
    """
    first = [cell.strip() for cell in rows[0]] if rows else []
    titles = [cell for cell in first if cell]
    if not titles or any(len(cell) > LONGEST_NAME for cell in titles):
        return False
    columns = _columns(rows)
    numbers = sum(is_number(cell) for cell in titles)
    plain = not numbers and all(len(cell) <= SHORT and "\n" not in cell for cell in titles)
    named = sum(_is_name(title) and sum(map(_is_name, cells)) <= len(cells) / 2 for title, cells in columns)
    if named and (plain or named >= len(titles) - numbers):
        return True
    if len({cell.casefold() for cell in titles}) < len(titles):
        return False
    if any(_of_other_kind(*column) for column in columns) or _questions(columns):
        return plain or _short_enough(columns)
    if numbers or any(cell.endswith((".", "?", "!", "…")) for cell in titles):
        return False
    return any(_much_shorter(*column, plain=plain) for column in columns)


def _columns(rows: Sequence[Sequence[str]]) -> list[tuple[str, list[str]]]:
    """The cells of a row, each with those under it."""
    below = [row for row in rows[1:_BELOW] if any(row)]
    return [
        (title, [cell for row in below if column < len(row) and (cell := row[column].strip())])
        for column, title in enumerate(map(str.strip, rows[0]))
        if title
    ]


def _is_name(cell: str) -> bool:
    words = len(cell.split())
    return words <= _WORDS and len(cell) <= SHORT and not cell.endswith((".", ",", "!", "…")) and role(cell) is not None


def _kind(cell: str) -> str:
    return next((kind for kind, form in _KINDS if form.fullmatch(cell)), "")


def _of_other_kind(title: str, cells: Sequence[str]) -> bool:
    """Tell whether the cells below are dates, numbers, addresses, and the title is none; or the other way round."""
    if not cells:
        return False
    kind, count = Counter(_kind(cell) for cell in cells).most_common(1)[0]
    if kind:
        return count > _MOST * len(cells) and _kind(title) != kind and any(letter.isalnum() for letter in title)
    return bool(_kind(title)) and count == len(cells) >= _ENOUGH


def _questions(columns: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """Tell whether the titles ask (¿…?, …:) and the cells below do not."""
    asked = [cells for title, cells in columns if _asks(title)]
    below = [cell for cells in asked for cell in cells]
    few = sum(map(_asks, below)) <= _FEW * len(below)
    return len(asked) > len(columns) / 2 and len(below) >= _ENOUGH and few


def _asks(cell: str) -> bool:
    return cell.startswith("¿") or cell.endswith(("?", ":", "?)", "? *", ": *"))


def _short_enough(columns: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """Tell whether the title of the column with the longest texts is no text itself."""
    title, length = max(
        ((title, median(map(len, cells)) if cells else 0) for title, cells in columns), key=lambda column: column[1]
    )
    return len(title) <= max(SHORT, length / 2)


def _much_shorter(title: str, cells: Sequence[str], *, plain: bool) -> bool:
    if not cells:
        return False
    lengths = sorted(map(len, cells))
    if plain and median(lengths) > 4 * len(title):
        return True
    # a long name is one where hardly any text is less than twice as long
    return len(cells) >= _FEWEST_LONG and lengths[len(lengths) // 20] > 2 * len(title)


def column_names(titles: Sequence[str], width: int) -> list[str]:
    """Make ``width`` distinct, non-empty names out of a header.

    >>> column_names(["texto", "", "texto"], 4)
    ['texto', 'columna 2', 'texto (2)', 'columna 4']
    """
    names: list[str] = []
    for column in range(width):
        title = " ".join(titles[column].split()) if column < len(titles) else ""
        name = unicodedata.normalize("NFC", title)[:LONGEST_NAME] or _("columna {n}").format(n=column + 1)
        copy, plain = 2, name
        while name in names:
            name, copy = f"{plain} ({copy})", copy + 1
        names.append(name)
    return names
