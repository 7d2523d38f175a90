"""The Hub's source, with the Hub's real client, against a server on the loopback that speaks its protocol."""

import itertools
import json
import os
import signal
import time

import pytest

from poetas.jobs import JobState, Progress
from poetas.models import (
    Catalogue,
    LicenceNotAccepted,
    Record,
    accept_licence,
    is_ready,
    model_folder,
    ready_models,
    save_token,
    start_fetch,
    start_inquiry,
)
from poetas.models.fetch import token_path
from poetas.privacy import Ledger
from poetas.workspace import Workspace
from tests.hub_server import HubServer, Repo
from tests.tiny_model import write_hub_files

pytestmark = pytest.mark.slow

TOKEN = "hf_unaClaveSecretaDePrueba"


@pytest.fixture
def files(tmp_path):
    """A tiny Llama's repository, with files that must not be requested."""
    folder = tmp_path / "repo"
    write_hub_files(folder)
    (folder / "LICENSE").write_text("licencia", encoding="utf-8")
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04pickle")
    (folder / "modeling_own.py").write_text("raise SystemExit", encoding="utf-8")
    return folder


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.delenv("POETAS_MODELS", raising=False)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setenv("POETAS_CATALOGUE", "")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return Workspace(tmp_path / "casa")


@pytest.fixture
def serve(monkeypatch):
    """Start a server with these repositories and point the client at it."""
    servers = []

    def start(**repos):
        hub = HubServer({name.replace("__", "/"): repo for name, repo in repos.items()})
        servers.append(hub.__enter__())
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        return hub

    yield start
    for hub in servers:
        hub.__exit__()


def finished(job, seconds=90):
    state = job.wait(seconds)
    log = (job.dir / "log.txt").read_text(encoding="utf-8")
    assert state is JobState.FINISHED, (state, job.failure(), log[-3000:])
    return job.result()


def failed(job, seconds=90):
    assert job.wait(seconds) is JobState.FAILED
    return job.failure()


def fetch(place, model):
    """Start fetching a model that a catalogue of one's own lists, so that the Hub need not be asked about it first."""
    path = place.root.with_name("catalogo.toml")
    source = f'[[model.source]]\nkind = "hub"\nrepo = "{model}"\n'
    path.write_text(f'[[model]]\nid = "{model}"\ntitle = "Propio"\nsummary = ""\nlicence = "MIT"\n{source}', "utf-8")
    os.environ["POETAS_CATALOGUE"] = str(path)
    return start_fetch(place, model)


@pytest.mark.cold
def test_a_typed_model_is_described_before_it_is_downloaded_and_then_fetched(serve, place, files):
    write_hub_files(files, chat=True)
    hub = serve(ana__mini=Repo.of(files))
    with pytest.raises(LicenceNotAccepted) as refusal:
        start_fetch(place, "ana/mini")
    assert refusal.value.explanation.action == "ask-hub"
    assert not hub.requests

    described = finished(start_inquiry(place, "ana/mini"))
    assert (described["licence"], described["must_accept"], described["languages"]) == ("Apache-2.0", False, ["es"])
    assert described["download_size"] > 1_000_000
    assert not [request for request in hub.requests if "/resolve/" in request.path], "nothing is downloaded by asking"
    server = hub.url.removeprefix("http://")
    assert [(e.kind, e.host, e.what) for e in Ledger(place.ledger).entries()] == [("asked", server, "ana/mini")]
    entry = Catalogue.load(place).get("ana/mini")
    assert entry.parameters > 400_000

    result = finished(start_fetch(place, "ana/mini"))
    assert is_ready(place, "ana/mini")
    assert result["already"] is False
    [ready] = ready_models(place)
    assert (ready.id, ready.prompt_style, ready.licence) == ("ana/mini", "chat", "Apache-2.0")
    record = Record.read(model_folder(place, "ana/mini"))
    assert record.source == "hub ana/mini@" + "a" * 40
    assert "LICENSE" in record.notices
    names = {request.path.rsplit("/", 1)[-1] for request in hub.requests if "/resolve/" in request.path}
    assert {"model.safetensors", "config.json", "tokenizer.json", "LICENSE"} <= names
    assert not names & {"pytorch_model.bin", "modeling_own.py"}
    entries = place.ledger.read_text(encoding="utf-8")
    assert "127.0.0.1" in entries
    assert "ana/mini/model.safetensors" in entries


def test_a_download_that_is_cut_goes_on_counts_its_bytes_and_gives_the_same_logits(serve, place, files):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    hub = serve(ana__mini=Repo.of(files, cut={"model.safetensors": 700_000}, slow=0.05))
    job = fetch(place, "ana/mini")
    finished(job)
    first, second = hub.gets("model.safetensors")
    assert (first.range, first.status) == ("", 200)
    start = int(second.range.removeprefix("bytes=").removesuffix("-"))
    assert 0 < start <= 700_000
    assert second.status == 206

    events = [event for event in job.events()[0] if isinstance(event, Progress)]
    assert len(events) > 3
    assert all(before.done <= after.done for before, after in itertools.pairwise(events))
    assert events[-1].done == events[-1].total > 1_500_000
    assert "Hugging Face" in events[0].note

    folder = model_folder(place, "ana/mini")
    ids = AutoTokenizer.from_pretrained(folder)("El río creció.", return_tensors="pt").input_ids
    with torch.no_grad():
        ours, theirs = (AutoModelForCausalLM.from_pretrained(path)(ids).logits for path in (folder, files))
    assert torch.equal(ours, theirs)


def test_a_killed_fetch_resumes_with_a_range_and_asks_again_for_nothing_it_has(serve, place, files):
    repo = Repo.of(files, slow=0.15)
    hub = serve(ana__mini=repo)
    job = fetch(place, "ana/mini")
    staging = place.models / ".descargas" / "ana--mini"
    deadline = time.monotonic() + 60
    while not any(path.stat().st_size > 300_000 for path in staging.rglob("model.safetensors.part")):
        assert time.monotonic() < deadline
        assert not job.state.over, job.failure()
        time.sleep(0.05)
    started = [event for event in job.events()[0] if hasattr(event, "pid")]
    os.kill(started[0].pid, signal.SIGKILL)
    while not job.state.over:
        time.sleep(0.05)
    assert job.state is JobState.LOST
    assert not is_ready(place, "ana/mini")
    before = len(hub.requests)
    repo.slow = 0
    job.resume()
    finished(job)
    again = [request for request in hub.requests[before:] if request.method == "GET" and "/resolve/" in request.path]
    [weights] = [request for request in again if request.path.endswith("model.safetensors")]
    assert int(weights.range.removeprefix("bytes=").removesuffix("-")) >= 65536
    assert not [request for request in again if request.path.endswith("tokenizer.json")], "that one was whole"
    assert not staging.exists()


def test_a_changed_file_is_refused_with_a_card_and_not_kept(serve, place, files):
    serve(ana__mini=Repo.of(files, lie={"model.safetensors": "0" * 64}))
    card = failed(fetch(place, "ana/mini"))
    assert card.code == "wrong-checksum"
    assert not is_ready(place, "ana/mini")
    assert not list((place.models / ".descargas" / "ana--mini").rglob("model.safetensors*"))


@pytest.mark.parametrize("token", ["", TOKEN])
def test_a_gated_model_explains_how_to_get_access(serve, place, files, token):
    hub = serve(ana__mini=Repo.of(files, gated=True, card={"license": "gemma"}))
    save_token(place, token)
    job = fetch(place, "ana/mini")
    card = failed(job)
    assert (card.code, card.action) == ("gated-model", "hub-token")
    assert "huggingface.co/ana/mini" in card.remedy
    assert ("todavía no tiene permiso" in card.why) == bool(token)
    assert [request.status for request in hub.requests if "/resolve/" in request.path][-1] == (403 if token else 401)


def test_a_token_opens_a_gated_model_and_goes_nowhere_but_to_the_hub_and_its_own_file(serve, place, files):
    """The Hub keeps its bytes elsewhere, where a token of its has no business."""
    with HubServer({"ana/mini": Repo.of(files)}) as store:
        gated = {"gated": True, "allowed": frozenset({TOKEN}), "card": {"license": "gemma"}}
        hub = serve(ana__mini=Repo.of(files, elsewhere=store.url, **gated))
        save_token(place, TOKEN)
        assert token_path(place).stat().st_mode & 0o777 == 0o600
        finished(fetch(place, "ana/mini"))
        assert is_ready(place, "ana/mini")
        assert {request.token for request in hub.requests if "/resolve/" in request.path} == {TOKEN}
        assert {(request.token, request.status) for request in hub.requests if "model.safetensors" in request.path} == {
            (TOKEN, 302)
        }
        assert [request.status for request in store.gets("model.safetensors")] == [200]
        assert {request.token for request in store.requests} == {""}
    for path in place.root.rglob("*"):
        if path.is_file() and path != token_path(place):
            assert TOKEN.encode() not in path.read_bytes(), path
    save_token(place, "")
    assert not token_path(place).exists()


def test_a_licence_that_is_not_a_free_one_waits_for_a_click_and_is_recorded(serve, place, files):
    serve(ana__mini=Repo.of(files, card={"license": "other", "license_name": "solo-poetas", "license_link": "LICENSE"}))
    result = finished(start_inquiry(place, "ana/mini"))
    assert (result["licence"], result["must_accept"]) == ("solo-poetas", True)
    assert result["licence_url"].startswith("http")
    with pytest.raises(LicenceNotAccepted):
        start_fetch(place, "ana/mini")
    accept_licence(place, "ana/mini")
    finished(start_fetch(place, "ana/mini"))
    accepted = Record.read(model_folder(place, "ana/mini")).accepted
    assert accepted["licence"] == "solo-poetas"
    assert accepted["version"] == "a" * 40
    assert accepted["date"][:2] == "20"


def test_weights_that_can_run_code_are_refused_with_a_card(serve, place, files):
    (files / "model.safetensors").unlink()
    serve(ana__mini=Repo.of(files))
    card = failed(start_inquiry(place, "ana/mini"))
    assert (card.code, card.detail) == ("unsafe-weights", "pytorch_model.bin")


def test_a_model_that_needs_its_own_code_is_refused_with_a_card(serve, place, files):
    config = json.loads((files / "config.json").read_text(encoding="utf-8"))
    own = {**config, "model_type": "propio", "auto_map": {"AutoModelForCausalLM": "modeling_own.Own"}}
    (files / "config.json").write_text(json.dumps(own), encoding="utf-8")
    serve(ana__mini=Repo.of(files))
    card = failed(fetch(place, "ana/mini"))
    assert card.code == "unsafe-weights"
    assert not is_ready(place, "ana/mini")


def test_a_model_that_does_not_write_text_is_refused_with_a_card(serve, place, files):
    config = json.loads((files / "config.json").read_text(encoding="utf-8"))
    (files / "config.json").write_text(json.dumps({**config, "model_type": "vit"}), encoding="utf-8")
    serve(ana__mini=Repo.of(files))
    card = failed(fetch(place, "ana/mini"))
    assert card.code == "unsupported-model"
    assert "vit" in card.why


@pytest.mark.parametrize(("token", "status"), [("", 401), (TOKEN, 404)])
def test_a_name_that_leads_nowhere_gets_a_card(serve, place, files, token, status):
    hub = serve(ana__mini=Repo.of(files))
    save_token(place, token)
    assert failed(start_inquiry(place, "ana/maxi")).code == "unknown-model"
    assert hub.requests[-1].status == status


def test_without_a_network_there_is_a_card_within_seconds(place, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    begun = time.monotonic()
    card = failed(start_inquiry(place, "ana/mini"))
    assert card.code == "no-network"
    assert time.monotonic() - begun < 60


def test_a_model_in_several_shards_becomes_one_file(serve, place, files):
    import torch
    from safetensors.torch import load_file, save_file

    whole = load_file(files / "model.safetensors")
    names = sorted(whole)
    halves = (names[: len(names) // 2], names[len(names) // 2 :])
    index = {"metadata": {}, "weight_map": {}}
    for order, part in enumerate(halves, start=1):
        file = f"model-{order:05}-of-00002.safetensors"
        save_file({name: whole[name].float() for name in part}, files / file)
        index["weight_map"] |= dict.fromkeys(part, file)
    (files / "model.safetensors").unlink()
    (files / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    serve(ana__mini=Repo.of(files))
    finished(fetch(place, "ana/mini"))
    ours = load_file(model_folder(place, "ana/mini") / "model.safetensors")
    assert ours.keys() == whole.keys()
    assert all(torch.equal(ours[name], whole[name]) for name in whole)


def test_a_seq2seq_model_with_pickles_alone_is_taken_from_the_hubs_own_conversion(serve, place, tmp_path):
    """As google/mt5-small is: pickled weights and a SentencePiece file, and a robot's pull request."""
    import sentencepiece
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, MT5Config, MT5ForConditionalGeneration

    from tests.tiny_model import TEXT

    folder = tmp_path / "mt5"
    config = MT5Config(
        vocab_size=512, d_model=32, d_kv=8, d_ff=64, num_layers=2, num_decoder_layers=2, num_heads=4,
        decoder_start_token_id=0, architectures=["MT5ForConditionalGeneration"],
    )  # fmt: skip
    torch.manual_seed(1)
    model = MT5ForConditionalGeneration(config)
    model.save_pretrained(folder)
    with (tmp_path / "spiece.model").open("wb") as out:
        lines = [line for line in TEXT.strip().splitlines() if line]
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=out, vocab_size=250, model_type="unigram",
            pad_id=0, eos_id=1, unk_id=2, bos_id=-1, minloglevel=2,
        )  # fmt: skip
    naming = {"tokenizer_class": "T5Tokenizer", "extra_ids": 0, "eos_token": "</s>", "pad_token": "<pad>"}
    robot = {path.name: path.read_bytes() for path in folder.iterdir()}
    robot |= {
        "spiece.model": (tmp_path / "spiece.model").read_bytes(),
        "tokenizer_config.json": json.dumps(naming).encode(),
    }
    main = {name: data for name, data in robot.items() if name != "model.safetensors"}
    hub = serve(ana__mt5=Repo({**main, "pytorch_model.bin": b"\x80\x04pickle"}, pull=robot))

    finished(fetch(place, "ana/mt5"))
    assert not hub.gets("pytorch_model.bin")
    ready = next(entry for entry in ready_models(place) if entry.id == "ana/mt5")
    assert (ready.architecture, ready.prompt_style) == ("seq2seq", "plain")
    path = model_folder(place, "ana/mt5")
    assert Record.read(path).source.endswith("b" * 40)
    tokenizer = AutoTokenizer.from_pretrained(path)
    reference = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "spiece.model"))
    text = "La panadera amasa, ¿y el río? creció."
    assert tokenizer(text).input_ids == [*reference.encode(text), 1]
    ours = AutoModelForSeq2SeqLM.from_pretrained(path, dtype=torch.float32).state_dict()
    for name, tensor in model.state_dict().items():
        assert torch.equal(ours[name], tensor.bfloat16().float()), name
