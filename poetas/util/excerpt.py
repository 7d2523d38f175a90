"""Excerpts of texts for showing: the beginning of a long text, cut at a blank, with an ellipsis."""

from __future__ import annotations


def shortened(text: str, longest: int) -> str:
    """Return at most ``longest`` characters of a text; where it is cut, it ends with an ellipsis.

    >>> shortened("La luna baja al río", 12), shortened("corto", 12), shortened("Supercalifragilístico", 6)
    ('La luna…', 'corto', 'Super…')
    """
    if len(text) <= longest:
        return text
    head = text[: max(0, longest - 1)]
    blank = head.rfind(" ")
    return (head[:blank] if blank > longest // 2 else head).rstrip(" ,;:.\n\t") + "…"


def ending(text: str, longest: int) -> str:
    r"""Return the end of a text's last line, at most ``longest`` characters, after an ellipsis where it is cut.

    >>> ending("Ay, mi amor\nLa luna baja al río", 12), ending("corto", 12)
    ('…baja al río', 'corto')
    """
    lines = text.strip().splitlines() or [""]
    line = lines[-1].strip()
    if len(line) <= longest:
        return line
    start = len(line) - max(1, longest - 1)
    within = line[start - 1] != " "  # a word is cut: leave it out, unless there is no other
    return "…" + ((line[start:].partition(" ")[2] if within else "") or line[start:]).lstrip()
