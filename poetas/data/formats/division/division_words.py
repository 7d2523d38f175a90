"""Names of what a division gives («12 poemas, 12 con título»): a way and its texts in, sentences out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from poetas.data.formats.base import LEFT_OUT_LISTED, LeftOut, ReadingNotice
from poetas.data.formats.division.licence import Licence
from poetas.data.formats.division.ways import Apart
from poetas.data.formats.documents.document_omissions import code_of, place_of, sentence_of
from poetas.i18n import _, ngettext, number

_SHOWN = 3
_ENTRY = "contents-entry"


@dataclass(frozen=True, slots=True)
class Nature:
    """What the texts are. verse: lines of verse. paragraphs: each line is a paragraph. titled: texts with a title."""

    verse: bool = False
    paragraphs: bool = False
    titled: int = 0


def in_words(way: str, nature: Nature) -> Callable[[int], str]:
    """A function that writes a number of texts in words.

    >>> in_words("poems", Nature(titled=12))(12), in_words("lines", Nature())(2)
    ('12 poemas, 12 con título', '2 líneas')
    """

    def words_for(count: int) -> str:
        if way == "poems":
            words = ngettext("{n} poema", "{n} poemas", count)
        elif way == "titles":
            words = ngettext("{n} texto", "{n} textos", count)
        elif way == "marks":
            words = ngettext("{n} texto separado por marcas", "{n} textos separados por marcas", count)
        elif way == "pages":
            words = ngettext("{n} página", "{n} páginas", count)
        elif way == "lines" and not nature.paragraphs:
            words = ngettext("{n} línea", "{n} líneas", count)
        elif way == "whole":
            words = ngettext("{n} texto entero", "{n} textos enteros", count)
        elif nature.verse:
            words = ngettext("{n} estrofa", "{n} estrofas", count)
        else:
            words = ngettext("{n} párrafo", "{n} párrafos", count)
        words = words.format(n=number(count))
        titled = min(nature.titled, count)
        if way in {"poems", "titles"} and titled:
            words = _("{texts}, {n} con título").format(texts=words, n=number(titled))
        return words

    return words_for


def said(apart: Apart, licence: Licence | None, contents: int) -> tuple[tuple[ReadingNotice, ...], tuple[LeftOut, ...]]:
    """Notices about titles, a licence and a contents list that are in no text, and their list. contents: its lines."""
    notices: list[ReadingNotice] = []
    left: list[LeftOut] = []
    if licence is not None:
        count = licence.before + licence.after
        phrase = ngettext(
            "Dejé afuera la licencia del libro: {n} renglón antes o después del texto.",
            "Dejé afuera la licencia del libro: {n} renglones antes y después del texto.",
            count,
        )
        notices.append(ReadingNotice("licence-left", phrase.format(n=number(count)), count=count))
        if licence.before:
            left.append(LeftOut(_("lo que está antes del libro"), "licence"))
        if licence.after:
            left.append(LeftOut(_("lo que está después del libro"), "licence"))
    if contents:
        notices.append(ReadingNotice(code_of(_ENTRY), sentence_of(_ENTRY, contents), count=contents))
        left += [LeftOut(place_of(_ENTRY, n), _ENTRY) for n in range(1, contents + 1)]
    if apart.count:
        phrase = ngettext("Dejé aparte {n} título: {names}.", "Dejé aparte {n} títulos: {names}.", apart.count)
        if apart.count > _SHOWN:
            phrase = _("Dejé aparte {n} títulos: {names} y otros.")
        names = ", ".join(f"«{name}»" for name in apart.first[:_SHOWN])
        sentence = phrase.format(n=number(apart.count), names=names)
        notices.append(ReadingNotice("titles-apart", sentence, count=apart.count))
        left += [LeftOut(_("título «{title}»").format(title=title), "title") for title in apart.first]
    return tuple(notices), tuple(left[:LEFT_OUT_LISTED])
