"""The evaluation as a job: with a tiny real model, a real adapter, real processes and a real prepared dataset."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from poetas.data.pipeline.language import guess_language
from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.reading import read_file
from poetas.data.pipeline.splitting import SplitPlan
from poetas.data.storage.dataset_store import PreparedDataset, save
from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.evaluation.config import EvaluationConfig
from poetas.evaluation.generated_texts import StoredText, TextStore, request_key
from poetas.evaluation.length_limits import Decoding
from poetas.evaluation.systems import SYSTEMS
from poetas.jobs import Job, JobContext, JobState, Progress, Stopping
from poetas.privacy import Ledger
from poetas.training.errors import DatasetReplaced
from poetas.util.resources import folder as asset
from tests.tiny_model import build_tiny_model

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def adapter(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA adapter whose weights are not zero, in the layout of a training job."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    tuned = get_peft_model(base, LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False))
    folder = tmp_path_factory.mktemp("train") / "adapter"
    tuned.save_pretrained(folder)
    return folder


def prepared(tmp: Path, task: str, *, texts: int = 20, test: float = 0.4) -> Path:
    """A prepared dataset of the first texts of a sample."""
    plan = SplitPlan(1 - test - 0.1, 0.1, test)
    if task == "style":
        text = (asset("samples") / "coplas" / "coplas.txt").read_text("utf-8")
        source = tmp / "coplas.txt"
        source.write_text("\n\n".join(text.split("\n\n")[:texts]), encoding="utf-8")
        mapping = None
    else:
        with (asset("samples") / "noticias" / "noticias.csv").open(encoding="utf-8") as lines:
            rows = list(csv.reader(lines))[: texts + 1]
        source = tmp / "noticias.csv"
        with source.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        mapping = ColumnMapping("texto", "resumen")
    reading = read_file(source)
    mapping = mapping or ColumnMapping(str(reading.table.columns[0]))
    return save(prepare(reading, mapping, plan), tmp / "conjuntos", task).folder


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("news"), "summary")


@pytest.fixture(scope="module")
def verses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("verses"), "style")


def evaluate(tmp_path: Path, config: dict[str, Any]) -> tuple[dict[str, Any], JobContext]:
    """Run the program in this process."""
    from poetas.evaluation.evaluate_job import run

    tmp_path.mkdir(exist_ok=True, parents=True)
    context = JobContext(tmp_path, "evaluate", config)
    return run(context), context


def events(context: JobContext) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (context.dir / "events.jsonl").read_text("utf-8").splitlines()]


Finished = tuple[dict[str, Any], JobContext]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, model: Path, adapter: Path, news: Path) -> Finished:
    """A whole evaluation, made once."""
    config = {"model": str(model), "adapter": str(adapter), "dataset": str(news), "task": "summary"}
    return evaluate(tmp_path_factory.mktemp("job"), config)


def test_every_system_is_scored_on_every_text_and_compared_with_the_tuned(finished: Finished, news: Path) -> None:
    result, context = finished
    rows = PreparedDataset.open(news).rows("test")
    assert result["n"] == len(rows) == len(result["texts"]) == 8
    assert [row["system"] for row in result["rows"]] == list(SYSTEMS)
    assert result["language"] == "es"
    for row in result["rows"]:
        assert {"rouge1", "rouge2", "rougeL", "chrf"} <= set(row["scores"])
        interval = row["intervals"]["rouge1"]
        assert interval["low"] <= row["scores"]["rouge1"] <= interval["high"]
        each = [text["systems"][row["system"]]["scores"]["rouge1"] for text in result["texts"]]
        assert row["scores"]["rouge1"] == pytest.approx(sum(each) / len(each))
    means = {row["system"]: row["scores"]["rouge1"] for row in result["rows"]}
    assert result["difference"]["rouge1"]["mean"] == pytest.approx(means["tuned"] - means["base"])
    assert set(result["differences"]) == set(SYSTEMS) - {"tuned"}
    assert result["verdict"]["n"] == 8
    named = [*result["verdict"]["beaten"], *result["verdict"]["not_beaten"], *result["verdict"]["unclear"]]
    assert sorted(named) == sorted(set(SYSTEMS) - {"tuned"})
    first = result["texts"][0]
    assert (first["source"], first["reference"]) == (rows[0]["text"], rows[0]["summary"])
    assert first["systems"]["base"]["text"] != first["systems"]["tuned"]["text"]
    assert not set(result["best"]) & set(result["worst"])
    assert len((context.dir / "scored.jsonl").read_text("utf-8").splitlines()) == 8
    assert result["peak_rss_mb"] > 100
    shares = [event["done"] for event in events(context) if event["event"] == "Progress" and event["total"]]
    assert shares == sorted(shares)
    assert max(shares) <= 24
    json.dumps(result, allow_nan=False)


def test_base_and_tuned_obey_the_same_limits(finished: Finished) -> None:
    result, context = finished
    rules = result["decoding"]
    lines = [json.loads(line) for line in (context.dir / "texts.jsonl").read_text("utf-8").splitlines()]
    assert {line["system"] for line in lines} == {"base", "base_examples", "tuned"}
    assert all(line["tokens"] <= rules["max_tokens"] for line in lines)
    assert all("\n" not in line["text"] for line in lines)
    assert rules["sentences"] == 1  # what the summaries of this dataset have


def test_every_system_is_cut_alike_and_the_examples_are_of_what_was_studied(
    tmp_path: Path, model: Path, adapter: Path, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from poetas.evaluation import generate_summaries

    shown: list[tuple[str, str]] = []

    def encode(*arguments: Any, examples: Any, **options: Any) -> Any:
        shown.extend(examples)
        return encode_prompt(*arguments, examples=examples, **options)

    def ramble(*arguments: Any, **options: Any) -> Any:
        return (replace(text, text="Uno. Dos. Tres.") for text in generate_texts(*arguments, **options))

    encode_prompt, generate_texts = generate_summaries.encode_prompt, generate_summaries.generate_texts
    monkeypatch.setattr(generate_summaries, "encode_prompt", encode)
    monkeypatch.setattr(generate_summaries, "generate_texts", ramble)
    config = {"model": str(model), "adapter": str(adapter), "dataset": str(news), "texts": 2}
    _result, context = evaluate(tmp_path / "job", config)
    lines = [json.loads(line) for line in (context.dir / "texts.jsonl").read_text("utf-8").splitlines()]
    assert [(line["system"], line["text"]) for line in lines] == [
        (system, "Uno.") for system in ("base", "base_examples", "tuned") for _ in range(2)
    ]
    dataset = PreparedDataset.open(news)
    pairs = {part: {(row["text"], row["summary"]) for row in dataset.rows(part)} for part in ("train", "test")}
    assert shown
    assert set(shown) <= pairs["train"]
    assert set(shown).isdisjoint(pairs["test"])


def test_without_an_adapter_there_is_a_table_and_no_verdict(tmp_path: Path, model: Path, news: Path) -> None:
    result, _ = evaluate(tmp_path / "job", {"model": str(model), "adapter": None, "dataset": str(news), "texts": 2})
    assert [row["system"] for row in result["rows"]] == list(SYSTEMS[:-1])
    assert result["verdict"] is None
    assert result["difference"] == {}


def test_what_was_written_is_not_written_again(finished: Finished) -> None:
    whole, context = finished
    written = (context.dir / "texts.jsonl").read_text("utf-8")
    assert len(written.splitlines()) == 24
    again, _ = evaluate(context.dir, context.config)
    assert (context.dir / "texts.jsonl").read_text("utf-8") == written
    assert again["rows"] == whole["rows"]


def test_a_stop_keeps_what_is_there_and_the_rest_comes_out_the_same(finished: Finished, tmp_path: Path) -> None:
    whole, context = finished
    written = (context.dir / "texts.jsonl").read_text("utf-8").splitlines()
    job = tmp_path / "job"
    job.mkdir()
    # One of the base's texts is lost, and the last line was cut in the middle: only those two are written again.
    (job / "texts.jsonl").write_text("\n".join(written[1:])[:-20], encoding="utf-8")
    (job / "stop").touch()
    with pytest.raises(Stopping):
        evaluate(job, context.config)
    (job / "stop").unlink()
    again, _ = evaluate(job, context.config)
    lines = (job / "texts.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 25  # 23 with the one that was cut, and two
    assert again["rows"] == whole["rows"]


def test_another_adapter_is_not_taken_for_this_one(finished: Finished, tmp_path: Path, adapter: Path) -> None:
    _whole, finished_context = finished
    shutil.copytree(finished_context.dir, tmp_path / "job")
    other = tmp_path / "other"
    other.mkdir()
    for file in adapter.iterdir():
        if file.is_file():
            (other / file.name).write_bytes(file.read_bytes())
    from safetensors.torch import load_file, save_file

    weights = load_file(other / "adapter_model.safetensors")
    save_file({name: -value for name, value in weights.items()}, other / "adapter_model.safetensors")
    _, context = evaluate(tmp_path / "job", {**finished_context.config, "adapter": str(other), "texts": 2})
    systems = [json.loads(line)["system"] for line in (context.dir / "texts.jsonl").read_text("utf-8").splitlines()]
    assert systems.count("base") == 8
    assert systems.count("tuned") == 8 + 2


def test_a_killed_evaluation_goes_on_without_network_and_without_loss(
    tmp_path: Path, model: Path, adapter: Path, news: Path
) -> None:
    config = {"model": str(model), "adapter": str(adapter), "dataset": str(news), "task": "summary", "texts": 4}
    ledger = tmp_path / "registro.jsonl"
    job = Job.start("evaluate", config, parent=tmp_path / "trabajos")
    texts = job.dir / "texts.jsonl"
    deadline = time.monotonic() + 120
    while not texts.exists() and not job.state.over and time.monotonic() < deadline:
        time.sleep(0.02)
    started = next(event for event in job.events()[0] if type(event).__name__ == "Started")
    os.kill(started.pid, signal.SIGKILL)
    assert job.wait(20) is JobState.LOST
    before = texts.read_bytes()
    job.resume()
    assert job.wait(180) is JobState.FINISHED, (job.dir / "log.txt").read_text("utf-8")
    assert texts.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    lines = [json.loads(line) for line in texts.read_text("utf-8").splitlines() if line.strip()]
    assert len({(line["system"], line["index"]) for line in lines}) == len(lines) == 12
    result = job.result()
    assert result is not None
    assert result["verdict"]["text"]
    notes = [event.note for event in job.events()[0] if isinstance(event, Progress)]
    assert "Cargo el modelo" in notes
    assert any(note.startswith("Modelo ajustado: ") for note in notes)
    assert Ledger(ledger).refusals() == 0


def test_a_style_is_measured_by_loss_copies_and_repetition(
    tmp_path: Path, model: Path, adapter: Path, verses: Path
) -> None:
    from poetas.evaluation.metrics.longest_copied_span import CopyIndex

    config = {"model": str(model), "adapter": str(adapter), "dataset": str(verses), "task": "style"}
    result, context = evaluate(tmp_path / "job", config)
    rows = {row["system"]: row for row in result["rows"]}
    assert set(rows) == {"human", "base", "tuned"}
    assert result["n"] == len(PreparedDataset.open(verses).rows("test"))
    gap = rows["tuned"]["scores"]["loss"] - rows["base"]["scores"]["loss"]
    assert result["difference"]["loss"]["mean"] == pytest.approx(gap)
    assert result["difference"]["loss"]["low"] <= gap <= result["difference"]["loss"]["high"]
    assert result["verdict"]["text"]
    library = CopyIndex([row["text"] for row in PreparedDataset.open(verses).rows("train")])
    for sample in result["samples"]:
        for system in ("human", "base", "tuned"):
            copied = library.longest(sample[system]["text"])
            assert sample[system]["copied"]["length"] == copied.length <= rows[system]["scores"]["copied"]
    assert evaluate(context.dir, config)[0]["samples"] == result["samples"]
    # A sample that was lost is drawn again by the same chance.
    kept = (context.dir / "texts.jsonl").read_text("utf-8").splitlines(keepends=True)
    (context.dir / "texts.jsonl").write_text("".join(kept[1:]), encoding="utf-8")
    assert evaluate(context.dir, config)[0]["samples"] == result["samples"]
    assert len((context.dir / "texts.jsonl").read_text("utf-8").splitlines()) == len(kept)
    json.dumps(result, allow_nan=False)


def test_a_text_that_goes_on_in_another_row_is_not_asked_for_its_end(tmp_path: Path, model: Path, verses: Path) -> None:
    dataset = Path(shutil.copytree(verses, tmp_path / "versos"))
    config = {"model": str(model), "dataset": str(dataset), "task": "style", "texts": 1}
    (before, _context) = evaluate(tmp_path / "antes", config)
    record = json.loads((dataset / "dataset.json").read_text("utf-8"))
    (dataset / "dataset.json").write_text(
        json.dumps({**record, "going_on": {"train": [], "validation": [], "test": [0]}}), "utf-8"
    )
    (after, _context) = evaluate(tmp_path / "despues", config)
    losses = [
        next(row["scores"]["loss"] for row in made["rows"] if row["system"] == "base") for made in (before, after)
    ]
    assert losses[0] != pytest.approx(losses[1])


def test_the_loss_of_a_text_is_the_models_own(tmp_path: Path, model: Path, verses: Path) -> None:
    """The oracle is transformers' loss on the same tokens, one text at a time."""
    import torch

    from poetas.evaluation.length_limits import Decoding
    from poetas.evaluation.progress import EvaluationProgress
    from poetas.evaluation.style_evaluator import StyleEvaluator
    from poetas.generation.model import load_model
    from poetas.training.label_masking import encode_style_example, encode_style_windows

    texts = [row["text"] for row in PreparedDataset.open(verses).rows("test")][:5]
    loaded = load_model(model, dtype=torch.float32)
    meter = EvaluationProgress(JobContext(tmp_path, "evaluate", {}), total=5)
    reader = StyleEvaluator(loaded, Decoding(16, 1), TextStore(tmp_path / "texts.jsonl"), meter, longest=0, seed=1)
    for loss, text in zip(reader.losses(texts, "mido"), texts, strict=True):
        ids = torch.tensor([encode_style_example(loaded.tokenizer, loaded.style, text).input_ids])
        with torch.inference_mode():
            assert loss == pytest.approx(float(loaded.model(input_ids=ids, labels=ids).loss), abs=1e-4)
    # In windows, each one read alone, as it was learnt: the mean over the tokens of all.
    reader.longest, reader.parted = 12, True
    meter.total = 1
    (loss,) = reader.losses(texts[:1], "mido")
    sums, many = 0.0, 0
    made = encode_style_windows(loaded.tokenizer, loaded.style, texts[0], longest=12)
    assert len(made) > 1
    for window in made:
        ids = torch.tensor([window.input_ids])
        with torch.inference_mode():
            sums += float(loaded.model(input_ids=ids, labels=ids).loss) * (len(window.input_ids) - 1)
        many += len(window.input_ids) - 1
    assert loss == pytest.approx(sums / many, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"split": "exam"}, "bad-evaluation"),
        ({"task": "translate"}, "bad-evaluation"),
        ({"task": "style"}, "bad-evaluation"),
        ({"model": "casa/ninguno"}, "model-not-ready"),
        ({"dataset": None}, "dataset-broken"),
        ({"model": "../etc"}, "unknown-model"),
        ({"longest": "many"}, "bad-evaluation"),
        ({"texts": -1}, "bad-evaluation"),
        ({"adapter": "/nowhere"}, "bad-adapter"),
    ],
)
def test_what_cannot_be_evaluated_is_reported(
    tmp_path: Path, model: Path, news: Path, change: dict[str, Any], code: str
) -> None:
    from poetas.errors import PoetasError

    with pytest.raises(PoetasError) as raised:
        evaluate(tmp_path / "job", {"model": str(model), "adapter": None, "dataset": str(news), "texts": 1, **change})
    assert raised.value.explanation.code == code
    assert raised.value.explanation.remedy


def test_an_evaluation_follows_a_renamed_dataset_and_refuses_another_in_its_place(
    tmp_path, model, news, verses
) -> None:
    folder = shutil.copytree(news, tmp_path / "conjuntos" / "mis-noticias")
    config = {"model": str(model), "dataset": str(folder), "fingerprint": DatasetSummary.read(folder).fingerprint}
    renamed = folder.rename(folder.with_name("otro-nombre"))
    assert EvaluationConfig.parse(config).dataset == renamed
    shutil.copytree(verses, folder)
    assert EvaluationConfig.parse(config).dataset == renamed, "the texts that the exam began with are still there"
    shutil.rmtree(renamed)
    with pytest.raises(DatasetReplaced) as caught:
        evaluate(tmp_path / "job", config)
    assert caught.value.explanation.what == "No puedo seguir este examen: sus textos ya no son los mismos."


def test_the_training_tells_how_much_was_read(tmp_path: Path, model: Path, adapter: Path) -> None:
    job = tmp_path / "train-1"
    job.mkdir()
    shutil.copytree(adapter, job / "adapter")
    record = {
        "kind": "train",
        "config": {"training": {"longest": 96}, "language": "en"},
        "created": 1.0,
        "ledger": None,
    }
    (job / "job.json").write_text(json.dumps(record), encoding="utf-8")
    config = EvaluationConfig.parse({"model": str(model), "adapter": str(job), "dataset": "x"})
    assert (config.longest, config.language) == (96, "en")
    assert config.adapter == job / "adapter"
    own = EvaluationConfig.parse({"model": str(model), "adapter": str(job), "dataset": "x", "longest": 32})
    assert own.longest == 32


def test_the_rules_come_from_what_people_wrote() -> None:
    def count(text: str) -> int:
        return len(text.split())

    short = Decoding.learnt(["Una oración de seis palabras justas."] * 10, count)
    assert (short.sentences, short.stop, short.max_tokens) == (1, "\n", 16)
    long = Decoding.learnt(["Dos. Oraciones siempre acá. " + "palabra " * 40] * 10, count)
    assert (long.sentences, long.max_tokens) == (2, round(1.25 * 44))
    assert Decoding.learnt(["- uno\n- dos"], count).stop == ""
    assert Decoding.learnt([], count).max_tokens == 64
    assert short.trimmed("Llovió en la Dra. Paz. Y más.") == "Llovió en la Dra. Paz."
    assert short.trimmed("  ") == ""
    assert short.trimmed("sin terminar porque se acabó el") == "sin terminar porque se acabó el"


@pytest.mark.parametrize(
    ("text", "complete", "kept", "cut"),
    [
        ("Llovió mucho en Sal", False, "Llovió mucho en Sal", True),
        ("Llovió mucho en Sal", True, "Llovió mucho en Sal", False),
        ("Llovió mucho.", False, "Llovió mucho.", False),
        ("«Llovió mucho.»", False, "«Llovió mucho.»", False),
        ("Llovió mucho. Y después salió el s", False, "Llovió mucho.", False),
        ("Llovió en Chañ\N{REPLACEMENT CHARACTER}", False, "Llovió en Chañ", True),
        ("", False, "", True),
    ],
)
def test_a_text_that_met_the_limit_in_mid_sentence_breaks_off(text, complete, kept, cut) -> None:
    assert Decoding(8, 1).finished(text, complete=complete) == (kept, cut)


def test_a_sample_may_hold_a_blank_line_where_the_texts_do() -> None:
    assert Decoding.of_style(["Una oración.", "Otra más."], len).stop == "\n\n"
    assert Decoding.of_style(["Uno.", "Uno.\n\nDos."], len).stop == ""


def test_a_sample_of_verse_is_not_stopped_at_a_blank_line() -> None:
    assert Decoding.of_style(["Uno.\nDos.\n"], len).stop == ""


def test_the_store_forgets_nothing_and_believes_nothing_else(tmp_path: Path) -> None:
    store = TextStore(tmp_path / "texts.jsonl")
    key = request_key([1, 2], "greedy")
    store.add(StoredText("base", 3, key, "¿Qué?\u2028Sí", 4, complete=True))
    with (tmp_path / "texts.jsonl").open("ab") as out:
        out.write(b'{"system": "base", "index": 4, "key": "x"}\n[1]\nnull\n{"system": "ba')
    again = TextStore(tmp_path / "texts.jsonl")
    assert again.get("base", 3, key) == StoredText("base", 3, key, "¿Qué?\u2028Sí", 4, complete=True)
    assert again.get("base", 3, request_key([1, 2], "warm")) is None
    assert again.get("base", 4, "x") is None
    again.add(StoredText("base", 4, key, "otro", 1, complete=False))
    assert TextStore(tmp_path / "texts.jsonl").get("base", 4, key) is not None


def test_the_language_is_that_of_the_commonest_words() -> None:
    assert guess_language(["La gata duerme en el sillón de la sala."]) == "es"
    assert guess_language(["The cat sleeps on the sofa of the room, and it is warm."]) == "en"
    assert guess_language(["", "123"]) == "es"
