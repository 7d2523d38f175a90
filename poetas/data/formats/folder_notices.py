"""Notices about the files of a folder: reasons by file in, sentences and counts in words out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from poetas.data.formats.base import ReadingNotice
from poetas.data.formats.excluded_files import (
    EMPTY,
    LICENCE,
    LINK,
    NOTES,
    OTHER,
    PROTECTED,
    README,
    SPECIAL,
    UNREADABLE,
    UNTICKED,
    in_words,
)
from poetas.i18n import _, ngettext, number

SHOWN = 3


def named(codes: Mapping[str, str], *reasons: str) -> list[str]:
    """The files left out for some reasons."""
    return [name for name, code in codes.items() if code in reasons]


def files_in_words(count: int) -> str:
    """Write a number of files, each of them a text."""
    return ngettext("{n} archivo de texto", "{n} archivos de texto", count).format(n=number(count))


def names_in_words(left: Sequence[str]) -> str:
    """Write the first names of some files.

    >>> names_in_words(["a/uno.jpg", "dos.png"])
    '«uno.jpg», «dos.png»'
    """
    return ", ".join(f"«{PurePosixPath(name).name}»" for name in left[:SHOWN]) + ("…" if len(left) > SHOWN else "")


def pieces_in_words(count: int, files: int) -> str:
    """Write a number of texts, several of them in a file."""
    texts = ngettext("{n} texto", "{n} textos", count).format(n=number(count))
    in_files = ngettext("{n} archivo", "{n} archivos", files).format(n=number(files))
    return _("{texts} de {files}").format(texts=texts, files=in_files)


def unread_in_words(codes: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    """For each reason why files were not read: code of its notice, those files in words, and how many they are.

    >>> list(unread_in_words({"foto.jpg": "other-format"}))
    [('files-left', '1 archivo que no es texto: «foto.jpg».', 1)]
    """
    for reason, (code, phrase) in _UNREAD.items():
        if files := named(codes, reason):
            yield code, phrase(len(files)).format(n=number(len(files)), names=names_in_words(files)), len(files)


# Of each reason why a file was not read: the code of its notice, and such files in words.
_UNREAD: dict[str, tuple[str, Callable[[int], str]]] = {
    OTHER: (
        "files-left",
        lambda count: ngettext(
            "{n} archivo que no es texto: {names}.", "{n} archivos que no son texto: {names}.", count
        ),
    ),
    UNREADABLE: (
        "files-unreadable",
        lambda count: ngettext(
            "{n} archivo que no pude leer y puede estar dañado: {names}.",
            "{n} archivos que no pude leer y pueden estar dañados: {names}.",
            count,
        ),
    ),
    LINK: (
        "links-left",
        lambda count: ngettext(
            "{n} enlace, que no sigo: {names}. Si lleva a un texto tuyo que no está en la carpeta, poné una copia.",
            "{n} enlaces, que no sigo: {names}. Si llevan a textos tuyos que no están en la carpeta, poné copias.",
            count,
        ),
    ),
    SPECIAL: (
        "specials-left",
        lambda count: ngettext(
            "{n} cosa que no es un archivo, sino un paso entre programas: {names}.",
            "{n} cosas que no son archivos, sino pasos entre programas: {names}.",
            count,
        ),
    ),
    PROTECTED: (
        "files-protected",
        lambda count: ngettext(
            "{n} archivo con contraseña: {names}. Para que lo lea, guardá una copia sin ella.",
            "{n} archivos con contraseña: {names}. Para que los lea, guardá copias sin ella.",
            count,
        ),
    ),
}


def notices_of(codes: Mapping[str, str]) -> tuple[ReadingNotice, ...]:
    """The notices about the files that were left out."""
    notices = [
        ReadingNotice(code, _("Dejé {files}").format(files=files), count=count)
        for code, files, count in unread_in_words(codes)
    ]
    if empty := named(codes, EMPTY):
        phrase = ngettext("Salteé {n} archivo vacío.", "Salteé {n} archivos vacíos.", len(empty))
        notices.append(ReadingNotice("files-empty", phrase.format(n=number(len(empty))), count=len(empty)))
    if aside := named(codes, README, LICENCE, NOTES):
        phrase = ngettext(
            "Dejé {n} archivo que no parece un texto tuyo: {names}. Si lo es, marcalo en la lista.",
            "Dejé {n} archivos que no parecen textos tuyos: {names}. Si lo son, marcalos en la lista.",
            len(aside),
        )
        names = ", ".join(f"«{PurePosixPath(name).name}» ({in_words(codes[name])})" for name in aside[:SHOWN])
        sentence = phrase.format(n=number(len(aside)), names=names + ("…" if len(aside) > SHOWN else ""))
        notices.append(ReadingNotice("files-aside", sentence, count=len(aside)))
    if unticked := named(codes, UNTICKED):
        phrase = ngettext("Dejé {n} archivo que sacaste.", "Dejé {n} archivos que sacaste.", len(unticked))
        notices.append(ReadingNotice("files-unticked", phrase.format(n=number(len(unticked))), count=len(unticked)))
    return tuple(notices)
