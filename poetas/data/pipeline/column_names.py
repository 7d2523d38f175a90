"""Known column names in Spanish and English: a name in, the role of its column (text, summary, title) out."""

from __future__ import annotations

from enum import StrEnum

from poetas.util.text_normalize import ascii_words


class Role(StrEnum):
    """The role of a column."""

    TEXT = "text"
    SUMMARY = "summary"
    TITLE = "title"
    OTHER = "other"


# The earlier a name, the stronger: with "resumen" and "titular", the summary is "resumen".
_NAMES: dict[Role, str] = {
    Role.TEXT: (
        "texto text cuerpo body documento document articulo article contenido content noticia nota story cuento relato "
        "source original dialogue dialogo parrafo passage copla poema poem verso estrofa stanza letra lyrics "
        "mensaje message descripcion description entrada input prompt"
    ),
    Role.SUMMARY: (
        "resumen summary resumido sintesis synopsis sinopsis abstract copete bajada highlights highlight tldr target "
        "objetivo salida output extracto respuesta response answer completion"
    ),
    Role.TITLE: "titulo title titular headline encabezado asunto subject tema",
    Role.OTHER: (
        "id numero nro fecha date autor autora author url link enlace archivo file categoria category seccion section "
        "fuente idioma language etiqueta label"
    ),
}  # fmt: skip


def strength(name: str, column_role: Role) -> int:
    """Score of a name for a role: 0 for none, higher is stronger.

    >>> strength("Resumen", Role.SUMMARY) > strength("copete", Role.SUMMARY) > strength("texto", Role.SUMMARY)
    True
    """
    words = ascii_words(name).split()
    known = _NAMES[column_role].split()
    best = 0
    for index, known_name in enumerate(known):
        if any(word in {known_name, f"{known_name}s", f"{known_name}es"} for word in words):
            # An exact name is stronger than one among other words ("fecha del texto").
            best = max(best, len(known) - index + (100 if len(words) == 1 else 0))
    return best


def role(name: str) -> Role | None:
    """The role of a column by its name, or None for an unknown name.

    >>> role("Abstract"), role("columna 3"), role("fecha del resumen")
    (<Role.SUMMARY: 'summary'>, None, <Role.OTHER: 'other'>)
    """
    scores = {column_role: strength(name, column_role) for column_role in Role}
    if scores[Role.OTHER]:
        return Role.OTHER
    best = max(scores, key=lambda column_role: scores[column_role])
    return best if scores[best] else None
