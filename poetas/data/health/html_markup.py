"""Check for HTML left in a text: known tags and character references; removed, with the line breaks that they meant."""

from __future__ import annotations

import re
from html.entities import html5

import pandas as pd

from poetas.data.health.base import HealthCheck, Light
from poetas.data.pipeline.steps import PipelineStep, normalise
from poetas.data.pipeline.table_cells import map_cells
from poetas.i18n import _, ngettext

_BREAKING = "br hr p div li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote section article header footer pre dd dt dl"
_INLINE = (
    "a abbr acronym b big body button caption center cite code col colgroup del em figcaption figure font form head"
    " html i iframe img input ins label link main mark meta nav noscript q s small span strike strong sub sup svg"
    " tbody td tfoot th thead title tt u video audio source picture"
)
_MORE = r"(?:\s[^<>]{0,2000})?\s?/?"
# What has no text in it, from where to where.
_HIDDEN = tuple(
    (re.compile(opening, re.IGNORECASE), closing)
    for opening, closing in (
        (r"<script\b", "</script>"), (r"<style\b", "</style>"), ("<!--", "-->"), (r"<!doctype\b|<\?xml\b", ">")
    )
)  # fmt: skip
_BREAK = re.compile(rf"<br{_MORE}>\n?", re.IGNORECASE)
_BLOCK = re.compile(rf"</?(?:{'|'.join(_BREAKING.split())}){_MORE}>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{'|'.join(_INLINE.split())}){_MORE}>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));")
_HIGHEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_TWICE = 3  # "&amp;iacute;": references are sometimes escaped again


def strip_html(text: str) -> str:
    r"""Return a text without HTML; what only looks like it ("a < b", "<3", "<<cita>>") stays.

    >>> strip_html("<p>Hab&iacute;a una vez<br>&laquo;un r&iacute;o&raquo; &amp; m&aacute;s</p>")
    'Había una vez\n«un río» & más'
    >>> strip_html("I <3 a < b"), strip_html("<<canta>> y <nombre>")
    ('I <3 a < b', '<<canta>> y <nombre>')
    """
    if "<" not in text and "&" not in text:
        return text
    plain = text
    if "<" in text:
        for opening, closing in _HIDDEN:
            plain = _without(plain, opening, closing)
        plain = _TAG.sub("", _BLOCK.sub("\n", _BREAK.sub("\n", plain)))
    for _round in range(_TWICE):
        unescaped = _REFERENCE.sub(_character, plain)
        if unescaped == plain:
            break
        plain = unescaped
    return text if plain == text else normalise(plain)


def _without(text: str, opening: re.Pattern[str], closing: str) -> str:
    """Cut out what is between two marks; one search for each, however many there are."""
    if not opening.search(text):
        return text
    lower = text.lower() if len(text.lower()) == len(text) else text
    kept: list[str] = []
    here = 0
    while (start := opening.search(text, here)) and (end := lower.find(closing, start.end())) >= 0:
        kept.append(text[here : start.start()])
        here = end + len(closing)
    return "".join([*kept, text[here:]])


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return html5.get(f"{name};", match[0])
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= _HIGHEST and code not in _SURROGATES else ""


def strip_markup(table: pd.DataFrame) -> pd.DataFrame:
    """The step: strip every cell."""
    return map_cells(table, strip_html)


CHECK = HealthCheck(
    code="html",
    light=Light.REPAIR,
    healthy=lambda: _("No quedaron marcas de páginas web (HTML)"),
    problem=lambda n: ngettext(
        "En {n} texto quedaron marcas de una página web (HTML).",
        "En {n} textos quedaron marcas de una página web (HTML).",
        n,
    ),
    advice=lambda: _("El modelo las aprendería como si fueran palabras tuyas."),
    repaired=lambda n: ngettext("Saqué las marcas de {n} texto.", "Saqué las marcas de {n} textos.", n),
    button=lambda: _("Sacar las marcas"),
    undo=lambda: _("Dejarlas como estaban"),
    steps=(PipelineStep("strip-html"),),
    by_row=True,
)
