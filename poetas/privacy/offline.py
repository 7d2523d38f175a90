"""Offline environment: variables for libraries, and the call that isolates a worker from the network."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

from poetas.privacy.isolation import note_isolation
from poetas.privacy.network_guard import install_guard
from poetas.privacy.network_namespace import enter_namespace

_BEFORE = "POETAS_ENVIRONMENT_BEFORE"


def offline_environment() -> dict[str, str]:
    """Variables that keep libraries from trying the network, to be set before they are imported.

    A refused Hub call is tried again for 23 s; one that knows it is offline fails at once. ``NO_PROXY`` keeps a
    proxy on this machine's own loopback from being a way out.

    >>> offline_environment()["HF_HUB_OFFLINE"]
    '1'
    """
    return {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_EVALUATE_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "WANDB_MODE": "disabled",
        "COMET_MODE": "DISABLED",
        "PIP_NO_INDEX": "1",
        "NO_PROXY": "*",
        "no_proxy": "*",
    }


def go_offline(ledger: Path | None, *, namespace: bool = True) -> bool:
    """Become a process without network: environment, namespace, guard. Tell whether the namespace holds it.

    Call it first in a program, before any thread and before the libraries are imported. The kernel behind a page says
    ``namespace=False``, because its messages need the host's loopback.
    """
    changes = offline_environment()
    if sys.platform in {"linux", "darwin"}:
        # gloo picks the interface of the machine's name, which a namespace does not have.
        changes["GLOO_SOCKET_IFNAME"] = "lo" if sys.platform == "linux" else "lo0"
    if _BEFORE not in os.environ:
        os.environ[_BEFORE] = json.dumps({name: os.environ.get(name) for name in changes})
    os.environ.update(changes)
    entered = enter_namespace() if namespace else False
    install_guard(ledger)
    if namespace and ledger is not None:
        note_isolation(ledger, isolated=entered)
    return entered


def go_online(environment: MutableMapping[str, str]) -> None:
    """Undo `go_offline` in an environment: the fetch program needs the user's own proxy, token and settings.

    >>> fetcher = {"NO_PROXY": "*", "POETAS_ENVIRONMENT_BEFORE": '{"NO_PROXY": "example.org", "DO_NOT_TRACK": null}'}
    >>> go_online(fetcher); fetcher
    {'NO_PROXY': 'example.org'}
    """
    try:
        before = json.loads(environment.pop(_BEFORE, "{}"))
    except (ValueError, RecursionError):
        return
    for name, value in before.items() if isinstance(before, dict) else ():
        if value is None:
            environment.pop(name, None)
        elif isinstance(value, str):
            environment[name] = value
