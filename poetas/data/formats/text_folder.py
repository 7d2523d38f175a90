"""Reader of a folder, or a zip, of text files: a row for each file, with its text and its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from poetas.data.errors import DataError, FileTooLarge, FileUnreadable, NoTextsInside
from poetas.data.formats import READERS
from poetas.data.formats.base import Hints, RawTable, ReadingNotice
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.running_text import text_column
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

KINDS = {".txt", ".text", ".md"}
SHOWN = 3


def read_zip(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read the texts in a zip. Raises NoTextsInside, FileUnreadable, FileProtected, FileTooLarge, ArchiveUnsafe."""
    with opened(path, limits) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and not _system(member.filename)]
        texts = ((member.filename, archive.read(member)) for member in members if _is_text(member.filename))
        others = [member.filename for member in members if not _is_text(member.filename)]
        return _table(texts, others, path.name, hints, limits)


def read_folder(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read the texts in a folder and those below it; links are not followed.

    Raises NoTextsInside, FileUnreadable, FileTooLarge.
    """
    files = sorted(_walk(path, limits), key=lambda file: file.relative_to(path).as_posix())
    names = [(file.relative_to(path).as_posix(), file) for file in files]
    total = sum(file.stat().st_size for name, file in names if _is_text(name))
    if total > limits.unpacked_bytes:
        raise FileTooLarge(path.name, actual=total, limit=limits.unpacked_bytes)
    texts = ((name, file.read_bytes()) for name, file in names if _is_text(name))
    return _table(texts, [name for name, _file in names if not _is_text(name)], path.name, hints, limits)


def _walk(path: Path, limits: Limits) -> Iterator[Path]:
    count = 0
    for top, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
        for name in names:
            file = Path(top) / name
            if not file.is_symlink() and file.is_file() and not _system(name):
                count += 1
                if count > limits.members:
                    why = _("La carpeta tiene más de {n} archivos.").format(n=number(limits.members))
                    raise FileUnreadable(path.name, why=why)
                yield file


def _system(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part in {"__MACOSX", "Thumbs.db", "desktop.ini"} for part in parts)


def _is_text(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in KINDS


def _table(texts: Iterator[tuple[str, bytes]], others: list[str], name: str, hints: Hints, limits: Limits) -> RawTable:
    rows: list[list[str]] = []
    left = list(others)
    encodings: set[str] = set()
    empty = 0
    more = False
    for title, data in texts:
        if len(rows) >= limits.rows:
            more = True
            break
        try:
            decoded = decode(data, title, hints.encoding)
        except DataError:
            left.append(title)
            continue
        text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not text:
            empty += 1
            continue
        if not text.isascii():  # ASCII is the same in all encodings
            encodings.add(decoded.encoding)
        rows.append([text, title])
    if not rows:
        raise _without_texts(name, left, empty)
    return RawTable(
        rows,
        [text_column(), _("archivo")],
        encoding=_(" y ").join(sorted(encodings)) or "UTF-8",
        what=_what,
        notices=_notices(left, empty),
        left=None if more else 0,
    )


def _without_texts(name: str, left: list[str], empty: int) -> NoTextsInside:
    """The error for a folder without texts: it is empty, or its files are, or they are of other kinds."""
    reasons = []
    if left:
        sentence = ngettext("Hay {n} archivo que no es texto", "Hay {n} archivos que no son texto", len(left))
        reasons.append(_("{phrase}: {names}.").format(phrase=sentence.format(n=number(len(left))), names=_names(left)))
    if empty:
        sentence = ngettext("Hay {n} archivo de texto vacío.", "Hay {n} archivos de texto vacíos.", empty)
        reasons.append(sentence.format(n=number(empty)))
    others = (PurePosixPath(path) for path in left)
    readable = (path.name for path in others if path.suffix.lower() in READERS and path.suffix.lower() not in KINDS)
    return NoTextsInside(
        name, why=" ".join(reasons) or _("No encontré ningún archivo adentro."), other=next(readable, "")
    )


def _what(count: int) -> str:
    return ngettext("{n} archivo de texto", "{n} archivos de texto", count).format(n=number(count))


def _names(left: list[str]) -> str:
    return ", ".join(f"«{PurePosixPath(name).name}»" for name in left[:SHOWN]) + ("…" if len(left) > SHOWN else "")


def _notices(left: list[str], empty: int) -> tuple[ReadingNotice, ...]:
    notices: list[ReadingNotice] = []
    if left:
        phrase = ngettext("Dejé {n} archivo que no es texto", "Dejé {n} archivos que no son texto", len(left))
        sentence = _("{phrase}: {names}.").format(phrase=phrase.format(n=number(len(left))), names=_names(left))
        notices.append(ReadingNotice("files-left", sentence))
    if empty:
        phrase = ngettext("Salteé {n} archivo vacío.", "Salteé {n} archivos vacíos.", empty)
        notices.append(ReadingNotice("files-empty", phrase.format(n=number(empty))))
    return tuple(notices)
