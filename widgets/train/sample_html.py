"""HTML cards of a model's outputs for a few texts: the text, its reference summary, and the attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from poetas.i18n import _, number
from poetas.util.excerpt import ending, shortened
from widgets.controls.highlighting import breaks_off
from widgets.controls.previews import continued, lines
from widgets.core.html import tag, text

CUT = "-cut"  # after a kind of attempt: it breaks off at the length limit
PLAIN, SHOWN = "plain", "shown"  # without and with examples in the prompt
OWN = "own"  # True in the row of the learner's own text, which she pasted in app 1
QUOTED = 60  # characters of a text in a sentence
SIGNS = " ,;:\n"  # at the end of a verse that is quoted: others follow
SHORT = 240  # characters of a text before «leer entero»

Writing = tuple[int, str, str]


def drawn(rows: Sequence[Mapping[str, Any]], writing: Writing | None = None, *, style: bool = False) -> str:
    """Draw each text with what was written for it. writing: (index, kind of attempt, text so far)."""
    cards = []
    for index, row in enumerate(rows):
        now = {writing[1]: writing[2]} if writing is not None and writing[0] == index else {}
        name = _("Lo que pegaste en la app 1") if OWN in row else _("Texto {n}").format(n=number(index + 1))
        title = tag("h3", text(name))
        cards.append(tag("div", title + (_style(row, now) if style else _summary(row, now)), class_="card poetas-pair"))
    return tag("div", "".join(cards), class_="poetas-attempts") if cards else ""


def _summary(row: Mapping[str, Any], now: Mapping[str, str]) -> str:
    inner = whole(row["text"])
    if OWN not in row:
        inner += _labelled(_("El resumen de referencia"), row["summary"] or _("(está vacío)"))
    for kind, name in ((PLAIN, _("El modelo, sin ejemplos")), (SHOWN, _("El modelo, con dos ejemplos delante"))):
        if kind in row or kind in now:
            words, cut = row.get(kind, now.get(kind, "")), f"{kind}{CUT}" in row
            inner += _labelled(name, words, writing=kind in now, mine=True, cut=cut)
    return inner


def _style(row: Mapping[str, Any], now: Mapping[str, str]) -> str:
    more = row.get(PLAIN, now.get(PLAIN, ""))
    verse = continued(row["text"], more) + (breaks_off() if f"{PLAIN}{CUT}" in row else "")
    said = _("Tu primer verso, y cómo sigue el modelo") if OWN in row else ""
    said = said or _("Un comienzo del conjunto, y cómo sigue el modelo")
    label = tag("p", text(said), class_="poetas-pair-label")
    return label + tag("p", verse, class_="serif")


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


def quoted(words: str) -> str:
    """Return the beginning of a text, in one line, to quote in a sentence."""
    return shortened(" ".join(words.split()), QUOTED)


def baseline_seen(rows: Sequence[Mapping[str, Any]], *, style: bool) -> str:
    """Quote how the last beginning was continued; or say how long the last text and its summary are."""
    row = rows[-1] if rows else {}
    source, written = str(row.get("text", "")).strip(), str(row.get(PLAIN if style else SHOWN, "")).strip()
    if not source or not written:
        return ""
    if style:
        words = _("Después de «{beginning}», escribió «{written}».")
        return words.format(beginning=ending(source.rstrip(SIGNS), QUOTED), written=quoted(written))
    words = _("De un texto de {n} palabras, con dos ejemplos delante, escribió {m}: «{written}».")
    lengths = {"n": number(len(source.split())), "m": number(len(written.split()))}
    return words.format(**lengths, written=quoted(written))
