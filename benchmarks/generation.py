"""``generation:*``: streamed writing of one text with an embedded model, beside ``model.generate``.

generation:speed and generation:speed_bf16: tokens a second of ours beside ``generate`` in float32 and in bfloat16, in
turn. generation:agreement: share of the positions of float32's own greedy texts where ours finds the same likeliest
token. generation:first_token: seconds from the request to the first piece of text, warm. generation:bars: ms that the
bars of `SamplingControls` take to be computed again. generation:bandwidth_fraction: bytes of weights that a token
reads, times tokens a second, of what the memory gives (a float32 matrix by a vector).

All is measured, ``generate`` too, in a process that has the environment of the generation service.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import torch
from transformers import AutoModelForCausalLM
from transformers.utils.logging import disable_progress_bar

from benchmarks.browser import ROOT
from benchmarks.figure import Figure, paired
from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.model import LanguageModel, load_model
from poetas.generation.sampling import distribution
from poetas.generation.single_row_decoding import SingleRowDecoder, quicker, single_row_model
from poetas.generation.streaming import likeliest_token
from poetas.jobs.detached_process import SERVICE_APART, with_huge_pages
from tests.embedded import embedded_model
from widgets.explore.task_bench.task_calls import CAREFUL

MODEL = "gemma3-270m"
TOKENS, ROUNDS = int(CAREFUL["max_tokens"]), 5  # as the task bench asks for
BEGINNINGS = tuple(
    f"{who} {what}"
    for who in ("La abuela", "El colectivero", "Una gata", "El río", "Mi hermana", "La maestra", "El viento", "Nadie",
                "El panadero", "La luna")
    for what in ("abrió la puerta y", "volvió tarde porque", "guardaba en el cajón", "dijo que mañana", "nunca supo")
)  # fmt: skip


def figures(names: list[str]) -> Iterator[Figure]:
    """Measure what is asked for. Raises CalledProcessError."""
    command = [sys.executable, "-m", "benchmarks.generation", *names]
    with subprocess.Popen(
        command, cwd=ROOT, env=with_huge_pages(os.environ, SERVICE_APART), stdout=subprocess.PIPE, text=True
    ) as process:
        yield from (Figure(**json.loads(line)) for line in process.stdout or ())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def _measured(names: list[str]) -> Iterator[Figure]:
    """Measure what is asked for; the models are loaded once."""
    disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = embedded_model(MODEL)
    ours = load_model(folder)
    peers = {"generation:speed": torch.float32, "generation:speed_bf16": torch.bfloat16}
    for name, dtype in peers.items():
        if name in names:
            yield _speed(name, ours, _peer(folder, dtype))
    if "generation:agreement" in names:
        yield _agreement(ours, _peer(folder, torch.float32))
    if "generation:first_token" in names:
        runs = [_timed(_written, ours, text, 1) for text in BEGINNINGS[: 2 * ROUNDS]]
        yield Figure("generation:first_token", median(runs[1:]), None, "seconds", {"ours": runs[1:]})
    if "generation:bars" in names:
        yield _bars(ours)
    if "generation:bandwidth_fraction" in names:
        yield _bandwidth(ours)


def _peer(folder: Path, dtype: torch.dtype) -> Any:
    return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, local_files_only=True).eval()  # type: ignore[no-untyped-call]


def _ids(model: LanguageModel, text: str) -> list[int]:
    ids: list[int] = model.tokenizer(text).input_ids
    return ids


def _begun(model: LanguageModel, prompt: list[int]) -> SingleRowDecoder | KVCacheDecoder:
    return quicker(model, KVCacheDecoder(model, [prompt]), prompt)


def _written(model: LanguageModel, text: str, count: int) -> list[int]:
    """Write ``count`` tokens greedily, as the generation service does."""
    with torch.inference_mode():
        decoder = _begun(model, _ids(model, text))
        tokens = [likeliest_token(decoder)]
        while len(tokens) < count:
            decoder.step([tokens[-1]])
            tokens.append(likeliest_token(decoder))
    return tokens


def _generated(model: LanguageModel, peer: Any, text: str, count: int) -> torch.Tensor:
    with torch.inference_mode():
        ids = torch.tensor([_ids(model, text)])
        whole: torch.Tensor = peer.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, min_new_tokens=count, do_sample=False
        )
    return whole[0]


def _timed(work: Callable[..., object], *values: object) -> float:
    begun = time.perf_counter()
    work(*values)
    return time.perf_counter() - begun


def _speed(name: str, model: LanguageModel, peer: Any) -> Figure:
    runs: dict[str, list[float]] = {"ours": [], "peer": []}
    for text in BEGINNINGS[: ROUNDS + 1]:
        runs["ours"].append(TOKENS / _timed(_written, model, text, TOKENS))
        runs["peer"].append(TOKENS / _timed(_generated, model, peer, text, TOKENS))
    return paired(name, runs["ours"][1:], runs["peer"][1:], "tokens/s")  # the first is a warming


def _agreement(model: LanguageModel, peer: Any) -> Figure:
    shares = []
    with torch.inference_mode():
        for text in BEGINNINGS:
            whole, first = _generated(model, peer, text, TOKENS).tolist(), len(_ids(model, text))
            exact = peer(torch.tensor([whole])).logits[0].argmax(-1).tolist()
            decoder = _begun(model, whole[:first])
            same = 0
            for place in range(first, len(whole)):
                same += likeliest_token(decoder) == exact[place - 1]
                decoder.step([whole[place]])
            shares.append(same / (len(whole) - first))
    return Figure("generation:agreement", sum(shares) / len(shares), 1.0, "fraction", {"ours": shares})


def _bars(model: LanguageModel) -> Figure:
    with torch.inference_mode():
        logits = KVCacheDecoder(model, [_ids(model, BEGINNINGS[0])]).logits[0].numpy()
    settings = [(0.2 + step / 10, top_k, top_p) for step in range(5) for top_k, top_p in ((0, 1.0), (40, 0.9))]
    runs = [1000 * _timed(distribution, logits, *chosen) for chosen in settings]
    return Figure("generation:bars", median(runs), None, "ms", {"ours": runs})


def _bandwidth(model: LanguageModel) -> Figure:
    matrix, vector = torch.ones(262_144, 640), torch.ones(640)
    gives = matrix.nbytes / min(_timed(torch.mv, matrix, vector) for _round in range(2 * ROUNDS))
    step = single_row_model(model)
    reads = step.nbytes if step else sum(weight.nbytes for weight in model.model.parameters())
    speed = TOKENS / min(_timed(_written, model, text, TOKENS) for text in BEGINNINGS[:ROUNDS])
    notes = {"memory, GB/s": (gives / 1e9, gives / 1e9), "weights of a token, MB": (reads / 1e6, reads / 1e6)}
    return Figure(
        "generation:bandwidth_fraction", reads * speed / gives, None, "fraction", {"tokens/s": [speed]}, notes
    )


if __name__ == "__main__":
    for figure in _measured(sys.argv[1:]):
        print(json.dumps(asdict(figure)), flush=True)
