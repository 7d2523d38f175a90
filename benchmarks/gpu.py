"""``gpu:*``: the proof of the paths on a graphics card, beside the processor of the same machine.

Needs torch 2.11 or newer, transformers, peft, accelerate, tokenizers, safetensors, numpy, pandas, pyarrow and psutil,
no network and no set-up; the models are random, in the shapes of gemma3-270m, smollm2-135m and Qwen2.5-0.5B.

gpu:card: its bytes and its name. gpu:losses_float32, gpu:losses_bfloat16: largest relative difference from the losses
of the processor's float32. gpu:resume: the same of a run that was stopped and went on. gpu:texts, gpu:stream: share of
greedy texts, and of streamed pieces, that are the processor's. gpu:probabilities: largest difference of a next
token's. gpu:promised_seconds, gpu:promised_memory: what the dry run said over what happened. gpu:events: 1 where a run
tells all that it tells on the processor. gpu:out_of_memory: 1 where it is foreseen and, unforeseen, met as a card.
gpu:card_lost: 1 where a card that fails in the middle is said, and the run goes on from its checkpoint.
gpu:two_processes: as the losses. gpu:no_bfloat16, gpu:15_gb, gpu:6_gb: 1 where a training ends well as on such a card.
gpu:speed:usual, gpu:memory:usual: ours beside the usual recipe, with a learner's default settings. gpu:peak_fraction:
of the measured peak of the matrix product. gpu:loss:plain, gpu:loss:torch: milliseconds of the chosen form of the loss
beside the plain one, and beside torch's `linear_cross_entropy` where it has one.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from transformers.utils.logging import disable_progress_bar

from benchmarks import card_runs as runs
from benchmarks.card_limits import GB, as_on
from benchmarks.card_material import GEMMA, SMOLLM, Material, make_material
from benchmarks.card_speed import Pace, loss_forms, operations, our_pace, peak, usual_recipe
from benchmarks.card_writing import write_on_both
from benchmarks.figure import Figure
from poetas.environment import machine
from poetas.generation import device as devices
from poetas.training import train
from poetas.training.config import TrainingConfig

CARDS = "CUDA_VISIBLE_DEVICES"
SAME = 1e-3  # relative: losses of a run that went on
ONLY_ON_A_CARD = {
    "gpu:promised_seconds",
    "gpu:promised_memory",
    "gpu:speed:usual",
    "gpu:memory:usual",
    "gpu:peak_fraction",
    "gpu:loss:plain",
}


def figures(names: list[str], *, device: str = "", small: bool = False) -> Iterator[Figure]:
    """Measure everything, say how long it took, and give the figures that were asked for.

    device: "cpu" tries all that a processor can do; its figures of speed and memory are printed and not judged.
    small: narrow models and few texts. Raises PoetasError where there is no graphics card, or it is full.
    """
    begun = time.monotonic()
    disable_progress_bar()  # type: ignore[no-untyped-call]
    warnings.simplefilter("ignore", FutureWarning)
    logging.getLogger("accelerate").setLevel(logging.ERROR)
    torch.set_float32_matmul_precision("highest")  # some images of NVIDIA's multiply float32 in 19 bits
    seen = {CARDS: one_card(os.environ.get(CARDS)), devices.DEVICE: device}
    with tempfile.TemporaryDirectory(prefix="poetas-gpu-") as folder, patch.dict("os.environ", seen):
        card = torch.device("cpu") if device == "cpu" else devices.open_card()
        print(f"torch {torch.__version__}, {_named(card)}", flush=True)
        material = make_material(Path(folder), card, small=small)
        for figure in _all(material, card, small=small):
            print(f"  [{time.monotonic() - begun:5.0f} s]", flush=True)
            if card.type == "cpu" and figure.name in ONLY_ON_A_CARD:
                print(f"{figure.line()} not judged on a processor")
            elif figure.name in names:
                yield figure


def one_card(visible: str | None) -> str:
    """What ``CUDA_VISIBLE_DEVICES`` should say so that the first card works alone. visible: what it says.

    >>> one_card(None), one_card("2,3"), one_card("")
    ('0', '2', '')
    """
    return "0" if visible is None else visible.partition(",")[0]


def _all(material: Material, card: torch.device, *, small: bool) -> Iterator[Figure]:
    memory = machine().memory_total if card.type == "cpu" else torch.cuda.mem_get_info(card)[1]
    yield _figure("gpu:card", memory / GB, f"GB: {_named(card)}")
    yield from _losses(material, small=small)
    yield from _writing(material, small=small)
    yield from _speed(material, card, small=small)
    yield from _promises(material, small=small)
    yield from _forced(material, card, small=small)
    yield from _in_processes(material)


def _losses(material: Material, *, small: bool) -> Iterator[Figure]:
    worst = {"float32": 0.0, "bfloat16": 0.0}
    for name, model in material.models.items():
        dataset = material.short if name == GEMMA else material.few
        moves: dict[str, Any] = {"learning_rate": 2e-3} if small else {}  # in few steps
        asked = partial(runs.config, model, dataset, epochs=1, longest=96, evaluate_every=0.5, batch_size=4, **moves)
        folder = material.root / "losses" / name
        context, exact = runs.trained(folder / "card", asked(precision="float32"))
        rough = runs.trained(folder / "rough", asked(precision="bfloat16"))[1]
        with runs.on_processor():
            beside, expected = runs.trained(folder / "processor", asked(precision="float32"))
        for kind, result in (("float32", exact), ("bfloat16", rough)):
            both = [(result["losses"][part], expected["losses"][part]) for part in ("training", "validation")]
            apart = max(runs.farthest(ours, theirs) for ours, theirs in both)
            worst[kind] = max(worst[kind], apart)
            print(f"  {name} in {kind}: {apart:.2e} apart in {result['steps']} steps; {_how(result)}", flush=True)
        if name == GEMMA:
            halves = runs.interrupted(folder / "halves", asked(precision="float32"), max(1, exact["steps"] // 2))
            yield _figure("gpu:resume", runs.farthest(halves, context.losses()), "relative")
            whole = runs.whole_story(context.heard, exact) and runs.story(context.heard) == runs.story(beside.heard)
            yield _figure("gpu:events", float(whole), "as it should")
    yield _figure("gpu:losses_float32", worst["float32"], "relative")
    yield _figure("gpu:losses_bfloat16", worst["bfloat16"], "relative")


def _writing(material: Material, *, small: bool) -> Iterator[Figure]:
    texts, tokens = (2, 6) if small else (8, 24)
    card, processor = write_on_both(material.models[GEMMA], material.short, texts=texts, tokens=tokens)
    same = [our == their for our, their in zip(card.texts, processor.texts, strict=True)]
    yield _figure("gpu:texts", sum(same) / len(same), "share")
    yield _figure("gpu:stream", float(card.streamed == processor.streamed and len(card.streamed) > 1), "share")
    yield _figure("gpu:probabilities", float(abs(card.chances - processor.chances).max()), "probability")


def _speed(material: Material, card: torch.device, *, small: bool) -> Iterator[Figure]:
    config = TrainingConfig(epochs=1, longest=32) if small else TrainingConfig()
    paces: dict[str, tuple[Pace, Pace]] = {}
    for name, model in material.models.items():
        if small and name != GEMMA:
            continue
        folder = material.root / "speed" / name
        asked = runs.config(model, material.usual, **config.to_dict())
        ours, result = our_pace(lambda to=folder, what=asked: runs.trained(to / "ours", what)[1], card)  # type: ignore[misc]
        print(f"  {name}: {_pace(ours)}; {_how(result)}", flush=True)
        if name == GEMMA:
            gemma = ours
        try:
            usual = usual_recipe(model, material.usual, folder / "usual", config, card)
        except torch.OutOfMemoryError as error:
            print(f"  {name}: the usual recipe does not fit: {str(error)[:100]}", flush=True)
            continue
        paces[name] = ours, usual
        print(f"  {name}: usual: {_pace(usual)}", flush=True)
    if GEMMA in paces:
        yield from _beside_usual(paces)
    highest, kind = peak(card, small=small)
    needed = operations(material.models[GEMMA], material.usual, config)
    print(f"  matrix product: {highest / 1e12:.2f} TFLOP/s in {kind}")
    yield _figure("gpu:peak_fraction", gemma.tokens_per_second * needed / highest, "share")
    forms = loss_forms(material.models[GEMMA], 16 if small else 280, card)
    print(
        f"  loss in ms: {', '.join(f'{name} {taken:.2f}' for name, taken in forms.times.items())}; {forms.name} chosen"
    )
    chosen = forms.times[forms.name]
    if "plain" in forms.times:  # else the card has no room for it
        yield Figure("gpu:loss:plain", chosen, forms.times["plain"], "ms", {})
    theirs = min((taken for name, taken in forms.times.items() if name.startswith("torch")), default=None)
    yield Figure("gpu:loss:torch", chosen, theirs, "ms", {})


def _beside_usual(paces: dict[str, tuple[Pace, Pace]]) -> Iterator[Figure]:
    ours, usual = paces[GEMMA]
    speeds = {name: [our.tokens_per_second / their.tokens_per_second] for name, (our, their) in paces.items()}
    yield Figure("gpu:speed:usual", ours.tokens_per_second, usual.tokens_per_second, "tokens/s", speeds)
    memories = {name: [our.reserved / max(1, their.reserved)] for name, (our, their) in paces.items()}
    yield Figure("gpu:memory:usual", ours.reserved / 1e6, max(1, usual.reserved) / 1e6, "MB", memories)


def _promises(material: Material, *, small: bool) -> Iterator[Figure]:
    settings: dict[str, Any] = {"epochs": 1, "longest": 32} if small else {}
    asked = runs.config(material.models[GEMMA], material.usual, samples=1, **settings)
    promised, happened = runs.foretold(material.root / "promises", asked)
    yield Figure("gpu:promised_seconds", promised["seconds"], happened["wall"], "seconds", {})
    yield Figure("gpu:promised_memory", promised["memory"] / 1e6, happened["peak_memory_mb"], "MB", {})


def _forced(material: Material, card: torch.device, *, small: bool) -> Iterator[Figure]:
    """Cards that this one is not: without bfloat16, of 15 and of 6 GB; and one that a batch cannot fit on."""
    dataset = material.short if small else material.usual
    asked = runs.config(material.models[GEMMA], dataset, epochs=1, longest=32 if small else 384)
    for name, memory, native in (("no_bfloat16", 15, False), ("15_gb", 15, True), ("6_gb", 6, True)):
        if small and name == "15_gb":
            continue
        with as_on(card, memory * GB, native=native):
            _heard, result = runs.trained(material.root / "forced" / name, asked)
        able = card.type == "cpu" or devices.native_bfloat16(card)
        expected = "bfloat16" if native and able else "float32"
        print(f"  {name}: {result['precision']}, {result['peak_memory_mb']:.0f} MB; {_how(result)}", flush=True)
        good = result["losses"]["training"][-1][1] < float("inf") and result["precision"] == expected
        yield _figure(f"gpu:{name}", float(good), "as it should")
    large = runs.config(material.models[SMOLLM], dataset, batch_size=64, longest=4096, accumulate=1)
    folder = material.root / "forced"
    with as_on(card, 0.9 * GB if card.type == "cuda" else 1e6, native=True):
        codes = {runs.code_of(lambda: runs.trained(folder / "foreseen", large))}
        if card.type == "cuda":  # a processor's memory has no share that could be set
            with patch.object(train, "_check_memory", lambda *_given: None):
                codes.add(runs.code_of(lambda: runs.trained(folder / "met", large)))
    yield _figure("gpu:out_of_memory", float(codes == {"out-of-memory"}), "as it should")


def _in_processes(material: Material) -> Iterator[Figure]:
    settings: dict[str, Any] = {"epochs": 1, "longest": 32, "precision": "float32", "batch_size": 4}
    settings |= {"learning_rate": 2e-3, "evaluate_every": 0.5}  # in few steps gradients that are not exchanged show
    asked = runs.config(material.models[SMOLLM], material.few, **settings)
    _heard, alone = runs.trained(material.root / "alone", asked)
    expected = alone["losses"]["training"]
    together = runs.in_two_processes(material.root / "together", asked)
    yield _figure("gpu:two_processes", runs.farthest(together, expected), "relative")
    code, losses = runs.lost(material.root / "lost", asked, int(alone["steps"]))
    kept = runs.farthest(losses, expected) < SAME
    yield _figure("gpu:card_lost", float(code == "card-lost" and kept), "as it should")


def _figure(name: str, value: float, unit: str) -> Figure:
    return Figure(name, value, None, unit, {})


def _pace(pace: Pace) -> str:
    sizes = f"{pace.allocated / 1e6:.0f} MB, {pace.reserved / 1e6:.0f} MB taken"
    return f"{pace.tokens_per_second:.0f} tokens/s, {sizes}"


def _how(result: dict[str, Any]) -> str:
    how = result["how"]
    times = ", ".join(f"{name} {taken:.1f}" for name, taken in how["ms"].items())
    return f"loss: {how['loss']}, steps: {how['steps']} ({times or 'not measured'}) {how['failure']}"


def _named(card: torch.device) -> str:
    if card.type == "cpu":
        return "processor alone"
    free, total = torch.cuda.mem_get_info(card)
    major, minor = torch.cuda.get_device_capability(card)
    return f"{torch.cuda.get_device_name(card)} ({major}.{minor}), {free / GB:.1f} of {total / GB:.1f} GB free"
