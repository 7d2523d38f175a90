"""Excerpts of texts for showing: the beginning or the end of a long text, cut at a blank, with an ellipsis."""

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


def shortened_start(text: str, longest: int) -> str:
    """Return at most the last ``longest`` characters of a text; where it is cut, it begins with an ellipsis.

    >>> shortened_start("La luna baja al río", 12), shortened_start("corto", 12)
    ('…baja al río', 'corto')
    """
    if len(text) <= longest:
        return text
    start = len(text) - max(1, longest - 1)
    within = not text[start - 1].isspace()  # a word is cut: leave it out, unless there is no other
    return "…" + ((text[start:].partition(" ")[2] if within else "") or text[start:]).lstrip()


def ending(text: str, longest: int) -> str:
    r"""Return the end of a text's last line, see `shortened_start`.

    >>> ending("Ay, mi amor\nLa luna baja al río", 12), ending("corto", 12)
    ('…baja al río', 'corto')
    """
    lines = text.strip().splitlines() or [""]
    return shortened_start(lines[-1].strip(), longest)
