"""Errors of training runs, each as a card."""

from __future__ import annotations

from poetas.errors import OutOfMemory, PoetasError
from poetas.i18n import _, size
from poetas.util.excerpt import shortened

_SHOWN = 60  # characters of a value on a card


class BadTraining(PoetasError):
    """A knob has a value that it cannot have."""

    code = "bad-training"


class LossIsNaN(PoetasError):
    """The loss is no number any more; what was saved before is sound."""

    code = "loss-nan"


class NothingToLearn(PoetasError):
    """There is no text to train with."""

    code = "nothing-to-learn"


class DatasetReplaced(PoetasError):
    """The dataset's folder holds other texts than those that the training began with."""

    code = "dataset-replaced"


class TrainingProcessLost(PoetasError):
    """One of several processes that train together ended before its time."""

    code = "training-process-lost"


def bad_knob(label: str, value: object, allowed: str, name: str) -> BadTraining:
    """The card for a knob out of its range. allowed: the range in words; name: of the field."""
    return BadTraining(
        _("La perilla «{label}» no puede valer {value}.").format(label=label, value=_short(value)),
        why=_("Acepta: {allowed}.").format(allowed=allowed),
        remedy=_("Elegí una de las tres combinaciones preparadas, o corregí esa perilla."),
        action="reset",
        detail=f"{name} = {_short(value)}",
    )


def bad_config(detail: str) -> BadTraining:
    """The card for a configuration that cannot be read."""
    return BadTraining(
        _("No entiendo cómo hay que entrenar."),
        why=_("La configuración de este trabajo está incompleta, o es de otra versión."),
        remedy=_("Empezá un entrenamiento nuevo desde la app 3."),
        action="reset",
        detail=detail,
    )


def loss_is_nan(step: int, learning_rate: float) -> LossIsNaN:
    """The card for a loss that overflowed."""
    return LossIsNaN(
        _("La pérdida dejó de ser un número y frené el entrenamiento."),
        why=_("Suele pasar cuando el tamaño del paso es demasiado grande: las cuentas se desbordan."),
        remedy=_("Bajá la tasa de aprendizaje y entrená de nuevo. Si antes se guardó algo, sigue sirviendo."),
        action="lower-learning-rate",
        detail=f"step {step}, learning rate {learning_rate:g}",
    )


def nothing_to_learn(detail: str = "") -> NothingToLearn:
    """The card for a training set without a single usable text."""
    return NothingToLearn(
        _("No hay textos con los que entrenar."),
        why=_(
            "El conjunto no tiene ejemplos de entrenamiento, o sus resúmenes están vacíos, o ninguno entra en lo que "
            "este modelo puede leer."
        ),
        remedy=_("Volvé a la app 2 y prepará un conjunto con más textos."),
        action="choose-dataset",
        detail=detail,
    )


def dataset_replaced(name: str) -> DatasetReplaced:
    """The card for going on with a training whose dataset is another one by now. name: of the folder."""
    return DatasetReplaced(
        _("No puedo seguir este entrenamiento: sus textos ya no son los mismos."),
        why=_("En «{name}» hay ahora otro conjunto, y lo que aprendió hasta acá es del anterior.").format(name=name),
        remedy=_("Volvé a poner el conjunto de antes, o elegí el nuevo y entrená desde el principio."),
        action="choose-dataset",
        detail=f"{name}: the fingerprint differs from the one in the job's configuration",
    )


def will_not_fit(needed: int, free: int, offers: str = "") -> OutOfMemory:
    """The card for a run that would not fit, before it starts. Sizes in bytes; offers: what would fit, in words."""
    remedy = _("Cerrá otros programas, o elegí un modelo más chico, menos textos por vez o textos más cortos.")
    return OutOfMemory(
        _("Este entrenamiento no entra en la memoria que queda libre."),
        why=_("Necesitaría unos {needed} y hay {free} libres.").format(needed=size(needed), free=size(free)),
        remedy=offers or remedy,
        action="smaller",
        detail=f"needs {needed} bytes, {free} are free",
    )


def process_lost(rank: int, code: int) -> TrainingProcessLost:
    """The card for a run of several processes that lost one of them."""
    return TrainingProcessLost(
        _("Una de las partes del entrenamiento se cortó."),
        why=_("Se entrenaba con varios procesos a la vez y uno terminó antes de tiempo: pudo faltar memoria."),
        remedy=_("Continuá desde el último punto guardado, o entrená con un solo proceso."),
        action="resume",
        detail=f"process {rank} ended with {code}",
    )


def _short(value: object) -> str:
    return shortened(value if isinstance(value, str) else repr(value), _SHOWN)
