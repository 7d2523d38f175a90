"""Errors of a model's tokenizer file."""

from __future__ import annotations

from poetas.errors import PoetasError, fetch_again
from poetas.i18n import _


class TokenizerMissing(PoetasError):
    """The model's folder holds no tokenizer."""

    code = "tokenizer-missing"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("No encuentro el tokenizador de «{name}».").format(name=name),
            why=_("Ese modelo no está en esta máquina, o su descarga quedó a medias."),
            remedy=_("Traé el modelo desde la app 1 y volvé a este paso."),
            action="choose-model",
        )


class TokenizerBroken(PoetasError):
    """The tokenizer's file cannot be read."""

    code = "tokenizer-broken"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            _("No pude leer el tokenizador de «{name}».").format(name=name),
            why=_("Su archivo (tokenizer.json) está dañado, o es de una versión que no conozco."),
            remedy=fetch_again(),
            action="fetch-again",
            detail=detail,
        )
