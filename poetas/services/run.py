"""The process of a service: ``python -m poetas.services.run NAME ROOT``.

It leaves the network first, listens, writes where it can be found, and only then imports its handler.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

from poetas.jobs.run import prefer_to_die
from poetas.privacy import go_offline
from poetas.services.table import ServiceKind, service_named
from poetas.workspace import Workspace

_UNCLAIMED = 60.0  # seconds a private service waits for the one who started it


def main(arguments: list[str] | None = None) -> int:
    """Serve until nobody needs it."""
    parser = argparse.ArgumentParser(prog="poetas.services.run")
    parser.add_argument("name")
    parser.add_argument("root", type=Path)
    parser.add_argument("--instance", default="", help="name under which it is found; another name makes it private")
    parser.add_argument("--table", default=None, help="module with further services, for tests")
    options = parser.parse_args(arguments)
    os.umask(0o077)
    os.environ["POETAS_HOME"] = str(options.root)  # handlers find their folders through the workspace
    faulthandler.enable()
    prefer_to_die()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.environ["POETAS_HOME"] = str(options.root.resolve())  # a handler's workspace is the one it serves
    walled = go_offline(Workspace(options.root).ledger)
    logging.getLogger("poetas.services").info("network: %s", "namespace and guard" if walled else "guard")
    _serve(service_named(options.name, options.table), options.root, options.instance or options.name, options.name)
    return 0


def _serve(kind: ServiceKind, root: Path, instance: str, name: str) -> None:
    # After the network is left: numpy starts threads, and a namespace must be entered before any thread.
    from poetas.services.place import Place, clear, new_place, run_folder  # noqa: PLC0415
    from poetas.services.server import listen, serve  # noqa: PLC0415

    def make() -> Any:
        module, _, attribute = kind.target.partition(":")
        return getattr(importlib.import_module(module), attribute)()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = run_folder(root)
    private = instance != name
    chosen = new_place(folder, instance)
    listener = listen(chosen.address)
    address = chosen.address if isinstance(chosen.address, str) else listener.getsockname()[:2]
    Place(address, chosen.key).write(folder / f"{instance}.json")
    try:
        serve(make, listener, chosen.key, idle_seconds=_UNCLAIMED if private else kind.idle, single=private)
    finally:
        clear(address)
        logging.shutdown()
        os._exit(0)  # a library's threads, or a call that does not listen, must not keep the process


if __name__ == "__main__":
    sys.exit(main())
