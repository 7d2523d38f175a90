"""The wheels' source with real pip and a package index on the loopback: resume, checksums, licence, hostile wheels."""

import io
import json
import os
import shutil
import signal
import struct
import subprocess
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tokenizers import Tokenizer

from poetas.errors import PoetasError
from poetas.jobs import Job, JobState, Notice, Progress, Started, detached_process
from poetas.models import (
    LicenceNotAccepted,
    Record,
    accept_licence,
    current_fetch,
    is_ready,
    licence_accepted,
    model_folder,
    ready_models,
    start_fetch,
)
from poetas.models.sources.unzip import copy_member
from poetas.models.sources.wheels import Wheels
from poetas.workspace import Workspace
from tests.tiny_gguf import read_weights, write_tiny_gguf
from tests.unit.patience import until
from tests.wheel_index import WheelIndex, make_wheel, sum_of
from widgets import ModelPicker, PageContext, Poller
from widgets.core.elements import is_shown

pytestmark = pytest.mark.slow

HALF = "poetas_tiny_{n}/tiny.gguf.part{n}"
TERMS = "poetas_tiny_2/TERMS.html"


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A tiny GGUF in two wheels, the terms in the second, and the catalogue that lists it."""
    folder = tmp_path_factory.mktemp("wheels")
    gguf = write_tiny_gguf(folder / "tiny.gguf", scratch=folder / "hub")
    data = gguf.read_bytes()
    cut = len(data) // 2
    parts = {1: {HALF.format(n=1): data[:cut]}, 2: {HALF.format(n=2): data[cut:], TERMS: b"<h1>Terms</h1>"}}
    lines = ["[[model]]", 'id = "tiny"', 'title = "Tiny"', 'summary = "Para probar"', 'licence = "Terms of Tiny"']
    lines += ['licence_version = "2024-05-01"', 'licence_url = "https://example.org/terms"', "must_accept = true"]
    lines += ["parameters = 910_000", f"download_size = {len(data)}", "[[model.source]]", 'kind = "wheels"']
    lines += ['file = "tiny.gguf"', f"size = {len(data)}", f'sha256 = "{sum_of(gguf)}"']
    for n, members in parts.items():
        wheel = make_wheel(folder, f"poetas-tiny-{n}", members)
        lines += ["[[model.source.wheel]]", f'requirement = "poetas-tiny-{n}==1.0"', f"size = {wheel.stat().st_size}"]
        lines += [f'sha256 = "{sum_of(wheel)}"', f'part = "{HALF.format(n=n)}"']
        lines += [f"part_size = {len(members[HALF.format(n=n)])}"]
    lines += ["[model.source.wheel.notices]", f'"TERMS.html" = "{TERMS}"']
    (folder / "catalogo.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def set_up(packed, patched, folder):
    """Have pip know no index but the one that a test names, and return a workspace that does not exist yet."""
    patched.delenv("POETAS_MODELS", raising=False)
    patched.setenv("POETAS_CATALOGUE", str(packed / "catalogo.toml"))
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        patched.delenv(name)
    patched.setenv("PIP_CONFIG_FILE", os.devnull)
    return Workspace(folder / "casa")


@pytest.fixture
def place(packed, tmp_path, monkeypatch):
    return set_up(packed, monkeypatch, tmp_path)


@pytest.fixture
def index(packed, place, monkeypatch):
    with WheelIndex(packed) as server:
        monkeypatch.setenv("PIP_INDEX_URL", server.url)
        yield server


@pytest.fixture
def agreed(place):
    accept_licence(place, "tiny")
    return place


@pytest.fixture(scope="module")
def fetched(packed, tmp_path_factory):
    """The tiny model as one fetch leaves it, started as production does; not to be changed.

    Its workspace, job and folder, and what the index was asked for.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(detached_process, "subprocess", subprocess)
        workspace = set_up(packed, patched, tmp_path_factory.mktemp("fetched"))
        accept_licence(workspace, "tiny")
        with WheelIndex(packed) as server:
            patched.setenv("PIP_INDEX_URL", server.url)
            job = start_fetch(workspace, "tiny")
            state, log, card = over(job)
            assert state is JobState.FINISHED, (card, log)
        folder = model_folder(workspace, "tiny")
        return SimpleNamespace(workspace=workspace, job=job, folder=folder, downloads=server.downloads)


@pytest.fixture
def here(fetched, agreed):
    """A copy of the fetched model where the test's workspace keeps its own, to be damaged."""
    return Path(shutil.copytree(fetched.folder, model_folder(agreed, "tiny")))


def over(job, seconds=90):
    state = job.wait(seconds)
    return state, (job.dir / "log.txt").read_text(encoding="utf-8")[-3000:], job.failure()


def test_the_licence_is_asked_for_before_anything_is_downloaded(index, place):
    with pytest.raises(LicenceNotAccepted) as refusal:
        start_fetch(place, "tiny")
    assert refusal.value.explanation.code == "licence-not-accepted"
    assert "Terms of Tiny" in refusal.value.explanation.why
    assert not place.jobs.exists()
    accept_licence(place, "tiny")
    assert licence_accepted(place, "tiny")
    written = json.loads((place.root / "licencias.json").read_text(encoding="utf-8"))["tiny"]
    assert (written["licence"], written["version"]) == ("Terms of Tiny", "2024-05-01")
    assert written["date"].startswith("20")
    assert not index.downloads


def test_a_new_version_of_the_terms_must_be_accepted_again(packed, agreed, monkeypatch, tmp_path):
    newer = (packed / "catalogo.toml").read_text(encoding="utf-8").replace("2024-05-01", "2025-01-01")
    (tmp_path / "nuevo.toml").write_text(newer, encoding="utf-8")
    monkeypatch.setenv("POETAS_CATALOGUE", str(tmp_path / "nuevo.toml"))
    assert not licence_accepted(agreed, "tiny")


def test_a_job_whose_licence_was_not_accepted_refuses_by_itself(index, place):
    config = {"task": "fetch", "model": "tiny", "accepted": None}
    job = Job.start("fetch", config, parent=place.jobs)
    state, log, card = over(job)
    assert (state, card.code) == (JobState.FAILED, "licence-not-accepted"), log
    assert not index.downloads


def test_wheels_become_a_ready_model_with_its_terms_and_the_download_in_the_ledger(packed, index, fetched):
    assert fetched.downloads == ["poetas_tiny_1-1.0-py3-none-any.whl", "poetas_tiny_2-1.0-py3-none-any.whl"]
    record = Record.read(fetched.folder)
    assert (fetched.folder / "TERMS.html").read_bytes() == b"<h1>Terms</h1>"
    assert {"TERMS.html", "CHANGES.md"} == set(record.notices)
    assert record.accepted["version"] == "2024-05-01"
    assert record.sha256 == {"tiny.gguf": sum_of(packed / "tiny.gguf")}
    assert [entry.id for entry in ready_models(fetched.workspace)] == ["tiny"]
    hosts = [json.loads(line) for line in fetched.workspace.ledger.read_text(encoding="utf-8").splitlines()]
    assert [(line["kind"], line["host"]) for line in hosts] == [("download", "127.0.0.1")] * 2
    assert hosts[0]["size"] > 200_000
    events = [event for event in fetched.job.events()[0] if isinstance(event, Progress)]
    assert events[-1].done == events[-1].total
    assert not (fetched.workspace.models / ".descargas" / "tiny").exists()

    again = start_fetch(fetched.workspace, "tiny")
    assert over(again)[0] is JobState.FINISHED
    assert again.result()["already"] is True
    assert not index.downloads


def test_a_damaged_model_is_fetched_again_and_stays_until_the_new_one_is_whole(here, index, agreed):
    damaged = {here / name: (here / name).read_bytes() for name in ("model.safetensors", "tokenizer.json")}
    for path, whole in damaged.items():
        path.write_bytes(whole[:1000])
        assert is_ready(agreed, "tiny")  # every file is there: only using it tells

    index.slow = 0.5
    context = PageContext(agreed, poller=Poller(inline=False))
    context.model = "tiny"
    picker = ModelPicker(context)
    [card] = [card for card in picker.grid.cards if card.entry.id == "tiny"]
    assert is_shown(card.again)
    card.again.click()
    assert card.again.disabled
    until(lambda: index.downloads)
    assert {path.stat().st_size for path in damaged} == {1000}
    index.slow = 0
    context.poller.drain(60)
    assert picker.job.value is JobState.FINISHED
    assert {path: path.read_bytes() for path in damaged} == damaged
    assert context.model == "tiny"
    assert sorted(path.name for path in agreed.models.iterdir() if path.name != ".descargas") == ["tiny"]
    context.close()


def test_without_a_network_there_is_a_card_and_the_model_that_is_here_stays(here, agreed, monkeypatch):
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")  # of pip, which waits before each
    begun = time.monotonic()
    state, log, card = over(start_fetch(agreed, "tiny", refetch=True))
    assert (state, card.code, card.action) == (JobState.FAILED, "no-network", "retry"), log
    assert time.monotonic() - begun < 60
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


def test_the_converted_model_is_the_one_that_was_packed(packed, fetched):
    before, after = (read_weights(path / "model.safetensors") for path in (packed / "hub", fetched.folder))
    assert before.keys() == after.keys()
    for name, values in before.items():  # Q8_0 keeps each block of 32 within 1/127 of its largest, bf16 within 1/256
        assert np.abs(values - after[name]).max() <= 0.012 * np.abs(values).max(), name
    ours, theirs = (Tokenizer.from_file(str(path / "tokenizer.json")) for path in (fetched.folder, packed / "hub"))
    for text in ("La panadera, ¿y 2024?", "<|im_start|>user\nñ 🙂<|im_end|>", "  a\tb\n", ""):
        assert ours.encode(text).ids == theirs.encode(text).ids


def test_a_fetch_that_is_stopped_and_killed_goes_on_with_what_it_has_and_a_second_one_waits(index, agreed):
    first, second = "poetas_tiny_1-1.0-py3-none-any.whl", "poetas_tiny_2-1.0-py3-none-any.whl"
    index.slow = 0.5
    job = start_fetch(agreed, "tiny")
    assert current_fetch(agreed, "tiny").id == job.id
    assert start_fetch(agreed, "tiny").id == job.id, "a second click finds the running download"
    until(lambda: index.downloads, 60)
    begun = time.monotonic()
    job.stop()
    assert over(job)[0] is JobState.STOPPED, "pip is ended too"
    assert time.monotonic() - begun < 15

    index.slow = 0.05
    job.resume()
    until(lambda: second in index.downloads or job.state.over, 60)
    index.slow = 0.5
    assert not job.state.over, over(job)
    pid = [event.pid for event in job.events()[0] if isinstance(event, Started)][-1]
    os.kill(pid, signal.SIGKILL)
    until(lambda: job.state.over)
    assert job.state is JobState.LOST

    job.resume()
    until(lambda: index.downloads.count(second) == 2 or job.state.over, 60)
    other = Job.start("fetch", dict(job.config), parent=agreed.jobs)
    until(lambda: any(isinstance(event, Notice) for event in other.events()[0]), 60)
    index.slow = 0
    for each in (job, other):
        state, log, card = over(each)
        assert state is JobState.FINISHED, (card, log)
    assert [each.result()["already"] for each in (job, other)] == [False, True]
    assert index.downloads == [first, first, second, second], "the first one was cut once, and kept when it was whole"
    assert is_ready(agreed, "tiny")


def test_a_changed_wheel_is_refused_with_a_card_whether_it_was_left_behind_or_is_on_the_index(
    packed, place, monkeypatch, tmp_path
):
    first, second = "poetas_tiny_1-1.0-py3-none-any.whl", "poetas_tiny_2-1.0-py3-none-any.whl"
    shelf = tmp_path / "index"
    shelf.mkdir()
    shutil.copyfile(packed / first, shelf / first)
    make_wheel(shelf, "poetas-tiny-2", {HALF.format(n=2): b"otra cosa", TERMS: b""})
    left = place.models / ".descargas" / "tiny" / "wheels"
    left.mkdir(parents=True)
    data = bytearray((packed / first).read_bytes())
    data[1000] ^= 1
    (left / first).write_bytes(data)
    accept_licence(place, "tiny")
    with WheelIndex(shelf) as server:
        monkeypatch.setenv("PIP_INDEX_URL", server.url)
        job = start_fetch(place, "tiny")
        state, log, card = over(job)
        assert (state, card.code, card.action) == (JobState.FAILED, "wrong-checksum", "retry"), log
        assert "poetas_tiny_2" in card.why
        assert not is_ready(place, "tiny")
        assert server.downloads == [first, second], "the damaged one that was left behind was not taken"
        shutil.copyfile(packed / second, shelf / second)
        job.resume()
        assert over(job)[0] is JobState.FINISHED, "the good part was kept, the bad one was not"
        assert server.downloads == [first, second, second]


def test_a_package_that_the_index_lacks_gets_its_own_card_without_the_password_of_its_address(
    agreed, monkeypatch, tmp_path
):
    with WheelIndex(tmp_path) as server:
        monkeypatch.setenv("PIP_INDEX_URL", server.url.replace("//", "//ana:laClaveDeAna@"))
        job = start_fetch(agreed, "tiny")
        state, log, card = over(job)
    assert (state, card.code) == (JobState.FAILED, "not-on-the-index"), log
    assert "poetas-tiny-1" in card.what
    assert "laClaveDeAna" not in log + card.detail
    assert "laClaveDeAna" not in (job.dir / "events.jsonl").read_text(encoding="utf-8")


def zipped(path, members, **changes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members:
            out.writestr(name, data)
    return path


def test_only_the_named_member_is_taken_and_it_may_not_be_larger_than_declared(tmp_path):
    good = zipped(tmp_path / "a.whl", [("x/part", b"1234"), ("../../evil", b"no")])
    out = io.BytesIO()
    assert copy_member(good, "x/part", out, most=4) == 4
    assert out.getvalue() == b"1234"
    assert not list(tmp_path.parent.glob("evil"))
    for name, most in (("x/part", 3), ("part", 4), ("x/../x/part", 4)):
        with pytest.raises(PoetasError):
            copy_member(good, name, io.BytesIO(), most=most)


def test_a_bomb_that_lies_about_its_size_is_stopped(tmp_path):
    bomb = zipped(tmp_path / "b.whl", [("part", b"0" * 50_000_000)])
    data = bytearray(bomb.read_bytes())
    size = struct.pack("<I", 50_000_000)
    for place in (data.find(size), data.rfind(size)):  # in the member's own header and in the directory at the end
        data[place : place + 4] = struct.pack("<I", 10)
    bomb.write_bytes(data)
    out = io.BytesIO()
    with pytest.raises(PoetasError):
        copy_member(bomb, "part", out, most=1000)
    assert len(out.getvalue()) <= 1000


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_two_members_of_the_name_or_none_at_all_is_refused(tmp_path):
    twice = zipped(tmp_path / "c.whl", [("part", b"good"), ("part", b"evil")])
    with pytest.raises(PoetasError):
        copy_member(twice, "part", io.BytesIO(), most=10)
    (tmp_path / "d.whl").write_bytes(b"this is no zip")
    with pytest.raises(PoetasError):
        copy_member(tmp_path / "d.whl", "part", io.BytesIO(), most=10)


def test_every_part_of_the_shipped_models_is_pinned():
    from poetas.models import Catalogue

    shipped = [source for entry in Catalogue.load() for source in entry.sources if isinstance(source, Wheels)]
    assert len(shipped) >= 2
    for source in shipped:
        assert sum(wheel.part_size for wheel in source.wheels) == source.size
        assert all(len(pin) == 64 for pin in (source.sha256, *(wheel.sha256 for wheel in source.wheels)))
        assert all("==" in wheel.requirement for wheel in source.wheels)
        assert any(wheel.notices for wheel in source.wheels), "its terms travel with it"
