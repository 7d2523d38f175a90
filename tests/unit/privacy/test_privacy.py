"""The guard, the ledger and the offline environment. A guard cannot be taken off, so each test has its own process."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import textwrap
import time

import pytest

from poetas.errors import explain
from poetas.privacy import Ledger, NetworkRefused, go_online, offline_environment
from tests.paths import ROOT

pytestmark = pytest.mark.slow

OUTSIDE = "192.0.2.1"  # TEST-NET-1 (RFC 5737): a reserved address


def run(code: str, *arguments: object, **environment: str) -> str:
    """Run code in a process of its own, outside the checkout, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


GUARDED = """
import sys, socket
from pathlib import Path
from poetas.privacy import *
install_guard(Path(sys.argv[1]))
def refused(action):
    before = refusals()
    try:
        action()
    except BaseException as error:
        chain = []
        while error is not None:
            chain.append(type(error).__name__)
            error = error.__cause__ or error.__context__
        assert refusals() > before, ("not by the guard", chain)
        return chain
    raise AssertionError("it was let out")
"""

WAYS_OUT = {
    "connect": "refused(lambda: socket.create_connection(('192.0.2.1', 443), 3))",
    "connect_ex": "refused(lambda: socket.socket().connect_ex(('192.0.2.1', 443)))",
    "ipv6": "refused(lambda: socket.socket(socket.AF_INET6).connect(('2001:db8::1', 443)))",
    "mapped ipv6": "refused(lambda: socket.socket(socket.AF_INET6).connect(('::ffff:192.0.2.1', 443)))",
    "odd spelling": "refused(lambda: socket.socket().connect(('0300.0.2.1', 443)))",
    "number": "refused(lambda: socket.socket().connect(('3221225985', 443)))",
    "name": "refused(lambda: socket.socket().connect(('example.org', 443)))",
    "name, connect_ex": "refused(lambda: socket.socket().connect_ex(('example.org', 443)))",
    "name, sendto": "refused(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('example.org', 53)))",
    "name, sendmsg": "refused(lambda: socket.socket(type=2).sendmsg([b'x'], [], 0, ('example.org', 53)))",
    "name, bind": "refused(lambda: socket.socket().bind(('example.org', 0)))",
    "name under tls": (
        "import ssl; c = ssl.create_default_context()\n"
        "refused(lambda: c.wrap_socket(socket.socket(), server_hostname='example.org').connect(('example.org', 443)))"
    ),
    "syslog": ("import logging.handlers as h; refused(lambda: h.SysLogHandler(('example.org', 514)))"),
    "name that begins like loopback": "refused(lambda: socket.gethostbyname('127.0.0.1.example.org'))",
    "broadcast": "refused(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('<broadcast>', 9)))",
    "udp sendto": "refused(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53)))",
    "udp sendto with flags": "refused(lambda: socket.socket(type=2).sendto(b'x', 0, ('192.0.2.1', 53)))",
    "udp sendmsg": "refused(lambda: socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('192.0.2.1', 53)))",
    "udp connect": "refused(lambda: socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 53)))",
    "getaddrinfo": "refused(lambda: socket.getaddrinfo('example.org', 443))",
    "getaddrinfo of bytes": "refused(lambda: socket.getaddrinfo(b'example.org', 443))",
    "gethostbyname": "refused(lambda: socket.gethostbyname('example.org'))",
    "gethostbyname_ex": "refused(lambda: socket.gethostbyname_ex('example.org'))",
    "gethostbyaddr": "refused(lambda: socket.gethostbyaddr('192.0.2.1'))",
    "getnameinfo": "refused(lambda: socket.getnameinfo(('192.0.2.1', 80), 0))",
    "low level": "import _socket; refused(lambda: _socket.socket().connect(('192.0.2.1', 443)))",
    "low level, sendto": "import _socket; refused(lambda: _socket.socket(type=2).sendto(b'x', ('192.0.2.1', 53)))",
    "low level, sendmsg": (
        "import _socket; refused(lambda: _socket.socket(type=2).sendmsg([b'x'], [], 0, ('192.0.2.1', 53)))"
    ),
    "listen": "refused(lambda: socket.create_server(('0.0.0.0', 8099)))",
    "listen on an address": "refused(lambda: socket.socket().bind(('192.0.2.1', 0)))",
    "listen on all, any port": "refused(lambda: socket.create_server(('', 0)))",
    "listen where nothing was bound": "refused(lambda: socket.socket().listen())",
    "listen, asyncio": (
        "import asyncio; refused(lambda: asyncio.run(asyncio.start_server(print, '0.0.0.0', 0, family=socket.AF_INET)))"
    ),
    "udp on all, any port": "refused(lambda: socket.socket(type=2).bind(('0.0.0.0', 0)))",
    "udp on all, ipv6": "refused(lambda: socket.socket(socket.AF_INET6, type=2).bind(('::', 0)))",
    "udp on all, low level": "import _socket; refused(lambda: _socket.socket(type=2).bind(('', 0)))",
    "a resolver on this machine": "refused(lambda: socket.socket(type=2).sendto(b'x', ('127.0.0.53', 53)))",
    "a resolver on this machine, tcp": "refused(lambda: socket.socket().connect(('127.0.0.1', 53)))",
    "a resolver on this machine, ipv6": "refused(lambda: socket.socket(socket.AF_INET6).connect(('::1', 53)))",
    "urllib": "import urllib.request as r; refused(lambda: r.urlopen('http://192.0.2.1/', timeout=3))",
    "urllib by name": "import urllib.request as r; refused(lambda: r.urlopen('https://example.org/', timeout=3))",
    "requests": "import requests; refused(lambda: requests.get('https://example.org/', timeout=3))",
    "httpx": "import httpx; refused(lambda: httpx.get('https://example.org/', timeout=3))",
    "httpx async": (
        "import httpx, asyncio\nasync def go():\n    async with httpx.AsyncClient() as c: await c.get('http://192.0.2.1/')\n"
        "refused(lambda: asyncio.run(go()))"
    ),
    "asyncio": "import asyncio; refused(lambda: asyncio.run(asyncio.open_connection('192.0.2.1', 443)))",
    "asyncio by name": "import asyncio; refused(lambda: asyncio.run(asyncio.open_connection('example.org', 443)))",
    "asyncio udp": (
        "import asyncio\nasync def go():\n    loop = asyncio.get_running_loop()\n"
        "    await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=('192.0.2.1', 53))\n"
        "refused(lambda: asyncio.run(go()))"
    ),
    "smtp": "import smtplib; refused(lambda: smtplib.SMTP('192.0.2.1', timeout=3))",
    "huggingface_hub": (
        "from huggingface_hub import HfApi; api = HfApi(endpoint='https://192.0.2.1')\n"
        "refused(lambda: api.model_info('a/b', timeout=3))"
    ),
}


# A process each, forked from one that has imported what all do; argv: the ways as JSON, a folder for the ledgers.
EACH_WAY = """
import json, os, socket, sys
from pathlib import Path
from poetas.privacy import *
GUARDED, ways = json.loads(sys.argv[1])
for name, code in ways.items():
    child = os.fork()
    if child == 0:
        sys.argv = ["", str(Path(sys.argv[2]) / f"{name}.jsonl")]
        exec(compile(GUARDED + code, name, "exec"), {"__name__": "__main__"})
        sys.stdout.flush()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print("failed:", name)
"""


def test_every_way_out_of_python_is_refused_and_counted(tmp_path):
    assert run(EACH_WAY, json.dumps([GUARDED, WAYS_OUT]), tmp_path) == ""
    for way in WAYS_OUT:
        ledger = Ledger(tmp_path / f"{way}.jsonl")
        assert ledger.refusals() >= 1, way
        assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600, way


def test_who_asked_is_noted(tmp_path):
    ledger = Ledger(tmp_path / "registro.jsonl")
    begin = time.time()
    run(GUARDED + WAYS_OUT["requests"] + "\n" + WAYS_OUT["connect"], ledger.path)
    first, second = ledger.entries()
    assert (first.kind, first.host, first.what) == ("refused", "example.org", "urllib3")
    assert (second.host, second.what) == (OUTSIDE, "python")
    assert abs(first.time - begin) < 60


def test_what_stays_on_the_machine_works_under_the_guard(tmp_path):
    out = run(
        GUARDED
        + """
import asyncio, multiprocessing, tempfile, threading

def echo(listener):
    sock, _ = listener.accept()
    sock.sendall(sock.recv(10))
    sock.close()

def there_and_back(listener, address, family):
    thread = threading.Thread(target=echo, args=(listener,)); thread.start()
    with socket.socket(family) as sock:
        sock.connect(address); sock.sendall(b"hola"); assert sock.recv(10) == b"hola"
    thread.join(); listener.close()

for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "127.8.8.8"), (socket.AF_INET, "localhost")):
    listener = socket.create_server((host, 0), family=family)
    there_and_back(listener, (host, listener.getsockname()[1]), family)
if socket.has_dualstack_ipv6():
    listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    there_and_back(listener, ("::1", listener.getsockname()[1]), socket.AF_INET6)
for path in (tempfile.mktemp(), b"\\0abstract-" + tempfile.mktemp().encode()):
    listener = socket.socket(socket.AF_UNIX); listener.bind(path); listener.listen()
    there_and_back(listener, path, socket.AF_UNIX)
one, two = socket.socketpair(); one.sendmsg([b"x"]); assert two.recv(1) == b"x"
udp = socket.socket(type=socket.SOCK_DGRAM); udp.bind(("127.0.0.1", 0))
socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", udp.getsockname()); assert udp.recv(1) == b"x"
free = socket.socket(); free.bind(("", 0)); free.close()
for host in (None, "", "localhost", "127.0.0.1", "::1", socket.gethostname(), "0.0.0.0"):
    try: socket.getaddrinfo(host, 80)
    except socket.gaierror: pass   # an odd machine may not know its own name: that is no refusal

async def serve():
    async def answer(reader, writer):
        writer.write(await reader.readline()); await writer.drain(); writer.close()
    server = await asyncio.start_server(answer, "localhost", 0, family=socket.AF_INET)
    reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
    writer.write(b"hola\\n"); assert await reader.readline() == b"hola\\n"
    writer.close(); server.close()
asyncio.run(serve())

for method in ("fork", "spawn"):
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(abs, [-1, 2]) == [1, 2]
with multiprocessing.Manager() as manager:
    assert manager.dict(a=1)["a"] == 1
print(refusals())
""",
        tmp_path / "registro.jsonl",
    )
    assert out == "0"
    assert not (tmp_path / "registro.jsonl").exists()


def test_torch_distributed_talks_over_loopback_under_the_guard(tmp_path):
    out = run(
        GUARDED.replace("install_guard(Path(sys.argv[1]))", "print(go_offline(Path(sys.argv[1])))")
        + """
import torch, torch.distributed as dist, torch.multiprocessing as mp, os
def work(rank, port):
    go_offline(Path(sys.argv[1]))
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    dist.init_process_group("gloo", rank=rank, world_size=2)
    value = torch.ones(3) * (rank + 1)
    dist.all_reduce(value)
    assert value.tolist() == [3, 3, 3]
    dist.destroy_process_group()
    assert refusals() == 0
with socket.socket() as sock:
    sock.bind(("127.0.0.1", 0)); port = sock.getsockname()[1]
mp.start_processes(work, (port,), nprocs=2, start_method="fork")
print("both")
""",
        tmp_path / "registro.jsonl",
    )
    assert out.split()[-1] == "both"
    assert not (tmp_path / "registro.jsonl").exists()


def test_a_jupyter_kernel_lives_and_draws_under_the_guard(tmp_path):
    """ZeroMQ's loopback sockets are native; ipykernel's own loop must not trip the wire either."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3", extra_arguments=["--quiet"], env=dict(os.environ))
    try:

        def execute(code: str) -> str:
            texts: list[str] = []

            def keep(message: dict) -> None:
                if message["msg_type"] in {"stream", "error"}:
                    texts.append(str(message["content"].get("text", message["content"])))

            client.execute_interactive(code, timeout=60, output_hook=keep)
            return "".join(texts).strip()

        setup = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\nfrom poetas import privacy\n"
        assert execute(setup + f"privacy.install_guard(Path({str(tmp_path / 'r.jsonl')!r})); print('on')") == "on"
        assert execute("import asyncio; await asyncio.sleep(0.1); print(1 + 1)") == "2"
        assert execute("print(privacy.refusals())") == "0"
        probe = (
            "import urllib.request as r\ntry: r.urlopen('http://192.0.2.1/')\nexcept OSError as e: print(e.reason.code)"
        )
        assert execute(probe) == "network-refused"
        assert execute("print(privacy.refusals())") == "1"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert Ledger(tmp_path / "r.jsonl").refusals() == 1


def test_installing_twice_counts_once_and_can_move_the_ledger(tmp_path):
    out = run(
        GUARDED
        + """
install_guard(Path(sys.argv[2])); install_guard(None)
refused(lambda: socket.gethostbyname("example.org"))
print(refusals())
""",
        tmp_path / "one.jsonl",
        tmp_path / "two.jsonl",
    )
    assert out == "1"
    assert not (tmp_path / "one.jsonl").exists()
    assert Ledger(tmp_path / "two.jsonl").refusals() == 1


def test_a_refusal_is_a_refusal_though_the_ledger_cannot_be_written(tmp_path):
    full = tmp_path / "registro.jsonl"
    full.symlink_to("/dev/full")
    assert run(GUARDED + "print(refused(lambda: socket.gethostbyname('example.org')))", full) == "['NetworkRefused']"
    blocked = tmp_path / "file"
    blocked.touch()
    out = run(GUARDED + "print(refused(lambda: socket.gethostbyname('example.org')))", blocked / "registro.jsonl")
    assert out == "['NetworkRefused']"


def test_a_library_that_never_gives_up_does_not_fill_the_disk(tmp_path):
    out = run(
        GUARDED
        + """
sock = socket.socket()
for _ in range(3000):
    assert sock.connect_ex
    try: sock.connect(("192.0.2.1", 1))
    except PermissionError: pass
print(refusals())
""",
        tmp_path / "registro.jsonl",
    )
    assert out == "3000"
    assert Ledger(tmp_path / "registro.jsonl").refusals() == 1000


def test_the_refusal_is_a_permission_error_with_a_card():
    error = NetworkRefused("example.org:443")
    assert isinstance(error, PermissionError)
    assert error.errno == errno.EACCES
    assert error.strerror == "Frené un intento de salir a la red.", "what libraries print of an OSError"
    explanation = explain(error)
    assert explanation.code == "network-refused"
    assert explanation.detail == "example.org:443"
    assert explanation.why


def test_the_guard_costs_next_to_nothing_where_nothing_is_refused(tmp_path):
    """Every `open` and import passes the hook: 100,000 events of other kinds must stay far below a second."""
    code = """
import sys, time
from pathlib import Path
from poetas.privacy import install_guard
install_guard(Path(sys.argv[1]))
begin = time.perf_counter()
for _ in range(100_000): sys.audit("something.else", 1)
print(time.perf_counter() - begin)
"""
    assert float(run(code, tmp_path / "registro.jsonl")) < 1


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_the_ledger_holds_downloads_and_refusals(tmp_path):
    ledger = Ledger(tmp_path / "hogar" / "registro.jsonl")
    assert ledger.entries() == []
    assert ledger.refusals() == 0
    ledger.downloaded("pypi.example", "gemma3-270m", 239_000_000)
    ledger.refused("example.org:443", "urllib3")
    assert [(e.kind, e.host, e.what, e.size) for e in ledger.entries()] == [
        ("download", "pypi.example", "gemma3-270m", 239_000_000),
        ("refused", "example.org:443", "urllib3", 0),
    ]
    assert ledger.refusals() == 1
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ledger.path.parent.stat().st_mode) == 0o700


def test_many_processes_write_whole_lines(tmp_path):
    path = tmp_path / "registro.jsonl"
    code = (
        "import sys; from pathlib import Path; from poetas.privacy import Ledger\n"
        "for n in range(300): Ledger(Path(sys.argv[1])).refused(f'{sys.argv[2]}.{n}', 'ñ' * 200)"
    )
    several = [
        subprocess.Popen([sys.executable, "-c", code, path, str(n)], env={**os.environ, "PYTHONPATH": str(ROOT)})
        for n in range(4)
    ]
    assert [process.wait(60) for process in several] == [0, 0, 0, 0]
    lines = [line for line in path.read_text().splitlines() if line]
    assert len(lines) == 1200
    assert len(Ledger(path).entries()) == 1200
    assert {json.loads(line)["host"] for line in lines} == {f"{a}.{n}" for a in range(4) for n in range(300)}


def test_a_reader_passes_over_what_is_broken_and_a_writer_begins_a_fresh_line(tmp_path):
    ledger = Ledger(tmp_path / "registro.jsonl")
    ledger.refused("a", "b")
    with ledger.path.open("ab") as out:
        out.write(b'\xff\n[]\nnull\n{"time": "x"}\n' + b"[" * 50_000 + b'\n{"time": 1, "kind": "refu')
    ledger.refused("c", "d")
    assert [entry.host for entry in ledger.entries()] == ["a", "c"]


@pytest.mark.parametrize("time", ["1e400", "-1e400", "NaN", "1e18", "-1", "1" + "0" * 400, "253402300800", '"nan"'])
def test_a_time_that_no_calendar_knows_makes_a_broken_line(tmp_path, time):
    """Pages draw the day of each entry, in their first cell: an entry without a day must not reach them."""
    ledger = Ledger(tmp_path / "registro.jsonl")
    ledger.path.write_text(f'{{"time": {time}, "kind": "download", "host": "h", "what": "w", "size": 1}}\n')
    assert ledger.entries() == []


@pytest.mark.parametrize("size", ["1e400", "NaN", "-1", "1" + "0" * 400])
def test_a_size_that_no_disk_has_makes_a_broken_line(tmp_path, size):
    ledger = Ledger(tmp_path / "registro.jsonl")
    ledger.path.write_text(f'{{"time": 1, "kind": "download", "host": "h", "what": "w", "size": {size}}}\n')
    assert ledger.entries() == []


def test_half_a_character_in_the_ledger_can_be_sent_to_a_page(tmp_path):
    ledger = Ledger(tmp_path / "registro.jsonl")
    ledger.path.write_text('{"time": 1, "kind": "refused", "host": "\\ud800", "what": "ñ", "size": 0}\n')
    assert [(entry.host.encode(), entry.what) for entry in ledger.entries()] == [(b"?", "ñ")]


# --- the environment --------------------------------------------------------------------------------------------------


def test_libraries_know_that_they_are_offline_and_do_not_even_try(tmp_path):
    code = """
import sys, time
from pathlib import Path
from poetas.privacy import go_offline, refusals
go_offline(Path(sys.argv[1]), namespace=False)
from huggingface_hub import snapshot_download
begin = time.perf_counter()
try: snapshot_download("a/b", cache_dir=sys.argv[1] + ".cache")
except Exception as error: print(type(error).__name__, refusals(), time.perf_counter() - begin < 5)
"""
    assert run(code, tmp_path / "registro.jsonl").endswith("0 True")


def test_a_proxy_on_loopback_is_no_way_out(tmp_path):
    """On loopback the guard lets connect: the proxy must not be used in the first place."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        proxy.settimeout(0.1)
        code = GUARDED.replace("install_guard(Path(sys.argv[1]))", "go_offline(Path(sys.argv[1]), namespace=False)")
        for way in ("urllib by name", "requests", "httpx"):
            run(
                code + WAYS_OUT[way],
                tmp_path / "registro.jsonl",
                http_proxy=address,
                https_proxy=address,
                HTTPS_PROXY=address,
                ALL_PROXY=address,
            )
        with pytest.raises(TimeoutError):
            proxy.accept()


def test_going_online_restores_exactly_what_was_before(tmp_path):
    code = """
import os, sys, json
from pathlib import Path
from poetas.privacy import go_offline, go_online
before = dict(os.environ)
go_offline(None, namespace=False); go_offline(None, namespace=False)
assert os.environ["HF_HUB_OFFLINE"] == "1" and os.environ["NO_PROXY"] == "*"
child = dict(os.environ)
go_online(child)
print(child == before)
"""
    assert run(code, NO_PROXY="intranet.example", PIP_NO_INDEX="0") == "True"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"NO_PROXY": []}'])
def test_a_broken_memory_of_the_environment_breaks_nothing(text):
    environment = {"POETAS_ENVIRONMENT_BEFORE": text, "KEEP": "1"}
    go_online(environment)
    assert environment["KEEP"] == "1"
    assert "POETAS_ENVIRONMENT_BEFORE" not in environment


def test_the_offline_environment_covers_both_spellings_of_no_proxy_and_the_hub():
    variables = offline_environment()
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        assert variables[name] == "1"
    assert variables["NO_PROXY"] == variables["no_proxy"] == "*"
