"""Note on marks of web pages in what a model writes: who sees «<em>» in a verse thinks that the page is broken."""

from __future__ import annotations

from poetas.i18n import _
from widgets.core.html import first_markup


def markup_note(written: str) -> str:
    """Return the note where the model wrote such a mark, else "".

    >>> markup_note("El río <em>canta</em>")[:40], markup_note("El río canta, 2 < 3")
    ('Los signos como «<em>» vienen de páginas', '')
    """
    if not first_markup(written):
        return ""
    return _("Los signos como «<em>» vienen de páginas web: también las leyó, y se le escapan.")
