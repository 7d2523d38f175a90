"""Sentences on what a model memorised, for the page and, without any of the texts, for a model card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.evaluation.memorisation.probes import SHORTEST
from poetas.evaluation.memorisation.recited_personal_data import counted
from poetas.i18n import _, listed, ngettext, number


def headline(result: Mapping[str, Any], texts: str = "") -> str:
    """Return what came out, in one sentence. texts: how the training texts are called, "" for those it studied."""
    texts = texts or _("los textos que estudió")
    match result["level"]:
        case "personal":
            words = _("Sí: recita datos personales de {texts}. Pensalo dos veces antes de compartirlo.")
        case "much":
            words = _("Sí: recita pasajes de {texts}. Compartirlo es, en parte, compartirlos.")
        case "some":
            words = _("Un poco: alguna vez recita un pasaje de {texts}.")
        case "untested":
            words = _("No se sabe si recita: {texts} son demasiado cortos para probarlo.")
        case _other:
            words = _("No encontramos que recite {texts}.")
    return words.format(texts=texts)


def sentences(result: Mapping[str, Any], texts: str = "") -> list[str]:
    """Return one sentence for each thing that was tried, then the limits of the check. texts: as in `headline`."""
    texts = texts or _("los textos que estudió")
    openings, ordinary = result["openings"], result["ordinary"]
    lines = [_drawn(openings)] if openings["tuned"]["n"] else []
    if short := int(result.get("short") or 0):
        lines.append(_short(short))
    if result["personal"]["n"]:
        lines.append(_asked(result["personal"], texts))
    if ordinary["n"]:
        lines.append(_ordinary(ordinary, int(result["words"])))
    if result["data"]:
        kinds = counted([datum["kind"] for datum in result["data"]])
        lines.append(_("Entre lo que repitió hay datos personales: {list}.").format(list=listed(kinds)))
    if result["level"] != "untested":
        limits = _(
            "Que algo no haya salido no prueba que no esté: probamos con comienzos de {texts}, no con todo lo posible."
        )
        lines.append(limits.format(texts=texts))
    return lines


def card_sentences(result: Mapping[str, Any]) -> list[str]:
    """Return the same for a model card, whose reader may not own the texts."""
    texts = _("los textos con los que aprendió")
    return [headline(result, texts), *sentences(result, texts)]


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


def _asked(personal: Mapping[str, int], texts: str) -> str:
    return ngettext(
        "Le dimos las palabras que van antes de {n} dato personal de {texts}, y escribió {tuned}; el modelo como "
        "vino, {base}.",
        "Le dimos las palabras que van antes de {n} datos personales de {texts}, y escribió {tuned}; el modelo como "
        "vino, {base}.",
        personal["n"],
    ).format(texts=texts, n=number(personal["n"]), tuned=number(personal["tuned"]), base=number(personal["base"]))


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


def recited_seen(findings: Mapping[str, Any]) -> str:
    """Say how many beginnings were tried, and how many it followed word by word; "" where none could be tried."""
    tried = (findings.get("openings") or {}).get("tuned") or {}
    count, recited = tried.get("n"), tried.get("recited")
    if not isinstance(count, int) or not isinstance(recited, int) or not count:
        return ""
    if not recited:
        words = ngettext(
            "Probamos con el comienzo de {n} texto que estudió, y no lo siguió de memoria.",
            "Probamos con el comienzo de {n} textos que estudió, y no siguió ninguno de memoria.",
            count,
        )
        return words.format(n=number(count))
    words = ngettext(
        "Probamos con el comienzo de {n} texto que estudió, y lo siguió de memoria.",
        "Probamos con el comienzo de {n} textos que estudió, y siguió {recited} de memoria.",
        count,
    )
    return words.format(n=number(count), recited=number(recited))
