r"""Texts as cells of a spreadsheet: guard against formulas, continuation of long cells, escapes of XLSX.

A cell of a CSV that begins as a formula does gets an apostrophe before it, the sign with which spreadsheets themselves
mark a text; what has apostrophes already gets one more, so that taking one away always gives the text back. Both Excel
and LibreOffice hold 32,767 UTF-16 code units in a cell: a longer text goes on in the columns after it, whose names end
in "(sigue 2)", "(sigue 3)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, zip_longest

from poetas.i18n import _

LONGEST = 32_767  # UTF-16 code units in a cell
_GUARD = "'"
# https://owasp.org/www-community/attacks/CSV_Injection; blanks before the sign are passed over by some programs
_FORMULA = re.compile(r"['\s]*(?:[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")
_NO_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = 7  # code units of an escape
_BLANKS_TRIED = 200  # characters before the limit among which a blank is looked for


def is_formula(text: str) -> bool:
    r"""Tell whether a spreadsheet may run a text as a formula; a number is none.

    >>> is_formula("=1+1"), is_formula("- Hola"), is_formula(" \t@SUM(A1)"), is_formula("-3,5"), is_formula("Sol")
    (True, True, True, False, False)
    """
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def guard_formula(text: str) -> str:
    """Put an apostrophe before what may run as a formula.

    >>> guard_formula("=1+1"), guard_formula("'-a"), guard_formula("Sol")
    ("'=1+1", "''-a", 'Sol')
    """
    return _GUARD + text if is_formula(text) else text


def unguard_formula(cell: str) -> str:
    """Undo `guard_formula`.

    >>> unguard_formula("'=1+1"), unguard_formula("''-a"), unguard_formula("'tis")
    ('=1+1', "'-a", "'tis")
    """
    return cell[1:] if cell.startswith(_GUARD) and is_formula(cell[1:]) else cell


def escape_xlsx(text: str) -> str:
    r"""Escape what the XML of a workbook cannot hold as ECMA-376 says (part 1, 22.9.2.19): ``_xHHHH_``.

    >>> escape_xlsx("a\x07b_x000D_"), escape_xlsx("a\tb\nc_d")
    ('a_x0007_b_x005F_x000D_', 'a\tb\nc_d')
    """
    text = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return _NO_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def cell_parts(text: str, longest: int = LONGEST) -> list[str]:
    """Part a text into pieces that fit into a cell each, escaped or not; after a blank where one is near.

    >>> cell_parts("uno dos tres", 9), cell_parts("")
    (['uno dos ', 'tres'], [''])
    """
    if _ESCAPED * len(text) <= longest or len(escape_xlsx(text).encode("utf-16-le")) <= 2 * longest:
        return [text]
    ends = list(accumulate(map(_cost, text)))
    parts, start, before = [], 0, 0
    while ends and ends[-1] - before > longest:
        end = start + 1
        while ends[end] - before <= longest:
            end += 1
        end = _after_blank(text, start, end)
        parts.append(text[start:end])
        start, before = end, ends[end - 1]
    return [*parts, text[start:]]


def _cost(letter: str) -> int:
    """Code units that a character may take, escaped."""
    if letter == "_" or (letter not in "\t\n" and not "\x1f" < letter < "\ufffe" and letter <= "\uffff"):
        return _ESCAPED
    return 1 if letter <= "\uffff" else 2


def _after_blank(text: str, start: int, end: int) -> int:
    near = max(start, end - _BLANKS_TRIED)
    return next((index for index in range(end, near, -1) if text[index - 1].isspace()), end)


def continued_name(name: str, number: int) -> str:
    """Name the column where long cells of another one go on. number: 2 for the first of them.

    >>> continued_name("texto", 2)
    'texto (sigue 2)'
    """
    return _("{name} (sigue {n})").format(name=name, n=number)


def kept_names(header: Sequence[str]) -> list[str]:
    """The column names without those that continue another one.

    >>> kept_names(["texto", "texto (sigue 2)", "nota"])
    ['texto', 'nota']
    """
    return [name for name, first in zip(header, _first_parts(header), strict=True) if first]


def join_continued(header: Sequence[str], row: Sequence[str]) -> list[str]:
    """Join the cells of a row that go on in the columns after them.

    >>> join_continued(["texto", "texto (sigue 2)", "nota"], ["Uno ", "dos", "3"])
    ['Uno dos', '3']
    """
    cells: list[str] = []
    for cell, first in zip_longest(row, _first_parts(header)[: len(row)], fillvalue=True):
        if first:
            cells.append(str(cell))
        else:
            cells[-1] += str(cell)
    return cells


def _first_parts(header: Sequence[str]) -> list[bool]:
    """Whether each column is no continuation of the one before."""
    firsts: list[bool] = []
    name, number = "", 1
    for title in header:
        if name and title == continued_name(name, number + 1):
            number += 1
        else:
            name, number = title, 1
        firsts.append(number == 1)
    return firsts
