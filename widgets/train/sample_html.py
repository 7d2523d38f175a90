"""HTML cards of a model's outputs for a few texts: the text, its reference summary, and the attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poetas.i18n import _, number
from poetas.util.excerpt import shortened
from widgets.controls.highlighting import breaks_off
from widgets.controls.previews import lines
from widgets.core.html import tag, text

CUT = "-cut"  # after a kind of attempt: it breaks off at the length limit
PLAIN, SHOWN = "plain", "shown"  # without and with examples in the prompt
SHORT = 240  # characters of a text before «leer entero»

Writing = tuple[int, str, str]


def drawn(rows: Sequence[Mapping[str, str]], writing: Writing | None = None, *, style: bool = False) -> str:
    """Draw each text with what was written for it. writing: (index, kind of attempt, text so far)."""
    cards = []
    for index, row in enumerate(rows):
        now = {writing[1]: writing[2]} if writing is not None and writing[0] == index else {}
        title = tag("h3", text(_("Texto {n}").format(n=number(index + 1))))
        cards.append(tag("div", title + (_style(row, now) if style else _summary(row, now)), class_="card poetas-pair"))
    return tag("div", "".join(cards), class_="poetas-attempts") if cards else ""


def _summary(row: Mapping[str, str], now: Mapping[str, str]) -> str:
    inner = whole(row["text"])
    inner += _labelled(_("El resumen de referencia"), row["summary"] or _("(está vacío)"))
    for kind, name in ((PLAIN, _("El modelo, sin ejemplos")), (SHOWN, _("El modelo, con dos ejemplos delante"))):
        if kind in row or kind in now:
            words, cut = row.get(kind, now.get(kind, "")), f"{kind}{CUT}" in row
            inner += _labelled(name, words, writing=kind in now, mine=True, cut=cut)
    return inner


def _style(row: Mapping[str, str], now: Mapping[str, str]) -> str:
    more = row.get(PLAIN, now.get(PLAIN, ""))
    written = tag("span", lines(more), class_="written") + (breaks_off() if f"{PLAIN}{CUT}" in row else "")
    label = tag("p", text(_("Un comienzo del conjunto, y cómo sigue el modelo")), class_="poetas-pair-label")
    return label + tag("p", lines(row["text"]) + written, class_="serif")


def whole(words: str) -> str:
    """Draw a text: a short one whole, a long one folded after its beginning."""
    if len(words) <= SHORT + 60:
        return tag("p", lines(words), class_="serif")
    folded = tag("summary", text(_("Leer el texto entero"))) + tag("p", lines(words), class_="serif")
    return tag("p", lines(shortened(words, SHORT)), class_="serif") + tag("details", folded, class_="poetas-whole")


def _labelled(name: str, words: str, *, writing: bool = False, mine: bool = False, cut: bool = False) -> str:
    shown = lines(words.strip()) or text("…" if writing else _("(no escribió nada)"))
    shown += breaks_off() if cut else ""
    content = tag("p", text(name), class_="poetas-pair-label") + tag("p", shown, class_="serif")
    return tag("div", content, class_="poetas-said mine" if mine else "poetas-said")
