"""Training for real, with a tiny model: what is learnt, kept, reported, and resumed after a stop or a kill."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import math
import os
import shutil
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.environment import peak_rss_mb
from poetas.errors import DiskFull, OutOfMemory, explain
from poetas.generation.batch_generation import generate_texts
from poetas.generation.model import load_model
from poetas.generation.prompts import encode_beginning, encode_prompt, style_prompt
from poetas.generation.sampling import GenerationSettings
from poetas.jobs import Evaluated, Job, JobState, Notice, Sample, Saved, Step, Stopping
from poetas.training import trainer
from poetas.training.checkpoints import bytes_needed, newest
from poetas.training.distributed import ProcessGroup
from poetas.training.encoded_dataset import encode_dataset
from poetas.training.errors import LossIsNaN, NothingToLearn
from poetas.training.hardware_plan import plan
from poetas.training.load_for_training import adapt, open_model
from poetas.training.loss_curve import Curve
from poetas.training.row_encoding import encode_rows
from poetas.training.sample_generation import SHORTEST, SampleGeneration
from poetas.training.train import build
from poetas.training.train_job import run
from poetas.training.training_request import TrainingRequest
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, Listener, copy_job, dataset

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def one_core():
    """Everything here on one core: two threads that share busy ones wait for each other most of the time."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    yield
    os.sched_setaffinity(0, before)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny", layers=4)  # enough to learn in few steps


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dataset(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def asked(tiny: Path, texts: Path) -> dict[str, Any]:
    return {"model": str(tiny), "dataset": str(texts), "training": SMALL, "samples": 2}


@pytest.fixture(scope="module")
def whole(asked: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Listener, dict[str, Any]]:
    """A run from beginning to end, with some chance in it (dropout), that others are compared with."""
    config = {**asked, "training": {**SMALL, "dropout": 0.1}}
    context = Listener(tmp_path_factory.mktemp("whole") / "job", config)
    return context, run(context)


def fingerprint(folder: Path) -> str:
    return hashlib.sha256((folder / "adapter_model.safetensors").read_bytes()).hexdigest()


def test_a_run_tells_its_steps_measures_samples_and_saves_in_order(whole):
    context, result = whole
    steps = context.of(Step)
    assert [step.step for step in steps] == list(range(1, 13))
    assert {step.total for step in steps} == {12}
    assert steps[-1].epoch == 2.0
    assert steps[-1].seconds_left == 0
    assert all(step.tokens_per_second > 0 for step in steps)
    assert [item.step for item in context.of(Evaluated)] == [0, 3, 6, 9, 12]
    assert [item.step for item in context.of(Saved)] == [3, 6, 9, 12]
    assert [(item.step, item.index) for item in context.of(Sample)] == list(product([0, 3, 6, 9, 12], [0, 1]))
    assert result["steps"] == 12


def test_the_result_says_what_the_events_said(whole):
    context, result = whole
    curve = Curve()
    curve.add(context.emitted)
    assert (result["best_step"], result["best_loss"]) == curve.best
    assert result["losses"]["validation"] == [[item.step, item.loss] for item in context.of(Evaluated)]
    assert result["losses"]["training"] == [[step, loss] for step, loss in context.losses.items()]
    assert result["first_loss"] == context.of(Evaluated)[0].loss
    assert result["best_loss"] < result["first_loss"] - 0.3
    assert (
        100 < result["peak_memory_mb"] <= peak_rss_mb() + 0.1
    )  # rounded; of this process, whatever else was run in it
    assert json.loads(json.dumps(result)) == result


def test_tokens_are_counted_without_what_fills_the_batches_up(whole, tiny, texts):
    _context, result = whole
    model, rows = load_model(tiny, language="es"), PreparedDataset.open(texts).rows("train")
    read = encode_rows(model.tokenizer, model.style, rows, task="summary", longest=SMALL["longest"], room=model.room)
    assert result["tokens"] == 2 * sum(read.lengths), "two epochs"


def test_the_samples_are_of_the_validation_texts(whole, texts):
    context, _result = whole
    rows = PreparedDataset.open(texts).rows("validation")
    samples = context.of(Sample)
    assert {sample.index for sample in samples} == {0, 1}
    for sample in samples:
        assert (sample.source, sample.reference) == (rows[sample.index]["text"], rows[sample.index]["summary"])
        assert sample.cut, "nothing that this model writes ends before the limit"


def test_the_adapter_is_that_of_the_best_step_and_names_no_path_of_this_machine(whole):
    context, result = whole
    best = context.checkpoints / f"checkpoint-{result['best_step']}"
    assert fingerprint(context.dir / "adapter") == fingerprint(best)
    described = json.loads((context.dir / "adapter" / "adapter_config.json").read_text("utf-8"))
    assert described["base_model_name_or_path"] == "tiny"
    assert str(Path.home()) not in json.dumps(described)
    assert sorted(path.name for path in (context.dir / "adapter").iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]


def test_only_the_best_and_the_last_two_checkpoints_are_kept_and_none_holds_a_pickled_program(whole):
    context, result = whole
    kept = {path.name for path in context.checkpoints.iterdir()}
    assert kept == {f"checkpoint-{result['best_step']}", "checkpoint-9", "checkpoint-12"}
    assert not list(context.checkpoints.rglob("training_args.bin"))


def test_the_adapter_changes_what_the_base_writes_and_generation_takes_it(whole, tiny, texts):
    context, result = whole
    model = load_model(tiny, dtype=torch.float32, language="es")
    losses = []
    rows = PreparedDataset.open(texts).rows("validation")
    for name in (None, model.adapters.add(context.dir / "adapter")):
        model.adapters.use(name)
        total = labels = 0.0
        for row in rows:
            from poetas.training.label_masking import encode_example

            item = encode_example(model.tokenizer, model.style, row["text"], row["summary"], longest=SMALL["longest"])
            ids, expected = torch.tensor([item.input_ids]), torch.tensor([item.labels])
            with torch.no_grad():
                logits = model.model(input_ids=ids).logits[0, :-1]
            total += float(
                torch.nn.functional.cross_entropy(logits, expected[0, 1:], ignore_index=-100, reduction="sum")
            )
            labels += sum(label >= 0 for label in item.labels)
        losses.append(total / labels)
    assert losses[0] == pytest.approx(result["first_loss"], abs=0.02)
    assert losses[1] == pytest.approx(result["best_loss"], abs=0.02)


def test_the_base_model_is_not_changed(whole, tiny):
    fresh = build_tiny_model(tiny.parent / "again", layers=4)
    assert (fresh / "model.safetensors").read_bytes() == (tiny / "model.safetensors").read_bytes()
    frozen = torch.load(whole[0].checkpoints / "checkpoint-12" / "optimizer.pt", weights_only=True)["param_groups"]
    assert sum(len(group["params"]) for group in frozen) == 4 * 7 * 2  # four layers, seven matrices, two factors each


def test_a_run_that_is_stopped_three_times_goes_on_as_if_nothing_had_happened(whole, tmp_path):
    """While it measures, within an epoch, and where a measure was due; without samples, which change no loss."""
    context, result = whole
    parts = []
    for step, stop_after in ((3, 3), (5, 4), (6, 0)):
        part = Listener(tmp_path / "job", {**context.config, "samples": 0}, stop_after=stop_after, resumed=bool(parts))
        if not stop_after:
            part.request_stop()  # heard after one step
        with pytest.raises(Stopping) as stopping:
            run(part)
        assert stopping.value.step == part.of(Saved)[-1].step == max(part.losses) == step
        assert (part.dir / "adapter" / "adapter_model.safetensors").is_file()
        assert min(part.losses) == (max(parts[-1].losses) + 1 if parts else 1)
        (part.dir / "stop").unlink()
        parts.append(part)
    last = Listener(part.dir, part.config, resumed=True)
    again = run(last)
    assert min(last.losses) == 7
    parts.append(last)
    assert {step: loss for part in parts for step, loss in part.losses.items()} == context.losses
    measured = {item.step: item.loss for part in parts for item in part.of(Evaluated)}
    assert measured == {item.step: item.loss for item in context.of(Evaluated)}
    assert again["losses"]["training"] == result["losses"]["training"]
    assert again["best_step"] == result["best_step"]
    assert fingerprint(last.dir / "adapter") == fingerprint(context.dir / "adapter")
    assert not any(part.of(Notice) for part in parts[1:])  # reported once


def test_a_save_is_due_after_as_many_minutes_as_were_asked_for_and_a_stop_at_once(asked, tmp_path):
    for minutes, wishes in ((2, ["", "save", "stop"]), (0, ["", "", "stop"])):
        context = Listener(tmp_path / f"job{minutes}", {**asked, "training": {**SMALL, "save_minutes": minutes}})
        request = TrainingRequest.parse(context.config)
        shares = plan(request.training)
        model, autocast = open_model(request, shares)
        encoded_dataset = encode_dataset(request, model)
        items = encoded_dataset.train.items
        learner = adapt(model, request.training, "tiny", autocast, items=items, shares=shares)
        group = ProcessGroup(1)
        _trainer, callback, _timer = build(
            context, request, model, encoded_dataset, shares, group, learner=learner, autocast=autocast
        )
        results = [callback._ask(118), callback._ask(122)]
        context.request_stop()
        assert [*results, callback._ask(0)] == wishes


def test_a_killed_job_goes_on_from_its_last_whole_checkpoint(whole, tmp_path):
    straight, _result = whole
    job = Job.start("train", {**straight.config, "samples": 0}, parent=tmp_path)
    deadline = time.monotonic() + 200
    while not any(isinstance(event, Step) and event.step >= 4 for event in job.events()[0]):
        assert time.monotonic() < deadline, (job.dir / "log.txt").read_text()
        time.sleep(0.01)
    job.kill()
    assert job.wait(20) is JobState.LOST
    saved = newest(job.dir / "checkpoints")
    half = job.dir / "checkpoints" / "checkpoint-999"
    shutil.copytree(saved.folder, half)  # what a kill in the middle of a save leaves
    (half / "complete.json").unlink()
    job.resume()
    assert job.wait(250) is JobState.FINISHED, job.failure()
    steps = [event for event in job.events()[0] if isinstance(event, Step)]
    first = next(index for index in range(1, len(steps)) if steps[index].step <= steps[index - 1].step)
    assert steps[first].step == saved.step + 1
    assert {event.step: event.loss for event in steps} == straight.losses
    assert not half.exists()
    assert fingerprint(job.dir / "adapter") == fingerprint(straight.dir / "adapter")


@pytest.mark.parametrize("damage", ["cut", "missing", "seal", "link"])
def test_a_checkpoint_that_is_not_whole_does_not_count(whole, tmp_path, damage):
    folder = copy_job(whole[0].dir, tmp_path / "job") / "checkpoints"
    last = folder / "checkpoint-12"
    if damage == "cut":
        with (last / "optimizer.pt").open("r+b") as file:
            file.truncate(1000)
    elif damage == "missing":
        (last / "rng_state.pth").unlink()
    elif damage == "seal":
        (last / "complete.json").write_text('{"files": {"../../../etc/passwd": 1}}')
    else:
        last.rename(tmp_path / "elsewhere")
        last.symlink_to(tmp_path / "elsewhere")
    assert newest(folder).step == 9, "the one before it is whole"


def cut_weights(checkpoint: Path) -> None:
    """What a disk that lost a part of a file leaves: the seal says more than there is."""
    with (checkpoint / "adapter_model.safetensors").open("r+b") as file:
        file.truncate(100)


def test_a_run_whose_checkpoints_are_all_damaged_begins_again_and_says_so_once(whole, tmp_path):
    context, _result = whole
    folder = copy_job(context.dir, tmp_path / "job")
    for checkpoint in (folder / "checkpoints").glob("checkpoint-*"):
        cut_weights(checkpoint)
    heard = []
    config = {**context.config, "samples": 0}
    second = Listener(folder, config, resumed=True, stop_after=2)
    second.log = logging.getLogger("test.damaged")
    second.log.warning = lambda words, *given: heard.append(words % given)
    with pytest.raises(Stopping):
        run(second)
    assert min(second.losses) == 1
    [notice] = second.of(Notice)
    assert notice.code == "checkpoints-damaged"
    assert notice.text == "Los puntos de guardado estaban dañados o ya no están: empiezo de nuevo desde el principio."
    assert heard == ["the last checkpoint is damaged or gone: resuming after step 0"]
    (folder / "stop").unlink()
    third = Listener(folder, config, resumed=True, stop_after=3)
    with pytest.raises(Stopping):
        run(third)
    assert not third.of(Notice)


def test_a_loss_that_is_no_number_ends_the_run_before_it_spoils_a_checkpoint(asked, tmp_path, monkeypatch):
    context = Listener(tmp_path / "job", {**asked, "samples": 0})
    from poetas.training.loss_choice import BLOCKS, FORMS

    real, calls = FORMS[BLOCKS], []

    def broken(hidden, head, labels, **more):
        calls.append(hidden.requires_grad)
        loss = real(hidden, head, labels, **more)
        return loss * float("nan") if sum(calls) >= 5 and hidden.requires_grad else loss

    monkeypatch.setitem(FORMS, BLOCKS, broken)
    with pytest.raises(LossIsNaN) as caught:
        run(context)
    assert caught.value.explanation.code == "loss-nan"
    assert caught.value.explanation.action == "lower-learning-rate"
    assert max(context.losses) == 4
    assert [item.step for item in context.of(Saved)] == [3]
    assert all(math.isfinite(loss) for loss in context.losses.values())


def test_a_full_disk_is_a_card_and_what_was_saved_stays(asked, tmp_path, monkeypatch):
    from poetas.training import trainer

    real, calls = trainer.write_adapter, []

    def full(model, folder):
        calls.append(folder)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(model, folder)

    monkeypatch.setattr(trainer, "write_adapter", full)
    context = Listener(tmp_path / "job", {**asked, "samples": 0})
    with pytest.raises(OSError, match="No space") as caught:
        run(context)
    assert explain(caught.value).code == "disk-full"
    assert newest(context.checkpoints).step == 3
    assert (context.dir / "adapter" / "adapter_config.json").is_file()


def test_a_run_whose_checkpoints_have_no_room_is_not_started_and_says_how_much_they_want(
    whole, asked, tmp_path, monkeypatch
):
    from poetas.util import disk_space

    context, _result = whole
    taken = sum(path.stat().st_size for path in context.dir.rglob("*") if path.is_file())
    weights = context.dir / "adapter" / "adapter_model.safetensors"
    trained = sum(tensor.numel() for tensor in load_file(weights).values())
    needed = bytes_needed(trained, tmp_path / "none")
    assert taken <= needed
    there = sum(path.stat().st_size for path in context.checkpoints.glob("*/*"))
    assert bytes_needed(trained, context.checkpoints) == max(
        2_000_000, needed - there
    )  # what is there is not asked again

    room = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(disk_space.shutil, "disk_usage", lambda _folder: room._replace(free=needed - 1))
    again = Listener(tmp_path / "another", {**asked, "samples": 0})
    with pytest.raises(DiskFull, match="lugar") as caught:
        run(again)
    assert "Hacen falta unos" in caught.value.explanation.why
    assert not again.of(Step)


def test_a_run_that_does_not_fit_is_not_started_and_says_what_would(asked, tmp_path, monkeypatch):
    from poetas.training import train

    monkeypatch.setattr(train, "free_memory", lambda _device: 215_000_000)
    context = Listener(tmp_path / "job", asked)
    with pytest.raises(OutOfMemory) as caught:
        run(context)
    assert caught.value.explanation.code == "out-of-memory"
    assert "tanda" in caught.value.explanation.remedy
    assert not context.of(Step)


def test_memory_that_runs_out_on_the_way_is_a_card_too():
    explanation = explain(
        RuntimeError("[enforce fail at alloc_cpu.cpp:125] DefaultCPUAllocator: can't allocate memory")
    )
    assert explanation.code == "out-of-memory"
    assert explain(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")).code == "out-of-memory"


def test_a_dataset_without_training_texts_is_a_card(asked, texts, tmp_path):
    context = Listener(tmp_path / "job", {**asked, "training": {**SMALL}})
    from poetas.training import encoded_dataset

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoded_dataset.PreparedDataset, "rows", lambda _self, _part: [{"text": " ", "summary": "x"}])
        with pytest.raises(NothingToLearn):
            run(context)


def test_parts_of_a_batch_and_recomputed_activations_change_nothing_that_is_learnt(asked, tmp_path):
    """Each label counts alike, in whichever part: with a mean of the parts' means the losses are off by 2 in 10,000."""
    losses = []
    for name, change in {"whole": {}, "parts": {"accumulate": 4}, "recomputed": {"recompute": True}}.items():
        training = {**SMALL, "epochs": 1, "accumulate": 1, "precision": "float32", **change}
        context = Listener(tmp_path / name, {**asked, "training": training, "samples": 0})
        losses.append(run(context)["losses"])
    whole, parts, recomputed = losses
    for kind in ("training", "validation"):
        torch.testing.assert_close(torch.tensor(whole[kind]), torch.tensor(parts[kind]), rtol=1e-5, atol=0)
    assert [loss for _step, loss in recomputed["training"]] == pytest.approx(
        [loss for _step, loss in whole["training"]], rel=1e-4
    )


def test_the_heaps_holes_are_given_back_every_few_steps(asked, tmp_path, monkeypatch):
    seen, context = [], Listener(tmp_path / "job", {**asked, "training": {**SMALL, "epochs": 1}, "samples": 0})
    monkeypatch.setattr(trainer, "_STEPS_A_TRIM", 2)
    monkeypatch.setattr(trainer, "give_back_heap", lambda: seen.append(len(context.of(Step))))
    assert run(context)["steps"] == 6
    assert seen == [1, 3, 5]


def test_a_model_that_learnt_its_texts_by_heart_also_learnt_to_end(tiny, tmp_path):
    folder = dataset(tmp_path, texts=8, validation=0.2)
    training = {"epochs": 20, "batch_size": 2, "lora_rank": 32, "longest": 24, "learning_rate": 5e-3}
    training["evaluate_every"] = 20.0
    context = Listener(tmp_path / "job", {"model": str(tiny), "dataset": str(folder), "training": training})
    run(context)
    model = load_model(tiny, dtype=torch.float32, language="es")
    model.adapters.use(model.adapters.add(newest(context.checkpoints).folder))
    rows = PreparedDataset.open(folder).rows("train")
    prompts = [encode_prompt(model.tokenizer, model.style, row["text"], longest=24).input_ids for row in rows]
    written = list(generate_texts(model, prompts, GenerationSettings(max_tokens=150), stop=""))
    assert sum(text.complete for text in written) >= len(rows) / 2
    assert any(text.text == rows[text.index]["summary"] for text in written)


def test_without_validation_texts_the_last_step_is_the_one_that_is_kept(asked, tmp_path, monkeypatch):
    from poetas.training import encoded_dataset

    real = encoded_dataset.PreparedDataset.rows
    monkeypatch.setattr(
        encoded_dataset.PreparedDataset, "rows", lambda self, part: [] if part == "validation" else real(self, part)[:8]
    )
    context = Listener(tmp_path / "job", {**asked, "samples": 1})
    result = run(context)
    assert not context.of(Evaluated)
    assert "no-validation" in [notice.code for notice in context.of(Notice)]
    assert result["best_loss"] is None
    assert result["best_step"] == result["steps"] == 4
    assert fingerprint(context.dir / "adapter") == fingerprint(newest(context.checkpoints).folder)


def test_samples_of_a_style_are_drawn_from_one_seed_and_those_of_summaries_are_the_likeliest(tiny):
    model, rows = load_model(tiny, language="es"), [{"text": "La sal en la mesa\ny el pan en la mano."}]
    prompt = encode_beginning(model.tokenizer, model.style, style_prompt(rows[0]["text"]), room=64).input_ids
    for task, row in (("style", rows[0]), ("summary", {**rows[0], "summary": "Hay sal y pan."})):
        written = []
        film = SampleGeneration(model, [row], [0], task=task, longest=64, emit=written.append, stopping=lambda: False)
        film.write(0)
        film.write(4)
        first, second = (sample.text for sample in written)
        assert first == second, "only the model changes"
        greedy = GenerationSettings(max_tokens=SHORTEST)
        asked = [prompt] if task == "style" else film._prompts
        [likeliest] = [text.text for text in generate_texts(model, asked, greedy, stop="" if task == "style" else "\n")]
        assert (first == likeliest) is (task == "summary")


def test_a_style_is_learnt_from_stanzas(tiny, tmp_path):
    folder = dataset(tmp_path, "style", texts=16)
    training = {**SMALL, "epochs": 1, "longest": 64, "evaluate_every": 1.0}
    context = Listener(
        tmp_path / "job", {"model": str(tiny), "dataset": str(folder), "training": training, "samples": 1}
    )
    result = run(context)
    assert result["task"] == "style"
    assert result["best_loss"] < result["first_loss"]
    (sample, *_more) = context.of(Sample)
    assert sample.reference == ""
