"""Settings of a Jupyter server that another program starts (Binder); run as a program, this module writes them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from poetas.serving import config
from poetas.util.files import read_json, write_text


def settings() -> dict[str, Any]:
    """Return the settings that draw the apps; address and authentication stay with the program that starts the server.

    >>> sorted(settings())
    ['PageKernels', 'ServerApp', 'VoilaConfiguration', 'VoilaExecutor', 'VoilaExporter']
    """
    whole = config.lab(Path(), host="", port=0, token="", browser=False)
    kept = ("jpserver_extensions", "tornado_settings", "kernel_manager_class")
    server = {name: whole["ServerApp"][name] for name in kept}
    names = ("PageKernels", "VoilaConfiguration", "VoilaExecutor", "VoilaExporter")
    return {"ServerApp": server, **{name: whole[name] for name in names}}


def write(prefix: Path) -> Path:
    """Add the settings to those of the environment at ``prefix``; what was there stays."""
    path = prefix / "etc" / "jupyter" / "jupyter_server_config.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    known = read_json(path) if path.is_file() else {}
    for section, values in settings().items():
        known[section] = {**known.get(section, {}), **values}
    write_text(path, json.dumps(known, ensure_ascii=False, indent=2) + "\n", mode=0o644)
    return path


if __name__ == "__main__":
    write(Path(sys.prefix))
