"""Title, sentences and link of a door after a verdict (`next_steps.NextStep`), with what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.evaluation.metrics.registry import DECISIVE, metric, phrase
from poetas.evaluation.next_steps import Door, NextStep
from poetas.evaluation.systems import BASE_EXAMPLES, TUNED
from poetas.evaluation.verdict_kind import VerdictKind
from poetas.i18n import _, duration, ngettext, number
from poetas.training.presets import PRESETS
from poetas.util.files import is_figure
from widgets.core.error_actions import way_out

SURE = 2  # digits of a number of texts that comes of an interval


def door_title(step: NextStep) -> str:
    """Return the head of a door's card."""
    return {
        Door.MORE_TEXTS: _("Más textos"),
        Door.COMBINATION: _("Otra combinación"),
        Door.EXAMPLES: _("Dos ejemplos en la consigna"),
        Door.ADVICE: _("¿Te conviene un LLM?"),
        Door.TRY: _("Probalo con un texto tuyo"),
    }[step.door]


def door_sentences(step: NextStep, result: Mapping[str, Any]) -> list[str]:
    """Return what a door is for, and what it costs."""
    match step.door:
        case Door.MORE_TEXTS:
            return [_more(step, str((result.get("verdict") or {}).get("kind"))), *_minutes(step)]
        case Door.COMBINATION:
            preset = PRESETS[step.preset]
            return [f"«{preset.label}». {preset.what}", _("Textos por juntar: ninguno."), *_minutes(step)]
        case Door.EXAMPLES:
            return [_examples(result), _("No hay nada que entrenar ni textos que juntar: ya lo midió el examen.")]
        case Door.ADVICE:
            return [_("Que haya mejorado no alcanza: mirá qué dan y qué piden los caminos que cuestan menos.")]
    return [_("Los puntajes son promedios. Un texto tuyo, leído por vos, dice otra cosa.")]


def door_link(step: NextStep) -> tuple[str, str]:
    """Return the address of the step that a door leads to, and the link's words."""
    return {
        Door.MORE_TEXTS: (way_out("choose-file"), _("Sumar textos en la app 2")),
        Door.COMBINATION: ("#perillas", _("Ir a entrenar con ella")),
        Door.EXAMPLES: ("#antes", _("Ver cómo escribe con dos ejemplos")),
        Door.ADVICE: ("#conviene", _("Comparar los caminos")),
        Door.TRY: ("#probalo", _("Probarlo")),
    }[step.door]


def rounded(count: int) -> int:
    """Round up a number of texts to the digits that are sure.

    >>> rounded(17), rounded(1234), rounded(300)
    (17, 1300, 300)
    """
    unit: int = 10 ** max(0, len(str(count)) - SURE)
    return -(-count // unit) * unit


def _more(step: NextStep, kind: str) -> str:
    if kind == VerdictKind.VOID:
        return _("Hacen falta textos distintos entre sí: los de este examen tienen gemelos entre los que estudió.")
    if step.texts and kind == VerdictKind.TOO_FEW:
        words = ngettext(
            "Juntá {n} texto más: con {exam} en el examen se podría notar si mejoró.",
            "Juntá unos {n} más: con {exam} en el examen se podría notar si mejoró.",
            step.texts,
        )
        return words.format(n=number(rounded(step.texts)), exam=number(rounded(step.exam)))
    if step.texts:
        words = ngettext(
            "Juntá {n} texto más: con {exam} en el examen se notaría una diferencia como esta, si se parecen a estos.",
            "Juntá unos {n} más: con {exam} en el examen se notaría una diferencia como esta, si se parecen a estos.",
            step.texts,
        )
        return words.format(n=number(rounded(step.texts)), exam=number(rounded(step.exam)))
    if step.exam:
        return _("Hacen falta unos {exam} textos en el examen.").format(exam=number(rounded(step.exam)))
    return _("Pueden ayudar a que aprenda más. Cuántos harían falta, con este examen no se sabe.")


def _minutes(step: NextStep) -> list[str]:
    if step.seconds is None:
        return []
    whole = max(60, round(step.seconds / 60) * 60)
    words = _("Entrenar y tomar el examen llevaría alrededor de {time}, a la velocidad de este entrenamiento.")
    if step.door is Door.COMBINATION:
        words = _("Entrenar y tomar el examen llevaría a lo sumo {time}, a la velocidad de este entrenamiento.")
    return [words.format(time=duration(whole))]


def _examples(result: Mapping[str, Any]) -> str:
    scores = {row["system"]: row["scores"].get(DECISIVE) for row in result["rows"]}
    prompted, tuned, points = scores.get(BASE_EXAMPLES), scores.get(TUNED), metric(DECISIVE).points
    if not is_figure(prompted) or not is_figure(tuned):
        return _("El modelo como vino, con dos textos del conjunto y sus resúmenes a la vista.")
    words = _(
        "El modelo como vino, con dos textos del conjunto a la vista: {prompted} puntos de {metric}. Ajustado: {tuned}."
    )
    return words.format(prompted=number(prompted * points, 1), tuned=number(tuned * points, 1), metric=phrase(DECISIVE))
