"""Rows that belong to a header without being its names: rows and the header's index in, how many are under it out.

Only sure signs count, since a row that is no text but looks like one costs less than a text that is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from poetas.data.pipeline.column_names import role

_MOST = 3
_LONGEST = 80
_IDENTIFIER = re.compile(r'\{\s*"ImportId"\s*:')  # the third row of what Qualtrics exports
_ASIDE = re.compile(r"\([^()]{1,80}\)|\[[^\[\]]{1,80}\]")
_ANSWERS = {"response", "open-ended response"}  # the second row of what SurveyMonkey exports


def is_identifiers(row: Sequence[str]) -> bool:
    """Tell whether a row holds what a survey's program calls its questions.

    >>> is_identifiers(['{"ImportId":"QID1"}', '{"ImportId":"QID2_TEXT"}']), is_identifiers(["{}", "uno"])
    (True, False)
    """
    filled = [cell for cell in row if cell]
    return bool(filled) and all(map(_IDENTIFIER.match, filled))


def rows_under(rows: Sequence[Sequence[str]], header: int) -> int:
    """Count the rows under the names that go on with them: what is asked for, a translation, the names once more.

    >>> rows = [["Texto", "Puntos"], ["(entero)", "(1 a 5)"], ["Llovió en Iruya.", "3"], ["Hubo feria.", "4"]]
    >>> rows_under(rows, 0), rows_under(rows, 2)
    (1, 0)
    """
    names, following = rows[header], rows[header + 1 : header + 1 + _MOST]
    below = rows[header + 1 + _MOST : header + 1 + 2 * _MOST]
    count = 0
    for index, row in enumerate(following):
        others = [*following[index + 1 :], *below]
        if not any(map(any, others)) or not _goes_on(names, row, others):
            break
        count = index + 1
    return count


def _goes_on(names: Sequence[str], row: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    cells = [(name, cell) for name, cell in zip(names, row, strict=False) if cell]
    if is_identifiers(row) or (cells and all(cell.casefold() in _ANSWERS for _name, cell in cells)):
        return True
    several = 1 < len(cells) == sum(map(bool, row))
    if not several or any(len(cell) > _LONGEST for _name, cell in cells):
        return False
    if all(_ASIDE.fullmatch(cell) for _name, cell in cells):
        return not any(_ASIDE.fullmatch(cell) for other in others for cell in other)
    again = all(name == cell for name, cell in cells)
    return again or sum(_same_role(*names) for names in cells) > 1


def _same_role(name: str, cell: str) -> bool:
    return len(cell.split()) == 1 and role(cell) is not None and role(cell) == role(name)
