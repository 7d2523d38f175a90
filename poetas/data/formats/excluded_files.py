"""Files of a folder that are not the learner's texts: their names and texts in, a reason to leave each out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

from poetas.i18n import _

README, LICENCE, NOTES, EMPTY, OTHER, UNREADABLE, PROTECTED, UNTICKED, LINK, SPECIAL = (
    "readme", "licence", "notes", "empty", "other-format", "unreadable", "protected", "unticked", "link", "special",
)  # fmt: skip
UNREAD = {OTHER, UNREADABLE, PROTECTED, LINK, SPECIAL}
TICKABLE = {README, LICENCE, NOTES, EMPTY, UNTICKED}  # files that the learner may have read all the same
_MOST = 0.3  # of the files: with more, they are what the folder is about
_LISTED = 0.6
_FEW_LINES = 40
_READMES = re.compile(
    r"(?:read|lee|leer?) ?me(?: |$)|(?:leer|leeme) ?(?:antes|primero)?$|manifest|contribut|change ?log"
)
_LICENCES = re.compile(r"(?:licen[cs][ei]a?s?|copying|copyright|legal|derechos|creditos|credits|authors)(?: |$)")
_NOTES = re.compile(
    r"(?:notas?|notes?|apuntes?|pendientes|tareas|to ?dos?|ideas|recordatorios?|compras)(?: (?:del?|para|sueltas).*)?"
)
_ITEM = re.compile(r"\s*(?:[-*•·+]|\[[ xX]?\]|\d{1,2}[.)])\s+\S")


def reasons(texts: Mapping[str, str]) -> dict[str, str]:
    """Codes of the text files that are hardly the learner's texts, by name; the others are not named.

    >>> reasons({"uno.txt": "Un verso.", "dos.txt": "Otro.", "LEEME.txt": "Qué hay acá.", "a.txt": ""})
    {'LEEME.txt': 'readme', 'a.txt': 'empty'}
    """
    codes = {name: code for name, text in texts.items() if (code := _code(name, text))}
    for reason in (README, LICENCE, NOTES):
        named = [name for name, code in codes.items() if code == reason]
        if len(named) > max(1, _MOST * len(texts)):
            codes = {name: code for name, code in codes.items() if code != reason}
    return codes if len(codes) < len(texts) else {name: code for name, code in codes.items() if code == EMPTY}


def _code(name: str, text: str) -> str:
    if not text.strip():
        return EMPTY
    stem = _plain(PurePosixPath(name).stem)
    if _READMES.match(stem):
        return README
    if _LICENCES.match(stem):
        return LICENCE
    # "Notas" alone are notes; "Notas de viaje" are where they are lists.
    return NOTES if _NOTES.fullmatch(stem) and (" " not in stem or _is_list(text)) else ""


def _is_list(text: str) -> bool:
    """Whether most lines are items: things to do, not verses."""
    lines = [line for line in text[:10_000].split("\n") if line.strip()][:_FEW_LINES]
    return sum(bool(_ITEM.match(line)) for line in lines) >= _LISTED * len(lines)


def _plain(stem: str) -> str:
    """A name without accents, capitals and signs."""
    letters = unicodedata.normalize("NFD", stem.lower())
    return " ".join(re.sub(r"[\W_]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def in_words(code: str) -> str:
    """What the learner reads about a file that is left out.

    >>> in_words("notes")
    'parece una lista de notas'
    """
    return {
        README: _("explica la carpeta"),
        LICENCE: _("es una licencia o los créditos"),
        NOTES: _("parece una lista de notas"),
        EMPTY: _("está vacío"),
        OTHER: _("no es texto"),
        UNREADABLE: _("no se puede leer"),
        PROTECTED: _("tiene contraseña"),
        UNTICKED: _("lo sacaste vos"),
        LINK: _("es un enlace"),
        SPECIAL: _("no es un archivo"),
    }.get(code, code)
