"""CSV and TSV as people have them: any delimiter, any encoding, cells of several lines, rows too short or too long."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import Hints, Notice, Raw, rows_cut
from poetas.data.formats.decoding import decode
from poetas.data.formats.delimiter import Dialect, dialect
from poetas.data.limits import Limits
from poetas.i18n import _

_LONGEST_FIELD = 2**31 - 1  # the csv module's own default refuses cells above 128 kB; ours are cut, and it is said


def read(path: Path, hints: Hints, limits: Limits) -> Raw:
    """Read a table of delimited text. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    text = decoded.text
    if not text.strip():
        raise FileEmpty(path.name)
    told = hints.delimiter
    if text[:4].lower() == "sep=" and text[5:6] in {"\r", "\n"}:  # Excel's own way to name the delimiter
        told, text = told or text[4], text[5:].lstrip("\r\n")
    if told is None and path.suffix.lower() in {".tsv", ".tab"} and "\t" in text:
        told = "\t"
    form = dialect(text, told)
    rows, notices = _rows(text, form, limits)
    return Raw(rows, None, decoded.encoding, form.delimiter, notices=notices)


def _rows(text: str, form: Dialect, limits: Limits) -> tuple[list[list[str]], tuple[Notice, ...]]:
    csv.field_size_limit(_LONGEST_FIELD)
    notices: list[Notice] = []
    if '"' in text and not _closed(text, form):
        form = form.unquoted()
        sentence = _("Hay comillas que se abren y no se cierran: leí las comillas como una letra más.")
        notices.append(Notice("quotes-open", sentence))
    rows: list[list[str]] = []
    for row in form.reader(io.StringIO(text, newline="")):
        if len(rows) > limits.rows:  # one more than the limit: the first may be a header
            notices.append(rows_cut(limits.rows))
            break
        if row:
            rows.append(row)
    return rows, tuple(notices)


def _closed(text: str, form: Dialect) -> bool:
    """Tell whether every quoted cell ends: one open quote would swallow the rest of the file as a single cell."""
    try:
        for _row in form.reader(io.StringIO(text, newline=""), strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" not in str(error)
    return True
