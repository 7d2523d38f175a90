"""The configuration of Voilà, standing alone or inside JupyterLab, in one place."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from poetas.assets import folder, in_checkout
from poetas.serving.texts import page_texts

# 'unsafe-inline': Voilà's pages carry inline scripts. blob: is how anywidget loads a widget's module. No other host
# is named anywhere, so a page cannot send what it shows to anybody.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
# The browser modules that our pages use; a user's other JupyterLab extensions stay out of them.
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager7",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
    "bqplot",
    "bqscales",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve.

    apps: folder of the notebooks. port: 0 picks a free one. alone_seconds: how long a kernel outlives its page.
    """

    apps: Path = field(default_factory=lambda: folder("apps"))
    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default_factory=lambda: token_urlsafe(24), repr=False)
    preheat: bool = False
    alone_seconds: int = 300


def environment() -> dict[str, str]:
    """Variables under which the template and our packages are found, from a checkout or from a wheel.

    >>> str(folder("jupyter")) in environment()["JUPYTER_PATH"]
    True
    """
    told = {"JUPYTER_PATH": _with(folder("jupyter"), os.environ.get("JUPYTER_PATH", ""))}
    if in_checkout():
        root = Path(__file__).resolve().parents[2]
        told["PYTHONPATH"] = _with(root, os.environ.get("PYTHONPATH", ""))
    return told


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
        "file_allowlist": [],  # images of a notebook are inlined; nothing else is anybody's
        "extension_allowlist": list(EXTENSIONS),
        "extension_config": {"poetas": page_texts()},
    }


def standalone(options: Options) -> dict[str, Any]:
    """Everything `voila.app.Voila` is told; no file of the user's own Jupyter configuration is read besides."""
    return {
        "Voila": {
            "root_dir": str(options.apps),
            "ip": options.host,
            "port": options.port,
            "token": options.token,
            "open_browser": False,
            "config_file_paths": [],
            "log_level": "WARN",
            "tornado_settings": {"headers": dict(HEADERS)},
        },
        "VoilaConfiguration": {
            **pages(preheat=options.preheat),
            "multi_kernel_manager_class": "poetas.serving.manager.PageKernels",
            "kernel_spec_manager_class": "poetas.serving.manager.OwnInterpreter",
        },
        "PageKernels": {"alone_seconds": options.alone_seconds},
        "VoilaExporter": {"anchor_link_text": " "},
    }


def python() -> str:
    """The interpreter that started us, for programs that we start."""
    return sys.executable
