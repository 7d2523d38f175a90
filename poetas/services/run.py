"""The process of a service: ``python -m poetas.services.run NAME ROOT``.

It leaves the network first, listens, writes its endpoint, and only then imports its handler. An error before that goes
through a pipe to the process that started it: on a full disk a log could not hold it.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from poetas.errors import explain
from poetas.jobs.run import raise_oom_score
from poetas.privacy import go_offline
from poetas.services.registry import ServiceKind, service_named
from poetas.util.library_import import import_large
from poetas.workspace import Workspace

_UNCLAIMED = 60.0  # seconds a private service waits for its client
_log = logging.getLogger("poetas.services")


def main(arguments: list[str] | None = None) -> int:
    """Serve until no client needs it; return 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="poetas.services.run")
    parser.add_argument("name")
    parser.add_argument("root", type=Path)
    parser.add_argument("--instance", default="", help="name under which it is found; another name makes it private")
    parser.add_argument("--registry", default=None, help="module with further rows, for tests")
    parser.add_argument("--error-fd", type=int, default=-1, help="open pipe for the error that kept it from listening")
    options = parser.parse_args(arguments)
    os.umask(0o077)
    root = options.root.resolve()
    os.environ["POETAS_HOME"] = str(root)  # a handler finds its folders through the workspace: the one it serves
    faulthandler.enable()
    raise_oom_score()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    _log.setLevel(logging.INFO)
    try:
        walled = go_offline(Workspace(root).ledger)
        _log.info("network: %s", "namespace and guard" if walled else "guard")
        _serve(service_named(options.name, options.registry), root, options.instance or options.name, options.name)
    except Exception as error:  # noqa: BLE001 (any error is reported to the process that started this one)
        _log.exception("the service ended")
        with suppress(OSError):  # once it listens, the pipe is closed at the other end
            os.write(options.error_fd, json.dumps(explain(error).as_dict()).encode())
        return 1
    except SystemExit:  # SIGTERM
        pass
    return 0


def _serve(kind: ServiceKind, root: Path, instance: str, name: str) -> None:
    # After the network is left: numpy starts threads, and a namespace must be entered before any thread.
    from poetas.services.endpoint import Endpoint, clear, new_endpoint, run_folder  # noqa: PLC0415
    from poetas.services.socket_server import listen, serve  # noqa: PLC0415

    def make() -> Any:
        module, _, attribute = kind.target.partition(":")
        return getattr(import_large(module), attribute)()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = run_folder(root)
    private = instance != name
    endpoint = new_endpoint(folder, instance)
    try:
        listener = listen(endpoint.address)
        address = endpoint.address if isinstance(endpoint.address, str) else listener.getsockname()[:2]
        Endpoint(address, endpoint.key).write(folder / f"{instance}.json")
        serve(make, listener, endpoint.key, idle_seconds=_UNCLAIMED if private else kind.idle, single=private)
    finally:
        clear(endpoint.address)


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    os._exit(status)  # a library's threads, or a call that ignores its cancellation, must not keep it
