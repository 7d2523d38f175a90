"""Small drawings of data: a table, cards of text and summary, lists of notices; everything in them is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from poetas.i18n import _, number
from poetas.util.excerpt import shortened
from widgets.core.html import tag, text

CELL, CARD = 110, 280  # letters shown of a cell and of a text in a card
BEFORE = 340  # letters before the end of the reading that fit into a phone with it


def unbroken(sentence: str) -> str:
    """Keep a sign that stands alone with the word before it: «separadas por ;»."""
    return sentence.replace(" ;", "\N{NO-BREAK SPACE};").replace(" |", "\N{NO-BREAK SPACE}|")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str, *, longest: int = CELL) -> str:
    """Draw rows under their columns' names; a wide table scrolls in its own box."""
    head = "".join(tag("th", text(shortened(name, 40)), scope="col") for name in columns)
    body = "".join(tag("tr", "".join(tag("td", lines(shortened(cell, longest))) for cell in row)) for row in rows)
    drawn = tag("table", tag("caption", text(caption)) + tag("thead", tag("tr", head)) + tag("tbody", body))
    return tag("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=caption)


def lines(words: str) -> str:
    """Escape a text and keep its line breaks: a stanza is nothing without them."""
    return "<br>".join(text(line) for line in words.split("\n"))


def pair(words: str, summary: str | None) -> str:
    """Draw one text, and its summary where there is one, as a card."""
    inner = tag("p", text(_("Texto")), class_="poetas-pair-label")
    inner += tag("p", lines(shortened(words, CARD)) or _empty(), class_="serif")
    if summary is not None:
        inner += tag("p", text(_("Resumen")), class_="poetas-pair-label")
        inner += tag("p", lines(shortened(summary, CARD)) or _empty(), class_="serif")
    return tag("div", inner, class_="card poetas-pair")


def xray(kept: str, lost: str, tokens: int) -> str:
    """Draw a text with what will never be read of it struck through, and a word where the reading ends."""
    head = _("Radiografía de un texto de {n} tokens: lo tachado no lo lee.").format(n=number(tokens))
    mark = tag("span", text(_("hasta acá lee")), class_="poetas-xray-mark")
    body = _ending(kept) + mark + tag("s", lines(lost), class_="cut")
    drawn = tag("div", body, class_="poetas-xray serif", tabindex="0")
    return tag("div", tag("p", text(head), class_="poetas-pair-label") + drawn + _halved(kept, lost))


def _ending(kept: str) -> str:
    """Draw the end of what is read; the beginning of a long text is folded, so that the eye falls on where it ends."""
    at = kept.find(" ", len(kept) - BEFORE) if len(kept) > BEFORE else -1
    if at < 0:
        return lines(kept)
    fold = tag("summary", text(_("Ver el principio")))
    return tag("details", fold + lines(kept[:at])) + "… " + lines(kept[at + 1 :])


def _halved(kept: str, lost: str) -> str:
    """Say which word the cut falls into, "" where it falls between two: half a word read is a word lost."""
    if not kept or not lost or kept[-1].isspace() or lost[0].isspace():
        return ""
    begun, missing = kept.rsplit(maxsplit=1)[-1], lost.split(maxsplit=1)[0]
    words = _("El corte cae en medio de la palabra «{word}»: lee solo «{begun}», y la contamos como perdida.")
    return tag("p", text(words.format(word=begun + missing, begun=begun)), class_="soft")


def understood(name: str, sentence: str) -> str:
    """Say what was understood of a file."""
    words = tag("b", text(name)) + "<br>" + text(unbroken(sentence))
    return tag("div", tag("p", words), class_="verdict", role="status")


def _empty() -> str:
    return tag("span", text(_("(vacío)")), class_="soft")


def notices(sentences: Iterable[str], *, kind: str = "care") -> str:
    """Draw sentences that are worth a look, one box for all of them; "" where there are none."""
    told = [tag("li", text(sentence)) for sentence in sentences if sentence]
    if not told:
        return ""
    return tag("div", tag("ul", "".join(told)), class_=f"notice {kind} poetas-list")


def figures(told: Mapping[str, str]) -> str:
    """Draw a handful of figures: what each is -> how much."""
    parts = (tag("div", tag("b", text(value)) + tag("span", text(name))) for name, value in told.items())
    return tag("div", "".join(parts), class_="figs")
