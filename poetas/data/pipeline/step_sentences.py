"""Sentences about applied steps: a step's name and its counts in, what the learner reads out."""

from __future__ import annotations

from poetas.i18n import _, ngettext, number


def step_sentence(name: str, *, changed: int, lost: int) -> str:
    """What a step did. changed: rows with another text. lost: dropped rows.

    >>> step_sentence("drop-near", changed=0, lost=3)
    'Saqué 3 filas casi repetidas.'
    """
    count = lost or changed
    phrase = {
        "normalise": ngettext("Emprolijé {n} fila.", "Emprolijé {n} filas.", count),
        "fix-mojibake": ngettext(
            "Arreglé las letras rotas de {n} fila.", "Arreglé las letras rotas de {n} filas.", count
        ),
        "strip-html": ngettext("Saqué las marcas HTML de {n} fila.", "Saqué las marcas HTML de {n} filas.", count),
        "drop-lost": ngettext("Saqué {n} fila con letras perdidas.", "Saqué {n} filas con letras perdidas.", count),
        "mask-urls": ngettext("Tapé enlaces con claves en {n} fila.", "Tapé enlaces con claves en {n} filas.", count),
        "mask-emails": ngettext("Tapé correos en {n} fila.", "Tapé correos en {n} filas.", count),
        "mask-payment": ngettext(
            "Tapé números de tarjetas o de cuentas en {n} fila.",
            "Tapé números de tarjetas o de cuentas en {n} filas.",
            count,
        ),
        "mask-documents": ngettext("Tapé documentos en {n} fila.", "Tapé documentos en {n} filas.", count),
        "mask-phones": ngettext("Tapé teléfonos en {n} fila.", "Tapé teléfonos en {n} filas.", count),
        "swap-columns": ngettext("Di vuelta {n} fila.", "Di vuelta {n} filas.", count),
        "drop-empty": ngettext("Saqué {n} fila incompleta.", "Saqué {n} filas incompletas.", count),
        "drop-long-summaries": ngettext(
            "Saqué {n} fila con un resumen que no resume.", "Saqué {n} filas con un resumen que no resume.", count
        ),
        "drop-outliers": ngettext(
            "Saqué {n} texto cortísimo o larguísimo.", "Saqué {n} textos cortísimos o larguísimos.", count
        ),
        "drop-other-language": ngettext("Saqué {n} texto en otro idioma.", "Saqué {n} textos en otro idioma.", count),
        "drop-invented": ngettext(
            "Saqué {n} fila con un resumen que dice de más.", "Saqué {n} filas con un resumen que dice de más.", count
        ),
        "drop-other-summaries": ngettext(
            "Saqué {n} resumen: su texto ya tenía otro.", "Saqué {n} resúmenes: su texto ya tenía otro.", count
        ),
        "drop-duplicates": ngettext("Saqué {n} fila repetida.", "Saqué {n} filas repetidas.", count),
        "drop-near": ngettext("Saqué {n} fila casi repetida.", "Saqué {n} filas casi repetidas.", count),
    }.get(name, _("Apliqué «{name}».").format(name=name))
    return phrase.format(n=number(count))
