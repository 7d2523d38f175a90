"""Encodings in plain words: the names of a file's encodings in, whose accents it has out."""

from __future__ import annotations

from poetas.i18n import _

_USUAL = "UTF-8"


def accents_of(encoding: str) -> str:
    """Return whose accents a file has, to follow «los acentos»; "" for those that are usual today.

    encoding: its usual name; of a folder, the names of all its files; "" where the format has none.

    >>> accents_of("Latin-1"), accents_of("UTF-8"), accents_of(""), accents_of("Latin-1 y UTF-8")
    ('de Windows', '', '', 'en parte de Windows')
    """
    names = encoding.split(_(" y ")) if encoding else []
    ways = list(dict.fromkeys(whose_accents(name) for name in names if name != _USUAL))
    words = _(" y ").join(ways)
    return _("en parte {ways}").format(ways=words) if ways and _USUAL in names else words


def whose_accents(name: str) -> str:
    """Return whose accents an encoding has."""
    windows, notepad = _("de Windows"), _("del Bloc de notas («Unicode»)")
    known = {
        "Latin-1": windows,
        "Windows-1252": windows,
        "Mac Roman": _("de una Mac antigua"),
        "CP850": _("de DOS"),
        "UTF-16": notepad,
        "UTF-16BE": notepad,
        "UTF-8": _("de hoy"),
    }
    return known.get(name) or _("de una clase poco común ({name})").format(name=name)
