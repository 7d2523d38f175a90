"""Sentences about the parts of a document that are not its text: a kind and its count in, words for the learner out."""

from __future__ import annotations

from poetas.i18n import _, ngettext, number

# Kinds that are read; each is said with this code.
READ = {
    "insertion": "insertions-read",
    "symbol": "symbols-lost",
    "cut-end": "file-cut",
    "list-mark": "list-marks-left",
    "merged-cell": "merged-cells",
}


def code_of(kind: str) -> str:
    """The code of the notice about parts of a kind.

    >>> code_of("note"), code_of("contents-entry"), code_of("cut-end")
    ('notes-left', 'contents-entries-left', 'file-cut')
    """
    plural = f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"
    return READ.get(kind, f"{plural}-left")


def sentence_of(kind: str, count: int) -> str:
    """Say how many parts of a kind there are, and what became of them.

    >>> sentence_of("note", 2)
    'Dejé 2 notas al pie o al final.'
    """
    return _sentences(count)[kind].format(n=number(count))


def _sentences(n: int) -> dict[str, str]:
    return _of_office(n) | _of_books(n)


def _of_office(n: int) -> dict[str, str]:
    return {
        "insertion": ngettext(
            "Leí {n} agregado hecho con control de cambios como parte del texto.",
            "Leí {n} agregados hechos con control de cambios como parte del texto.",
            n,
        ),
        "deletion": ngettext(
            "Dejé {n} pedazo que alguien borró con control de cambios.",
            "Dejé {n} pedazos que alguien borró con control de cambios.",
            n,
        ),
        "note": ngettext("Dejé {n} nota al pie o al final.", "Dejé {n} notas al pie o al final.", n),
        "comment": ngettext("Dejé {n} comentario al margen.", "Dejé {n} comentarios al margen.", n),
        "table": ngettext(
            "El documento también tiene {n} tabla: leí los párrafos y la dejé.",
            "El documento también tiene {n} tablas: leí los párrafos y las dejé.",
            n,
        ),
        "other-table": ngettext(
            "Dejé {n} tabla que tiene otras columnas.", "Dejé {n} tablas que tienen otras columnas.", n
        ),
        "paragraph": ngettext(
            "Leí la tabla del documento y dejé {n} párrafo que está fuera de ella.",
            "Leí la tabla del documento y dejé {n} párrafos que están fuera de ella.",
            n,
        ),
        "merged-cell": ngettext(
            "{n} celda está combinada con la de arriba: le puse el mismo texto.",
            "{n} celdas están combinadas con la de arriba: les puse el mismo texto.",
            n,
        ),
        "header": ngettext("Dejé {n} encabezado o pie de página.", "Dejé {n} encabezados o pies de página.", n),
        "list-mark": ngettext(
            "Leí sin su marca {n} párrafo que el programa numera o marca por su cuenta.",
            "Leí sin su marca {n} párrafos que el programa numera o marca por su cuenta.",
            n,
        ),
        "placeholder": ngettext(
            "Dejé {n} casillero sin llenar de una plantilla.", "Dejé {n} casilleros sin llenar de una plantilla.", n
        ),
        "embedded-part": ngettext(
            "Dejé {n} parte hecha con otro programa (un dibujo con letras, una hoja, otro documento).",
            "Dejé {n} partes hechas con otro programa (un dibujo con letras, una hoja, otro documento).",
            n,
        ),
        "symbol": ngettext(
            "Hay {n} signo que solo su tipo de letra sabe dibujar: puse � en su lugar.",
            "Hay {n} signos que solo su tipo de letra sabe dibujar: puse � en su lugar.",
            n,
        ),
        "cut-end": _("El archivo termina antes de tiempo: puede faltar el final."),
    }


def _of_books(n: int) -> dict[str, str]:
    return {
        "contents-entry": ngettext("Dejé el índice, de {n} renglón.", "Dejé el índice, de {n} renglones.", n),
        "navigation-word": ngettext(
            "Dejé {n} palabra de menús y pies, que no es parte del texto.",
            "Dejé {n} palabras de menús y pies, que no son parte del texto.",
            n,
        ),
        "hidden-word": ngettext(
            "Dejé {n} palabra que está escondida y no se ve.", "Dejé {n} palabras que están escondidas y no se ven.", n
        ),
        "cover": ngettext("Dejé {n} tapa o portada.", "Dejé {n} tapas o portadas.", n),
        "licence-page": ngettext(
            "Dejé {n} página de licencia o derechos.", "Dejé {n} páginas de licencia o derechos.", n
        ),
        "contents-page": ngettext("Dejé {n} página de índice.", "Dejé {n} páginas de índice.", n),
        "aside-page": ngettext(
            "Dejé {n} página que el libro pone aparte.", "Dejé {n} páginas que el libro pone aparte.", n
        ),
        "chapter": ngettext(
            "Falta {n} capítulo que el libro anuncia.", "Faltan {n} capítulos que el libro anuncia.", n
        ),
    }


def place_of(kind: str, index: int) -> str:
    """Name a part by its kind and its number, counted from 1.

    >>> place_of("note", 2)
    'nota 2'
    """
    names = {
        "deletion": _("borrado {n}"),
        "note": _("nota {n}"),
        "comment": _("comentario {n}"),
        "table": _("tabla {n}"),
        "header": _("encabezado o pie {n}"),
        "contents-entry": _("renglón {n} del índice"),
        "placeholder": _("casillero {n}"),
        "navigation-word": _("menús y pies, palabra {n}"),
        "hidden-word": _("palabra escondida {n}"),
    }
    return names.get(kind, _("parte {n}")).format(n=number(index))
