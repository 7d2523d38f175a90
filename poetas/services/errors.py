"""Errors of services: unknown names, a process that ended, a refused handshake, a cancelled call."""

from __future__ import annotations

from poetas.errors import Explanation, PoetasError
from poetas.i18n import _


class RemoteError(PoetasError):
    """An error that happened in the service, with the explanation it had there."""

    code = "remote"

    def __init__(self, explanation: Explanation) -> None:
        super().__init__(explanation.what)
        self.explanation = explanation


class ServiceDied(PoetasError):
    """The service's process ended or could not be started, so the call has no answer."""

    code = "service-died"

    def __init__(self, detail: str = "") -> None:
        super().__init__(
            _("Se cerró el programa que hacía este trabajo."),
            why=_("Pudo faltar memoria en la máquina. Tus textos y lo que guardaste siguen en su lugar."),
            remedy=_("Abrilo de nuevo y volvé a pedirlo."),
            action="restart-service",
            detail=detail,
        )


class ServiceRefused(PoetasError):
    """The handshake failed: the two ends do not have the same key."""

    code = "service-refused"

    def __init__(self) -> None:
        super().__init__(
            _("El programa que hace este trabajo no me reconoce."),
            why=_("La clave con que nos hablamos no coincide."),
            remedy=_("Abrilo de nuevo."),
            action="restart-service",
        )


class CallCancelled(BaseException):
    """The caller cancelled the call, or left: raised in the handler that works on it, and by `Call.result`.

    A BaseException, as `asyncio.CancelledError` is, so that a handler's ``except Exception`` lets it through.
    """

    def __init__(self) -> None:
        super().__init__("cancelled")
        self.explanation = Explanation("cancelled", _("Lo cancelaste."), "", "")


class UnknownCall(PoetasError):
    """A method that the handler does not offer."""

    code = "unknown-call"


class UnknownService(PoetasError):
    """A service that is not in the registry."""

    code = "unknown-service"
