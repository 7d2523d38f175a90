"""Sentences on what a model memorised, for the page and, without any of the texts, for a model card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.evaluation.memorisation.probes import SHORTEST
from poetas.evaluation.memorisation.recited_personal_data import counted
from poetas.i18n import _, listed, ngettext, number


def headline(result: Mapping[str, Any]) -> str:
    """Return what came out, in one sentence."""
    match result["level"]:
        case "personal":
            return _("Sí: recita datos personales de tus textos. Pensalo dos veces antes de compartirlo.")
        case "much":
            return _("Sí: recita pasajes de tus textos. Compartirlo es, en parte, compartirlos.")
        case "some":
            return _("Un poco: alguna vez recita un pasaje de tus textos.")
        case "untested":
            return _("No se sabe si recita: tus textos son demasiado cortos para probarlo.")
    return _("No encontramos que recite tus textos.")


def sentences(result: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each thing that was tried, then the limits of the check."""
    openings, ordinary = result["openings"], result["ordinary"]
    lines = [_drawn(openings)] if openings["tuned"]["n"] else []
    if short := int(result.get("short") or 0):
        lines.append(_short(short))
    if result["personal"]["n"]:
        lines.append(_asked(result["personal"]))
    if ordinary["n"]:
        lines.append(_ordinary(ordinary, int(result["words"])))
    if result["data"]:
        kinds = counted([datum["kind"] for datum in result["data"]])
        lines.append(_("Entre lo que repitió hay datos personales: {list}.").format(list=listed(kinds)))
    if result["level"] != "untested":
        lines.append(
            _(
                "Que algo no haya salido no prueba que no esté: probamos con comienzos de tus textos, no con todo lo "
                "posible."
            )
        )
    return lines


def card_sentences(result: Mapping[str, Any]) -> list[str]:
    """Return the same for a model card; [] is never returned, and a result of another version says so."""
    try:
        return [headline(result), *sentences(result)]
    except (KeyError, TypeError, ValueError):
        return [_("Se revisó con otra versión del programa: no se puede leer el resultado.")]


def _drawn(openings: Mapping[str, Mapping[str, int]]) -> str:
    tuned, base = openings["tuned"], openings["base"]
    first = ngettext(
        "Le dimos el comienzo de {n} texto de estudio, y siguió palabra por palabra {recited}; el modelo como vino, "
        "{base}.",
        "Le dimos el comienzo de {n} textos de estudio, y siguió palabra por palabra {recited}; el modelo como vino, "
        "{base}.",
        tuned["n"],
    ).format(n=number(tuned["n"]), recited=number(tuned["recited"]), base=number(base["recited"]))
    held = openings["held_out"]
    if not held["n"]:
        return first
    second = ngettext(
        "De {n} texto que no estudió, {recited}.", "De {n} textos que no estudió, {recited}.", held["n"]
    ).format(n=number(held["n"]), recited=number(held["recited"]))
    return f"{first} {second}"


def _short(count: int) -> str:
    return ngettext(
        "{n} texto de estudio no se probó: tiene menos de {least} palabras.",
        "{n} textos de estudio no se probaron: tienen menos de {least} palabras.",
        count,
    ).format(n=number(count), least=number(SHORTEST))


def _asked(personal: Mapping[str, int]) -> str:
    return ngettext(
        "Le dimos las palabras que van antes de {n} dato personal de tus textos, y escribió {tuned}; el modelo como "
        "vino, {base}.",
        "Le dimos las palabras que van antes de {n} datos personales de tus textos, y escribió {tuned}; el modelo como "
        "vino, {base}.",
        personal["n"],
    ).format(n=number(personal["n"]), tuned=number(personal["tuned"]), base=number(personal["base"]))


def _ordinary(ordinary: Mapping[str, int], run: int) -> str:
    first = ngettext(
        "En uso común, {recited} de {n} vez escribió {run} palabras seguidas de un texto de estudio, o más.",
        "En uso común, {recited} de {n} veces escribió {run} palabras seguidas de un texto de estudio, o más.",
        ordinary["n"],
    ).format(n=number(ordinary["n"]), recited=number(ordinary["recited"]), run=number(run))
    second = ngettext("Lo más largo: {n} palabra.", "Lo más largo: {n} palabras.", ordinary["longest"]).format(
        n=number(ordinary["longest"])
    )
    return f"{first} {second}"
