"""The wheels' source with real pip and a package index on the loopback: resume, checksums, licence, hostile wheels."""

import io
import json
import os
import shutil
import signal
import struct
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from poetas.errors import PoetasError
from poetas.jobs import Job, JobState, Notice, Progress, Started
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
    """The tiny model as one fetch leaves it; not to be changed."""
    with pytest.MonkeyPatch.context() as patched:
        workspace = set_up(packed, patched, tmp_path_factory.mktemp("fetched"))
        accept_licence(workspace, "tiny")
        with WheelIndex(packed) as server:
            patched.setenv("PIP_INDEX_URL", server.url)
            state, log, card = over(start_fetch(workspace, "tiny"))
        assert state is JobState.FINISHED, (card, log)
        return model_folder(workspace, "tiny")


@pytest.fixture
def here(fetched, agreed):
    """A copy of the fetched model where the test's workspace keeps its own, to be damaged."""
    return Path(shutil.copytree(fetched, model_folder(agreed, "tiny")))


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


@pytest.mark.cold
def test_wheels_become_a_ready_model_with_its_terms_and_the_download_in_the_ledger(packed, index, agreed):
    job = start_fetch(agreed, "tiny")
    state, log, card = over(job)
    assert state is JobState.FINISHED, (card, log)
    assert index.downloads == ["poetas_tiny_1-1.0-py3-none-any.whl", "poetas_tiny_2-1.0-py3-none-any.whl"]
    folder = model_folder(agreed, "tiny")
    record = Record.read(folder)
    assert (folder / "TERMS.html").read_bytes() == b"<h1>Terms</h1>"
    assert {"TERMS.html", "CHANGES.md"} == set(record.notices)
    assert record.accepted["version"] == "2024-05-01"
    assert record.sha256 == {"tiny.gguf": sum_of(packed / "tiny.gguf")}
    assert [entry.id for entry in ready_models(agreed)] == ["tiny"]
    hosts = [json.loads(line) for line in agreed.ledger.read_text(encoding="utf-8").splitlines()]
    assert [(line["kind"], line["host"]) for line in hosts] == [("download", "127.0.0.1")] * 2
    assert hosts[0]["size"] > 400_000
    events = [event for event in job.events()[0] if isinstance(event, Progress)]
    assert events[-1].done == events[-1].total
    assert not (agreed.models / ".descargas" / "tiny").exists()

    again = start_fetch(agreed, "tiny")
    assert over(again)[0] is JobState.FINISHED
    assert again.result()["already"] is True
    assert len(index.downloads) == 2


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_model_is_fetched_again_and_stays_until_the_new_one_is_whole(here, index, agreed, name):
    damaged = here / name
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:1000])
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
    assert damaged.stat().st_size == 1000
    index.slow = 0
    context.poller.drain(60)
    assert picker.job.value is JobState.FINISHED
    assert damaged.read_bytes() == whole
    assert context.model == "tiny"
    assert sorted(path.name for path in agreed.models.iterdir() if path.name != ".descargas") == ["tiny"]
    context.close()


def test_what_cannot_be_fetched_again_leaves_the_model_that_is_here(here, agreed, monkeypatch):
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    state, log, card = over(start_fetch(agreed, "tiny", refetch=True))
    assert state is JobState.FAILED, (card, log)
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


def test_the_converted_model_is_the_one_that_was_packed(packed, fetched):
    before, after = (read_weights(path / "model.safetensors") for path in (packed / "hub", fetched))
    assert before.keys() == after.keys()
    for name, values in before.items():  # Q8_0 keeps each block of 32 within 1/127 of its largest, bf16 within 1/256
        assert np.abs(values - after[name]).max() <= 0.012 * np.abs(values).max(), name
    ours, theirs = (Tokenizer.from_file(str(path / "tokenizer.json")) for path in (fetched, packed / "hub"))
    for text in ("La panadera, ¿y 2024?", "<|im_start|>user\nñ 🙂<|im_end|>", "  a\tb\n", ""):
        assert ours.encode(text).ids == theirs.encode(text).ids


def test_a_killed_fetch_keeps_the_parts_it_has(index, agreed):
    index.slow = 0.2
    job = start_fetch(agreed, "tiny")
    assert current_fetch(agreed, "tiny").id == job.id
    assert start_fetch(agreed, "tiny").id == job.id, "a second click finds the running download"
    deadline = time.monotonic() + 60
    while len(index.downloads) < 2:
        assert time.monotonic() < deadline
        assert not job.state.over, over(job)
        time.sleep(0.05)
    os.kill(next(event.pid for event in job.events()[0] if isinstance(event, Started)), signal.SIGKILL)
    while not job.state.over:
        time.sleep(0.05)
    assert job.state is JobState.LOST
    index.slow = 0
    job.resume()
    state, log, card = over(job)
    assert state is JobState.FINISHED, (card, log)
    assert index.downloads.count("poetas_tiny_1-1.0-py3-none-any.whl") == 1
    assert is_ready(agreed, "tiny")


def test_two_jobs_for_the_same_model_download_it_once(index, agreed):
    index.slow = 0.2
    first = start_fetch(agreed, "tiny")
    second = Job.start("fetch", dict(first.config), parent=agreed.jobs)
    until(lambda: any(isinstance(event, Notice) for job in (first, second) for event in job.events()[0]))
    index.slow = 0
    assert (over(first)[0], over(second)[0]) == (JobState.FINISHED, JobState.FINISHED)
    assert sorted(job.result()["already"] for job in (first, second)) == [False, True]
    assert len(index.downloads) == 2
    assert is_ready(agreed, "tiny")


def test_a_stop_ends_pip_and_resume_goes_on(index, agreed):
    index.slow = 0.5
    job = start_fetch(agreed, "tiny")
    deadline = time.monotonic() + 60
    while not index.downloads and time.monotonic() < deadline:
        time.sleep(0.05)
    begun = time.monotonic()
    job.stop()
    assert over(job)[0] is JobState.STOPPED
    assert time.monotonic() - begun < 15
    index.slow = 0
    job.resume()
    assert over(job)[0] is JobState.FINISHED


def test_a_damaged_wheel_left_behind_is_downloaded_again(packed, index, agreed):
    folder = agreed.models / ".descargas" / "tiny" / "wheels"
    folder.mkdir(parents=True)
    name = "poetas_tiny_1-1.0-py3-none-any.whl"
    data = bytearray((packed / name).read_bytes())
    data[1000] ^= 1
    (folder / name).write_bytes(data)
    assert over(start_fetch(agreed, "tiny"))[0] is JobState.FINISHED
    assert name in index.downloads


def test_a_changed_wheel_on_the_index_is_refused_with_a_card(packed, place, monkeypatch, tmp_path):
    for path in packed.glob("*.whl"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    make_wheel(tmp_path, "poetas-tiny-2", {HALF.format(n=2): b"otra cosa", TERMS: b""})
    accept_licence(place, "tiny")
    with WheelIndex(tmp_path) as server:
        monkeypatch.setenv("PIP_INDEX_URL", server.url)
        job = start_fetch(place, "tiny")
        state, log, card = over(job)
        assert (state, card.code, card.action) == (JobState.FAILED, "wrong-checksum", "retry"), log
        assert "poetas_tiny_2" in card.why
        assert not is_ready(place, "tiny")
        wheel = "poetas_tiny_2-1.0-py3-none-any.whl"
        (tmp_path / wheel).write_bytes((packed / wheel).read_bytes())
        job.resume()
        assert over(job)[0] is JobState.FINISHED, "the good part was kept, the bad one was not"
        assert server.downloads.count("poetas_tiny_1-1.0-py3-none-any.whl") == 1


def test_without_a_network_there_is_a_card(agreed, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    begun = time.monotonic()
    state, log, card = over(start_fetch(agreed, "tiny"))
    assert (state, card.code, card.action) == (JobState.FAILED, "no-network", "retry"), log
    assert time.monotonic() - begun < 60


def test_a_package_that_the_index_lacks_gets_its_own_card(agreed, monkeypatch, tmp_path):
    with WheelIndex(tmp_path) as server:
        monkeypatch.setenv("PIP_INDEX_URL", server.url)
        state, log, card = over(start_fetch(agreed, "tiny"))
    assert (state, card.code) == (JobState.FAILED, "not-on-the-index"), log
    assert "poetas-tiny-1" in card.what


def test_a_password_in_the_index_address_is_kept_out_of_card_and_log(agreed, monkeypatch, tmp_path):
    with WheelIndex(tmp_path) as server:
        monkeypatch.setenv("PIP_INDEX_URL", server.url.replace("//", "//ana:laClaveDeAna@"))
        job = start_fetch(agreed, "tiny")
        _state, log, card = over(job)
    assert card.code == "not-on-the-index"
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
