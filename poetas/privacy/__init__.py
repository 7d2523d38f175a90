"""Network isolation of processes that see the data: guard, namespace, ledger and offline environment.

A worker calls `go_offline` before it reads a byte and before it imports a library that starts threads; the kernel
behind a page calls `install_guard`, because its messages need the host's loopback.
"""

from __future__ import annotations

from poetas.privacy.isolation import is_isolated
from poetas.privacy.ledger import Ledger, LedgerEntry
from poetas.privacy.network_guard import NetworkRefused, install_guard, refusals
from poetas.privacy.network_namespace import enter_namespace
from poetas.privacy.offline import go_offline, go_online, offline_environment

__all__ = [
    "Ledger",
    "LedgerEntry",
    "NetworkRefused",
    "enter_namespace",
    "go_offline",
    "go_online",
    "install_guard",
    "is_isolated",
    "offline_environment",
    "refusals",
]
