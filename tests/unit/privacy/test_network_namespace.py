"""The network namespace, with native code inside. Nothing leaves the machine: the address is reserved (RFC 5737)."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

from poetas.privacy.isolation import is_isolated, note_isolation
from tests.paths import ROOT

pytestmark = pytest.mark.slow

SETUP = """
import ctypes, errno, os, socket, sys, fcntl, encodings.idna, json, threading, tempfile, subprocess
from pathlib import Path
from poetas.privacy import enter_namespace, install_guard, refusals, go_offline, NetworkRefused

def native(host=(192, 0, 2, 1), port=9):
    "connect(2) through libc, which no audit hook sees; the name of the error"
    libc = ctypes.CDLL(None, use_errno=True)
    address = (2).to_bytes(2, "little") + port.to_bytes(2, "big") + bytes(host) + bytes(8)
    with socket.socket() as sock:
        return "connected" if libc.connect(sock.fileno(), address, 16) == 0 else errno.errorcode[ctypes.get_errno()]
"""
AS_NOBODY = """
os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)   # dumpable again, as a process that nobody had started would be
"""


def run(code: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SETUP + textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def allowed() -> bool:
    """Ask util-linux, not our own code, whether this system lets a process have a namespace."""
    if sys.platform != "linux":
        return False
    try:
        return subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


walled = pytest.mark.skipif(not allowed(), reason="this system gives no namespaces")
as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root to become another user")
users = pytest.mark.parametrize("user", ["", pytest.param(AS_NOBODY, marks=as_root)], ids=["oneself", "nobody"])


@walled
@users
def test_native_code_finds_no_network(user):
    out = run(user + "who = os.getresuid()\nprint(enter_namespace(), native(), who == os.getresuid())")
    assert out == "True ENETUNREACH True"


@walled
@users
def test_loopback_works_inside(user):
    code = """
    assert enter_namespace()
    for host in ("127.0.0.1", "localhost"):
        listener = socket.create_server((host, 0))
        sock = socket.create_connection(listener.getsockname()); sock.sendall(b"hola")
        assert listener.accept()[0].recv(4) == b"hola"
    print(native((127, 0, 0, 1), listener.getsockname()[1]))
    """
    assert run(user + textwrap.dedent(code)) == "connected"


@walled
def test_programs_started_inside_are_inside():
    code = """
    assert enter_namespace()
    probe = "import socket\\ntry: socket.create_connection(('192.0.2.1', 9), 3)\\nexcept OSError as e: print(e.errno)"
    print(subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True).stdout)
    """
    assert run(code) == "101"


@walled
@users
def test_files_are_read_and_written_as_before(user, tmp_path):
    tmp_path.chmod(0o777)
    for path in tmp_path.parents:  # pytest makes them for its own user alone, one more where processes share the tests
        if path.name.startswith(("pytest-", "popen-")):
            path.chmod(0o755)
    code = """
    assert enter_namespace()
    spot = Path(sys.argv[1]) / "poema.txt"
    spot.write_text("hola"); spot.chmod(0o600); print(spot.read_text(), spot.stat().st_uid == os.getuid())
    """
    assert run(user + textwrap.dedent(code), tmp_path) == "hola True"


@walled
@as_root
def test_root_still_reads_the_files_of_other_users(tmp_path):
    """A folder mounted into a container belongs to the user outside; root there must not lose it."""
    other = tmp_path / "ajeno"
    other.mkdir()
    (other / "poema.txt").write_text("hola")
    os.chown(other / "poema.txt", 1234, 1234)
    os.chown(other, 1234, 1234)
    (other / "poema.txt").chmod(0o600)
    other.chmod(0o700)
    code = """
    assert enter_namespace()
    folder = Path(sys.argv[1]); (folder / "nuevo").write_text("x")
    print((folder / "poema.txt").read_text(), (folder / "poema.txt").stat().st_uid)
    """
    assert run(code, other) == "hola 1234"


@walled
def test_services_outside_are_reached_through_a_path(tmp_path):
    code = """
    path = sys.argv[1]
    outside = socket.socket(socket.AF_UNIX); outside.bind(path); outside.listen()
    if os.fork() == 0:
        ok = enter_namespace(); install_guard(None)
        sock = socket.socket(socket.AF_UNIX); sock.connect(path); sock.sendall(b"y" if ok else b"n"); os._exit(0)
    print(outside.accept()[0].recv(1))
    """
    assert run(code, tmp_path / "s") == "b'y'"


def test_a_process_with_threads_is_refused_and_stays_as_it_was():
    code = """
    over = threading.Event(); thread = threading.Thread(target=over.wait); thread.start()
    before = Path("/proc/self/uid_map").read_text() if sys.platform == "linux" else ""
    print(enter_namespace())
    assert before == (Path("/proc/self/uid_map").read_text() if sys.platform == "linux" else "")
    over.set()
    """
    assert run(code) == "False"


@walled
def test_entering_again_is_harmless_and_workers_started_inside_share_one_loopback():
    code = """
    print(enter_namespace(), enter_namespace(), native())
    listener = socket.create_server(("127.0.0.1", 0))
    probe = (
        "import socket, sys; from poetas.privacy import go_offline\\n"
        "print(go_offline(None)); socket.create_connection(('127.0.0.1', int(sys.argv[1]))).sendall(b'hola')"
    )
    port = str(listener.getsockname()[1])
    print(subprocess.run([sys.executable, "-c", probe, port], capture_output=True, text=True).stdout.strip())
    listener.settimeout(5); print(listener.accept()[0].recv(4))
    """
    assert run(code).split() == ["True", "True", "ENETUNREACH", "True", "b'hola'"]


@walled
def test_a_claim_to_be_inside_is_checked_against_the_namespace_one_is_in():
    assert run("os.environ['POETAS_NAMESPACE'] = 'net:[1]'\nprint(enter_namespace(), native())") == "True ENETUNREACH"


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel to refuse")
@as_root
def test_where_the_system_refuses_it_says_so_and_the_guard_still_holds(tmp_path):
    """No namespace may be made inside one whose limit is zero: a refusal by the real kernel."""
    code = """
    child = os.fork()
    if child == 0:
        if enter_namespace():
            Path("/proc/sys/user/max_user_namespaces").write_text("0")
            del os.environ["POETAS_NAMESPACE"]   # else it would know, rightly, that it is inside
        os.execv(sys.executable, [sys.executable, "-c", sys.argv[1], sys.argv[2]])
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    inner = (
        "import sys, os, socket; from pathlib import Path; from poetas.privacy import go_offline, refusals\n"
        "print(go_offline(Path(sys.argv[1])), os.getuid())\n"
        "try: socket.create_connection(('192.0.2.1', 9))\n"
        "except PermissionError: print('refused', refusals(), flush=True)"
    )
    assert run(code, inner, tmp_path / "registro.jsonl").split() == ["False", "0", "refused", "1", "0"]


@walled
def test_a_worker_that_the_namespace_holds_notes_it_in_its_workspace(tmp_path):
    code = "from poetas.privacy import go_offline, is_isolated\nledger = Path(sys.argv[1])\n"
    code += "print(is_isolated(ledger), go_offline(ledger), is_isolated(ledger))"
    assert run(code, tmp_path / "registro.jsonl") == "False True True"


def test_one_worker_that_was_not_held_is_not_forgotten(tmp_path):
    ledger = tmp_path / "registro.jsonl"
    for isolated, known in ((True, True), (False, False), (True, False)):
        note_isolation(ledger, isolated=isolated)
        assert is_isolated(ledger) is known
