"""Errors with an explanation for the learner: what happened, why, and one remedy.

Every foreseeable failure is a `PoetasError` subclass with a stable `code`. The interface draws a card from its
fields and never shows a traceback. `explain` turns any other exception into one of them, so that a worker
process can report every end it meets in the same words.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from poetas.i18n import _, size


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an error card draws; plain data, so it travels between processes.

    code: stable identifier, e.g. ``"disk-full"``.
    what, why, remedy: sentences for the learner, already translated, not yet escaped for HTML.
    action: identifier of the one button that helps (the component that draws the card knows it), or "".
    detail: technical text for code view and logs, never drawn in the page.
    """

    code: str
    what: str
    why: str
    remedy: str
    action: str = ""
    detail: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the fields as a JSON-ready mapping."""
        return asdict(self)


class PoetasError(Exception):
    """An error with its message, its cause and its remedy in it.

    >>> error = PoetasError("No pude leer el archivo.", why="Está vacío.", remedy="Elegí otro.", action="retry")
    >>> error.explanation.code, error.explanation.action
    ('unexpected', 'retry')
    """

    code: ClassVar[str] = "unexpected"

    def __init__(self, what: str, *, why: str = "", remedy: str = "", action: str = "", detail: str = "") -> None:
        super().__init__(what)
        self.explanation = Explanation(self.code, what, why, remedy, action, detail)


class OutOfMemory(PoetasError):
    """The machine refused to give more memory."""

    code = "out-of-memory"


class DiskFull(PoetasError):
    """A write failed because the device, or the user's quota, is full."""

    code = "disk-full"


class NoPermission(PoetasError):
    """The operating system refused a read or a write."""

    code = "no-permission"


class NoNetwork(PoetasError):
    """A download could not reach its host."""

    code = "no-network"


class CardLost(PoetasError):
    """The graphics card failed in the middle: this process cannot use it any more, another one may."""

    code = "card-lost"


class CardUnusable(PoetasError):
    """There is no graphics card that PyTorch can work with: none, or its driver or the card itself is too old."""

    code = "card-unusable"


class Unexpected(PoetasError):
    """An error without a class of its own; the detail goes to the log, the card says where the log is."""

    code = "unexpected"


def out_of_memory(detail: str = "") -> OutOfMemory:
    """The card for a lack of memory."""
    return OutOfMemory(
        _("La memoria de esta máquina no alcanzó."),
        why=_("Lo que pediste necesita más memoria de la que está libre ahora."),
        remedy=_("Cerrá otros programas, o elegí un modelo más chico, menos textos por vez o textos más cortos."),
        action="smaller",
        detail=detail,
    )


def disk_full(detail: str = "", *, needed: int = 0, free: int = 0) -> DiskFull:
    """The card for a full disk. needed, free: bytes, where the work was refused before it began.

    >>> disk_full(needed=41_000_000, free=2_000_000).explanation.why
    'Hacen falta unos 41 MB libres y quedan 2 MB. Lo que ya estaba guardado sigue intacto.'
    """
    safe = _("Lo que ya estaba guardado sigue intacto.")
    if needed:
        reason = _("Hacen falta unos {needed} libres y quedan {free}.").format(needed=size(needed), free=size(free))
    else:
        reason = _("Quise guardar un archivo y el disco está lleno.")
    return DiskFull(
        _("No queda lugar en el disco."),
        why=f"{reason} {safe}",
        remedy=_("Borrá algo que no necesites y volvé a intentar."),
        action="retry",
        detail=detail,
    )


def no_permission(detail: str = "") -> NoPermission:
    """The card for a refused read or write."""
    return NoPermission(
        _("No tengo permiso para usar esa carpeta o ese archivo."),
        why=_("El sistema operativo no me deja leerlo o escribirlo."),
        remedy=_("Elegí otro lugar, o pedile permiso a quien administra la máquina."),
        action="retry",
        detail=detail,
    )


def card_full(detail: str = "") -> OutOfMemory:
    """The card for a lack of memory on the graphics card."""
    return OutOfMemory(
        _("La memoria de la placa de video no alcanzó."),
        why=_("Lo que pediste necesita más de lo que le queda libre a la placa, o hay otro programa que la ocupa."),
        remedy=_(
            "Cerrá lo que esté usando la placa, o elegí un modelo más chico, menos textos por vez o textos más cortos."
        ),
        action="smaller",
        detail=detail,
    )


def card_lost(detail: str = "") -> CardLost:
    """The card for a graphics card that failed while it worked."""
    return CardLost(
        _("La placa de video dejó de responder en medio del trabajo."),
        why=_(
            "Pudo recalentarse, quedarse sin energía o fallar su controlador. Lo que ya estaba guardado sigue intacto."
        ),
        remedy=_("Seguí desde lo último que se guardó. Si vuelve a pasar, reiniciá la máquina."),
        action="resume",
        detail=detail,
    )


def card_unusable(detail: str = "") -> CardUnusable:
    """The card for a graphics card that cannot be used at all; why, by PyTorch's words."""
    words = detail.lower()
    why = _("PyTorch no encuentra en esta máquina ninguna placa de NVIDIA que esté libre.")
    if "driver" in words and ("too old" in words or "insufficient" in words):
        why = _("Su controlador es más viejo de lo que pide PyTorch: hay que actualizarlo.")
    elif "error from cudagetdevicecount" in words or "cuda unknown error" in words:
        why = _("Su controlador no responde como PyTorch espera: suele arreglarse reiniciando la máquina.")
    elif "kernel image" in words:
        why = _("Este PyTorch no trae programas para una placa de ese modelo.")
    return CardUnusable(
        _("No puedo usar la placa de video."),
        why=why,
        remedy=_("Con el procesador también se puede: tarda más y aprende lo mismo."),
        action="retry",
        detail=detail,
    )


def fetch_again() -> str:
    """The remedy for whatever is damaged of a model that is here, in words; the button is its card's."""
    return _("Traelo de nuevo desde su tarjeta, o elegí otro modelo.")


def no_network(detail: str = "") -> NoNetwork:
    """The card for a download without a network."""
    return NoNetwork(
        _("No pude llegar a la red."),
        why=_("La descarga del modelo necesita internet, y ahora no hay conexión o el sitio no responde."),
        remedy=_("Fijate en la conexión y volvé a intentar: la descarga sigue desde donde quedó."),
        action="retry",
        detail=detail,
    )


_BY_ERRNO: Mapping[int, Callable[[str], PoetasError]] = {
    errno.ENOSPC: disk_full,
    errno.EDQUOT: disk_full,
    errno.EFBIG: disk_full,  # a limit on the size of a file: of the user (ulimit), or of the file system (FAT)
    errno.EACCES: no_permission,
    errno.EPERM: no_permission,
    errno.EROFS: no_permission,
    errno.ENOMEM: out_of_memory,
    errno.ENETUNREACH: no_network,
    errno.EHOSTUNREACH: no_network,
    errno.ECONNREFUSED: no_network,
}

_NO_CARD = (
    *("driver on your system is too old", "driver version is insufficient", "no kernel image is available"),
    *("no nvidia driver", "no cuda gpus are available", "no cuda-capable device", "busy or unavailable"),
    *("not compiled with cuda", "error from cudagetdevicecount", "cuda unknown error"),
)
_CARD_FULL = (
    *("cuda out of memory", "cuda error: out of memory", "cuda driver error: out of memory"),
    *("cublas_status_alloc_failed", "cublas_status_not_initialized"),  # no room for that library's own workspace
)
# PyTorch and safetensors raise plain RuntimeErrors: their words are all there is to go by. The first found counts.
_BY_WORDS: tuple[tuple[str, Callable[[str], PoetasError]], ...] = (
    *((sign, out_of_memory) for sign in ("can't allocate memory", "cannot allocate memory")),
    *((sign, card_full) for sign in _CARD_FULL),
    ("out of memory", out_of_memory),
    *((sign, card_unusable) for sign in _NO_CARD),
    *((sign, card_lost) for sign in ("cuda error", "cuda driver error", "cublas_status", "cudnn_status", "nccl error")),
    *((sign, disk_full) for sign in ("no space left", "disk quota exceeded")),
    ("pytorchstreamwriter failed writing", disk_full),  # torch.save does not pass the system's error on
)


def explain(error: BaseException) -> Explanation:
    """Describe any exception to the learner.

    >>> explain(OSError(28, "No space left on device")).code
    'disk-full'
    >>> explain(MemoryError()).code
    'out-of-memory'
    """
    own = getattr(error, "explanation", None)  # of PoetasError, and of a cancelled call, which is no Exception
    if isinstance(own, Explanation):
        return own
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, MemoryError):
        return out_of_memory(detail).explanation
    if isinstance(error, OSError) and error.errno is not None and error.errno in _BY_ERRNO:
        return _BY_ERRNO[error.errno](detail).explanation
    words = str(error).lower()
    for sign, make in _BY_WORDS:
        if sign in words:
            return make(detail).explanation
    return Unexpected(
        _("Algo salió mal y no estaba previsto."),
        why=_("Es una situación que no conocemos. Tus textos y lo que guardaste siguen en su lugar."),
        remedy=_("Volvé a intentar. Si se repite, el detalle está en el registro (log.txt)."),
        action="retry",
        detail=detail,
    ).explanation
