"""Server side of one client's connection: a thread for each call, and a session that ends with the connection."""

from __future__ import annotations

import inspect
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from poetas.errors import CardLost, PoetasError, explain
from poetas.i18n import _
from poetas.services.errors import CallCancelled, UnknownCall
from poetas.services.protocol import Channel
from poetas.services.serialization import BadMessage
from poetas.services.session import Session, running

_LEAVING = 5.0  # seconds a call may take to notice that its caller left, before the session is dropped
_log = logging.getLogger("poetas.services")


class Connection:
    """Reads calls and cancellations, and answers."""

    def __init__(
        self, channel: Channel, session: Session, handler: Callable[[], Any], quit_server: Callable[[bool], bool]
    ) -> None:
        self.channel = channel
        self.session = session
        self._make_handler = handler
        self._quit = quit_server
        self._handler: Any = None
        self._making = threading.Lock()
        self._calls: dict[int, tuple[threading.Event, threading.Thread]] = {}
        self._changing = threading.Lock()

    def run(self) -> None:
        """Read messages until the client leaves, then cancel its calls and drop its session."""
        try:
            while True:
                self._take(self.channel.receive())
        except (EOFError, OSError):
            pass
        except BadMessage as error:
            _log.warning("a client sent an invalid message: %s", error)
        finally:
            self.channel.close()
            with self._changing:
                calls = list(self._calls.values())
            for cancelled, _thread in calls:
                cancelled.set()
            deadline = time.monotonic() + _LEAVING
            for _cancelled, thread in calls:
                thread.join(max(0.0, deadline - time.monotonic()))
            self.session.drop()

    def _take(self, message: dict[str, Any]) -> None:
        kind, number = message.get("type"), message.get("id")
        if kind == "quit":
            leaves = self._quit(message.get("unused") is True)
            if isinstance(number, int):
                self.channel.send({"type": "result", "id": number, "value": leaves})
        elif kind == "cancel":
            with self._changing:
                call = self._calls.get(number) if isinstance(number, int) else None
            if call:
                call[0].set()
        elif kind == "call" and isinstance(number, int):
            method, arguments = message.get("method"), message.get("arguments")
            if not isinstance(method, str) or not isinstance(arguments, dict) or number in self._calls:
                raise BadMessage("not a call")
            cancelled = threading.Event()
            thread = threading.Thread(
                target=self._work, args=(number, method, arguments, cancelled), name=f"call {method}", daemon=True
            )
            with self._changing:
                self._calls[number] = (cancelled, thread)
            thread.start()
        else:
            raise BadMessage("unknown type")

    def _work(self, number: int, method: str, arguments: dict[str, Any], cancelled: threading.Event) -> None:
        running.cancelled = cancelled
        running.emit = lambda item: self._send_item(number, item)
        answer: dict[str, Any]
        try:
            value = self._answer(number, method, arguments, cancelled)
            answer = {"type": "result", "id": number, "value": value}
        except CallCancelled:
            answer = {"type": "cancelled", "id": number}
        except BaseException as error:  # noqa: BLE001 (any error is sent to the caller)
            if not isinstance(error, PoetasError):
                _log.exception("%s failed", method)
            answer = _failure(number, error)
        lost = answer.get("explanation", {}).get("code") == CardLost.code
        try:
            self.channel.send(answer)
        except TypeError as error:
            _log.exception("what %s returned cannot travel", method)
            with suppress(OSError):
                self.channel.send(_failure(number, error))
        except OSError:
            pass  # the channel is closed, and `run` ends
        finally:
            with self._changing:
                self._calls.pop(number, None)
            if lost:  # a process cannot use its graphics card again; the next call starts another one
                self._quit(False)

    def _answer(self, number: int, method: str, arguments: dict[str, Any], cancelled: threading.Event) -> Any:
        with self._making:
            if self._handler is None:
                self._handler = self._make_handler()
        function = None if method.startswith("_") else getattr(type(self._handler), method, None)
        if not inspect.isfunction(function):
            raise UnknownCall(_("El servicio no sabe hacer «{name}».").format(name=method[:40]))
        value = function(self._handler, self.session, **arguments)
        if not inspect.isgenerator(value):
            return value
        try:
            while True:
                if cancelled.is_set():
                    raise CallCancelled
                try:
                    item = next(value)
                except StopIteration as end:
                    return end.value
                self._send_item(number, item)
        finally:
            value.close()

    def _send_item(self, number: int, item: Any) -> None:
        try:
            self.channel.send({"type": "item", "id": number, "value": item})
        except OSError as error:
            raise CallCancelled from error


def _failure(number: int, error: BaseException) -> dict[str, Any]:
    return {"type": "error", "id": number, "explanation": explain(error).as_dict()}
