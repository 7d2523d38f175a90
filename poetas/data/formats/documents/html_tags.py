"""Elements of HTML: a tag and its attributes in, how its content is read out."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LOOKS: Mapping[str, Mapping[str, str]] = {
    tag: {name: value}
    for tags, name, value in (
        ("b strong", "font-weight", "bold"),
        ("i em cite dfn var", "font-style", "italic"),
        ("u ins", "text-decoration", "underline"),
        ("big", "font-size", "larger"),
        ("center", "text-align", "center"),
    )
    for tag in tags.split()
}
_TITLED = re.compile(r"(?<!sub)(?<!sub[-_])(?:t[ií]t(?:le|ulo|ol)?(?![a-z])|heading|encabezado)", re.IGNORECASE)
HEADINGS = {f"h{level}" for level in range(1, 7)}
BLOCKS = HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "html", "legend",
    "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "section", "summary", "ul", "table",
    "thead", "tbody", "tfoot", "tr", "td", "th", "title", "xmp", "listing",
}  # fmt: skip
SPACED = HEADINGS | {"p", "blockquote", "ul", "ol", "dl", "pre", "figure"}  # browsers set a line's height around them
PREFORMATTED = {"pre", "xmp", "listing", "textarea"}
_SILENT = {
    "script", "style", "template", "head", "iframe", "object", "audio", "video", "canvas", "svg", "datalist", "rt",
    "rp",
}  # fmt: skip
_NAVIGATION = {"nav", "menu", "button", "select", "textarea", "optgroup"}
_ASIDE = {
    "navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar",
    "doc-toc", "toc", "landmarks", "page-list", "pagebreak", "doc-pagebreak", "index",
}  # fmt: skip
TEXTS = {"article", "main", "section", "blockquote", "figure"}  # a footer in one of them belongs to a text
ALONE = {
    "br", "hr", "wbr", "img", "input", "meta", "link", "col", "base", "area", "source", "track", "param",
}  # fmt: skip
_NOTES = {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}
_NOTE_LISTS = {"footnotes", "endnotes", "rearnotes", "doc-endnotes"}
_NOTE_MARKS = {"noteref", "doc-noteref", "doc-backlink", "backlink"}
_LICENCE = {"copyright-page"}
_LICENCE_CLASS = re.compile(r"\bpg-boilerplate\b|\bpgheader\b")
_HIDDEN_STYLE = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_STANZAS = {
    "stanza", "stanzas", "strophe", "linegroup", "versegroup", "verse-group", "estrofa", "poem", "poema", "poetry",
}  # fmt: skip
_PAGE_STYLE = re.compile(r"break-before\s*:\s*(always|page|left|right)", re.IGNORECASE)
_NO_LOOK: Mapping[str, str] = {}
_DIGITS = 5  # of a number of cells; browsers stop at 65,534
_PAGE_AFTER = re.compile(r"break-after\s*:\s*(always|page|left|right)", re.IGNORECASE)
_KEEPS_BLANKS = re.compile(r"white-space\s*:\s*(pre|break-spaces)", re.IGNORECASE)

_BY_TAG = _SILENT | _NAVIGATION | {"footer", "noscript", "del"}
SILENT, NAVIGATION, HIDDEN, NOTE, NOTE_LIST, LICENCE, DELETED = (
    "", "navigation-word", "hidden-word", "note", "notes", "licence-page", "deletion",
)  # fmt: skip


def skipped_as(tag: str, attributes: Mapping[str, str], *, in_text: bool = False) -> str | None:
    """Tell why an element is not read: a kind of omission, ``SILENT``; None: it is read.

    in_text: whether one of `TEXTS` is around it.

    >>> skipped_as("nav", {}), skipped_as("script", {}), skipped_as("p", {})
    ('navigation-word', '', None)
    """
    if not attributes and tag not in _BY_TAG:  # as most elements
        return None
    roles = _words(attributes, "role") | _words(attributes, "epub:type")
    hidden = tag == "noscript" or "hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style", "")))
    reasons = (
        (SILENT, tag in _SILENT or bool(roles & _NOTE_MARKS)),
        (NOTE, bool(roles & _NOTES)),
        (NOTE_LIST, bool(roles & _NOTE_LISTS)),
        (LICENCE, bool(roles & _LICENCE or _LICENCE_CLASS.search(attributes.get("class", "")))),
        (NAVIGATION, tag in _NAVIGATION or bool(roles & _ASIDE) or (tag == "footer" and not in_text)),
        (HIDDEN, hidden),
        (DELETED, tag == "del"),
    )
    return next((kind for kind, so in reasons if so), None)


def look_of(tag: str, attributes: Mapping[str, str]) -> Mapping[str, str]:
    """What an element declares of its letters and their place by its tag and its old attributes, as CSS would.

    >>> look_of("em", {}), look_of("font", {"size": "5"}), look_of("p", {"align": "center"})
    ({'font-style': 'italic'}, {'font-size': '5'}, {'text-align': 'center'})
    """
    if tag == "font" and "size" in attributes:
        return {"font-size": attributes["size"]}
    if "align" in attributes:
        return {"text-align": attributes["align"].lower()}
    return _LOOKS.get(tag, _NO_LOOK)


def is_titled(attributes: Mapping[str, str]) -> bool:
    """Whether a class calls the element a title.

    >>> is_titled({"class": "v poem-title"}), is_titled({"class": "subtitulo"}), is_titled({})
    (True, False, False)
    """
    return "class" in attributes and bool(_TITLED.search(attributes["class"]))


def is_stanza(attributes: Mapping[str, str]) -> bool:
    """Whether the element groups verses."""
    return bool(_STANZAS & _words(attributes, "class"))


def begins_page(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether a new page, or a part behind a rule, begins with the element."""
    return tag == "hr" or bool(_PAGE_STYLE.search(attributes.get("style", "")))


def ends_page(attributes: Mapping[str, str]) -> bool:
    """Whether a new page begins after the element."""
    return bool(_PAGE_AFTER.search(attributes.get("style", "")))


def keeps_blanks(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether blanks and line ends in the element are part of the text."""
    return tag in PREFORMATTED or bool(_KEEPS_BLANKS.search(attributes.get("style", "")))


def span(attributes: Mapping[str, str], name: str) -> int:
    """The number of columns or rows that a cell covers.

    >>> span({"colspan": "3"}, "colspan"), span({"colspan": "x"}, "colspan")
    (3, 1)
    """
    value = attributes.get(name, "1").strip()
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else 1


def _words(attributes: Mapping[str, str], name: str) -> set[str]:
    return set(attributes.get(name, "").lower().split())
