"""What people call the columns of their tables: known names of texts and summaries, in Spanish and English."""

from __future__ import annotations

from enum import StrEnum

from poetas.util.text_normalize import ascii_words


class Role(StrEnum):
    """What a column may be for."""

    TEXT = "text"
    SUMMARY = "summary"
    TITLE = "title"
    OTHER = "other"


# The earlier a name, the stronger: with "resumen" and "titular", the summary is "resumen".
_NAMES: dict[Role, str] = {
    Role.TEXT: (
        "texto text cuerpo body documento document articulo article contenido content noticia nota story cuento relato "
        "source original dialogue dialogo parrafo passage copla poema poem verso estrofa stanza letra lyrics "
        "mensaje message descripcion description entrada input"
    ),
    Role.SUMMARY: (
        "resumen summary resumido sintesis synopsis sinopsis abstract copete bajada highlights highlight tldr target "
        "objetivo salida output extracto"
    ),
    Role.TITLE: "titulo title titular headline encabezado asunto subject tema",
    Role.OTHER: (
        "id numero nro fecha date autor autora author url link enlace archivo file categoria category seccion section "
        "fuente idioma language etiqueta label"
    ),
}  # fmt: skip


def strength(name: str, wanted: Role) -> int:
    """How strongly a name speaks for a role: 0 not at all, higher is stronger.

    >>> strength("Resumen", Role.SUMMARY) > strength("copete", Role.SUMMARY) > strength("texto", Role.SUMMARY)
    True
    """
    words = ascii_words(name).split()
    known = _NAMES[wanted].split()
    best = 0
    for at, one in enumerate(known):
        if any(word in {one, f"{one}s", f"{one}es"} for word in words):
            # An exact name is stronger than one among other words ("fecha del texto").
            best = max(best, len(known) - at + (100 if len(words) == 1 else 0))
    return best


def role(name: str) -> Role | None:
    """The role that a column's name speaks for, or None where it says nothing.

    >>> role("Abstract"), role("columna 3"), role("fecha del resumen")
    (<Role.SUMMARY: 'summary'>, None, <Role.OTHER: 'other'>)
    """
    found = {wanted: strength(name, wanted) for wanted in Role}
    if found[Role.OTHER]:
        return Role.OTHER
    best = max(found, key=lambda wanted: found[wanted])
    return best if found[best] else None
