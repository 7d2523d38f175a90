"""How a token is shown: blanks as ␣, line breaks as ↵, so that what cannot be seen can be read."""

from __future__ import annotations

from poetas.i18n import _
from poetas.tokens.spelling import visible
from widgets.core.html import tag, text


def word(piece: str) -> str:
    """Return a token as a label: without its leading blank, unless nothing else is left of it.

    >>> word(" lluvia"), word(" ")
    ('lluvia', '␣')
    """
    bare = piece.strip(" ")
    return visible(bare) if bare else visible(piece)


def chips(pieces: list[str]) -> str:
    """Return HTML that shows a text cut into its tokens, escaped."""
    spans = "".join(tag("span", text(visible(piece))) for piece in pieces)
    return tag("div", spans, class_="tok", role="img", aria_label=_("El texto en pedacitos: ") + " | ".join(pieces))
