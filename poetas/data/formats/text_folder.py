"""Reader of a folder, or a zip, of texts: a row for each file of text or document, with its text and its name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from poetas.data.errors import DataError, FileProtected, FileTooLarge, FileUnreadable, NoTextsInside, NotText
from poetas.data.formats import READERS
from poetas.data.formats.base import LEFT_OUT_LISTED, Hints, LeftOut, RawTable
from poetas.data.formats.chat_export import chat_table, is_chat
from poetas.data.formats.division import text_table, texts_of_file
from poetas.data.formats.division.oversized_texts import OversizedTexts
from poetas.data.formats.documents.document_table import with_omissions
from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.excluded_files import (
    EMPTY,
    LINK,
    OTHER,
    PROTECTED,
    SPECIAL,
    UNREAD,
    UNREADABLE,
    UNTICKED,
    reasons,
)
from poetas.data.formats.folder_documents import FOLDER_DOCUMENTS, FolderDocuments
from poetas.data.formats.folder_notices import files_in_words, named, notices_of, pieces_in_words, unread_in_words
from poetas.data.formats.running_text import Line, PlainLines, text_column
from poetas.data.formats.txt import lines_of
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

_UTF8 = 0x800
KINDS = {".txt", ".text", ".md"}


def read_zip(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read the texts in a zip. Raises NoTextsInside, FileUnreadable, FileProtected, FileTooLarge, ArchiveUnsafe."""
    with opened(path, limits) as archive:
        members = [(_name(member), member) for member in archive.infolist() if not member.is_dir()]
        members = [(name, member) for name, member in members if not _system(name)]
        texts = ((name, archive.read(member)) for name, member in members if _is_read(name))
        others = {name: OTHER for name, _member in members if not _is_read(name)}
        return _table(texts, others, path.name, hints, limits)


def _name(member: ZipInfo) -> str:
    """A member's name; some programs write UTF-8 without saying so, which `zipfile` takes for the codes of DOS."""
    if member.flag_bits & _UTF8 or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def read_folder(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read the texts in a folder and those below it; links are named and not followed.

    Raises NoTextsInside, FileUnreadable, FileTooLarge.
    """
    files = sorted((file.relative_to(path).as_posix(), file, code) for file, code in _walk(path, limits))
    names = [(name, file) for name, file, code in files if not code and _is_read(name)]
    total = sum(file.stat().st_size for _name, file in names)
    if total > limits.unpacked_bytes:
        raise FileTooLarge(path.name, actual=total, limit=limits.unpacked_bytes)
    texts = ((name, file.read_bytes()) for name, file in names)
    others = {name: code or OTHER for name, _file, code in files if code or not _is_read(name)}
    return _table(texts, others, path.name, hints, limits)


def _walk(path: Path, limits: Limits) -> Iterator[tuple[Path, str]]:
    """The files of a folder and those below it, each with the reason why it is none, "" for files."""
    count = 0
    for top, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
        links = [folder for folder in folders if (Path(top) / folder).is_symlink()]
        for name in [*links, *names]:
            file = Path(top) / name
            if not _system(name):
                count += 1
                if count > limits.members:
                    why = _("La carpeta tiene más de {n} archivos.").format(n=number(limits.members))
                    raise FileUnreadable(path.name, why=why)
                yield file, LINK if file.is_symlink() else "" if file.is_file() else SPECIAL


def _system(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part in {"__MACOSX", "Thumbs.db", "desktop.ini"} for part in parts)


def _is_read(name: str) -> bool:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix in KINDS or suffix in FOLDER_DOCUMENTS


@dataclass(slots=True)
class _Texts:
    """What the files of a folder hold.

    documents: those of word processors among them. codes: why files are left out. more: whether some were not opened.
    """

    texts: dict[str, str] = field(default_factory=dict)
    documents: dict[str, DocumentText] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    encodings: set[str] = field(default_factory=set)
    more: bool = False


def _decoded(files: Iterator[tuple[str, bytes]], others: Mapping[str, str], hints: Hints, limits: Limits) -> _Texts:
    held = _Texts(codes=dict(others))
    documents = FolderDocuments(limits)
    for name, data in files:
        if len(held.texts) >= limits.rows:
            held.more = True
            break
        if PurePosixPath(name).suffix.lower() in FOLDER_DOCUMENTS:
            document = documents.gather(name, data)
            if isinstance(document, DataError):
                held.codes[name] = PROTECTED if isinstance(document, FileProtected) else UNREADABLE
            else:
                held.documents[name] = document
                held.texts[name] = "\n".join(line.text for line in document.flat())
            continue
        try:
            decoded = decode(data, name, hints.encoding)
        except DataError as error:
            held.codes[name] = OTHER if isinstance(error, NotText) else UNREADABLE
            continue
        held.texts[name] = PlainLines(decoded.text).text
        if not decoded.text.isascii():  # ASCII is the same in all encodings
            held.encodings.add(decoded.encoding)
    return held


def _table(
    files: Iterator[tuple[str, bytes]], others: Mapping[str, str], name: str, hints: Hints, limits: Limits
) -> RawTable:
    held = _decoded(files, others, hints, limits)
    held.codes |= reasons(held.texts) if hints.files is None else _unticked(held.texts, hints.files)
    chosen = {title: text for title, text in held.texts.items() if title not in held.codes}
    encoding = _(" y ").join(sorted(held.encodings)) or "UTF-8"
    chat = next(iter(chosen.values()), "") if len(chosen) == 1 and hints.division is None else ""
    if chat and is_chat(PlainLines(chat)):
        table = chat_table(PlainLines(chat), limits, encoding=encoding)
        return replace(table, notices=table.notices + notices_of(held.codes), left_out=table.left_out + _left_out(held))
    if len(chosen) == 1 and chosen.keys() == held.texts.keys() - reasons(held.texts).keys():
        # A file with no other beside it is divided as it is outside its folder.
        (title,) = chosen
        table = text_table(_lines(held, title), hints, limits)
        table = replace(table, rows=[[*row, title] for row in table.rows], columns=[text_column(), _("archivo")])
    else:
        table = _of_each(held, list(chosen), hints, limits)
    if not table.rows:
        raise _without_texts(name, held.codes)
    notices, left_out = table.notices + notices_of(held.codes), table.left_out + _left_out(held)
    table = replace(table, encoding=encoding, notices=notices, left_out=left_out)
    gathered = DocumentText(limits)
    for title in chosen:
        if (document := held.documents.get(title)) is not None:
            gathered.omissions.merge(document.omissions)
    return with_omissions(table, gathered)


def _of_each(held: _Texts, chosen: list[str], hints: Hints, limits: Limits) -> RawTable:
    """The texts of several files: each of them is one, unless a way of dividing them is asked for."""
    oversized = OversizedTexts(limits.cell_characters)
    rows = [[piece, title] for title in chosen for piece in oversized.within(texts_of_file(_lines(held, title), hints))]
    return RawTable(
        rows,
        [text_column(), _("archivo")],
        what=files_in_words if len(rows) == len(chosen) else lambda count: pieces_in_words(count, len(chosen)),
        notices=oversized.notices(),
        left=None if held.more else 0,
        going_on=oversized.going_on,
    )


def _lines(held: _Texts, title: str) -> Sequence[Line]:
    document = held.documents.get(title)
    return lines_of(held.texts[title], title) if document is None else list(document.flat())


def _unticked(texts: dict[str, str], files: tuple[str, ...]) -> dict[str, str]:
    """Why files without a tick are left out: what was left out by itself was not unticked by the learner."""
    own = reasons(texts)
    return {name: own.get(name, UNTICKED) for name in texts if name not in files}


def _left_out(held: _Texts) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(name, code) for name, code in islice(held.codes.items(), LEFT_OUT_LISTED))


def _without_texts(name: str, codes: Mapping[str, str]) -> NoTextsInside:
    """The error for a folder without texts: it is empty, or its files are, or they cannot be read."""
    reasons = [_("Hay {files}").format(files=files) for _code, files, _count in unread_in_words(codes)]
    if empty := len(named(codes, EMPTY)):
        sentence = ngettext("Hay {n} archivo de texto vacío.", "Hay {n} archivos de texto vacíos.", empty)
        reasons.append(sentence.format(n=number(empty)))
    left = named(codes, *UNREAD)
    others = (PurePosixPath(path) for path in left)
    readable = (path.name for path in others if path.suffix.lower() in READERS and not _is_read(path.name))
    return NoTextsInside(
        name, why=" ".join(reasons) or _("No encontré ningún archivo adentro."), other=next(readable, "")
    )
