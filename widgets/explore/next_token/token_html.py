"""HTML of tokens: blanks shown as ␣ and line breaks as ↵."""

from __future__ import annotations

from poetas.i18n import _, ngettext, number
from poetas.tokens.token_display import visible
from widgets.core.html import tag, text

CHIPS = 60  # of a text's last tokens that are drawn


def word(piece: str) -> str:
    """Return a token as a word for a sentence: without its leading blank, unless nothing else is left of it.

    >>> word(" lluvia"), word(" ")
    ('lluvia', '␣')
    """
    bare = piece.strip(" ")
    return visible(bare) if bare else visible(piece)


def label(piece: str) -> str:
    """Return a token as a bar's label: a lone blank or line end also by its name.

    >>> label(" lluvia"), label(" ")
    ('␣lluvia', '␣ espacio')
    """
    named = {" ": _("{sign} espacio"), "\n": _("{sign} renglón"), "\n\n": _("{sign} estrofa")}
    return named[piece].format(sign=visible(piece)) if piece in named else visible(piece)


def chips(pieces: list[str]) -> str:
    """Return HTML that shows a text cut into its tokens, escaped."""
    spans = "".join(tag("span", text(visible(piece))) for piece in pieces)
    return tag("div", spans, class_="tok", role="img", aria_label=_("El texto en pedacitos: ") + " | ".join(pieces))


def tokens_read(pieces: list[str], unread: int) -> str:
    """Draw the text in its pieces, the last ones where there are many. unread: pieces before those that were read."""
    if not pieces:
        return tag("p", text(_("Tu comienzo está vacío: el modelo apuesta con qué empieza un texto.")), class_="soft")
    words = _("El modelo lee tu texto en pedacitos:")
    if unread:
        notice = ngettext(
            "Tu texto es largo. Para no hacerte esperar, acá el modelo lee solo el final: {n} pedacito del comienzo "
            "quedó afuera.",
            "Tu texto es largo. Para no hacerte esperar, acá el modelo lee solo el final: {n} pedacitos del comienzo "
            "quedaron afuera.",
            unread,
        )
        words = notice.format(n=number(unread))
    more = len(pieces) - CHIPS
    if more > 0:
        words += " " + _("Estos son los últimos, y antes hay {n} más:").format(n=number(more))
    drawn = chips(pieces[-CHIPS:])
    sign = ""
    if any(piece.startswith(" ") for piece in pieces[-CHIPS:]):
        sign = tag("p", text(_("␣ es un espacio: muchos pedacitos lo llevan adelante.")), class_="soft small")
    return tag("p", text(words), class_="soft") + drawn + sign
