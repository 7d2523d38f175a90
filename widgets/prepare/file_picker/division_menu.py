"""Options of «¿Dónde termina cada texto?»: counts of texts by way of dividing in, labels and values of a menu out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.i18n import _, number

DIVISIBLE = {"txt", "md", "docx", "odt", "rtf", "epub", "html", "htm", "xhtml", "pdf", "srt", "vtt", "zip", "folder"}
INDENTED = DIVISIBLE - {"srt", "vtt"}
DIVIDING = {"division", "indentation"}  # the hints that divide a text
_ALWAYS = {"txt", "md", "srt", "vtt", "zip", "folder"}


def is_divisible(reading: Mapping[str, Any]) -> bool:
    """Tell whether what was read is running text, or can be read as such."""
    return bool(reading.get("division")) or reading.get("format") in _ALWAYS


def asked_divisions(reading: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts of the ways to choose from: of those that give the very same texts, one.

    >>> asked_divisions({"divisions": {"poems": 3, "titles": 3, "whole": 1}, "repeated": ["titles"]})
    {'poems': 3, 'whole': 1}
    """
    repeated = reading.get("repeated") or ()
    return {way: count for way, count in (reading.get("divisions") or {}).items() if way not in repeated}


def is_asked(reading: Mapping[str, Any]) -> bool:
    """Tell whether `TextEnds` asks in the open: there are several ways, and what each would give is known."""
    divisions = asked_divisions(reading)
    return len(divisions) > 1 and reading.get("division") in divisions


def division_options(divisions: Mapping[str, int], automatic: str) -> list[tuple[str, str]]:
    """Return the ways of dividing a text; those that are known to apply, each with how many texts it gives.

    >>> division_options({"poems": 12, "lines": 200}, "auto")[1:]
    [('con cada poema, título y estrofas juntos (12)', 'poems'), ('en cada renglón o párrafo (200)', 'lines')]
    """
    labels = {
        "poems": _("con cada poema, título y estrofas juntos"),
        "blocks": _("en las líneas en blanco"),
        "titles": _("en cada título"),
        "marks": _("en cada marca, como ***"),
        "pages": _("en cada página"),
        "lines": _("en cada renglón o párrafo"),
        "whole": _("en ningún lado: es un solo texto"),
    }
    options = [(_("Automático"), automatic)]
    for way, label in labels.items():
        if way in divisions:
            options.append((_("{way} ({n})").format(way=label, n=number(divisions[way])), way))
        elif not divisions:
            options.append((label, way))
    return options
