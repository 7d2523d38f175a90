"""Comparisons of the check of a graphics card: what it computes, chooses and says, beside the processor's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import inf, isfinite
from typing import Any
from unittest.mock import patch

import torch

from benchmarks import card_runs as runs
from benchmarks.card_limits import GB, as_on
from benchmarks.card_material import GEMMA, SMOLLM, Material
from benchmarks.card_writing import write_on_both
from benchmarks.figure import Figure
from poetas.errors import PoetasError
from poetas.generation.device import native_bfloat16
from poetas.training import train

SAME = 1e-3  # relative: losses of a run that went on
PROCESSOR = torch.device("cpu")


def losses(material: Material, card: torch.device, *, small: bool) -> Iterator[Figure]:
    """Trainings of every model in both types, one of them stopped and resumed, beside the processor's float32."""
    worst = {"float32": 0.0, "bfloat16": 0.0}
    for name, model in material.models.items():
        dataset = material.short if name == GEMMA else material.few
        moves: dict[str, Any] = {"learning_rate": 2e-3} if small else {}  # in few steps
        asked = partial(runs.config, model, dataset, epochs=1, longest=96, evaluate_every=0.5, batch_size=4, **moves)
        folder = material.root / "losses" / name
        context, exact = runs.trained(folder / "card", asked(precision="float32"), card)
        rough = runs.trained(folder / "rough", asked(precision="bfloat16"), card)[1]
        with runs.on_processor():
            beside, expected = runs.trained(folder / "processor", asked(precision="float32"), PROCESSOR)
        for kind, result in (("float32", exact), ("bfloat16", rough)):
            both = [(result["losses"][part], expected["losses"][part]) for part in ("training", "validation")]
            apart = max(runs.farthest(ours, theirs) for ours, theirs in both)
            worst[kind] = max(worst[kind], apart if result["precision"] == kind else inf)
            print(f"  {name} in {kind}: {apart:.2e} apart in {result['steps']} steps; {how(result)}", flush=True)
        if name == GEMMA:
            halves = runs.interrupted(folder / "halves", asked(precision="float32"), max(1, exact["steps"] // 2))
            yield simple("gpu:resume", runs.farthest(halves, context.losses()), "relative")
            whole = runs.whole_story(context.heard, exact) and runs.story(context.heard) == runs.story(beside.heard)
            yield simple("gpu:events", float(whole), "as it should")
    yield simple("gpu:losses_float32", worst["float32"], "relative")
    yield simple("gpu:losses_bfloat16", worst["bfloat16"], "relative")


def writing(material: Material, card: torch.device, *, small: bool) -> Iterator[Figure]:
    """Texts of a batch, a streamed text and next-token probabilities."""
    texts, tokens = (2, 6) if small else (8, 24)
    ours, theirs = write_on_both(material.models[GEMMA], material.short, card, texts=texts, tokens=tokens)
    same = [our == their for our, their in zip(ours.texts, theirs.texts, strict=True)]
    yield simple("gpu:texts", sum(same) / len(same), "share")
    yield simple("gpu:stream", float(ours.streamed == theirs.streamed and len(ours.streamed) > 1), "share")
    elsewhere = abs(ours.chances - theirs.chances).sum(axis=1) / 2  # each by itself is small among so many tokens
    yield simple("gpu:probabilities", float(elsewhere.max()), "probability")


def forced(material: Material, card: torch.device, *, small: bool) -> Iterator[Figure]:
    """Cards that this one is not: without bfloat16, of 15 and of 6 GB; and one that a batch cannot fit on."""
    dataset = material.short if small else material.usual
    asked = runs.config(material.models[GEMMA], dataset, epochs=1, longest=32 if small else 384)
    able = card.type == "cpu" or native_bfloat16(card)
    for name, memory, native in (("no_bfloat16", 15, False), ("15_gb", 15, True), ("6_gb", 6, True)):
        if small and card.type == "cpu" and name == "15_gb":
            continue
        try:
            with as_on(card, memory * GB, native=native):
                result = runs.trained(material.root / "forced" / name, asked, card)[1]
        except (PoetasError, RuntimeError) as error:  # that one does not end well says nothing of the others
            runs.need_card(error)
            print(f"  {name}: {runs.reason(error)}", flush=True)
            yield simple(f"gpu:{name}", 0.0, "as it should")
            continue
        expected = "bfloat16" if native and able else "float32"
        print(f"  {name}: {result['precision']}, {result['peak_memory_mb']:.0f} MB; {how(result)}", flush=True)
        good = isfinite(result["losses"]["training"][-1][1]) and result["precision"] == expected
        yield simple(f"gpu:{name}", float(good), "as it should")
    large = runs.config(material.models[SMOLLM], dataset, batch_size=64, longest=4096, accumulate=1)
    folder = material.root / "forced"
    with as_on(card, 0.9 * GB if card.type == "cuda" else 1e6, native=True):
        codes = {runs.code_of(lambda: runs.trained(folder / "foreseen", large, card))}
        if card.type == "cuda":  # a processor's memory has no share that could be set
            with patch.object(train, "_check_memory", lambda *_given: None):
                codes.add(runs.code_of(lambda: runs.trained(folder / "met", large, card)))
    yield simple("gpu:out_of_memory", float(codes == {"out-of-memory"}), "as it should")


def in_processes(material: Material, card: torch.device) -> Iterator[Figure]:
    """A training of two processes, and one whose card fails in the middle, beside one that runs to its end."""
    settings: dict[str, Any] = {"epochs": 1, "longest": 32, "precision": "float32", "batch_size": 4}
    settings |= {"learning_rate": 2e-3, "evaluate_every": 0.5}  # in few steps gradients that are not exchanged show
    asked = runs.config(material.models[SMOLLM], material.few, **settings)
    _heard, alone = runs.trained(material.root / "alone", asked, card)
    expected = alone["losses"]["training"]
    together = runs.in_two_processes(material.root / "together", asked, card)
    yield simple("gpu:two_processes", runs.farthest(together, expected), "relative")
    code, went_on = runs.lost(material.root / "lost", asked, int(alone["steps"]))
    kept = runs.farthest(went_on, expected) < SAME
    yield simple("gpu:card_lost", float(code == "card-lost" and kept), "as it should")


def simple(name: str, value: float, unit: str) -> Figure:
    """A figure without a peer and without single measurements."""
    return Figure(name, value, None, unit, {})


def how(result: dict[str, Any]) -> str:
    """Say what a training chose, and the milliseconds behind it."""
    chosen = result["how"]
    times = ", ".join(f"{name} {taken:.1f}" for name, taken in chosen["ms"].items())
    return f"loss: {chosen['loss']}, steps: {chosen['steps']} ({times or 'not measured'}) {chosen['failure']}"
