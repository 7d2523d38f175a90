"""Listening sockets of a server, its address for a browser, and the errors of a wrong host or port."""

from __future__ import annotations

import errno
import socket

from tornado.netutil import bind_sockets

from poetas.errors import PoetasError
from poetas.i18n import _

_EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104  # compared


class PortTaken(PoetasError):
    """The port that was asked for is in use, or may not be used."""

    code = "port-taken"


class NoSuchHost(PoetasError):
    """The requested address does not exist, or belongs to another machine."""

    code = "no-such-host"


def listen(host: str, port: int) -> list[socket.socket]:
    """Open the sockets of a server; port 0 takes a free one. Raises NoSuchHost, PortTaken.

    >>> [one.close() for one in listen("127.0.0.1", 0)]
    [None]
    """
    try:
        return bind_sockets(port, host)
    except (socket.gaierror, UnicodeError) as error:  # UnicodeError: no name on the network has that shape
        why = _("Ese nombre no lleva a ninguna máquina, o no hay red para preguntarlo.")
        raise _no_such_host(host, why, error) from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise _no_such_host(host, _("Esa dirección no es de esta máquina."), error) from error
        raise PortTaken(
            _("No pude abrir el puerto {port}.").format(port=port),
            why=_("Otro programa lo está usando, o hace falta permiso para abrirlo."),
            remedy=_("Elegí otro con --port, o no pongas ninguno y uso uno libre."),
            detail=str(error),
        ) from error


def free_port(host: str, port: int = 0) -> int:
    """Return a port of ``host`` that is free now, or ``port`` itself. Raises NoSuchHost, PortTaken.

    >>> free_port("127.0.0.1") > 0
    True
    """
    sockets = listen(host, port)
    bound_port: int = sockets[0].getsockname()[1]
    for listener in sockets:
        listener.close()
    return bound_port


def address(host: str, port: int) -> str:
    """Return the address at which a browser of this machine finds a server.

    >>> address("0.0.0.0", 8866), address("::1", 8866)
    ('http://127.0.0.1:8866', 'http://[::1]:8866')
    """
    shown = "127.0.0.1" if host in {*_EVERYWHERE, "localhost"} else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _no_such_host(host: str, why: str, error: Exception) -> NoSuchHost:
    return NoSuchHost(
        _("No puedo escuchar en «{host}».").format(host=host[:80]),
        why=why,
        remedy=_("No pongas --host para usar solo esta máquina, o poné --host 0.0.0.0 para que lleguen otras."),
        detail=str(error),
    )
