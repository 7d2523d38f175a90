"""HTML helpers of the components: elements, glossary words, Markdown; text and attribute values are escaped."""

from __future__ import annotations

import re
from html import escape
from itertools import count

from markdown_it import MarkdownIt

from poetas import glossary_entries
from poetas.i18n import _

_ids = count()
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,60}>")
_GLOSS = re.compile(r'<a href="#glosa-([\w-]+)">(.*?)</a>', re.DOTALL)


def text(value: object) -> str:
    """Escape anything for use as text or as an attribute's value.

    >>> text('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(str(value), quote=True)


def tag(name: str, content: str = "", **attributes: str) -> str:
    """Return an element; ``content`` is HTML already, attribute values are escaped. A trailing ``_`` is dropped.

    >>> tag("p", text("a < b"), class_="soft")
    '<p class="soft">a &lt; b</p>'
    """
    pairs = (f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items())
    return f"<{name}{''.join(pairs)}>{content}</{name}>"


def first_markup(words: str) -> str:
    """Return the first HTML tag that a text shows, "" where there is none: web pages leave some behind.

    >>> first_markup("El río</strong> y 2 < 3"), first_markup("2 < 3 > 1")
    ('</strong>', '')
    """
    match = _MARKUP.search(words)
    return match[0] if match is not None else ""


def gloss(term: str, label: str = "") -> str:
    """Return a word that opens its glossary note: the browser's own popover, so no script is needed.

    On a page of Voilà, `static/page/glossary.js` also shows it on hover and focus, beside the word.
    Raises KeyError for a term that the glossary lacks.
    """
    entry = glossary_entries.get(term)
    identifier = f"glosa-{term}-{next(_ids)}"
    word = tag("button", label or text(entry.title), class_="glosa", popovertarget=identifier, type="button")
    note = tag("b", text(entry.title)) + " " + text(entry.meaning)
    if entry.comparison:
        note += " " + tag("i", text(entry.comparison))
    hides = {"popovertarget": identifier, "popovertargetaction": "hide", "aria_label": _("Cerrar")}
    note += tag("button", "×", type="button", class_="glosa-cerrar", **hides)
    return word + f'<span popover id="{identifier}" class="glosa-nota">{note}</span>'


def markdown(source: str) -> str:
    """Render one of our own lesson texts; links such as ``[token](#glosa-token)`` become glossary words."""
    return _GLOSS.sub(lambda match: gloss(match[1], match[2]), _markdown.render(source))
