"""`poetas check`: a table of what this machine can do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from poetas.environment import describe, machine
from poetas.errors import card_unusable
from poetas.i18n import _, number, size
from poetas.serving.terminal import say
from poetas.workspace import Workspace

# Asked in processes of their own: torch takes seconds and hundreds of megabytes, and a process that has entered
# a network namespace cannot leave it.
_TORCH = """
import json
try:
    import torch
    cuda = torch.cuda.is_available()
    name = torch.cuda.get_device_name(0) if cuda else "MPS" if torch.backends.mps.is_available() else ""
    problem = ""
    if torch.version.cuda and not cuda:
        try:
            torch.cuda.init()
        except Exception as error:
            problem = str(error)
    print(json.dumps({"version": torch.__version__, "gpu": name, "problem": problem}))
except ImportError:
    print(json.dumps({"version": "", "gpu": ""}))
"""
_NAMESPACE = "from poetas.privacy import enter_namespace; print('1' if enter_namespace() else '0')"


def check() -> int:
    """Print the table; return 0."""
    rows = list(_rows(Workspace.default()))
    width = max(len(name) for name, _value in rows)
    for name, value in rows:
        say(f"{name.ljust(width)}  {value}")
    return 0


def _rows(workspace: Workspace) -> Iterator[tuple[str, str]]:
    here = machine(workspace.root)
    yield _("Lugar"), describe()
    yield _("Carpeta"), _folder(workspace.root)
    yield _("Núcleos"), number(here.cores)
    yield _("Memoria"), _("{free} libres de {total}").format(free=size(here.memory_free), total=size(here.memory_total))
    yield _("Disco"), _("{free} libres").format(free=size(here.disk_free))
    torch = _ask(_TORCH)
    torch_info = json.loads(torch) if torch else {"version": "", "gpu": ""}
    yield "PyTorch", torch_info["version"] or _("no está instalado")
    yield _("Placa de video"), torch_info["gpu"] or _no_card(torch_info.get("problem", ""))
    yield _("Modelos listos"), _models(workspace)
    walled = _ask(_NAMESPACE) == "1"
    yield (
        _("Trabajos sin red"),
        _("sí: el sistema les cierra la red") if walled else _("solo por el guardián del programa"),
    )
    yield _("Navegador"), _browser()


def _no_card(problem: str) -> str:
    """What is said where there is no graphics card. problem: PyTorch's words, where it was built for one.

    >>> _no_card("The NVIDIA driver on your system is too old (found version 11040).").partition(". ")[2]
    'Su controlador es más viejo de lo que pide PyTorch: hay que actualizarlo.'
    """
    none = _("ninguna: se usa el procesador")
    return f"{none}. {card_unusable(problem).explanation.why}" if problem else none


def _folder(root: Path) -> str:
    """The learner's folder, and whether it is writable; the nearest existing parent is checked, nothing is created."""
    near = next((folder for folder in (root, *root.parents) if folder.exists()), root)
    if near.is_dir() and os.access(near, os.W_OK | os.X_OK):
        return str(root)
    return _("{folder} (no sirve: no me deja escribir, o no puede ser una carpeta)").format(folder=root)


def _ask(program: str) -> str:
    """Run a few lines in a fresh interpreter; "" if they fail."""
    root = str(Path(__file__).resolve().parents[2])
    try:
        answer = subprocess.run(  # noqa: S603  # our own interpreter, our own lines
            [sys.executable, "-X", "utf8", "-c", program],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=True,
            cwd=root,
            env={name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"},
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip().splitlines()[-1] if answer.stdout.strip() else ""


def _models(workspace: Workspace) -> str:
    from poetas.models import ready_models  # noqa: PLC0415  # the table above should not wait for it

    names = [entry.id for entry in ready_models(workspace)]
    return ", ".join(names) or _("ninguno todavía (poetas fetch smollm2-135m)")


def _browser() -> str:
    import webbrowser  # noqa: PLC0415  # looks for programs when imported

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return _("no encontré ninguno: abrí la dirección que muestra poetas serve")
    return str(getattr(browser, "name", "")) or _("el del sistema")
