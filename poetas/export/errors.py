"""Errors of an export, each with its card."""

from __future__ import annotations

from poetas.errors import PoetasError
from poetas.i18n import _


class BadExport(PoetasError):
    """An export was asked for with something missing, or of a training without an adapter."""

    code = "bad-export"


class NotForGGUF(PoetasError):
    """The model, its tokenizer or a setting of it is not one that is written as GGUF here."""

    code = "not-for-gguf"


class NotMergeable(PoetasError):
    """The adapter's layers are not found in the base model's file."""

    code = "not-mergeable"


def bad_export(detail: str) -> BadExport:
    """The card for an export that cannot be made of what was asked."""
    return BadExport(
        _("No pude preparar tu modelo para llevar."),
        why=_("Falta el adaptador de un entrenamiento terminado, o lo que pediste no existe."),
        remedy=_("Entrená primero, o elegí otro entrenamiento, y volvé a pedirlo."),
        action="restart",
        detail=detail,
    )


def not_for_gguf(title: str, detail: str) -> NotForGGUF:
    """The card for a model that cannot be written as GGUF."""
    return NotForGGUF(
        _("No sé escribir {title} como GGUF.").format(title=title),
        why=_("Ese formato pide conocer por dentro cada tipo de modelo, y este no es de los que conozco."),
        remedy=_("Llevate el adaptador o el modelo unido: sirven igual, con otros programas."),
        action="choose-form",
        detail=detail,
    )


def not_mergeable(title: str, detail: str) -> NotMergeable:
    """The card for an adapter that does not fit the file of its base model."""
    return NotMergeable(
        _("No pude unir tu adaptador con {title}.").format(title=title),
        why=_("Sus capas no son las del modelo que está guardado en esta máquina."),
        remedy=_("Llevate solamente el adaptador, o traé de nuevo el modelo desde su tarjeta."),
        action="choose-form",
        detail=detail,
    )
