"""``gpu:*``: the proof of the paths on a graphics card, beside the processor of the same machine.

Needs torch 2.11 or newer, transformers, peft, accelerate, tokenizers, safetensors, numpy, pandas, pyarrow and psutil,
no network and no set-up; the models are random, in the shapes of gemma3-270m, smollm2-135m and Qwen2.5-0.5B.

gpu:card: its bytes and its name. gpu:seconds: of all. gpu:losses_float32, gpu:losses_bfloat16: largest relative
difference from the losses of the processor's float32. gpu:resume: the same of a run that was stopped and went on.
gpu:texts, gpu:stream: share of greedy texts, and of streamed pieces, that are the processor's. gpu:probabilities: how
much of a next token's lies elsewhere. gpu:promised_seconds, gpu:promised_memory: what the dry run said over what
happened. gpu:events: 1 where a run tells all that it tells on the processor. gpu:out_of_memory: 1 where it is foreseen
and, unforeseen, met as a card. gpu:card_lost: 1 where a card that fails in the middle is said, and the run goes on from
its checkpoint. gpu:two_processes: as the losses. gpu:no_bfloat16, gpu:15_gb, gpu:6_gb: 1 where a training ends well as
on such a card. gpu:speed:usual, gpu:memory:usual: ours beside the usual recipe, with a learner's default settings.
gpu:peak_fraction: of the measured peak of the matrix product. gpu:loss:plain, gpu:loss:torch: milliseconds of the
chosen form of the loss beside the plain one, and beside torch's `linear_cross_entropy` where it has one.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf, nan
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from transformers.utils.logging import disable_progress_bar

from benchmarks import card_proofs as proofs
from benchmarks import card_runs as runs
from benchmarks.card_limits import GB
from benchmarks.card_material import GEMMA, Material, make_material
from benchmarks.card_speed import Pace, loss_forms, operations, our_pace, peak, usual_recipe
from benchmarks.figure import Figure
from poetas.environment import machine
from poetas.errors import OutOfMemory
from poetas.generation import device as devices
from poetas.training.config import TrainingConfig

CARDS = "CUDA_VISIBLE_DEVICES"
NINETEEN_BITS = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE"  # of a float32: some images of NVIDIA's multiply so
ONLY_ON_A_CARD = {
    "gpu:promised_seconds",
    "gpu:promised_memory",
    "gpu:speed:usual",
    "gpu:memory:usual",
    "gpu:peak_fraction",
    "gpu:loss:plain",
    "gpu:15_gb",
    "gpu:seconds",
}
_log = logging.getLogger("poetas.benchmarks")


def figures(names: list[str], *, device: str = "", small: bool = False) -> Iterator[Figure]:
    """Measure everything, say how long it took, and give the figures that were asked for.

    device: "cpu" tries all that a processor can do; its figures of speed and memory are printed and not judged.
    small: narrow models and few texts, with one thread. What could not be measured is no number. Raises PoetasError
    where there is no graphics card, or it is full or lost.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="poetas-gpu-") as folder, _surroundings(device, small=small):
        card = torch.device("cpu") if device == "cpu" else devices.open_card()
        print(f"torch {torch.__version__}, {_named(card)}", flush=True)
        missing = set(names)
        for figure in _all(Path(folder), card, small=small):
            print(f"  [{time.monotonic() - begun:5.0f} s]", flush=True)
            missing.discard(figure.name)
            if card.type == "cpu" and figure.name in ONLY_ON_A_CARD:
                print(f"{figure.line()} not judged on a processor")
            elif figure.name in names:
                yield figure
        if card.type == "cpu":
            missing -= ONLY_ON_A_CARD
        elif "gpu:seconds" in names:
            missing.discard("gpu:seconds")
            yield proofs.simple("gpu:seconds", time.monotonic() - begun, "seconds")
        yield from (proofs.simple(name, nan, "not measured") for name in names if name in missing)


@contextmanager
def _surroundings(device: str, *, small: bool) -> Iterator[None]:
    """Until the end of the block: one card or none, float32 in full, no progress bars, one thread where it is small."""
    disable_progress_bar()  # type: ignore[no-untyped-call]
    warnings.simplefilter("ignore", FutureWarning)
    logging.getLogger("accelerate").setLevel(logging.ERROR)
    torch.set_float32_matmul_precision("highest")  # as the variable does in other processes
    seen = {CARDS: one_card(os.environ.get(CARDS)), devices.DEVICE: device, NINETEEN_BITS: "0"}
    threads = torch.get_num_threads()
    if small:  # several would wait for each other
        seen["OMP_NUM_THREADS"] = "1"
        torch.set_num_threads(1)
    try:
        with patch.dict("os.environ", seen):
            yield
    finally:
        torch.set_num_threads(threads)


def one_card(visible: str | None) -> str:
    """What ``CUDA_VISIBLE_DEVICES`` should say so that the first card works alone. visible: what it says.

    >>> one_card(None), one_card("2,3"), one_card("")
    ('0', '2', '')
    """
    return "0" if visible is None else visible.partition(",")[0]


def _all(root: Path, card: torch.device, *, small: bool) -> Iterator[Figure]:
    memory = machine().memory_total if card.type == "cpu" else torch.cuda.mem_get_info(card)[1]
    yield proofs.simple("gpu:card", memory / GB, f"GB: {_named(card)}")
    material = make_material(root, card, small=small)
    yield from _whole(proofs.losses(material, card, small=small), OutOfMemory.code)  # then the card is full
    yield from _whole(proofs.writing(material, card, small=small))
    yield from _whole(_speed(material, card, small=small))
    yield from _whole(_promises(material, card, small=small))
    yield from _whole(proofs.forced(material, card, small=small))
    yield from _whole(proofs.in_processes(material, card))


def _whole(part: Iterator[Figure], *ends: str) -> Iterator[Figure]:
    """The figures of a part; where it fails, those so far, and why: the other parts are measured all the same.

    ends: codes of errors after which nothing else is.
    """
    try:
        yield from part
    except Exception as error:  # noqa: BLE001 - a card that can be had for minutes is asked everything
        runs.need_card(error, *ends)
        print(f"  {runs.reason(error)}", flush=True)
        _log.warning("a part of the check failed", exc_info=error)


def _speed(material: Material, card: torch.device, *, small: bool) -> Iterator[Figure]:
    config = TrainingConfig(epochs=1, longest=32) if small else TrainingConfig()
    paces: dict[str, tuple[Pace, Pace]] = {}
    for name, model in material.models.items():
        if small and name != GEMMA:
            continue
        folder = material.root / "speed" / name
        asked = runs.config(model, material.usual, **config.to_dict())
        ours, result = our_pace(lambda to=folder, what=asked: runs.trained(to / "ours", what, card)[1], card)  # type: ignore[misc]
        print(f"  {name}: {_pace(ours)}; {proofs.how(result)}", flush=True)
        if name == GEMMA:
            gemma, form = ours, result["how"]["loss"]
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
    yield proofs.simple("gpu:peak_fraction", gemma.tokens_per_second * needed / highest, "share")
    forms = loss_forms(material.models[GEMMA], 16 if small else 280, card)
    taken = ", ".join(f"{name} {milliseconds:.2f}" for name, milliseconds in forms.times.items())
    print(f"  loss in ms: {taken}; the training chose {form}")
    chosen = forms.times.get(form, inf)  # by the training, which measured by itself
    if "plain" in forms.times:  # else the card has no room for it
        yield Figure("gpu:loss:plain", chosen, forms.times["plain"], "ms", {})
    theirs = min((each for name, each in forms.times.items() if name.startswith("torch")), default=None)
    yield Figure("gpu:loss:torch", chosen, theirs, "ms", {})


def _beside_usual(paces: dict[str, tuple[Pace, Pace]]) -> Iterator[Figure]:
    ours, usual = paces[GEMMA]
    speeds = {name: [our.tokens_per_second / their.tokens_per_second] for name, (our, their) in paces.items()}
    yield Figure("gpu:speed:usual", ours.tokens_per_second, usual.tokens_per_second, "tokens/s", speeds)
    memories = {name: [our.reserved / max(1, their.reserved)] for name, (our, their) in paces.items()}
    yield Figure("gpu:memory:usual", ours.reserved / 1e6, max(1, usual.reserved) / 1e6, "MB", memories)


def _promises(material: Material, card: torch.device, *, small: bool) -> Iterator[Figure]:
    settings: dict[str, Any] = {"epochs": 1, "longest": 32} if small else {}
    asked = runs.config(material.models[GEMMA], material.usual, samples=1, **settings)
    promised, happened = runs.foretold(material.root / "promises", asked, card)
    yield Figure("gpu:promised_seconds", promised["seconds"], happened["wall"], "seconds", {})
    yield Figure("gpu:promised_memory", promised["memory"] / 1e6, happened["peak_memory_mb"], "MB", {})


def _pace(pace: Pace) -> str:
    sizes = f"{pace.allocated / 1e6:.0f} MB, {pace.reserved / 1e6:.0f} MB taken"
    return f"{pace.tokens_per_second:.0f} tokens/s, {sizes}"


def _named(card: torch.device) -> str:
    if card.type == "cpu":
        return "processor alone"
    free, total = torch.cuda.mem_get_info(card)
    major, minor = torch.cuda.get_device_capability(card)
    return f"{torch.cuda.get_device_name(card)} ({major}.{minor}), {free / GB:.1f} of {total / GB:.1f} GB free"
