"""Account of a PDF's reading: counts in; notices and parts left out, in the learner's words, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from poetas.data.formats.base import LEFT_OUT_LISTED, LeftOut, ReadingNotice
from poetas.data.formats.pdf.letters import letters_apart, words_with_lost_letters
from poetas.data.formats.pdf.margins import Margins
from poetas.data.formats.pdf.page_text import PageText
from poetas.i18n import _, ngettext, number

_SHOWN = 3


@dataclass(slots=True)
class PdfAccount:
    """Pages and words of a PDF.

    total: its pages. read: those whose text was read. failed: the numbers of those that could not be. turned, hidden:
    words by page that are turned, or invisible. pictures: pages that
    show pictures and no letter.
    """

    total: int
    read: int = 0
    failed: list[int] = field(default_factory=list)
    turned: dict[int, int] = field(default_factory=dict)
    hidden: dict[int, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)

    def add(self, page: int, text: PageText, *, images: int = 0) -> None:
        """Count a page that was read. images: how many it shows."""
        if images and not text.letters:
            self.pictures.append(page)
        self.read += 1
        self.numbers.append(page)
        if text.turned:
            self.turned[page] = text.turned
        if text.hidden:
            self.hidden[page] = text.hidden

    @property
    def unread(self) -> int:
        """How many pages are beyond the limits."""
        return self.total - self.read - len(self.failed)


def notices(account: PdfAccount, margins: Margins, texts: Sequence[str]) -> tuple[ReadingNotice, ...]:
    """The notices of a reading, the gravest first. texts: the lines that were read."""
    apart = [text for text in texts if letters_apart(text)]
    counted = (
        ("pages-cut", account.unread, _pages_cut),
        ("pages-failed", len(account.failed), _pages_failed),
        ("pages-pictures", len(account.pictures), _pages_pictures),
        ("letters-lost", words_with_lost_letters(texts), _letters_lost),
        ("letters-apart", len(apart), lambda count: _letters_apart(count, apart[0])),
        ("words-turned", sum(account.turned.values()), _words_turned),
        ("words-hidden", sum(account.hidden.values()), _words_hidden),
        ("footnotes", len(margins.notes), _footnotes),
        ("running-heads", sum(margins.heads.values()), lambda count: _running_heads(count, margins)),
        ("page-numbers", 0 if margins.heads else margins.numbers, _page_numbers),
    )
    return tuple(ReadingNotice(code, write(count), count=count) for code, count, write in counted if count)


def left_out(account: PdfAccount, margins: Margins) -> tuple[LeftOut, ...]:
    """The parts of a PDF that are in no row, as many as a page can list."""
    parts = [LeftOut(_("página {n}").format(n=number(page)), "page-failed") for page in account.failed]
    parts += [LeftOut(_("página {n}").format(n=number(page)), "page-picture") for page in account.pictures]
    if account.unread > 0:
        first = max([*account.numbers, *account.failed], default=0) + 1
        place = _("de la página {n} en adelante").format(n=number(first))
        parts.append(LeftOut(place, "pages-cut"))
    for page, text in margins.dropped[: LEFT_OUT_LISTED + 1]:
        real = account.numbers[page - 1]
        place = _("página {n}, en el margen: «{text}»").format(n=number(real), text=text)
        parts.append(LeftOut(place, "margin"))
    for counts, code in ((account.turned, "words-turned"), (account.hidden, "words-hidden")):
        parts += [LeftOut(_("página {n}").format(n=number(page)), code) for page in counts]
    return tuple(parts[:LEFT_OUT_LISTED])


def _pages_cut(count: int) -> str:
    return ngettext(
        "El PDF es muy largo: quedó {n} página sin leer.", "El PDF es muy largo: quedaron {n} páginas sin leer.", count
    ).format(n=number(count))


def _pages_failed(count: int) -> str:
    return ngettext("No pude leer {n} página.", "No pude leer {n} páginas.", count).format(n=number(count))


def _pages_pictures(count: int) -> str:
    return ngettext(
        "{n} página no tiene letras, solo imágenes: si es un texto escaneado, quedó afuera.",
        "{n} páginas no tienen letras, solo imágenes: si son un texto escaneado, quedaron afuera.",
        count,
    ).format(n=number(count))


def _letters_lost(count: int) -> str:
    words = ngettext(
        "En {n} palabra falta alguna letra: el PDF no dice cuál es, y la marqué con �.",
        "En {n} palabras falta alguna letra: el PDF no dice cuál es, y la marqué con �.",
        count,
    ).format(n=number(count))
    return words + " " + _("Si tenés el documento de donde salió, elegí ese.")


def _letters_apart(count: int, example: str) -> str:
    phrase = ngettext(
        "{n} línea tiene las letras separadas, como «{example}»: quedó así.",
        "{n} líneas tienen las letras separadas, como «{example}»: quedaron así.",
        count,
    )
    return phrase.format(n=number(count), example=example[:40])


def _words_turned(count: int) -> str:
    return ngettext(
        "Dejé afuera {n} palabra escrita de costado.", "Dejé afuera {n} palabras escritas de costado.", count
    ).format(n=number(count))


def _words_hidden(count: int) -> str:
    return ngettext(
        "Dejé afuera {n} palabra que está en el PDF pero no se ve.",
        "Dejé afuera {n} palabras que están en el PDF pero no se ven.",
        count,
    ).format(n=number(count))


def _footnotes(count: int) -> str:
    return ngettext(
        "Encontré {n} nota al pie: la puse al final, como un párrafo aparte.",
        "Encontré {n} notas al pie: las puse al final, cada una como un párrafo aparte.",
        count,
    ).format(n=number(count))


def _running_heads(count: int, margins: Margins) -> str:
    shown = ", ".join(f"«{text}»" for text, _count in margins.heads.most_common(_SHOWN))
    shown += "…" if len(margins.heads) > _SHOWN else ""
    phrase = ngettext(
        "Saqué {n} encabezado o pie de página ({shown}).", "Saqué {n} encabezados o pies de página ({shown}).", count
    ).format(n=number(count), shown=shown)
    return phrase + (" " + _page_numbers(margins.numbers) if margins.numbers else "")


def _page_numbers(count: int) -> str:
    return ngettext("Saqué el número de {n} página.", "Saqué los números de {n} páginas.", count).format(
        n=number(count)
    )
