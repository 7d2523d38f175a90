"""Services: death, restarts, strangers and garbage, with real processes and real sockets."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from poetas.jobs import detached_process as spawning
from poetas.services import RemoteError, Service, ServiceDied, ServiceRefused
from poetas.services.endpoint import Endpoint
from poetas.services.protocol import Channel, introduce
from tests.unit.patience import until

TABLE = "service_handlers"

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("programs_on_path")]


@pytest.fixture
def root(tmp_path):
    yield tmp_path
    Service.retire("echo", tmp_path)


def shared(root: Path, name: str = "echo") -> Service:
    return Service.shared(name, root, table=TABLE)


def place(root: Path, name: str = "echo") -> Endpoint:
    result = Endpoint.read(root / "run" / f"{name}.json")
    assert result is not None
    return result


def gone(pid: int) -> bool:
    spawning.reap()
    return not Path(f"/proc/{pid}").exists()


# --- death ------------------------------------------------------------------------------------------------------------


@pytest.mark.cold
def test_when_it_is_killed_every_pending_call_ends_at_once_and_shared_starts_a_new_one(root):
    service = shared(root)
    pid = service.call("pid")
    calls = [service.submit("deaf", seconds=60), service.submit("count", n=10_000, pause=0.01), service.submit("pid")]
    calls[2].result(10)
    begin = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    for call in calls[:2]:
        with pytest.raises(ServiceDied) as caught:
            call.result(5)
        assert caught.value.explanation.code == "service-died"
        assert caught.value.explanation.action == "restart-service"
    assert time.monotonic() - begin < 5
    assert not service.alive
    late = service.submit("pid")
    assert late.done()
    with pytest.raises(ServiceDied):
        service.call("pid")
    again = shared(root)
    assert again.call("pid") != pid
    sockets = list((root / "run").glob("*.sock"))
    assert len(sockets) == 1, "the dead one's socket is gone"


def test_a_service_that_lost_its_graphics_card_says_so_and_ends_so_that_the_next_call_has_another(root):
    service = shared(root)
    pid = service.call("pid")
    with pytest.raises(RemoteError) as caught:
        service.call("lose_card")
    assert caught.value.explanation.code == "card-lost"
    until(lambda: gone(pid))
    assert shared(root).call("pid") != pid


def test_a_crash_in_native_code_is_a_death_like_any_other(root):
    service = shared(root)
    with pytest.raises(ServiceDied):
        service.call("crash")
    assert not service.alive
    assert "Segmentation fault" in (root / "run" / "echo.log").read_text()
    assert shared(root).call("add", a=1, b=1) == 2


def test_a_stream_that_is_cut_by_death_gives_what_came_and_then_the_error(root):
    service = shared(root)
    pid = service.call("pid")
    seen = []
    with pytest.raises(ServiceDied):  # noqa: PT012 (the stream is what raises)
        for item in service.submit("count", n=1000, pause=0.01).stream():
            seen.append(item)
            if item == 5:
                os.kill(pid, signal.SIGKILL)
    assert seen[:6] == [0, 1, 2, 3, 4, 5]


def test_it_ends_without_a_client_for_a_while_but_not_before(tmp_path):
    service = shared(tmp_path, "brief")
    pid = service.call("pid")
    time.sleep(1)
    assert service.call("pid") == pid, "a page that is open keeps it"
    service.close()
    assert not service.alive
    until(lambda: gone(pid), 10)
    assert not list((tmp_path / "run").glob("*.sock"))
    again = shared(tmp_path, "brief")
    assert again.call("pid") != pid
    again.close()


def test_only_an_unused_service_that_was_started_since_is_retired(root, monkeypatch):
    import service_handlers

    from poetas.services import client

    monkeypatch.setattr(client, "SERVICES", {"echo": service_handlers.SERVICES["echo"]})
    began = time.time() - 5
    service = shared(root)
    assert Service.retire_unused(root, since=began, patience=0) == []  # `service` uses it
    assert service.call("add", a=1, b=1) == 2
    service.close()
    assert Service.retire_unused(root, since=time.time() + 5) == []  # another's, of before
    assert Service.retire_unused(root, since=began) == ["echo"]
    assert Service.retire_unused(root, since=began) == []


@pytest.mark.cold
def test_retire_ends_it_now(root):
    service = shared(root)
    pid = service.call("pid")
    call = service.submit("deaf", seconds=60)
    assert Service.retire("echo", root)
    with pytest.raises(ServiceDied):
        call.result(5)
    until(lambda: gone(pid), 10)
    assert not Service.retire("echo", root)


@pytest.mark.cold
def test_sigterm_ends_it_whatever_still_runs_and_leaves_no_socket(root):
    service = shared(root)
    pid = service.call("pid")
    service.call("leave_a_thread", seconds=60)
    os.kill(pid, signal.SIGTERM)
    until(lambda: gone(pid), 10)
    assert not list((root / "run").glob("*.sock"))


def test_a_handler_that_cannot_be_made_says_why_and_makes_room_for_another_attempt(tmp_path):
    service = shared(tmp_path, "broken")
    with pytest.raises(RemoteError) as caught:
        service.call("anything")
    assert caught.value.explanation.code == "out-of-memory"
    until(lambda: not service.alive, 10)
    missing = shared(tmp_path, "missing")
    with pytest.raises(RemoteError) as caught:
        missing.call("anything")
    assert "no_such_module" in caught.value.explanation.detail


@pytest.mark.cold
def test_a_process_that_cannot_start_is_reported_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nonexistent")
    begin = time.monotonic()
    with pytest.raises(ServiceDied):
        shared(tmp_path)
    assert time.monotonic() - begin < 10


@pytest.mark.mounts
def test_a_disk_that_is_full_at_the_start_is_what_is_reported_and_nothing_is_left(tmp_path):
    """The process finds it out when its log has no room either: what it says must come another way."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
    try:
        (disk / "run").mkdir(mode=0o700)
        with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(b" " * 512)
        for start in (Service.private, Service.shared):
            with pytest.raises(RemoteError) as caught:
                start("echo", disk, table=TABLE)
            explanation = caught.value.explanation
            assert (explanation.code, explanation.action) == ("disk-full", "retry")
            assert "memoria" not in explanation.why
            assert not list((disk / "run").glob("*.sock"))
            assert not list((disk / "run").glob("*.json"))
        (disk / "filler").unlink()
        with Service.shared("echo", disk, table=TABLE) as service:
            assert service.call("add", a=1, b=1) == 2
            Service.retire("echo", disk)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="there nothing is handed over, and nobody limits files")
def test_what_keeps_a_service_from_starting_is_reported_where_not_even_its_log_can_be_written():
    code = (
        "import resource, sys; from pathlib import Path; from poetas.errors import PoetasError\n"
        "from poetas.services import Service\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "try: Service.private('echo', Path(sys.argv[1]), table='service_handlers')\n"
        "except PoetasError as error: print(error.explanation.code)"
    )
    with tempfile.TemporaryDirectory(dir="/tmp") as root:  # short, as a socket's path must be
        done = subprocess.run([sys.executable, "-c", code, root], check=True, capture_output=True, text=True)
        assert done.stdout == "disk-full\n"
        assert [path.name for path in Path(root, "run").iterdir()] == ["echo.log"]


def test_several_processes_that_ask_at_once_get_one_service(root):
    code = (
        "import os, sys, time; from pathlib import Path; from poetas.services import Service\n"
        "begin = time.time() + 0.2\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0:\n"
        "        while time.time() < begin: pass\n"
        "        pid = Service.shared('echo', Path(sys.argv[1]), table='service_handlers').call('pid')\n"
        "        print(pid, flush=True); os._exit(0)\n"
        "for _ in range(4): os.wait()"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True)
    assert len(pids := done.stdout.split()) == 4, done.stderr
    assert len(set(pids)) == 1


# --- private ----------------------------------------------------------------------------------------------------------


@pytest.mark.cold
def test_a_private_service_is_ones_own_and_ends_with_the_connection(root):
    first, second = (Service.private("echo", root, table=TABLE) for _ in range(2))
    pids = {first.call("pid"), second.call("pid")}
    assert len(pids) == 2
    assert not list((root / "run").glob("*private*")), "no other process can find it"
    stuck = first.submit("deaf", seconds=60)
    first.close()
    second.close()
    with pytest.raises(ServiceDied):
        stuck.result(1)
    for pid in pids:
        until(lambda pid=pid: gone(pid), 15)


def test_a_private_service_dies_when_its_parent_is_killed(root):
    code = (
        "import sys, os; from pathlib import Path; from poetas.services import Service\n"
        "s = Service.private('echo', Path(sys.argv[1]), table='service_handlers')\n"
        "s.submit('count', n=100000, pause=0.01); print(s.call('pid'), flush=True); os.kill(os.getpid(), 9)"
    )
    out = subprocess.run([sys.executable, "-c", code, str(root)], check=False, capture_output=True, text=True)
    assert out.returncode == -9
    until(lambda: gone(int(out.stdout)), 10)


def test_an_interrupted_cell_does_not_reach_a_private_service(root):
    """Jupyter interrupts the kernel's whole process group: the service is not in it."""
    service = Service.private("echo", root, table=TABLE)
    assert os.getpgid(service.call("pid")) != os.getpgid(0)
    service.close()


# --- strangers --------------------------------------------------------------------------------------------------------


def test_the_socket_its_folder_and_the_key_are_for_the_owner_only(root):
    shared(root).call("pid")
    run = root / "run"
    assert stat.S_IMODE(run.stat().st_mode) == 0o700
    address = Path(str(place(root).address))
    assert stat.S_ISSOCK(address.stat().st_mode)
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    for name in ("echo.json", "echo.log", "echo.lock"):
        assert stat.S_IMODE((run / name).stat().st_mode) == 0o600


def test_a_wrong_key_is_refused_in_both_directions(root):
    service = shared(root)
    with pytest.raises(ServiceRefused):
        Service.connect(place(root).address, bytes(32))
    assert service.call("add", a=1, b=1) == 2
    impostor = root / "impostor.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(impostor))
        listener.listen()

        def pretend() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.sendall(b"POETAS/1" + bytes(32))
                sock.recv(64)
                sock.sendall(b"y" * 32)

        thread = threading.Thread(target=pretend)
        thread.start()
        with pytest.raises(ServiceRefused):
            Service.connect(str(impostor), place(root).key)
        thread.join()


def raw(root: Path, *, known: bool = True) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(15)
    sock.connect(str(place(root).address))
    if known:
        assert introduce(sock, place(root).key)
    return sock


def frame(header: bytes, total: int = 0) -> bytes:
    return struct.pack("!IQ", len(header), total) + header


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n" + b"x" * 64,
        struct.pack("!IQ", 0xFFFFFFFF, 0),
        struct.pack("!IQ", 10, 1 << 62),
        frame(b"not json at all"),
        frame(b"[1, 2, 3]"),
        frame(b'{"body": 1, "buffers": []}'),
        frame(b'{"body": {}, "buffers": []}'),
        frame(b'{"body": {"type": "call"}, "buffers": []}'),
        frame(b'{"body": {"type": "call", "id": 1, "method": 3, "arguments": {}}, "buffers": []}'),
        frame(b'{"body": {"type": "call", "id": [], "method": "pid", "arguments": {}}, "buffers": []}'),
        frame(b'{"body": {"type": "cancel", "id": {}}, "buffers": [4]}', 4) + b"abcd" + b"\xff" * 30,
        frame(b'{"body": {"$array": 0, "dtype": "O", "shape": [1]}, "buffers": [8]}', 8) + bytes(8),
        frame(b'{"body": {"$array": 0, "dtype": "<f4", "shape": [-1]}, "buffers": [8]}', 8) + bytes(8),
        frame(b'{"body": {"$array": 0, "dtype": "<f4", "shape": [1000000]}, "buffers": [4]}', 4) + bytes(4),
        frame(b'{"body": {"$array": 7, "dtype": "<f4", "shape": [1]}, "buffers": []}'),
        frame(b'{"body": {"$array": 0, "dtype": "S99999999999999", "shape": [1]}, "buffers": [1]}', 1) + b"x",
        frame(b'{"body": {}, "buffers": [-5, 5]}'),
        frame(b'{"body": {}, "buffers": ["x"]}'),
        frame(b"[" * 200_000),
    ],
)
def test_garbage_ends_only_its_own_connection(strange_root, garbage):
    service = shared(strange_root)
    with raw(strange_root) as sock:
        sock.sendall(garbage)
        try:
            answer = sock.recv(1)
        except ConnectionResetError:  # what it hung up on was not read to its end
            answer = b""
        assert answer == b"", "the service hangs up"
    assert service.call("add", a=1, b=1) == 2
    service.close()


@pytest.fixture(scope="module")
def strange_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("strange")
    yield root
    Service.retire("echo", root)


def test_garbage_without_the_key_and_clients_that_say_nothing_keep_no_client_out(strange_root):
    service = shared(strange_root)
    silent = [raw(strange_root, known=False) for _ in range(20)]
    for garbage in (b"\x00" * 64, b"x" * 100_000, b""):
        sock = raw(strange_root, known=False)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            sock.sendall(garbage)
        sock.close()
    other = shared(strange_root)
    assert other.call("add", a=1, b=1) == 2
    assert service.call("add", a=1, b=1) == 2
    for sock in silent:
        sock.close()
    other.close()
    service.close()


def test_a_huge_announced_buffer_takes_no_memory_until_it_comes(strange_root):
    service = shared(strange_root)
    status = Path(f"/proc/{service.call('pid')}/status")

    def resident() -> int:
        return next(int(line.split()[1]) // 1024 for line in status.read_text().splitlines() if "VmRSS" in line)

    before = resident()
    with raw(strange_root) as sock:
        sock.sendall(frame(b'{"body": {}, "buffers": [1000000000]}', 1_000_000_000) + b"abc")
        time.sleep(0.5)
        assert resident() - before < 100
        assert service.call("add", a=1, b=1) == 2
    service.close()


def test_an_end_that_does_not_read_is_given_up_and_never_sees_half_a_message_go_on():
    """A stopped page must not hold the turn of the others for ever."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, patience=0.3)
    begin = time.monotonic()
    with pytest.raises(OSError, match="temporarily unavailable"):
        channel.send({"value": b"x" * 50_000_000})
    assert time.monotonic() - begin < 5
    with pytest.raises(OSError, match=r"closed|descriptor"):
        channel.send({"value": 1})
    other = Channel(theirs)
    with pytest.raises(EOFError):
        other.receive()


# --- places -----------------------------------------------------------------------------------------------------------


def test_a_root_with_a_long_path_works_and_cleans_up(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    root = tmp_path / ("muy-" * 20) / ("largo-" * 20)
    service = shared(root)
    pid = service.call("pid")
    address = Path(str(place(root).address))
    assert len(str(address)) < 108
    assert stat.S_IMODE(address.parent.stat().st_mode) == 0o700
    assert shared(root).call("pid") == pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: not service.alive)
    assert address.exists()
    again = shared(root)
    assert again.call("pid") != pid
    assert not address.parent.exists(), "what the dead one left in the temporary folder is gone"
    fresh = Path(str(place(root).address)).parent
    assert Service.retire("echo", root)
    until(lambda: not fresh.exists())


def test_a_hostile_place_file_removes_nothing_and_is_replaced(root):
    victim = root / "poetas-victim" / "poem.txt"
    victim.parent.mkdir()
    victim.write_text("mío")
    run = root / "run"
    run.mkdir(mode=0o700)
    (run / "echo.json").write_text(f'{{"address": "{victim}", "key": "00"}}')
    assert shared(root).call("add", a=1, b=1) == 2
    assert victim.read_text() == "mío"


def test_over_loopback_tcp_as_on_windows():
    """The other kind of address, with the same key and the same frames."""
    code = (
        "import socket, sys; from service_handlers import Echo; from poetas.services import serve\n"
        "from poetas.services.socket_server import listen\n"
        "listener = listen(('127.0.0.1', 0)); print(listener.getsockname()[1], flush=True)\n"
        "serve(Echo, listener, bytes.fromhex(sys.argv[1]), idle_seconds=10, single=True)"
    )
    key = os.urandom(32)
    process = subprocess.Popen([sys.executable, "-c", code, key.hex()], stdout=subprocess.PIPE, text=True)
    port = int(process.stdout.readline())
    with pytest.raises(ServiceRefused):
        Service.connect(("127.0.0.1", port), bytes(32))
    with Service.connect(("127.0.0.1", port), key) as service:
        assert service.call("echo", value=[1, b"x" * 100_000]) == [1, b"x" * 100_000]
        assert list(service.submit("count", n=3).stream()) == [0, 1, 2]
    assert process.wait(10) == 0
