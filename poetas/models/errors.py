"""Errors of models, each with its card: what happened, why, and one remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from poetas.errors import NoNetwork, PoetasError, fetch_again
from poetas.i18n import _

__all__ = [
    "BrokenCatalogue",
    "BrokenModel",
    "GatedModel",
    "LicenceNotAccepted",
    "NoNetwork",
    "UnknownModel",
    "UnsafeWeights",
    "UnsupportedModel",
    "WrongChecksum",
    "reading",
]


class LicenceNotAccepted(PoetasError):
    """The model's licence asks for an explicit yes, and there is none for this version of its terms."""

    code = "licence-not-accepted"


class WrongChecksum(PoetasError):
    """What was downloaded is not, byte for byte, what the catalogue expects."""

    code = "wrong-checksum"


class GatedModel(PoetasError):
    """The Hub gives this model only to people who asked for access."""

    code = "gated-model"


class UnsafeWeights(PoetasError):
    """The weights come only in formats that can run code when they are read (pickle), or bring code along."""

    code = "unsafe-weights"


class UnknownModel(PoetasError):
    """No source has a model by that name."""

    code = "unknown-model"


class UnsupportedModel(PoetasError):
    """The model exists, but its kind is not one that this program can use."""

    code = "unsupported-model"


class BrokenCatalogue(PoetasError):
    """The file of one's own models, which POETAS_CATALOGUE names, is not there or cannot be understood."""

    code = "broken-catalogue"


class BrokenModel(PoetasError):
    """A model's folder or file lacks something it needs, or is damaged."""

    code = "broken-model"


def licence_not_accepted(title: str, licence: str, url: str) -> LicenceNotAccepted:
    """The card for a licence that waits for a yes."""
    return LicenceNotAccepted(
        _("Antes de usar {title} hay que aceptar su licencia.").format(title=title),
        why=_("Quien lo hizo lo comparte con condiciones: {licence}.").format(licence=licence),
        remedy=_("Leé las condiciones y, si estás de acuerdo, aceptalas. Podés elegir otro modelo si no."),
        action="accept-licence",
        detail=url,
    )


def licence_unknown(name: str) -> LicenceNotAccepted:
    """The card for a typed model of which neither licence nor size has been seen yet."""
    return LicenceNotAccepted(
        _("Antes de descargar {name} hay que ver su licencia y su tamaño.").format(name=name),
        why=_("No está en nuestro catálogo: todo lo que sé de él es el nombre."),
        remedy=_("Preguntale a Hugging Face (no se descarga nada todavía) y después decidí."),
        action="ask-hub",
    )


def no_source(title: str) -> BrokenModel:
    """The card for a model that no source can be asked for."""
    return BrokenModel(
        _("No tengo de dónde traer {title}.").format(title=title),
        why=_("Falta el programa que lo descarga (pip, o el cliente de Hugging Face) en esta instalación de Python."),
        remedy=_("Instalá pip y volvé a intentar, o elegí otro modelo."),
        action="retry",
    )


def wrong_checksum(name: str, expected: str, actual: str) -> WrongChecksum:
    """The card for a damaged or altered download."""
    return WrongChecksum(
        _("Lo que llegó no es el archivo que esperaba."),
        why=_("La huella de {name} no coincide: se dañó en el camino, o alguien lo cambió.").format(name=name),
        remedy=_("Borré esa parte y no la voy a usar. Volvé a intentar: se descarga solo lo que falta."),
        action="retry",
        detail=f"sha256 of {name}: expected {expected}, got {actual}",
    )


def no_answer(detail: str = "") -> NoNetwork:
    """The card for a question to the Hub without a network."""
    return NoNetwork(
        _("No pude llegar a la red."),
        why=_("Para preguntarle a Hugging Face hace falta internet, y ahora no hay conexión o el sitio no responde."),
        remedy=_("Fijate en la conexión y volvé a intentar. Mientras tanto, podés usar un modelo que ya esté acá."),
        action="retry",
        detail=detail,
    )


def gated_model(name: str, *, has_token: bool, detail: str = "") -> GatedModel:
    """The card for a model behind a form on the Hub."""
    why = _("En Hugging Face, {name} se entrega a quienes piden permiso con una cuenta (es gratis).")
    if has_token:
        why = _("La clave que diste todavía no tiene permiso para {name}: hay que pedirlo con esa misma cuenta.")
    return GatedModel(
        _("Este modelo pide permiso."),
        why=why.format(name=name),
        remedy=_(
            "Entrá a huggingface.co/{name}, aceptá las condiciones, creá una clave de lectura en "
            "huggingface.co/settings/tokens y pegala acá. O elegí otro modelo."
        ).format(name=name),
        action="hub-token",
        detail=detail,
    )


def unsafe_weights(name: str, *, files: str = "") -> UnsafeWeights:
    """The card for weights that could run code."""
    return UnsafeWeights(
        _("No voy a abrir {name}: no es seguro.").format(name=name),
        why=_("Sus pesos vienen en un formato que puede ejecutar programas al abrirse, o pide ejecutar código ajeno."),
        remedy=_("Elegí un modelo que se comparta en formato safetensors o GGUF."),
        action="choose-model",
        detail=files,
    )


def unsupported_model(name: str, kind: str) -> UnsupportedModel:
    """The card for a model of a kind that we cannot use."""
    return UnsupportedModel(
        _("{name} no es un modelo que pueda usar acá.").format(name=name),
        why=_("Es de tipo «{kind}», y estas aplicaciones saben usar los que escriben texto.").format(kind=kind),
        remedy=_("Elegí otro modelo: los del catálogo funcionan todos."),
        action="choose-model",
    )


def broken_model(name: str, detail: str) -> BrokenModel:
    """The card for a model that cannot be read."""
    return BrokenModel(
        _("No pude leer el modelo {name}.").format(name=name),
        why=_("Le falta un archivo, o alguno está dañado."),
        remedy=_("Volvé a descargarlo, o elegí otro."),
        action="retry",
        detail=detail,
    )


def damaged_model(name: str, detail: str) -> BrokenModel:
    """The card for a model that was brought here whole, and cannot be read any more."""
    return BrokenModel(
        _("No pude leer el modelo {name}.").format(name=name),
        why=_("Le falta un archivo, o alguno está dañado."),
        remedy=fetch_again(),
        action="fetch-again",
        detail=detail,
    )


def broken_template(detail: str) -> BrokenModel:
    """The card for a model whose chat template cannot be used."""
    return BrokenModel(
        _("La plantilla de conversación de este modelo no funciona."),
        why=_("Es un programa corto que viene con él y arma cada pedido: falla, no termina, o pierde lo que escribís."),
        remedy=_("Elegí otro modelo: los del catálogo funcionan todos."),
        action="choose-model",
        detail=detail,
    )


def broken_catalogue(path: str, detail: str) -> BrokenCatalogue:
    """The card for a list of one's own models that cannot be read."""
    return BrokenCatalogue(
        _("No pude leer tu lista de modelos: {path}.").format(path=path),
        why=_("POETAS_CATALOGUE dice que está ahí, y no está, o no está escrita como la nuestra."),
        remedy=_("Corregila, o quitá esa variable, y volvé a abrir la página."),
        action="retry",
        detail=detail,
    )


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn the errors that an untrusted file causes in our code into cards.

    What is checked raises ValueError (BrokenModel) or NotImplementedError (UnsupportedModel: of a kind that no table
    has). Other errors count as a broken model too: the learner cannot do more about them.

    >>> with reading("x"):
    ...     [][0]
    Traceback (most recent call last):
    ...
    poetas.models.errors.BrokenModel: No pude leer el modelo x.
    """
    try:
        yield
    except NotImplementedError as error:
        raise unsupported_model(name, str(error)) from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise broken_model(name, f"{type(error).__name__}: {error}") from error
