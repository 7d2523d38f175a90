"""`poetas read`: a file in, what the page would say of it and every row as it would be used out, as text or JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from poetas.data.pipeline.reading import Reading, read_file
from poetas.i18n import _, number
from poetas.serving.terminal import say

_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)))  # what a terminal obeys


def read(path: Path, *, as_json: bool = False, hints: dict[str, Any] | None = None) -> int:
    """Print what was read and return 0. Raises what `read_file` raises."""
    reading = read_file(path, **(hints or {}))
    try:
        if as_json:
            # Where the stream cannot hold every letter, JSON still can: as escapes.
            unicode = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "").startswith("utf")
            say(json.dumps(report(reading), ensure_ascii=not unicode, indent=1))
        else:
            for line in lines(reading):
                say(line.translate(_CONTROLS))
    except BrokenPipeError:  # `poetas read … | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def report(reading: Reading) -> dict[str, Any]:
    r"""The reading as JSON-ready values.

    >>> import tempfile; path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _size = path.write_text("texto,resumen\nLlovió en Iruya,Lluvia\n,\n", "utf-8")
    >>> answer = report(read_file(path)); answer["rows"], answer["notices"][0]["code"], answer["notices"][0]["count"]
    ([{'texto': 'Llovió en Iruya', 'resumen': 'Lluvia'}], 'rows-blank', 1)
    """
    columns = [str(name) for name in reading.table.columns]
    return {
        "sentence": reading.sentence,
        "columns": columns,
        "rows": [dict(zip(columns, row, strict=True)) for row in reading.table.itertuples(index=False, name=None)],
        "notices": [{"code": note.code, "count": note.count, "text": note.sentence} for note in reading.notices],
        "left_out": [{"where": part.where, "code": part.code} for part in reading.left_out],
    }


def lines(reading: Reading) -> Iterator[str]:
    """The reading as lines of a terminal."""
    yield reading.sentence
    for note in reading.notices:
        yield f"· {note.sentence} [{note.code}]"
    for part in reading.left_out:
        yield "· " + _("Quedó afuera: {where}").format(where=part.where) + f" [{part.code}]"
    columns = [str(name) for name in reading.table.columns]
    yield _("Columnas: {names}").format(names=", ".join(columns))
    for index, row in enumerate(reading.table.itertuples(index=False, name=None), start=1):
        yield ""
        yield f"— {number(index)} —"
        for name, cell in zip(columns, row, strict=True):
            yield f"{name}: {cell}" if len(columns) > 1 else cell
