"""Configuration of Voilà, standalone or inside JupyterLab: `ServerOptions` in, traitlets configuration out."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from poetas.environment import Place, place
from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.serving.security_headers import LAB_CONTENT_SECURITY_POLICY, security_headers
from poetas.serving.template_texts import page_texts
from poetas.util.resources import folder, in_checkout

# JupyterLab would ask at its first start whether it may fetch news: it may not.
LAB_SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
# Seconds. nbclient waits 4 s for what a cell published once its reply is there, and then renders the cell without it; a
# busy server needs longer, and a page must be whole. A kernel that dies ends the wait at once.
PATIENCE = {"iopub_timeout": 300, "startup_timeout": 300}
# The browser modules that our pages use; a user's other JupyterLab extensions stay out of them.
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager7",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
    "bqplot",
    "bqscales",
)


class NoApps(PoetasError):
    """The folder of notebooks that was asked for is not there."""

    code = "no-apps"


def apps_folder(path: Path | None) -> Path:
    """Return the folder of notebooks to serve: ``path``, or our own. Raises NoApps.

    >>> apps_folder(None) == folder("apps")
    True
    """
    apps = path.resolve() if path else folder("apps")
    if not apps.is_dir():
        raise NoApps(
            _("No encuentro la carpeta {folder}.").format(folder=apps),
            why=_("Ahí tendrían que estar los cuadernos."),
            remedy=_("Fijate cómo está escrita, o no pongas --apps."),
        )
    return apps


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How to serve.

    apps: folder of the notebooks. port: 0 picks a free one. alone_seconds: how long a kernel outlives its page.
    """

    apps: Path = field(default_factory=lambda: folder("apps"))
    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default_factory=lambda: token_urlsafe(24), repr=False)
    preheat: bool = False
    alone_seconds: int = 300


def loopback_only(host: str) -> bool:
    """Tell whether a server on ``host`` is for this machine's own browser alone; of an unusual address it says no.

    >>> loopback_only("localhost"), loopback_only("0.0.0.0")
    (True, False)
    """
    return host in {"127.0.0.1", "localhost", "::1"}


def environment(host: str) -> dict[str, str]:
    """Variables for a server on ``host`` and for its kernels: where the template and our packages are, and the place.

    The template and packages are those of a checkout or of a wheel. A host that other computers reach makes the place a
    class server, so that no page says that texts stay with a learner who may be at another machine; a `POETAS_PLACE`
    that was given, and Binder and Colab, win.

    >>> str(folder("jupyter")) in environment("127.0.0.1")["JUPYTER_PATH"]
    True
    """
    variables = {"JUPYTER_PATH": _with(folder("jupyter"), os.environ.get("JUPYTER_PATH", ""))}
    if in_checkout():
        root = Path(__file__).resolve().parents[2]
        variables["PYTHONPATH"] = _with(root, os.environ.get("PYTHONPATH", ""))
    unsaid = place() is Place.LOCAL and os.environ.get("POETAS_PLACE") != Place.LOCAL
    if unsaid and not loopback_only(host):
        variables["POETAS_PLACE"] = Place.SERVER.value
    return variables


def _with(first: Path, rest: str) -> str:
    others = [part for part in rest.split(os.pathsep) if part and part != str(first)]
    return os.pathsep.join([str(first), *others])


def pages(*, preheat: bool = False) -> dict[str, Any]:
    """`VoilaConfiguration`: what the pages look like and may do; the same standing alone and in JupyterLab."""
    return {
        "template": "poetas",
        "theme": "light",
        "classic_tree": True,
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "show_tracebacks": False,
        "strip_sources": True,
        "preheat_kernel": preheat,
        "file_allowlist": [],  # images of a notebook are inlined; no other file is served
        "extension_allowlist": list(EXTENSIONS),
        "extension_config": {"poetas": page_texts()},
    }


def standalone(options: ServerOptions) -> dict[str, Any]:
    """Return the whole configuration of `voila.app.Voila`; no file of the user's own Jupyter configuration is read."""
    return {
        "Voila": {
            "root_dir": str(options.apps),
            "ip": options.host,
            "port": options.port,
            "token": options.token,
            "open_browser": False,
            "config_file_paths": [],
            "tornado_settings": {"headers": security_headers()},
        },
        "VoilaConfiguration": {
            **pages(preheat=options.preheat),
            "multi_kernel_manager_class": "poetas.serving.kernel_manager.PageKernels",
            "kernel_spec_manager_class": "poetas.serving.kernel_manager.OwnInterpreter",
        },
        "PageKernels": {"alone_seconds": options.alone_seconds, "allow_tracebacks": False},
        # A page's kernel that died is reported and not replaced: a new one would know nothing of the page, and a page
        # that is being prepared would wait for its answer until `PATIENCE` ends.
        "KernelRestarter": {"restart_limit": 0},
        "VoilaExecutor": dict(PATIENCE),
        "VoilaExporter": {"anchor_link_text": " "},
    }


def lab(root: Path, *, host: str, port: int, token: str, browser: bool) -> dict[str, Any]:
    """Return the whole configuration of JupyterLab, as JSON: code view and app view of the notebooks in ``root``."""
    return {
        "ServerApp": {
            "root_dir": str(root),
            "ip": host,
            "port": port,
            "port_retries": 0,
            "open_browser": browser,
            "answer_yes": True,  # Ctrl-C ends, without a question in English
            "allow_root": True,  # only asked of root, as in a container; loopback and token hold there too
            "jpserver_extensions": {
                "voila.server_extension": True,
                "jupyterlab": True,
                "poetas.serving.policy_headers": True,
            },
            "tornado_settings": {"headers": security_headers(LAB_CONTENT_SECURITY_POLICY)},
            "kernel_manager_class": "poetas.serving.kernel_manager.PageKernels",
            "kernel_spec_manager_class": "poetas.serving.kernel_manager.OwnInterpreter",
        },
        "Application": {"log_level": "ERROR"},
        "IdentityProvider": {"token": token},
        "PageKernels": {"alone_seconds": 300},
        "VoilaConfiguration": pages(),
        "VoilaExecutor": dict(PATIENCE),
        "VoilaExporter": {"anchor_link_text": " "},
        # No news, no look for updates, no list of extensions: JupyterLab asks the network for all three.
        "LabApp": {
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
            "default_url": "/lab/tree/1_conocer.ipynb",
        },
    }
