"""Reader of JSON: a list of objects, an object of lists, or either under a key such as ``data``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from poetas.data.errors import FileEmpty, FileUnreadable
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.chat_export import messages_table
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.json_lines import from_lines
from poetas.data.formats.records import find_table, loads, measure
from poetas.data.formats.telegram_export import messages_of_json
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, number


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a table out of a JSON document. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    text = decoded.text
    if not text.strip():
        raise FileEmpty(path.name)
    depth, values = measure(text, limits)
    if depth > limits.depth:
        why = _("Tiene más de {n} listas una adentro de otra.").format(n=number(limits.depth))
        raise FileUnreadable(path.name, why=why)
    if values > limits.cells:
        why = _("Tiene más de {n} valores: no entran en la memoria todos juntos.").format(n=number(limits.cells))
        raise FileUnreadable(path.name, why=why)
    try:
        value = loads(text)
    except ValueError as error:
        if "Extra data" in str(error) and (lines := from_lines(text, path.name, limits)) is not None:
            # JSONL with the extension of JSON
            return replace(lines, encoding=decoded.encoding, notices=decoded.notices + lines.notices)
        why = _("Algo está mal escrito cerca de la línea {line}.").format(line=number(getattr(error, "lineno", 1)))
        raise FileUnreadable(path.name, why=why, detail=str(error)) from error
    if value in ([], {}):
        raise FileEmpty(path.name)
    chat = messages_of_json(value)
    table = find_table(value, limits) if chat is None else messages_table(lambda: chat, limits)
    if table is None:
        why = _('No encontré una lista de textos adentro: espero algo como [{"texto": …, "resumen": …}, …].')
        raise FileUnreadable(path.name, why=why)
    remade = table.remade or not isinstance(value, list)
    return replace(table, encoding=decoded.encoding, notices=decoded.notices + table.notices, remade=remade)
