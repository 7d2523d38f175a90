"""Words for what became of a row: the code of a reason or of a step in, what the learner reads out."""

from __future__ import annotations

from collections.abc import Mapping

from poetas.data.formats import excluded_files
from poetas.i18n import _


def reason_words(code: str) -> str:
    """Why a row, or a part of a file, was left out.

    >>> reason_words("duplicate"), reason_words("readme")
    ('es copia exacta de otra fila', 'explica la carpeta')
    """
    return _reasons().get(code) or excluded_files.in_words(code)


def change_words(step: str) -> str:
    """How a step changed a row.

    >>> change_words("mask-emails")
    'tapé un correo'
    """
    return _changes().get(step, step)


def _reasons() -> Mapping[str, str]:
    return {
        "blank": _("no tiene nada escrito"),
        "no-text": _("no tiene texto"),
        "no-summary": _("no tiene resumen"),
        "emptied": _("quedó vacía después de un arreglo"),
        "duplicate": _("es copia exacta de otra fila"),
        "near-duplicate": _("es casi igual a otra fila"),
        "other-summary": _("es otro resumen de un texto que ya está"),
        "long-summary": _("su resumen es tan largo como su texto"),
        "odd-length": _("es cortísima o larguísima"),
        "other-language": _("está en otro idioma"),
        "invented-facts": _("su resumen dice cosas que su texto no dice"),
        "letters-lost": _("tiene letras perdidas"),
        "above-header": _("está arriba de los títulos de las columnas"),
        "below-header": _("aclara los títulos de las columnas"),
        "beyond-limit": _("no entra: el archivo es demasiado largo"),
        "columns-cut": _("no entra: el archivo tiene demasiadas columnas"),
        "line-broken": _("no la pude entender"),
        "other-sheet": _("es otra hoja del archivo"),
        "hidden-sheet": _("es una hoja oculta"),
        "hidden-row": _("es una fila oculta"),
        "hidden-column": _("es una columna oculta"),
        "other-table": _("es otra tabla del archivo"),
        "table": _("es una tabla entre los textos"),
        "binary": _("no guarda texto"),
        "licence": _("es la licencia o los créditos"),
        "title": _("es el título, no el texto"),
        "page-failed": _("no se pudo leer"),
        "page-picture": _("es una imagen"),
        "pages-cut": _("no entra: el archivo es demasiado largo"),
        "margin": _("está en el margen de la página"),
        "words-turned": _("hay palabras escritas de costado"),
        "words-hidden": _("hay palabras que no se ven"),
        "deletion": _("está tachado por el control de cambios"),
        "header": _("es el encabezado o el pie de la página"),
        "note": _("es una nota al pie o al final"),
        "comment": _("es un comentario"),
        "embedded-part": _("es algo pegado de otro programa"),
        "placeholder": _("es un lugar para completar, sin completar"),
        "contents-entry": _("es del índice"),
        "contents-page": _("es la página del índice"),
        "paragraph": _("está fuera de la tabla"),
        "navigation-word": _("es del menú de la página"),
        "hidden-word": _("no se ve en la página"),
        "aside-page": _("es una página aparte del libro"),
        "licence-page": _("es la licencia o los créditos"),
        "chapter": _("es un capítulo que no se pudo leer"),
        "cover": _("es la tapa"),
        "system-turn": _("es una instrucción del sistema"),
        "later-turn": _("es un mensaje posterior de la conversación"),
        "other-turn": _("es un mensaje de otro tipo"),
        "other-part": _("no es texto"),
        "chat-system": _("es un aviso de la aplicación"),
        "chat-media": _("es una foto, un audio o un archivo"),
    }


def _changes() -> Mapping[str, str]:
    return {
        "normalise": _("emprolijé blancos y acentos"),
        "fix-mojibake": _("arreglé letras rotas"),
        "strip-html": _("saqué marcas HTML"),
        "mask-urls": _("tapé la clave de un enlace"),
        "mask-emails": _("tapé un correo"),
        "mask-payment": _("tapé una tarjeta o una cuenta"),
        "mask-documents": _("tapé un documento"),
        "mask-phones": _("tapé un teléfono"),
        "swap-columns": _("di vuelta el texto y el resumen"),
    }
