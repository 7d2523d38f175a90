"""`poetas lab`: JupyterLab with the Voilà extension, so that a notebook can be seen as code and as an app.

JupyterLab writes into what it opens, and the installed apps are read-only: the notebooks are copied into ``cuadernos``
of the workspace. A copy without changes follows a new version of the program; a changed one stays as it is.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import time
import warnings
from contextlib import suppress
from pathlib import Path

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.services import Service
from poetas.serving import config
from poetas.serving.listening import address, free_port
from poetas.serving.terminal import say
from poetas.util.files import private_folder, read_json, write_json
from poetas.util.resources import folder
from poetas.workspace import Workspace

COPIES = "cuadernos"
_RECORD = ".origen.json"


class NoLab(PoetasError):
    """JupyterLab is not installed."""

    code = "no-lab"


def copy_apps(source: Path, target: Path) -> list[str]:
    """Bring the notebooks of ``source`` into ``target``; return the names that were written.

    What counts as a change is the cells' text: outputs, which JupyterLab saves by itself, do not.
    """
    private_folder(target)
    try:
        known = dict(read_json(target / _RECORD))
    except (OSError, ValueError, TypeError):
        known = {}
    written = []
    for origin in sorted(source.glob("*.ipynb")):
        copy, fresh = target / origin.name, _digest(origin)
        untouched = not copy.is_file() or _digest(copy) == known.get(origin.name)
        if untouched and (not copy.is_file() or known.get(origin.name) != fresh):
            shutil.copyfile(origin, copy)
            known[origin.name] = fresh
            written.append(origin.name)
    write_json(target / _RECORD, known)
    return written


def _digest(notebook: Path) -> str:
    """Name the cells of a notebook by their content; a file that is no notebook by its bytes."""
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in read_json(notebook)["cells"]]
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(notebook.read_bytes()).hexdigest()
    return hashlib.sha256(repr(cells).encode()).hexdigest()


def lab(*, host: str, port: int, browser: bool) -> int:
    """Open JupyterLab on the copies until Ctrl-C. Raises NoLab where it is not installed, NoSuchHost, PortTaken."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise NoLab(
            _("Falta JupyterLab."),
            why=_("La vista de código lo usa, y no vino con esta instalación."),
            remedy=_("Instalalo con: pip install jupyterlab"),
        )
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]  # noqa: PLC0415  # optional, and heavy

    workspace = Workspace.default()
    workspace.settle()
    copies = workspace.root / COPIES
    copy_apps(folder("apps"), copies)
    options = config.ServerOptions(host=host, port=free_port(host, port))
    os.environ.update(config.environment(host))  # first: the pages' texts depend on the place
    settings = private_folder(workspace.root / "run" / "jupyter")
    # A private folder of settings: the token is in a file that only its owner can read, and what another
    # configuration of Jupyter on this machine allows is not allowed here.
    write_json(
        settings / "jupyter_server_config.json",
        config.lab(copies, host=host, port=options.port, token=options.token, browser=browser),
    )
    write_json(private_folder(settings / "labconfig") / "default_setting_overrides.json", config.LAB_SETTINGS)
    os.environ.update(JUPYTER_CONFIG_DIR=str(settings), POETAS_CODE_URL="/lab/tree/")
    where = address(host, options.port)
    say(_("JupyterLab está abierto en:"), f"\n    {where}/?token={options.token}\n")
    say(_("Las apps, sin código: {address}").format(address=f"{where}/voila?token={options.token}"))
    say(_("Los cuadernos que se abren son copias tuyas: {folder}").format(folder=copies), _("Para cerrarlo: Ctrl-C."))
    import voila  # noqa: F401, PLC0415  # it turns on warnings that only Jupyter's authors can act on

    warnings.simplefilter("ignore", DeprecationWarning)
    started = time.time()
    try:
        LabApp.launch_instance(argv=[])
    finally:
        with suppress(OSError):  # the folder may be gone; then so are the services' addresses
            Service.retire_unused(workspace.root, since=started)
    return 0
