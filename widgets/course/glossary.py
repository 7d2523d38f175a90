"""Glossary widget: all terms with meaning and comparison, folded, as link targets of the lesson texts."""

from __future__ import annotations

from ipywidgets import HTML

from poetas import glossary_entries
from poetas.i18n import _
from widgets.core.elements import look
from widgets.core.html import tag, text


class Glossary(HTML):
    """Every term with its everyday comparison; ``#glosa-TERM`` links in the page's texts lead here."""

    def __init__(self) -> None:
        rows = ""
        for term in glossary_entries.terms():
            entry = glossary_entries.get(term)
            comparison = tag("i", text(entry.comparison)) if entry.comparison else ""
            rows += tag("dt", text(entry.title), id=f"glosa-{term}")
            rows += tag("dd", f"{text(entry.meaning)} {comparison}")
        inner = tag("summary", text(_("Glosario"))) + tag("dl", rows)
        super().__init__(tag("details", inner, class_="poetas-note poetas-glossary"), **look("poetas"))
