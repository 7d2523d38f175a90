"""Errors of text generation, each as a card."""

from __future__ import annotations

from poetas.errors import OutOfMemory, PoetasError
from poetas.i18n import _, size


class ModelNotReady(PoetasError):
    """The model has not been fetched, or none has been loaded yet."""

    code = "model-not-ready"


class NotFinite(PoetasError):
    """The model computed something that is no number (NaN): its weights or its precision are at fault."""

    code = "no-sense"


class BadAdapter(PoetasError):
    """The folder given as an adapter is none, is damaged, lies elsewhere, or belongs to another model."""

    code = "bad-adapter"


class BadSettings(PoetasError):
    """A generation setting is out of its range."""

    code = "bad-settings"


class PromptTooLong(PoetasError):
    """The request does not fit into what the model can read at once."""

    code = "no-room"


class PairNotComparable(PoetasError):
    """Two beginnings and a continuation whose likelihoods after them would be of different tokens."""

    code = "pair-not-comparable"


def model_not_ready(title: str = "") -> ModelNotReady:
    """The card for a model that is not here."""
    what = _("El modelo {title} todavía no está en esta máquina.").format(title=title)
    return ModelNotReady(
        what if title else _("Todavía no hay ningún modelo elegido."),
        why=_("Para escribir hace falta un modelo descargado y listo."),
        remedy=_("Elegí uno y esperá a que termine de descargarse."),
        action="choose-model",
    )


def does_not_fit(title: str, needed: int, free: int) -> OutOfMemory:
    """The card for a model that is larger than the memory that is free. Sizes in bytes."""
    return OutOfMemory(
        _("{title} no entra en la memoria que queda libre.").format(title=title),
        why=_("Necesita {needed} y ahora hay {free} libres.").format(needed=size(needed), free=size(free)),
        remedy=_("Cerrá otros programas, o elegí un modelo más chico."),
        action="choose-model",
        detail=f"needs {needed} bytes, {free} are free",
    )


def not_finite(detail: str = "") -> NotFinite:
    """The card for NaN or infinity where numbers should be."""
    return NotFinite(
        _("El modelo dejó de dar números."),
        why=_("Sus cuentas se desbordaron: puede ser un archivo dañado, o un ajuste fino que salió mal."),
        remedy=_("Probá con el modelo como vino, o descargalo de nuevo."),
        action="choose-model",
        detail=detail,
    )


def bad_adapter(detail: str, why: str = "") -> BadAdapter:
    """The card for an adapter that cannot be used. why: a cause known better than the usual ones, in words."""
    return BadAdapter(
        _("No pude usar ese ajuste fino."),
        why=why or _("Su carpeta no está en tu espacio de trabajo, está incompleta, o es de otro modelo."),
        remedy=_("Elegí otro entrenamiento, o volvé a entrenar."),
        action="choose-training",
        detail=detail,
    )


def adapter_not_finite(detail: str) -> BadAdapter:
    """The card for an adapter with NaN, infinity, or what no training gives among its numbers."""
    why = _("Tiene pesos que no son números, o que ningún entrenamiento da: el archivo está dañado, o salió mal.")
    return bad_adapter(detail, why)


def bad_settings(detail: str) -> BadSettings:
    """The card for a setting out of its range."""
    return BadSettings(
        _("Una de las perillas está fuera de su rango."),
        why=_("Con ese valor no se puede elegir la próxima palabra."),
        remedy=_("Volvé a los valores iniciales."),
        action="reset",
        detail=detail,
    )


def prompt_too_long(detail: str = "") -> PromptTooLong:
    """The card for a request without room for the learner's text."""
    return PromptTooLong(
        _("La consigna no entra en lo que este modelo puede leer de una vez."),
        why=_("Los ejemplos y la instrucción solos ya ocupan todo el lugar."),
        remedy=_("Usá ejemplos más cortos, o menos."),
        action="smaller",
        detail=detail,
    )


def pair_not_comparable(reason: str) -> PairNotComparable:
    """The card for a pair that cannot be compared. reason: "empty", "long", "border" or "seq2seq"."""
    why = {
        "empty": _("Faltan palabras en uno de los comienzos o en la continuación."),
        "long": _("Uno de los comienzos o la continuación es muy largo."),
        "seq2seq": _("Este modelo lee un texto y escribe otro: lo que escribe no continúa un comienzo."),
    }
    cut = _("El modelo corta la continuación en otros pedacitos según cuál sea el comienzo: no sería la misma cuenta.")
    remedy = _("Escribí los dos comienzos y la continuación en pocas palabras enteras.")
    other_model = reason == "seq2seq"
    if other_model:
        remedy = _("Elegí un modelo que siga textos, como Gemma 3 (270M).")
    return PairNotComparable(
        _("Ese par no se puede comparar."),
        why=why.get(reason, cut),
        remedy=remedy,
        action="choose-model" if other_model else "",
        detail=reason,
    )
