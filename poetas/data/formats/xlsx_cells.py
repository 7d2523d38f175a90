r"""Cells of an Excel sheet as text: elements of XML in, what the sheet shows out.

A formula gives the result that was saved with it; one without a result (a program wrote it that does not calculate)
is left as text. Strings are decoded as ECMA-376 says (part 1, 22.9.2.19): ``_x000D_`` is a carriage return, and
``_x005F_`` the underscore of a text that holds ``_x000D_`` itself.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree as ET

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from poetas.data.formats.date_format import shown
from poetas.i18n import _

_EXACT = 1e15  # larger floats cannot represent every integer
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_INLINE, _TEXT, _VALUE = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("is", "t", "v"))
_Moment = dt.datetime | dt.date | dt.time


def unescape(text: str) -> str:
    r"""Decode the escapes of a string in a workbook.

    >>> unescape("uno_x000D_\ndos"), unescape("_x005F_x000D_"), unescape("mix005F_ta"), unescape("_xD83D__xDE00_")
    ('uno\r\ndos', '_x000D_', 'mix005F_ta', '😀')
    """
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    return _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), decoded)


class CellParser(WorkSheetParser):  # type: ignore[misc]
    """The parser of openpyxl, with saved results instead of formulas, decoded strings, and dates as they are shown."""

    def __init__(self, source: Any, shared_strings: list[str], book: Workbook) -> None:
        super().__init__(
            source,
            shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        self._book = book

    def parse_cell(self, element: ET.Element) -> dict[str, Any]:
        """Return a cell's column, its value as text, and whether it is a formula without a result."""
        if element.get("t") == "inlineStr":
            for text in element.iter(_TEXT):
                text.text = unescape(text.text or "")
        cell: dict[str, Any] = super().parse_cell(element)  # also of a formula with a result: others may share it
        cell["formula"] = cell["data_type"] == "f"
        result = element.findtext(_VALUE) or element.find(_INLINE) is not None or element.get("t") == "str"
        if cell["formula"] and result:  # an empty text is a result
            self.col_counter -= element.get("r") is None  # it is counted again
            self.data_only = True
            cell = {**super().parse_cell(element), "formula": False}
            self.data_only = False
        value = cell["value"]
        if element.get("t") == "str" and isinstance(value, str) and not cell["formula"]:
            value = unescape(value)
        if isinstance(value, _Moment):
            value = shown(value, self._number_format(cell["style_id"]))
        cell["value"] = cell_text(value)
        return cell

    def _number_format(self, style_id: int) -> str:
        try:
            form: int = self._book._cell_styles[style_id].numFmtId  # noqa: SLF001
            if form < BUILTIN_FORMATS_MAX_SIZE:
                return str(BUILTIN_FORMATS.get(form, ""))
            return str(self._book._number_formats[form - BUILTIN_FORMATS_MAX_SIZE])  # noqa: SLF001
        except IndexError:
            return ""


def cell_text(value: Any) -> str:
    """Write a cell's value as text: no ``.0`` on whole numbers, durations in hours, formulas as they are.

    >>> cell_text(3.0), cell_text(None), cell_text(True), cell_text("=1+1"), cell_text(dt.timedelta(days=1, hours=2))
    ('3', '', 'VERDADERO', '=1+1', '26:00:00')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("VERDADERO") if value else _("FALSO")
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text = getattr(value, "text", value)  # an array formula is an object with a text
    return str(text)
