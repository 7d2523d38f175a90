"""Reading a learner's file into a table of text, and saying in one sentence what was understood."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from poetas.data.errors import FileEmpty, FileMissing, FileTooLarge, FileUnreadable, FormatUnknown, NotAFile
from poetas.data.formats import FOLDER, READERS, SHOWN, load
from poetas.data.formats.base import Hints, RawTable, ReadingNotice
from poetas.data.pipeline.clean_table import CleanTable, clean_table
from poetas.data.pipeline.limits import DEFAULT, Limits
from poetas.data.pipeline.row_digest import row_digest
from poetas.errors import PoetasError, no_permission
from poetas.i18n import _, ngettext, number
from poetas.util.files import sha256

_OLD = {
    ".xls": "xlsx", ".xlsb": "xlsx", ".numbers": "xlsx", ".gsheet": "xlsx",
    ".doc": "docx", ".odt": "docx", ".rtf": "docx", ".pages": "docx", ".gdoc": "docx", ".epub": "txt", ".html": "txt",
    ".htm": "txt",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was understood.

    table: one column of text a column of the file, named; rows in the file's order. format: extension without its
    dot, or ``"folder"``. encoding, delimiter: "" where the format has none. decimal: ``","``, ``"."`` or "" where no
    column holds decimals. header: whether the first row gave the names. notices: what the learner should know.
    name, sha256, size (bytes): the source. hints: what the learner had said.
    """

    table: pd.DataFrame
    format: str
    encoding: str
    delimiter: str
    sentence: str
    header: bool = False
    decimal: str = ""
    notices: tuple[ReadingNotice, ...] = ()
    name: str = ""
    sha256: str = ""
    size: int = 0
    hints: Hints = field(default_factory=Hints)


def read_file(path: Path | str, *, limits: Limits = DEFAULT, **hints: Any) -> Reading:
    r"""Read a file, or a folder of texts.

    hints: any of `Hints`, where guessing went wrong. The file is only ever read.

    Raises DataError subclasses (a card each), NoPermission, OutOfMemory; TypeError for an unknown hint.

    >>> import tempfile; path = Path(tempfile.mkdtemp()) / "cartas.csv"
    >>> _size = path.write_bytes("texto;resumen\nLlovió en Iruya;Lluvia\nEl año pasó;Año\n".encode("latin-1"))
    >>> read_file(path).sentence
    'Leí 2 filas y 2 columnas, en Latin-1, separadas por ;'
    """
    path, told = Path(path), Hints(**hints)
    try:
        return _read(path, told, limits)
    except (PoetasError, MemoryError):
        raise
    except PermissionError as error:
        raise no_permission(str(error)) from error
    except FileNotFoundError as error:
        raise FileMissing(path.name) from error
    except OSError as error:
        raise FileUnreadable(path.name, why=_("El disco no me deja leerlo."), detail=str(error)) from error
    except Exception as error:  # what parsers raise on a broken file cannot be foreseen, and is never a traceback
        raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error


def _read(path: Path, hints: Hints, limits: Limits) -> Reading:
    if path.is_dir():
        kind, target, digest, size = "folder", FOLDER, "", 0
    else:
        kind, target, size = kind_of(path, limits)
        digest = sha256(path)
    raw = load(target)(path, hints, limits)
    neat = clean_table(raw, limits, path.name, header=hints.header)
    if kind == "folder":
        # of names and texts alone: they do not depend on dates or on the disk
        digest, size = row_digest(neat.rows), sum(len(cell) for row in neat.rows for cell in row)
    if not neat.rows:
        raise FileEmpty(path.name, why=_("Tiene títulos de columnas, pero ninguna fila.") if neat.header else "")
    table = pd.DataFrame(neat.rows, columns=neat.columns, dtype="str")
    return Reading(
        table=table,
        format=kind,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        sentence=_sentence(raw, neat),
        header=neat.header,
        decimal=neat.decimal,
        notices=raw.notices + neat.notices,
        name=path.name,
        sha256=digest,
        size=size,
        hints=hints,
    )


def kind_of(path: Path, limits: Limits = DEFAULT) -> tuple[str, str, int]:
    """Return a file's format, its reader and its bytes, without opening it.

    Raises NotAFile, FormatUnknown, FileTooLarge, FileEmpty.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):  # before anything opens it: a pipe would be waited for
        raise NotAFile(path.name, kind=_special(found.st_mode))
    size = found.st_size
    kind = path.suffix.lower()
    if kind not in READERS:
        remedy = ""
        if kind in _OLD:
            remedy = _("Abrilo con su programa y usá «Guardar como» para pasarlo a .{kind}.").format(kind=_OLD[kind])
        raise FormatUnknown(path.name, known=SHOWN, remedy=remedy)
    target, whole = READERS[kind]
    limit = limits.document_bytes if whole else limits.file_bytes
    if size > limit:
        raise FileTooLarge(path.name, found=size, limit=limit)
    if size == 0:
        raise FileEmpty(path.name, why=_("Tiene 0 bytes: puede que no haya terminado de copiarse."))
    return kind[1:], target, size


def _special(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return _("una tubería entre programas (FIFO)")
    return _("un enchufe entre programas (socket)") if stat.S_ISSOCK(mode) else _("un dispositivo")


def _sentence(raw: RawTable, neat: CleanTable) -> str:
    rows, columns = len(neat.rows), len(neat.columns)
    if raw.what is not None:
        parts = [raw.what(rows)]
    else:
        told_rows = ngettext("{n} fila", "{n} filas", rows).format(n=number(rows))
        told_columns = ngettext("{n} columna", "{n} columnas", columns).format(n=number(columns))
        parts = [_("{rows} y {columns}").format(rows=told_rows, columns=told_columns)]
    if raw.encoding:
        parts.append(_("en {encoding}").format(encoding=raw.encoding))
    if raw.delimiter:
        sign = _("tabulaciones") if raw.delimiter == "\t" else _("comas") if raw.delimiter == "," else raw.delimiter
        parts.append(_("separadas por {sign}").format(sign=sign))
    if raw.columns is None and not neat.header:
        parts.append(_("sin títulos"))
    if neat.decimal == ",":
        parts.append(_("con coma decimal"))
    return _("Leí {what}").format(what=", ".join(parts))
