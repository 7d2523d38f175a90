"""Services: calls, streams, cancellation, sessions and turns, with real processes."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import PurePosixPath
from types import ModuleType

import numpy as np
import pytest

from poetas.services import CallCancelled, RemoteError, Service, UnknownService
from poetas.services.endpoint import Endpoint
from poetas.services.serialization import pack
from tests.paths import ROOT
from tests.unit.patience import until
from tests.unit.privacy.test_network_namespace import allowed

TABLE = "service_handlers"

pytestmark = pytest.mark.usefixtures("programs_on_path")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """One workspace root with one running service, which most tests share as pages do."""
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture
def service(root):
    with Service.shared("echo", root, table=TABLE) as result:
        yield result


@pytest.fixture(scope="module", autouse=True)
def _end(root):
    yield
    Service.retire("echo", root)


def test_a_call_is_answered_from_another_process(service):
    assert service.call("add", a=1, b=2) == 3
    assert service.call("pid") != os.getpid()
    assert service.alive


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        2**80,
        1.5,
        "«ñandú» \n\u2028 🙂",
        "\ud800",
        [],
        {},
        [1, [2, {"a": [None]}]],
        {"$array": 0, "": 1},
        {"$mapping": {"$bytes": 3}},
        b"",
        b"\x00\xff" * 1000,
    ],
)
def test_a_value_comes_back_as_it_went(service, value):
    assert service.call("echo", value=value) == value


@pytest.mark.parametrize("dtype", ["?", "i1", "u2", "i4", "i8", "f2", "f4", "f8"])
@pytest.mark.parametrize("shape", [(), (0,), (7,), (2, 3, 4), (0, 5)])
def test_an_array_comes_back_as_it_went(service, dtype, shape):
    array = (np.arange(int(np.prod(shape))) * 3 % 127).astype(dtype).reshape(shape)
    back = service.call("echo", value={"deep": [array, array[::-1] if shape else array]})["deep"]
    assert back[0].dtype == array.dtype
    assert back[0].shape == array.shape
    np.testing.assert_array_equal(back[0], array)
    np.testing.assert_array_equal(back[1], array[::-1] if shape else array)
    back[0][...] = 0  # what arrives is one's own to change


def test_a_kind_of_array_that_subclasses_numpys_travels_as_one():
    class Marked(np.ndarray):
        """As pandas, or a memory map, make them."""

    assert pack(np.arange(3, dtype="i2").view(Marked), raw := []) == {"$array": 0, "dtype": "<i2", "shape": [3]}
    assert bytes(raw[0]) == b"\x00\x00\x01\x00\x02\x00"


def test_what_can_only_travel_as_a_pickle_does_not_travel(service):
    for value in (object(), {1: 2}, np.array([object()]), np.array(["a"]), lambda: 0):
        with pytest.raises(TypeError):
            service.call("echo", value=value)
    assert service.call("add", a=1, b=1) == 2, "and the connection is as good as before"


def test_what_is_no_array_travels_while_another_thread_is_still_importing_numpy(monkeypatch):
    """Seen when app 2 opened with a file: its kernel imported numpy for a chart, and a thread asked for the file."""
    monkeypatch.setitem(sys.modules, "numpy", ModuleType("numpy"))  # as it stands there half-way
    value = {"path": "cuentos.csv", "roots": [PurePosixPath("/casa")], "hints": {"rows": 3, "share": 0.5, "sure": None}}
    assert pack(value, []) == {**value, "roots": ["/casa"]}


def test_a_vector_of_next_token_logits_takes_milliseconds(service):
    """262,144 numbers, 1 MB, there and back: a page asks for this on every move of a slider."""
    array = np.random.default_rng(0).random(262_144, dtype="f4")
    times = []
    for _ in range(20):
        begin = time.perf_counter()
        back = service.call("double", array=array)["array"]
        times.append(time.perf_counter() - begin)
    np.testing.assert_array_equal(back, array * 2)
    assert min(times) < 0.05


def test_an_error_travels_as_its_explanation(service):
    with pytest.raises(RemoteError) as caught:
        service.call("fail")
    explanation = caught.value.explanation
    assert (explanation.code, explanation.what, explanation.action) == (
        "wrong-column",
        "No encuentro la columna.",
        "choose-column",
    )
    with pytest.raises(RemoteError) as caught:
        service.call("bug")
    assert caught.value.explanation.code == "unexpected"
    assert "ZeroDivisionError" in caught.value.explanation.detail
    assert "Traceback" not in caught.value.explanation.detail


@pytest.mark.parametrize("method", ["_secret", "__init__", "_clean", "made", "order", "nothing", "__class__", ""])
def test_only_public_methods_can_be_called(service, method):
    with pytest.raises(RemoteError) as caught:
        service.call(method)
    assert caught.value.explanation.code == "unknown-call"


def test_wrong_arguments_and_unsendable_answers_are_errors_of_the_call_alone(service):
    for arguments in ({"a": 1}, {"a": 1, "b": 2, "c": 3}, {"self": 1, "a": 1, "b": 2}, {"session": {}, "a": 1, "b": 2}):
        with pytest.raises(RemoteError):
            service.call("add", **arguments)
    with pytest.raises(RemoteError):
        service.call("unsendable")
    assert service.call("add", a=1, b=2) == 3


def test_a_stream_arrives_piece_by_piece_and_ends_with_its_value(service):
    call = service.submit("count", n=20, pause=0.02)
    until(lambda: len(call._items) >= 3)
    assert not call.done()
    first = call.items()
    assert first == list(range(len(first)))
    assert call.result(20) == "end"
    assert first + call.items() == list(range(20))
    assert call.items() == []
    assert list(service.submit("count", n=5).stream()) == [0, 1, 2, 3, 4]


def test_cancelling_in_the_middle_ends_the_work_over_there(service):
    before = service.call("cleanings")
    call = service.submit("count", n=100_000, pause=0.01)
    until(call.items)
    call.cancel()
    assert call.done()
    assert call.cancelled()
    with pytest.raises(CallCancelled):
        call.result()
    until(lambda: service.call("cleanings") == before + 1)
    call.cancel()


def test_cancelling_a_call_that_holds_the_turn_lets_the_next_have_it(service):
    sitting = service.submit("sit", seconds=60)
    waiting = service.submit("sit", seconds=0.01)
    time.sleep(0.2)
    assert not waiting.done()
    sitting.cancel()
    assert waiting.result(5) == "sat"


def test_cancelling_a_call_that_waits_for_its_turn(service):
    sitting = service.submit("sit", seconds=60)
    time.sleep(0.1)
    waiting = service.submit("sit", seconds=60)
    waiting.cancel()
    sitting.cancel()
    assert service.submit("sit", seconds=0.01).result(5) == "sat"


def test_a_callback_is_called_once_when_the_call_ends_and_its_error_is_contained(service):
    ended: list[object] = []

    def fall(_call):
        raise ValueError

    call = service.submit("count", n=3, pause=0.05)
    call.add_done_callback(fall)
    call.add_done_callback(ended.append)
    call.result(10)
    until(lambda: ended)
    assert ended == [call]
    call.add_done_callback(ended.append)
    assert ended == [call, call]
    assert service.call("add", a=1, b=1) == 2


def test_result_waits_no_longer_than_its_timeout(service):
    call = service.submit("sit", seconds=30)
    with pytest.raises(TimeoutError):
        call.result(0.05)
    assert not call.done()
    call.cancel()


def test_two_clients_have_their_own_sessions_dropped_when_they_leave(root, service):
    with Service.shared("echo", root, table=TABLE) as other:
        assert other.call("pid") == service.call("pid"), "one process for both"
        assert other.call("remember", name="Alfonsina") != service.call("remember", name="Juana")
        assert other.call("recall") == "Alfonsina"
        assert service.call("recall") == "Juana"
        before = service.call("cleanings")
    until(lambda: service.call("cleanings") == before + 1)
    assert service.call("recall") == "Juana"
    with Service.shared("echo", root, table=TABLE) as third:
        assert third.call("recall") is None


def test_a_client_that_is_killed_in_the_middle_of_a_stream_is_dropped(root, service):
    before = service.call("cleanings")
    code = (
        "import sys, os; from pathlib import Path; from poetas.services import Service\n"
        "s = Service.shared('echo', Path(sys.argv[1]), table='service_handlers'); s.call('remember', name='x')\n"
        "call = s.submit('count', n=100000, pause=0.005)\n"
        "while not call.items(): pass\n"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(root)], check=False).returncode == -9
    until(lambda: service.call("cleanings") == before + 2)  # the stream's and the session's


def test_long_answers_of_two_pages_take_turns(root, service):
    """Both stream 30 pieces, one having begun earlier: neither waits for the other's end."""
    with Service.shared("echo", root, table=TABLE) as other:
        start = len(service.call("turn_order"))
        first = service.submit("turns", name="one", n=30)
        second = other.submit("turns", name="two", n=30)
        first.result(30)
        second.result(30)
    order = service.call("turn_order")[start:]
    assert order.count("one") == order.count("two") == 30
    overlap = order[order.index("two") : len(order) - order[::-1].index("one")]
    changes = sum(a != b for a, b in itertools.pairwise(overlap))
    assert changes > 0.8 * len(overlap), order


def test_many_calls_at_once_get_their_own_answers(service):
    calls = [service.submit("add", a=n, b=n) for n in range(200)]
    assert [call.result(30) for call in calls] == [2 * n for n in range(200)]


def test_calls_from_many_threads_get_their_own_answers(service):
    wrong: list[object] = []

    def ask(base: int) -> None:
        for n in range(30):
            array = np.full(1000 + n, base, "f4")
            back = service.call("double", array=array)["array"]
            if back.shape != array.shape or not (back == 2 * base).all():
                wrong.append((base, n))

    threads = [threading.Thread(target=ask, args=(base,)) for base in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


@pytest.mark.parametrize(("name", "large"), [("own", False), ("heavy", True)])
def test_a_service_that_holds_a_model_asks_for_large_pages_and_no_other(tmp_path, name, large):
    with Service.private(name, tmp_path, table=TABLE) as service:
        assert ("hugetlb=1" in service.call("environment", port=9)["memory"]) is large


@pytest.mark.cold
def test_a_service_has_no_network_and_knows_its_workspace_and_goes_before_the_page_when_memory_runs_out(tmp_path):
    """Its loopback is not this machine's: where the system walls it, native code cannot reach what listens here."""
    with (
        Service.private("own", tmp_path, table=TABLE) as service,
        socket.create_server(("127.0.0.1", 0)) as here,
    ):
        seen = service.call("environment", port=here.getsockname()[1])
    assert seen["native"] == ("ECONNREFUSED" if allowed() else "connected")
    assert seen["offline"] == "1"
    assert seen["refused"] == "NetworkRefused"
    said = "network: namespace and guard" if allowed() else "network: guard"
    assert said in (tmp_path / "run" / "own.log").read_text()
    assert seen["home"] == str(tmp_path.resolve())
    assert seen["dies"].strip() == ("500" if sys.platform == "linux" else "")


def test_the_callers_side_is_light():
    code = (
        "import sys; from poetas.environment import peak_rss_mb; before = peak_rss_mb()\n"
        "import poetas.services\n"
        "heavy = {'torch', 'transformers', 'datasets', 'tokenizers', 'pandas', 'numpy', 'pickle'} & set(sys.modules)\n"
        "print(sorted(heavy), round(peak_rss_mb() - before))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    heavy, megabytes = out.rsplit(maxsplit=1)
    assert heavy == "[]"
    assert 0 < int(megabytes) < 30, "0 would mean that nothing was measured: sockets and threads take some"


def test_an_unknown_service_is_refused(tmp_path):
    with pytest.raises(UnknownService):
        Service.shared("os:system", tmp_path)
    assert not (tmp_path / "run").exists()


def test_a_place_that_is_not_ours_is_not_believed(tmp_path):
    path = tmp_path / "x.json"
    for text in ("", "{", "[]", '{"address": ["192.0.2.1", 80], "key": ""}', '{"address": 3, "key": ""}', "[" * 9999):
        path.write_text(text)
        assert Endpoint.read(path) is None


def test_a_kind_of_service_runs_as_its_row_says(root, service):
    """Rows that are shared lead every caller to one process; of the others each caller has its own."""
    for name, one_process in (("echo", True), ("own", False)):
        with Service.open(name, root, table=TABLE) as first, Service.open(name, root, table=TABLE) as second:
            assert (first.call("pid") == second.call("pid")) is one_process
    with pytest.raises(UnknownService):
        Service.open("no-such", root)


def test_only_shared_services_that_hold_torch_are_ended_to_free_memory(root, service, monkeypatch):
    import service_handlers

    from poetas.services import client

    rows = {name: service_handlers.SERVICES[name] for name in ("echo", "own")}
    monkeypatch.setattr(client, "SERVICES", rows)
    assert Service.retire_all(root, torch_only=True) == []
    assert service.alive
    monkeypatch.setitem(rows, "echo", replace(rows["echo"], torch=True))
    assert Service.retire_all(root, torch_only=True) == ["echo"]
    until(lambda: not service.alive)
    assert Service.retire_all(root) == []
