"""Exports of a finished training: the zip works in a fresh process with plain transformers and peft."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from poetas.data.storage.dataset_store import save_tables
from poetas.data.storage.samples import sample
from poetas.errors import DiskFull, PoetasError
from poetas.export.export_job import run
from poetas.export.export_request import FORMS, ExportRequest
from poetas.export.keepsake_page import KeepsakeContent, keepsake_page
from poetas.export.licence_files import write_licence
from poetas.export.readme_card import model_card
from poetas.export.weight_merging import MergedWeights
from poetas.generation.batch_generation import generate_texts
from poetas.generation.errors import BadAdapter
from poetas.generation.model import load_model
from poetas.generation.prompts import encode_beginning, encode_prompt
from poetas.generation.sampling import GenerationSettings
from poetas.jobs import Job, JobContext, JobState, Progress, Stopping
from poetas.jobs.job_record import JobRecord
from poetas.models.gguf.gguf_file import GGUFFile
from poetas.models.model_store import RECORD, Record
from poetas.recipes.substitution import choices
from poetas.util.files import sha256, write_json
from tests.embedded import embedded_model
from tests.finished_training import finished_training
from tests.paths import ROOT
from tests.tiny_model import build_tiny_model
from tests.tiny_seq2seq import build_tiny_seq2seq
from tests.unit.export.llama_cpp import written_by_llama_cpp
from tests.unit.training_pieces import Listener

pytestmark = pytest.mark.slow

TEXTS = [
    "El río creció durante la tarde y los pescadores sacaron los botes a la vereda.",
    "La biblioteca volvió a abrir el sábado, después de once meses de obra.",
]
# A process that can import nothing of the checkout. It runs the first notebook itself, with nothing imported yet, and
# every other one in a fork of itself, so that torch, transformers and peft are imported once.
DRIVER = """
import json, os, sys, traceback

def write(folder, texts):
    os.chdir(folder)
    os.environ["HOME"] = folder
    cells = json.load(open("usar.ipynb", encoding="utf-8"))["cells"]
    code = "\\n\\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    scope = {"__name__": "cuaderno"}
    exec(compile(code, "usar.ipynb", "exec"), scope)
    written = [scope["escribir"](text, tokens=20) for text in texts]
    assert not [name for name in sys.modules if name.split(".")[0] in {"poetas", "widgets"}]
    return written

def answer(order):
    try:
        result = {"written": write(order["folder"], order["texts"])}
    except BaseException:
        result = {"error": traceback.format_exc()}
    os.write(order["handle"], json.dumps(result).encode())

order = json.loads(sys.stdin.readline())
assert not {"torch", "transformers", "peft", "poetas"} & set(sys.modules)
answer(order)
os.write(order["handle"], b"\\n")
exec(sys.argv[1])  # `tests.quick_gguf`
read_quickly()
for line in sys.stdin:
    order = json.loads(line)
    if (pid := os.fork()) == 0:
        answer(order)
        os._exit(0)
    os.waitpid(pid, 0)
    os.write(order["handle"], b"\\n")
"""
Make = Callable[[Path, str], "Export"]
Elsewhere = Callable[..., list[str]]
NAME = "../Ana & <b>sus</b>\n# [poemas](http://x)"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny", layers=4)


@pytest.fixture(scope="module")
def training(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished_training(tmp_path_factory.mktemp("jobs"), tiny)


@pytest.fixture(scope="module")
def idle(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training whose adapter is of zeros: the base's bfloat16 weights are float16 without rounding."""
    return finished_training(tmp_path_factory.mktemp("idle"), tiny, spread=0.0)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of a model with a chat template."""
    folder = tmp_path_factory.mktemp("chat")
    return finished_training(folder / "jobs", build_tiny_model(folder / "tiny", chat=True, layers=4))


@pytest.fixture(scope="module")
def seq2seq(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of a model that reads a text and writes another."""
    folder = tmp_path_factory.mktemp("seq2seq")
    return finished_training(folder / "jobs", build_tiny_seq2seq(folder / "mt5"), layers=["q", "v"])


def exported(folder: Path, training: Path, form: str, **config: Any) -> tuple[Path, dict[str, Any], Listener]:
    """Run the job in this process; return the zip, the result and the context."""
    folder.mkdir(parents=True)
    context = Listener(folder, {"training": str(training), "form": form, "name": NAME, **config})
    result = run(context)
    return folder / result["file"], result, context


def unpacked(path: Path, target: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(target)  # checks the sum of each file
    [root] = target.iterdir()
    return root


@dataclass
class Export:
    """What an export job left, and its zip unpacked; not to be changed."""

    path: Path
    result: dict[str, Any]
    context: Listener
    folder: Path


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """The zip of a training in a form, made when it is asked for first."""

    @functools.cache
    def make(training: Path, form: str) -> Export:
        parent = tmp_path_factory.mktemp("export")
        path, result, context = exported(parent / "job", training, form)
        return Export(path, result, context, unpacked(path, parent / "out"))

    return make


def base_of(training: Path) -> Path:
    return Path(json.loads((training / "job.json").read_text("utf-8"))["config"]["model"])


def retrained(training: Path, parent: Path, base: Path | None = None, *, dataset: str = "", **result: Any) -> Path:
    """A copy of a training, of another base, with another dataset or another result."""
    folder = Path(shutil.copytree(training, parent / training.name))
    record = json.loads((folder / "job.json").read_text("utf-8"))
    changed = {"model": str(base) if base else "", "dataset": dataset}
    config = {**record["config"], **{key: value for key, value in changed.items() if value}}
    write_json(folder / "job.json", {**record, "config": config})
    write_json(folder / "result.json", {**json.loads((folder / "result.json").read_text("utf-8")), **result})
    return folder


@pytest.fixture(scope="module")
def elsewhere(training: Path, export: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """What the notebook of a folder writes for texts, in a process that cannot import this program.

    The first is that of the adapter's zip: its notebook itself imports what it needs.
    """
    home = tmp_path_factory.mktemp("elsewhere")
    quick = (ROOT / "tests" / "quick_gguf.py").read_text("utf-8")
    mine, theirs = os.pipe()
    surroundings = {"PATH": "/usr/bin:/bin", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "HOME": str(home)}
    options: dict[str, Any] = {"cwd": home, "env": surroundings, "pass_fds": [theirs], "text": True}
    with subprocess.Popen([sys.executable, "-P", "-c", DRIVER, quick], stdin=subprocess.PIPE, **options) as process:
        os.close(theirs)
        assert process.stdin is not None
        stdin = process.stdin

        @functools.cache
        def write(folder: Path, texts: int = len(TEXTS)) -> list[str]:
            stdin.write(json.dumps({"folder": str(folder), "texts": TEXTS[:texts], "handle": theirs}) + "\n")
            stdin.flush()
            answer = json.loads(answers.readline() or '{"error": "it ended"}')
            assert "error" not in answer, answer["error"][-3000:]
            written: list[str] = answer["written"]
            return written

        with os.fdopen(mine, encoding="utf-8") as answers:
            write(export(training, "adapter").folder)
            yield write
        stdin.close()


@functools.cache
def here(training: Path, texts: int = len(TEXTS), task: str = "summary") -> list[str]:
    """What this program writes with the adapter, in float32."""
    model = load_model(base_of(training), device="cpu", dtype=torch.float32, language="es")
    model.adapters.use(model.adapters.add(training / "adapter"))
    encode = encode_beginning if task == "style" else encode_prompt
    written = [""] * texts
    for index, text in enumerate(TEXTS[:texts]):  # one by one, as there
        prompt = encode(model.tokenizer, model.style, text).input_ids
        stop = "" if task == "style" else "\n"
        [generated] = generate_texts(model, [prompt], GenerationSettings(temperature=0.0, max_tokens=20), stop=stop)
        written[index] = generated.text
    return written


@pytest.mark.parametrize("form", ["adapter", "float32"])
def test_the_zip_writes_the_same_texts_without_this_program(
    form: str, training: Path, export: Make, elsewhere: Elsewhere
) -> None:
    written = elsewhere(export(training, form).folder)
    assert written == here(training)
    assert all(written)
    assert written != here(training, task="style")


def test_a_style_writes_the_same_texts(training: Path, tmp_path: Path, export: Make, elsewhere: Elsewhere) -> None:
    style = retrained(training, tmp_path, task="style")
    assert elsewhere(export(style, "float32").folder) == here(training, task="style")


def test_a_chat_writes_the_same_texts(chat: Path, export: Make, elsewhere: Elsewhere) -> None:
    assert elsewhere(export(chat, "float32").folder) == here(chat)


def test_bfloat16_is_float32_rounded(training: Path, export: Make) -> None:
    folders = {form: export(training, form).folder / "modelo" for form in ("bfloat16", "float32")}
    narrow, wide = (load_file(folders[form] / "model.safetensors") for form in ("bfloat16", "float32"))
    assert narrow.keys() == wide.keys()
    assert all(torch.equal(narrow[name], wide[name].to(torch.bfloat16)) for name in wide)
    config = json.loads((folders["bfloat16"] / "config.json").read_text("utf-8"))
    assert config["dtype"] == "bfloat16"


def test_merged_weights_are_those_of_peft(training: Path, tiny: Path) -> None:
    base = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    expected = PeftModel.from_pretrained(base, training / "adapter").merge_and_unload().state_dict()
    described = json.loads((training / "adapter" / "adapter_config.json").read_text("utf-8"))
    merged = MergedWeights(tiny / "model.safetensors", training / "adapter", described)
    plain = MergedWeights(tiny / "model.safetensors", None, {})
    changed = 0
    for name, shape in merged.shapes.items():
        values = np.concatenate(list(merged.blocks(name))).reshape(shape)
        np.testing.assert_allclose(values, expected[name].numpy(), rtol=1e-6, atol=1e-6)
        changed += not np.array_equal(values.ravel(), np.concatenate(list(plain.blocks(name))))
    assert changed == 4 * 7  # every linear layer of four blocks


@pytest.mark.parametrize(("form", "kind"), [("f16", "F16"), ("q8_0", "Q8_0")])
def test_a_gguf_holds_the_merged_weights(
    form: str, kind: str, training: Path, tiny: Path, tmp_path: Path, export: Make
) -> None:
    """Read back with `poetas.models.gguf`, tensor by tensor, as every other GGUF is read here."""
    from poetas.models.convert import convert_gguf

    [file] = (export(training, form).folder / "gguf").glob("*.gguf")
    back = tmp_path / "back"
    back.mkdir()
    convert_gguf(file, back, lambda _done, _total: None)
    described = json.loads((training / "adapter" / "adapter_config.json").read_text("utf-8"))
    merged = MergedWeights(tiny / "model.safetensors", training / "adapter", described)
    read = MergedWeights(back / "model.safetensors", None, {})
    assert read.shapes == {name: merged.shapes[name] for name in read.shapes}
    assert len(read.shapes) == len(merged.shapes)
    bound = {"F16": 2**-8, "Q8_0": 2**-7}[kind]  # of the largest value: bfloat16 keeps 8 bits, and Q8_0 has 127 steps
    for name in merged.shapes:
        values, again = (np.concatenate(list(weights.blocks(name))) for weights in (merged, read))
        assert np.abs(values - again).max() <= bound * np.abs(values).max(), name
    with GGUFFile(file) as source:
        assert {tensor.kind.name for tensor in source.tensors.values()} == {kind, "F32"}
        assert source.metadata["general.name"] == "../Ana & <b>sus</b> # [poemas](http://x)"
    tokenizer, own = (json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"] for folder in (back, tiny))
    assert tokenizer["vocab"] == own["vocab"]
    assert [tuple(merge) for merge in tokenizer["merges"]] == [tuple(merge) for merge in own["merges"]]


def test_a_gguf_writes_the_same_texts_with_transformers(
    training: Path, idle: Path, export: Make, elsewhere: Elsewhere
) -> None:
    """With an adapter of zeros nothing is rounded, so that nothing may differ."""
    written = elsewhere(export(idle, "f16").folder)
    assert written == here(idle)
    assert written != here(training)


def test_llama_cpp_runs_a_gguf_and_writes_the_same_texts(tiny: Path, idle: Path, export: Make) -> None:
    """Greedily, token by token; Q8_0 rounds the weights, and so need not agree beyond its first words."""
    files = [next((export(idle, form).folder / "gguf").glob("*.gguf")) for form in ("f16", "q8_0")]
    tokenizer = AutoTokenizer.from_pretrained(tiny)
    model = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    expected = []
    for text in TEXTS:
        ids = tokenizer(text, return_tensors="pt").input_ids
        written = model.generate(ids, max_new_tokens=12, do_sample=False)[0, ids.shape[1] :]
        expected.append(tokenizer.decode(written, skip_special_tokens=True))
    exact, rounded = written_by_llama_cpp(files, TEXTS, 12)
    assert exact == expected
    assert all(exact)
    assert all(rounded)


def test_an_architecture_that_gguf_does_not_know_is_refused(seq2seq: Path, tmp_path: Path) -> None:
    with pytest.raises(PoetasError) as error:
        exported(tmp_path / "job", seq2seq, "f16")
    assert error.value.explanation.code == "not-for-gguf"
    assert error.value.explanation.remedy
    assert not list((tmp_path / "job").glob("*.zip"))
    assert not (tmp_path / "job" / "armado").exists()


@pytest.mark.parametrize("form", ["adapter", "float32"])
def test_a_seq2seq_model_writes_the_same_texts(form: str, seq2seq: Path, export: Make, elsewhere: Elsewhere) -> None:
    assert elsewhere(export(seq2seq, form).folder) == here(seq2seq)


@pytest.mark.parametrize(
    "change",
    [
        {"rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0}},
        {"hidden_act": "gelu"},
        {"attention_bias": True},
    ],
)
def test_a_setting_that_gguf_cannot_say_is_refused(
    change: dict[str, Any], training: Path, tiny: Path, tmp_path: Path
) -> None:
    base = Path(shutil.copytree(tiny, tmp_path / "tiny"))
    training = retrained(training, tmp_path / "jobs", base)
    config = json.loads((base / "config.json").read_text("utf-8"))
    write_json(base / "config.json", config | change)
    with pytest.raises(PoetasError) as error:
        exported(tmp_path / "job", training, "f16")
    assert error.value.explanation.code == "not-for-gguf"


def test_a_tokenizer_that_gguf_cannot_say_is_refused(training: Path, tiny: Path, tmp_path: Path) -> None:
    base = Path(shutil.copytree(tiny, tmp_path / "tiny"))
    training = retrained(training, tmp_path / "jobs", base)
    tokenizer = json.loads((base / "tokenizer.json").read_text("utf-8"))
    write_json(base / "tokenizer.json", tokenizer | {"normalizer": {"type": "Lowercase"}})
    with pytest.raises(PoetasError) as error:
        exported(tmp_path / "job", training, "q8_0")
    assert error.value.explanation.code == "not-for-gguf"


# -- the card, the licence, and what must not be in a zip


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_the_learner_and_nothing_of_the_machine_is_in_it(
    form: str, training: Path, tiny: Path, export: Make
) -> None:
    made = export(training, form)
    with zipfile.ZipFile(made.path) as archive:
        names = archive.namelist()
        words = b"".join(archive.read(name) for name in names if not name.endswith((".safetensors", ".gguf")))
    root = f"Ana-b-sus-b-poemas-http-x-{form}"
    assert made.path.name == f"{root}.zip"
    assert all(name.startswith(f"{root}/") and ".." not in name for name in names)
    assert made.result["bytes"] == made.path.stat().st_size
    for private in ("Ramón Funes", "Cartas", str(training.parent), str(tiny.parent), str(Path.home())):
        assert private.encode() not in words, private


def test_the_card_says_what_it_is_in_spanish(training: Path, export: Make) -> None:
    card = (export(training, "float32").folder / "README.md").read_text("utf-8")
    assert r"# ../Ana \& \<b\>sus\</b\> \# \[poemas\]\(http://x\)" in card
    assert card.startswith('---\nlicense: "mit"\n')
    for words in (
        "Modelo diminuto",
        "MIT",
        "24 textos",
        "| `lora_rank` | 4 |",
        "no se sabe si es mejor",
        "No se revisó",
    ):
        assert words in card, words
    assert "Para decidir sobre personas" in card
    assert "se les sumó el adaptador y se guardaron en float32" in card


@pytest.mark.parametrize(
    ("task", "words"), [("summary", r'-p "Texto:\ntu texto\n\nResumen en una oración:"'), ("style", '-p "tu comienzo"')]
)
def test_the_card_gives_llama_cpp_what_the_model_was_trained_with(
    task: str, words: str, training: Path, tmp_path: Path, export: Make
) -> None:
    folder = export(retrained(training, tmp_path, task=task), "f16").folder
    assert words in (folder / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("task", "words"),
    [("summary", "Texto:\n{{ .Prompt }}\n\nResumen en una oración:"), ("style", "{{ .Prompt }}")],
)
def test_the_card_gives_ollama_what_the_model_was_trained_with(
    task: str, words: str, training: Path, tmp_path: Path, export: Make
) -> None:
    folder = export(retrained(training, tmp_path, task=task), "f16").folder
    [gguf] = (folder / "gguf").glob("*.gguf")
    card = (folder / "README.md").read_text("utf-8")
    assert f'FROM ./gguf/{gguf.name}\nTEMPLATE """{words}"""\n```' in card
    assert "ollama create mi-modelo -f Modelfile" in card


def test_the_card_of_a_chat_says_that_ollama_is_given_the_whole_prompt(chat: Path, export: Make) -> None:
    card = (export(chat, "f16").folder / "README.md").read_text("utf-8")
    assert '"Resumí el texto que sigue en una sola oración, sin agregar nada que no diga.\n\ntu texto"' in card
    assert 'TEMPLATE "' not in card
    assert "El pedido va entero" in card


def test_a_chat_model_without_a_template_is_asked_as_a_plain_one_by_the_card_and_by_the_notebook(
    chat: Path, tmp_path: Path
) -> None:
    base = Path(shutil.copytree(base_of(chat), tmp_path / "sin-plantilla"))
    config = json.loads((base / "tokenizer_config.json").read_text("utf-8"))
    del config["chat_template"]
    write_json(base / "tokenizer_config.json", config)
    path, _result, _context = exported(tmp_path / "job", retrained(chat, tmp_path / "jobs", base), "f16")
    folder = unpacked(path, tmp_path / "out")
    card = (folder / "README.md").read_text("utf-8")
    assert 'TEMPLATE """Texto:\n{{ .Prompt }}\n\nResumen en una oración:"""' in card
    assert "El pedido va entero" not in card
    assert "KIND = 'plain'" in (folder / "usar.ipynb").read_text("utf-8")


def test_the_card_of_what_is_no_gguf_says_nothing_of_ollama(training: Path, export: Make) -> None:
    assert "ollama" not in (export(training, "float32").folder / "README.md").read_text("utf-8")


def test_the_notebook_lets_a_summary_be_as_long_as_in_the_exam(training: Path, tmp_path: Path, export: Make) -> None:
    """Lists are summaries too: one of several lines, or of more tokens than usual, is not cut at its first line."""
    table = pd.DataFrame({"text": ["Uno. Dos."] * 4, "summary": ["- la panadera amasa\n" * 40 + "- y nadie habla"] * 4})
    record = {"format": 1, "task": "summary", "counts": {"train": 4, "validation": 0, "test": 0}}
    folder = save_tables(
        {"train": table, "validation": table[:0], "test": table[:0]}, record, tmp_path / "sets", "listas"
    ).folder
    limits = {}
    for dataset in (str(folder), "/nowhere/perdido"):
        other = retrained(training, tmp_path / f"jobs{len(limits)}", dataset=dataset)
        notebook = json.loads((export(other, "adapter").folder / "usar.ipynb").read_text("utf-8"))
        chosen = choices("\n".join(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"))
        limits[dataset] = (chosen["LONGEST"], chosen["STOP"])
    assert limits[str(folder)][0] > 200
    assert limits[str(folder)][1] == ""
    assert limits["/nowhere/perdido"] == (80, "\n")


def test_a_training_of_poems_that_was_stopped_still_goes_on_from_beginnings(
    training: Path, tmp_path: Path, export: Make
) -> None:
    """It has no result to say what it was for: its dataset does."""
    table = pd.DataFrame({"text": ["Uno\nDos"] * 4})
    record = {"format": 1, "task": "style", "counts": {"train": 4, "validation": 0, "test": 0}}
    tables = {"train": table, "validation": table[:0], "test": table[:0]}
    folder = save_tables(tables, record, tmp_path / "sets", "poemas").folder
    stopped = retrained(training, tmp_path / "jobs", dataset=str(folder))
    (stopped / "result.json").unlink()
    root = export(stopped, "adapter").folder
    assert "TASK = 'style'" in (root / "usar.ipynb").read_text("utf-8")
    assert "seguir comienzos" in (root / "README.md").read_text("utf-8")


def test_a_training_of_english_texts_that_was_stopped_still_has_an_english_prompt(
    training: Path, tmp_path: Path
) -> None:
    table = pd.DataFrame({"text": ["The cat sat on the mat."] * 4, "summary": ["A cat."] * 4})
    record = {"format": 1, "task": "summary", "counts": {"train": 4, "validation": 0, "test": 0}}
    tables = {"train": table, "validation": table[:0], "test": table[:0]}
    folder = save_tables(tables, record, tmp_path / "sets", "cats").folder
    stopped = retrained(training, tmp_path / "jobs", dataset=str(folder))
    (stopped / "result.json").unlink()
    assert ExportRequest.parse({"training": str(stopped), "form": "adapter"}).language == "en"
    shutil.rmtree(folder)
    assert ExportRequest.parse({"training": str(stopped), "form": "adapter"}).language == "es"


def test_the_card_tells_the_verdict_and_what_was_memorised(training: Path, tmp_path: Path) -> None:
    training = retrained(training, tmp_path / "jobs")
    exam = {
        "task": "summary",
        "n": 40,
        "rows": [{"system": "base", "title": "Base", "scores": {}, "intervals": {}}],
        "verdict": {"kind": "improved", "headline": "Mejoró, pero copiar tres oraciones sigue siendo mejor."},
    }
    from poetas.evaluation.metrics.registry import COMPARED

    exam["rows"][0]["scores"] = dict.fromkeys(COMPARED, 1.0)
    kinds = {"evaluate": ({"adapter": str(training / "adapter")}, exam)}
    openings = {"tuned": {"n": 4, "recited": 4}, "base": {"n": 4, "recited": 0}, "held_out": {"n": 0, "recited": 0}}
    report = {"level": "much", "words": 8, "openings": openings, "data": [], "recited": []}
    report |= {"personal": {"n": 0, "tuned": 0, "base": 0}, "ordinary": {"n": 0, "recited": 0, "longest": 0}}
    kinds["memorisation"] = ({"training": str(training)}, report)
    for kind, (config, result) in kinds.items():
        folder = training.parent / f"{kind}-1"
        folder.mkdir()
        JobRecord(folder.name, kind, config, 2.0, None).write(folder)
        write_json(folder / "result.json", result)
        JobContext(folder, kind, config).emit(_finished(result))
    path, _result, _context = exported(tmp_path / "job", training, "adapter")
    card = (unpacked(path, tmp_path / "out") / "README.md").read_text("utf-8")
    assert "**Mejoró, pero copiar tres oraciones sigue siendo mejor.**" in card
    assert "Esto es lo que se le dijo a quien lo hizo:" in card
    assert "recita pasajes de los textos con los que aprendió" in card
    assert "tus textos" not in card, "it may be read by someone else"


@pytest.mark.parametrize("form", FORMS)
def test_an_adapter_with_a_weight_that_is_no_number_is_not_taken_away(
    form: str, training: Path, tmp_path: Path
) -> None:
    broken = retrained(training, tmp_path / "jobs")
    path = broken / "adapter" / "adapter_model.safetensors"
    weights = load_file(path)
    next(iter(weights.values()))[0, 0] = torch.nan
    save_file(weights, path)
    with pytest.raises(BadAdapter) as refused:
        exported(tmp_path / "job", broken, form)
    assert "pesos que no son números" in refused.value.explanation.why
    assert not list((tmp_path / "job").glob("*.zip"))


@pytest.mark.parametrize(
    ("source", "said"),
    [("de Ana", "textos propios"), ("noticias", "textos de una muestra del programa"), ("", "otros textos")],
)
@pytest.mark.parametrize("task", ["style", "summary"])
def test_texts_and_voice_are_said_to_be_somebodys_own_only_where_they_are(
    source: str, said: str, task: str, training: Path, tmp_path: Path
) -> None:
    checksum = sha256(sample(source).path) if source == "noticias" else "ab" * 32 if source else ""
    dataset = tmp_path / "conjunto"
    dataset.mkdir()
    counts = {"train": 24, "validation": 4, "test": 4}
    write_json(dataset / "dataset.json", {"task": task, "counts": counts, "source": {"name": "x", "sha256": checksum}})
    trained = retrained(training, tmp_path / "jobs", dataset=str(dataset), task=task)
    request = ExportRequest.parse({"training": str(trained), "form": "adapter"})
    write_licence(request, tmp_path / "licencia", date(2026, 3, 1))
    page = KeepsakeContent("Zorzal", date(2026, 3, 1), 24, "Base", task, own=request.own)
    taken = {
        "licence": (tmp_path / "licencia" / "CAMBIOS.md").read_text("utf-8"),
        "card": model_card(request, "plain", [], [], date(2026, 3, 1)),
        "page": keepsake_page(page),
        "signed": keepsake_page(replace(page, author="Ana")),
    }
    for name in ("licence", "card") if source == "de Ana" else taken:
        assert f"ajustado {'por Ana ' if name == 'signed' else ''}con {said}" in taken[name]
    claims = ("textos propios", "con mi voz", "mis textos", "la voz de Ana", "los textos de Ana")
    claimed = {claim for claim in claims for text in taken.values() if claim in text}
    voice = {"con mi voz", "la voz de Ana"} if task == "style" else {"mis textos", "los textos de Ana"}
    assert claimed == ({"textos propios", *voice} if source == "de Ana" else set())
    (dataset / "dataset.json").unlink()
    assert ExportRequest.parse({"training": str(trained), "form": "adapter"}).own is None


def _finished(result: dict[str, Any]) -> Any:
    from poetas.jobs import Finished

    return Finished(result)


def test_licence_notices_and_changes_travel_with_it(
    training: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Path(shutil.copytree(tiny, tmp_path / "gemma"))
    (base / "GEMMA_TERMS.html").write_text("terms", encoding="utf-8")
    (tmp_path / "secreto.txt").write_text("secreto", encoding="utf-8")
    record = json.loads((base / RECORD).read_text("utf-8"))
    record |= {"licence": "Gemma Terms of Use", "licence_url": "https://ai.google.dev/gemma/terms"}
    write_json(base / RECORD, record | {"notices": ["GEMMA_TERMS.html", "../secreto.txt", "absent.txt"]})
    training = retrained(training, tmp_path / "jobs", base)
    path, _result, _context = exported(tmp_path / "job", training, "adapter")
    root = unpacked(path, tmp_path / "out")
    assert {file.name for file in (root / "licencia").iterdir()} == {"GEMMA_TERMS.html", "NOTICE.txt", "CAMBIOS.md"}
    notice = (root / "licencia" / "NOTICE.txt").read_text("utf-8")
    assert notice.startswith(
        "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms\n"
    )
    assert "https://ai.google.dev/gemma/prohibited_use_policy" in notice
    changes = (root / "licencia" / "CAMBIOS.md").read_text("utf-8")
    assert "ajustado con otros textos (ajuste fino con LoRA), sin enviarlos" in changes
    monkeypatch.setenv("POETAS_PLACE", "colab")
    write_licence(
        ExportRequest.parse({"training": str(training), "form": "adapter"}), tmp_path / "there", date(2026, 3, 1)
    )
    assert "(ajuste fino con LoRA).\n" in (tmp_path / "there" / "CAMBIOS.md").read_text("utf-8")
    card = (root / "README.md").read_text("utf-8")
    assert 'license: "gemma"' in card
    assert "base:" not in card.partition("## ")[2], "it may have learnt to obey before: it is where this one began"
    assert "prohibited_use_policy" in card


def test_a_base_of_the_hub_is_named_and_stays_out(training: Path, tiny: Path, tmp_path: Path) -> None:
    base = Path(shutil.copytree(tiny, tmp_path / "hub"))
    record = json.loads((base / RECORD).read_text("utf-8"))
    write_json(base / RECORD, record | {"source": "hub casa/mini@0123abc"})
    assert Record.read(base).source == "hub casa/mini@0123abc"
    training = retrained(training, tmp_path / "jobs", base)
    path, _result, _context = exported(tmp_path / "job", training, "adapter")
    root = unpacked(path, tmp_path / "out")
    assert not (root / "base").exists()
    config = json.loads((root / "adaptador" / "adapter_config.json").read_text("utf-8"))
    assert config["base_model_name_or_path"] == "casa/mini"
    code = (root / "usar.ipynb").read_text("utf-8")
    assert "'casa/mini'" in code
    assert "'0123abc'" in code
    assert "casa/mini" in (root / "README.md").read_text("utf-8")


# -- as a job


def test_progress_ends_at_its_total_and_a_stop_leaves_nothing(training: Path, export: Make, tmp_path: Path) -> None:
    reports = export(training, "float32").context.of(Progress)
    assert reports
    assert all(event.done <= event.total for event in reports)
    folder = tmp_path / "stopped"
    folder.mkdir()
    (folder / "stop").touch()
    with pytest.raises(Stopping):
        run(JobContext(folder, "export", {"training": str(training), "form": "float32"}))
    assert [path.name for path in folder.iterdir()] == ["stop"]


def test_a_full_disk_is_told_before_anything_is_written(
    training: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=1_000_000))
    with pytest.raises(DiskFull):
        exported(tmp_path / "job", training, "float32")
    assert not any((tmp_path / "job").iterdir())


def test_what_cannot_be_exported_is_refused_with_a_card(training: Path, tiny: Path, tmp_path: Path) -> None:
    bare = tmp_path / "train-2"
    bare.mkdir()
    JobRecord("train-2", "train", {"model": str(tiny)}, 1.0, None).write(bare)
    wrong = [{}, {"training": str(training), "form": "pickle"}, {"training": str(tmp_path)}, {"training": str(bare)}]
    for config in wrong:
        with pytest.raises(PoetasError) as error:
            ExportRequest.parse({"form": "adapter", **config})
        assert error.value.explanation.code == "bad-export"


def test_the_export_runs_as_a_job_without_a_network(training: Path, tmp_path: Path) -> None:
    job = Job.start(
        "export", {"training": str(training), "form": "adapter", "name": "Mi voz"}, parent=tmp_path / "jobs"
    )
    assert job.wait(120) is JobState.FINISHED, (job.failure(), (job.dir / "log.txt").read_text("utf-8")[-2000:])
    result = job.result()
    assert result is not None
    assert result["file"] == "Mi-voz-adapter.zip"
    assert (job.dir / result["file"]).stat().st_mode & 0o777 == 0o600


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of an embedded model."""
    return finished_training(tmp_path_factory.mktemp("embedded"), embedded_model("smollm2-135m"), spread=0.002)


@pytest.mark.embedded
@pytest.mark.parametrize("form", ["adapter", "float32", "q8_0"])
def test_an_embedded_model_works_elsewhere(form: str, embedded: Path, export: Make, elsewhere: Elsewhere) -> None:
    written = elsewhere(export(embedded, form).folder, 1)
    assert written == here(embedded, 1) if form != "q8_0" else written[0]
