"""Evaluation of a style: loss on held-out texts, repetition, and copied spans of samples."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from poetas.data.pipeline.language import guess_language
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.evaluation.bootstrap import mean_interval, paired_interval
from poetas.evaluation.config import EvaluationConfig, no_texts
from poetas.evaluation.generated_texts import TextStore
from poetas.evaluation.length_limits import Decoding
from poetas.evaluation.metrics.longest_copied_span import CopiedSpan, CopyIndex
from poetas.evaluation.metrics.repetition import repetition
from poetas.evaluation.progress import EvaluationProgress
from poetas.evaluation.style_measure import StyleEvaluator
from poetas.evaluation.style_verdict import StyleFindings, style_verdict
from poetas.evaluation.systems import BASE, HUMAN, TUNED, title
from poetas.generation.model import load_model
from poetas.generation.prompts import style_prompt
from poetas.i18n import _
from poetas.jobs import JobContext, Progress
from poetas.tokens.special_token_guard import plain_ids
from poetas.util.files import sha256

SAMPLES = 24  # texts that each system goes on writing
TEXTS = "texts.jsonl"


@dataclass(frozen=True, slots=True)
class _StyleSystem:
    """What one writer does. texts: how it goes on from each beginning. losses: of the held-out texts, [] for these."""

    system: str
    texts: Sequence[str]
    copied: Sequence[CopiedSpan]
    losses: Sequence[float] = ()

    @property
    def repetition(self) -> float:
        return float(np.mean([repetition(text) for text in self.texts])) if self.texts else 0.0

    @property
    def longest(self) -> int:
        return max((one.length for one in self.copied), default=0)


def run(context: JobContext, config: EvaluationConfig, dataset: PreparedDataset) -> dict[str, Any]:
    """Measure base and tuned on the held-out texts, and these texts themselves beside them.

    rows: for ``human``, ``base`` and ``tuned`` the mean ``loss`` with interval (not for ``human``), ``copied`` (longest
    run of words shared with the training texts) and ``repetition``. difference: ``{"loss": interval}`` of tuned minus
    base. samples: beginnings of held-out texts, and how each went on.
    """
    texts = [row["text"] for row in dataset.rows(config.split)][: config.texts or None]
    if not texts:
        raise no_texts(config.split)
    train = [row["text"] for row in dataset.rows("train")]
    library = CopyIndex(train)
    context.emit(Progress(0, 0, _("Cargo el modelo")))
    model = load_model(config.model, language=config.language or guess_language(train or texts))
    adapter = model.adapters.add(config.adapter) if config.adapter is not None else None
    beginnings = [style_prompt(text) for text in texts[:SAMPLES]]
    rests = [text.strip()[len(start) :] for text, start in zip(texts, beginnings, strict=False)]
    rules = Decoding.learnt(train, lambda text: len(plain_ids(model.tokenizer, text)))
    systems = [BASE, *([TUNED] if adapter else [])]
    progress = EvaluationProgress(context, total=len(systems) * (len(texts) + len(beginnings)))
    reader = StyleEvaluator(model, rules, TextStore(context.dir / TEXTS), progress, config.longest, config.seed)
    voices = [_StyleSystem(HUMAN, rests, [library.longest(text) for text in rests])]
    phases: dict[str, float] = {}
    for system in systems:
        begun = time.monotonic()
        model.adapters.use(adapter if system == TUNED else None)
        weights = sha256(config.adapter / "adapter_model.safetensors") if config.adapter and system == TUNED else "base"
        losses = reader.losses(texts, _reading(system))
        written = reader.samples(system, beginnings, weights, _going_on(system))
        voices.append(_StyleSystem(system, written, [library.longest(text) for text in written], losses))
        phases[system] = round(time.monotonic() - begun, 1)
    return {"n": len(texts), "phases": phases, **_result(voices, beginnings, config.seed)}


def _reading(system: str) -> str:
    if system == TUNED:
        return _("Mido cuánto le sorprende cada texto al modelo ajustado")
    return _("Mido cuánto le sorprende cada texto al modelo como vino")


def _going_on(system: str) -> str:
    return _("El modelo ajustado sigue tus textos") if system == TUNED else _("El modelo como vino sigue tus textos")


def _result(voices: Sequence[_StyleSystem], beginnings: Sequence[str], seed: int) -> dict[str, Any]:
    by_name = {voice.system: voice for voice in voices}
    result: dict[str, Any] = {
        "rows": [_row(voice, seed) for voice in voices],
        "difference": {},
        "verdict": None,
        "samples": [
            {"beginning": start, **{voice.system: _shown(voice, at) for voice in voices}}
            for at, start in enumerate(beginnings)
        ],
    }
    if TUNED in by_name:
        found = _findings(by_name[BASE], by_name[TUNED], by_name[HUMAN], seed)
        result["difference"] = {"loss": found.difference.as_dict()}
        result["verdict"] = style_verdict(found).as_dict()
    return result


def _findings(base: _StyleSystem, tuned: _StyleSystem, people: _StyleSystem, seed: int) -> StyleFindings:
    return StyleFindings(
        base_loss=float(np.mean(base.losses)),
        tuned_loss=float(np.mean(tuned.losses)),
        difference=paired_interval(tuned.losses, base.losses, seed=seed),
        copied=tuned.longest,
        human_copied=people.longest,
        repetition=tuned.repetition,
        human_repetition=people.repetition,
    )


def _row(voice: _StyleSystem, seed: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "system": voice.system,
        "title": title(voice.system),
        "scores": {"copied": voice.longest, "repetition": voice.repetition},
        "intervals": {},
    }
    if voice.losses:
        loss = mean_interval(voice.losses, seed=seed)
        row["scores"] = {"loss": loss.mean, **row["scores"]}
        row["intervals"] = {"loss": loss.as_dict()}
    return row


def _shown(voice: _StyleSystem, at: int) -> dict[str, Any]:
    run = voice.copied[at]
    return {"text": voice.texts[at], "copied": {"length": run.length, "start": run.start, "end": run.end}}
