"""Errors of a model's name that leads nowhere, each with a card that says which host was asked."""

from __future__ import annotations

from poetas.i18n import _
from poetas.models.errors import UnknownModel
from poetas.util.excerpt import shortened

_SHOWN = 80  # characters of a name


def _card(name: str, why: str, *, what: str = "", remedy: str = "", detail: str = "") -> UnknownModel:
    return UnknownModel(
        what or _("No encuentro ningún modelo que se llame «{name}».").format(name=shortened(name, _SHOWN)),
        why=why,
        remedy=remedy or _("Fijate si está bien escrito: por ejemplo, Qwen/Qwen2.5-0.5B-Instruct."),
        action="choose-model",
        detail=detail,
    )


def unknown_model(name: str, detail: str = "") -> UnknownModel:
    """The card for a name that the Hub was asked about."""
    why = _("No está en el catálogo ni en tus carpetas, y Hugging Face tampoco lo conoce (o es privado).")
    return _card(name, why, detail=detail)


def unlisted_model(name: str) -> UnknownModel:
    """The card for a possible name that is not here, and that is not the Hub's: those have an owner."""
    why = _("No está en el catálogo ni en tus carpetas. A Hugging Face no le pregunté: allá son como dueño/modelo.")
    return _card(name, why)


def impossible_model(name: str) -> UnknownModel:
    """The card for what cannot be a model's name, about which no host is asked."""
    if not name.strip():
        return _card(
            name,
            _("No escribiste ninguno, así que no busqué nada."),
            what=_("Falta el nombre del modelo."),
            remedy=_("Escribilo: por ejemplo, Qwen/Qwen2.5-0.5B-Instruct."),
        )
    why = _(
        "Los nombres son cortos: letras sin acento, números, puntos, guiones y a lo sumo una barra. "
        "Este no cumple, así que no le pregunté a nadie."
    )
    return _card(
        name, why, what=_("«{name}» no puede ser el nombre de un modelo.").format(name=shortened(name, _SHOWN))
    )
