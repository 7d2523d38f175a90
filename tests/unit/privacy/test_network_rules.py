"""The guard's rules by themselves: which names and addresses are this machine, and what only looks like it."""

import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from poetas.privacy.network_rules import Rules
from tests.paths import ROOT

RULES = Rules(frozenset({"localhost", "casa"}))


def of(family: str) -> SimpleNamespace:
    """As much of a socket as the rules look at; those of some families need rights to be made."""
    return SimpleNamespace(family=getattr(socket, family), type=socket.SOCK_STREAM)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "localhost.", b"Casa.", "127.0.0.1", "127.9.9.9", "::1", "::1%1"]
)
def test_this_machine_is_itself_in_every_spelling(host):
    assert RULES.lookup(host) is None
    assert RULES.reach(of("AF_INET6"), (host, 443)) is None


@pytest.mark.parametrize(
    "host", ["casa.example.org", "localhost.example.org", "127.1", "10.0.0.1", "fe80::1", "192.0.2.70"]
)
def test_what_only_looks_like_it_is_refused(host):
    assert RULES.lookup(host) == host
    assert RULES.reach(of("AF_INET"), (host, 443)) == f"{host}:443"


def test_an_address_mapped_into_ipv6_is_judged_as_the_address_that_it_maps():
    assert RULES.reach(of("AF_INET6"), ("::ffff:127.0.0.1", 443)) is None
    assert RULES.reach(of("AF_INET6"), ("::ffff:192.0.2.8", 443)) == "::ffff:192.0.2.8:443"
    assert RULES.reach(of("AF_INET6"), ("fe80::8%eth0", 29500, 0, 2)) == "fe80::8%eth0:29500"


def test_no_variable_opens_the_guard(monkeypatch):
    """A variable once named addresses that the guard let through."""
    monkeypatch.setenv("POETAS_PEERS", "192.0.2.7")
    code = "import os, sys; from poetas.privacy import *; go_offline(None, namespace=False)\n"
    code += "import socket\ntry: socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.7', 9))\n"
    code += "except NetworkRefused: print('refused')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "refused\n", done.stderr


@pytest.mark.parametrize("family", ["AF_PACKET", "AF_VSOCK", "AF_BLUETOOTH", "AF_CAN", "AF_TIPC"])
def test_a_family_that_leaves_the_machine_another_way_is_refused(family):
    if not hasattr(socket, family):
        pytest.skip(f"{family} is not on this system")
    assert RULES.reach(of(family), ("eth0", 0)) is not None
    assert RULES.bind(of(family), ("eth0", 1)) is not None


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="sockets of Unix are not on this system")
def test_a_path_cannot_leave_the_machine():
    assert RULES.reach(of("AF_UNIX"), "/run/x") is None
