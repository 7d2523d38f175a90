"""The guard's rules by themselves: what stands for this machine, and what only looks like it."""

import socket
from types import SimpleNamespace

import pytest

from poetas.privacy.rules import Rules

RULES = Rules(frozenset({"localhost", "casa"}), frozenset({"192.0.2.7", "2001:db8::7", "fe80::7"}))


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


@pytest.mark.parametrize("host", ["::ffff:127.0.0.1", "::ffff:192.0.2.7"])
def test_an_old_address_in_new_clothes_is_what_it_was(host):
    assert RULES.reach(of("AF_INET6"), (host, 443)) is None
    assert RULES.reach(of("AF_INET6"), ("::ffff:192.0.2.8", 443)) == "::ffff:192.0.2.8:443"


def test_a_peer_is_let_through_by_its_address_whatever_the_port_and_the_interface():
    assert RULES.reach(of("AF_INET"), ("192.0.2.7", 29500)) is None
    assert RULES.reach(of("AF_INET"), ("192.0.2.7", 53)) is None, "a peer is no resolver of this machine"
    assert RULES.reach(of("AF_INET6"), ("fe80::7%eth0", 29500, 0, 2)) is None
    assert RULES.reach(of("AF_INET6"), ("fe80::8%eth0", 29500, 0, 2)) == "fe80::8%eth0:29500"


@pytest.mark.parametrize("family", ["AF_PACKET", "AF_VSOCK", "AF_BLUETOOTH", "AF_CAN", "AF_TIPC"])
def test_a_family_that_leaves_the_machine_another_way_is_refused(family):
    if not hasattr(socket, family):
        pytest.skip("not on this system")
    assert RULES.reach(of(family), ("eth0", 0)) is not None
    assert RULES.bind(of(family), ("eth0", 1)) is not None


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="not on this system")
def test_a_path_cannot_leave_the_machine():
    assert RULES.reach(of("AF_UNIX"), "/run/x") is None
