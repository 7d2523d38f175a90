"""Reading of a learner's file: a path in, a clean table of strings and one sentence about it out."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from poetas.data.errors import FileEmpty, FileMissing, FileTooLarge, FileUnreadable, FormatUnknown, NotAFile
from poetas.data.formats import FOLDER, READERS, SHOWN, load
from poetas.data.formats.base import Hints, LeftOut, RawTable, ReadingNotice
from poetas.data.formats.encoding_words import accents_of
from poetas.data.formats.spreadsheet_marks import with_joined_cells
from poetas.data.formats.unchanged_file import unchanged
from poetas.data.pipeline.clean_table import CleanTable, clean_table
from poetas.data.pipeline.limits import DEFAULT, Limits
from poetas.data.pipeline.row_digest import row_digest
from poetas.data.pipeline.table_cells import CELLS
from poetas.data.pipeline.table_layout import TableLayout
from poetas.errors import PoetasError, no_permission
from poetas.i18n import _, ngettext, number
from poetas.util.files import sha256

_CONVERTIBLE = {
    ".xlsb": "xlsx", ".numbers": "xlsx", ".gsheet": "xlsx",
    ".doc": "docx", ".pages": "docx", ".gdoc": "docx", ".wps": "docx",
    ".docm": "docx", ".dotx": "docx", ".ott": "odt", ".fodt": "odt", ".mht": "html", ".mhtml": "html",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read.

    table: a column of strings for each column of the file; rows in the file's order. format: extension without its
    dot, or ``"folder"``. encoding, delimiter: "" where the format has none. decimal: ``","``, ``"."`` or "" where no
    column holds decimals. notices: what the learner should know. name, sha256, size (bytes): the source. hints:
    settings of the learner. left_out: parts of the file that are in no row. division: how a running text was divided,
    "" for other files. divisions: how many texts each way would give. repeated: those of them that
    give the very texts of another. layout: header row, columns and sheet.
    numbers: of each row in the file, () where the file has no rows. going_on: rows whose text is too long for one, and
    goes on in the next.
    """

    table: pd.DataFrame
    format: str
    encoding: str
    delimiter: str
    sentence: str
    decimal: str = ""
    notices: tuple[ReadingNotice, ...] = ()
    name: str = ""
    sha256: str = ""
    size: int = 0
    hints: Hints = field(default_factory=Hints)
    left_out: tuple[LeftOut, ...] = ()
    division: str = ""
    divisions: Mapping[str, int] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    layout: TableLayout = field(default_factory=TableLayout)
    numbers: tuple[int, ...] = ()
    going_on: tuple[int, ...] = ()

    @property
    def header(self) -> bool:
        """Whether a row gave the names."""
        return self.layout.header_row > 0

    def row_number(self, index: int) -> int:
        """The number of a row of the table in the file, as a spreadsheet counts it: the header is row 1.

        >>> Reading(pd.DataFrame(), "csv", "utf-8", ",", "", numbers=(2, 3, 5)).row_number(2)
        5
        """
        return self.numbers[index] if self.numbers else index + 1


def read_file(path: Path | str, *, limits: Limits = DEFAULT, **hints: Any) -> Reading:
    r"""Read a file, or a folder of texts.

    hints: fields of `Hints`, where detection was wrong.

    Raises DataError subclasses (a card each), NoPermission, OutOfMemory; TypeError for an unknown hint.

    >>> import tempfile; path = Path(tempfile.mkdtemp()) / "cartas.csv"
    >>> _size = path.write_bytes("texto;resumen\nLlovió en Iruya;Lluvia\nEl año pasó;Año\n".encode("latin-1"))
    >>> read_file(path).sentence
    'Leí 2 filas y 2 columnas, separadas con punto y coma, con los acentos de Windows (otra manera de guardarlos)'
    """
    path, settings = Path(path), Hints(**hints)
    try:
        return _read(path, settings, limits)
    except (PoetasError, MemoryError):
        raise
    except PermissionError as error:
        raise no_permission(str(error)) from error
    except FileNotFoundError as error:
        raise FileMissing(Path(error.filename or path).name) from error  # one of a folder, perhaps
    except OSError as error:
        raise FileUnreadable(path.name, why=_("El disco no me deja leerlo."), detail=str(error)) from error
    except Exception as error:  # parsers raise many types of error for a broken file
        raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error


def _read(path: Path, hints: Hints, limits: Limits) -> Reading:
    if path.is_dir():
        kind, target, size = "folder", FOLDER, 0
    else:
        kind, target, size = kind_of(path, limits)
    with unchanged(path):
        digest = sha256(path) if kind != "folder" else ""
        raw = with_joined_cells(load(target)(path, hints, limits))
    clean = clean_table(raw, limits, path.name, hints)
    if kind == "folder":
        # of names and texts alone: they do not depend on dates or on the disk
        digest, size = row_digest(clean.rows), sum(len(cell) for row in clean.rows for cell in row)
    if not clean.rows:
        raise FileEmpty(path.name, why=_why_empty(clean))
    table = pd.DataFrame(clean.rows, columns=clean.columns, dtype=CELLS)
    return Reading(
        table=table,
        format=kind,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        sentence=_sentence(raw, clean),
        layout=clean.layout,
        decimal=clean.decimal,
        notices=raw.notices + clean.notices,
        name=path.name,
        sha256=digest,
        size=size,
        hints=hints,
        division=raw.division,
        divisions=raw.divisions,
        repeated=raw.repeated,
        left_out=clean.left_out,
        numbers=clean.numbers,
        going_on=clean.going_on,
    )


def _why_empty(clean: CleanTable) -> str:
    if any(part.code == "hidden-row" for part in clean.left_out):
        return _("Las filas con texto están ocultas: mostralas en la planilla y volvé a elegir el archivo.")
    return _("Tiene títulos de columnas, pero ninguna fila.") if clean.layout.header_row else ""


def kind_of(path: Path, limits: Limits = DEFAULT) -> tuple[str, str, int]:
    """Return a file's format, its reader and its size in bytes, without opening it.

    Raises NotAFile, FormatUnknown, FileTooLarge, FileEmpty.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # before it is opened: reading a pipe would block
        raise NotAFile(path.name, kind=_special(status.st_mode))
    size = status.st_size
    kind = path.suffix.lower()
    if kind not in READERS:
        remedy = ""
        if kind in _CONVERTIBLE:
            remedy = _("Abrilo con su programa y usá «Guardar como» para pasarlo a .{kind}.").format(
                kind=_CONVERTIBLE[kind]
            )
        raise FormatUnknown(path.name, known=SHOWN, remedy=remedy)
    target, whole = READERS[kind]
    limit = limits.document_bytes if whole else limits.file_bytes
    if size > limit:
        raise FileTooLarge(path.name, actual=size, limit=limit)
    if size == 0:
        raise FileEmpty(path.name, why=_("Tiene 0 bytes: puede que no haya terminado de copiarse."))
    return kind[1:], target, size


def _special(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return _("una tubería entre programas (FIFO)")
    return _("un enchufe entre programas (socket)") if stat.S_ISSOCK(mode) else _("un dispositivo")


def _sentence(raw: RawTable, clean: CleanTable) -> str:
    rows, columns = len(clean.rows), len(clean.columns)
    if raw.what is not None:
        parts = [raw.what(rows)]
    else:
        rows_in_words = ngettext("{n} fila", "{n} filas", rows).format(n=number(rows))
        columns_in_words = ngettext("{n} columna", "{n} columnas", columns).format(n=number(columns))
        parts = [_("{rows} y {columns}").format(rows=rows_in_words, columns=columns_in_words)]
    if raw.delimiter:
        names = {"\t": _("tabulaciones"), ",": _("comas"), ";": _("punto y coma"), "|": _("barras")}
        parts.append(_("separadas con {sign}").format(sign=names.get(raw.delimiter, f"«{raw.delimiter}»")))
    if whose := accents_of(raw.encoding):
        parts.append(_("con los acentos {whose} (otra manera de guardarlos)").format(whose=whose))
    if raw.columns is None and not clean.layout.header_row:
        parts.append(_("sin títulos"))
    if clean.decimal == ",":
        parts.append(_("con coma decimal"))
    return _("Leí {what}").format(what=", ".join(parts))
