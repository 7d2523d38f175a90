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
from poetas.evaluation.style_evaluator import StyleEvaluator
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
class _SystemResult:
    """Measurements of one system. texts: how it goes on from each beginning. losses: () for the held-out texts."""

    system: str
    texts: Sequence[str]
    copied: Sequence[CopiedSpan]
    losses: Sequence[float] = ()

    @property
    def repetition(self) -> float:
        return float(np.mean([repetition(text) for text in self.texts])) if self.texts else 0.0

    @property
    def longest(self) -> int:
        return max((span.length for span in self.copied), default=0)


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
    copy_index = CopyIndex(train)
    context.emit(Progress(0, 0, _("Cargo el modelo")))
    model = load_model(config.model, language=config.language or guess_language(train or texts))
    adapter = model.adapters.add(config.adapter) if config.adapter is not None else None
    beginnings = [style_prompt(text) for text in texts[:SAMPLES]]
    rests = [text.strip()[len(start) :] for text, start in zip(texts, beginnings, strict=False)]
    rules = Decoding.learnt(train, lambda text: len(plain_ids(model.tokenizer, text)))
    systems = [BASE, *([TUNED] if adapter else [])]
    progress = EvaluationProgress(context, total=len(systems) * (len(texts) + len(beginnings)))
    evaluator = StyleEvaluator(model, rules, TextStore(context.dir / TEXTS), progress, config.longest, config.seed)
    results = [_SystemResult(HUMAN, rests, [copy_index.longest(text) for text in rests])]
    phases: dict[str, float] = {}
    for system in systems:
        begun = time.monotonic()
        model.adapters.use(adapter if system == TUNED else None)
        weights = sha256(config.adapter / "adapter_model.safetensors") if config.adapter and system == TUNED else "base"
        losses = evaluator.losses(texts, _reading(system))
        written = evaluator.samples(system, beginnings, weights, _going_on(system))
        results.append(_SystemResult(system, written, [copy_index.longest(text) for text in written], losses))
        phases[system] = round(time.monotonic() - begun, 1)
    return {"n": len(texts), "phases": phases, **_result(results, beginnings, config.seed)}


def _reading(system: str) -> str:
    if system == TUNED:
        return _("Mido cuánto le sorprende cada texto al modelo ajustado")
    return _("Mido cuánto le sorprende cada texto al modelo como vino")


def _going_on(system: str) -> str:
    return _("El modelo ajustado sigue tus textos") if system == TUNED else _("El modelo como vino sigue tus textos")


def _result(systems: Sequence[_SystemResult], beginnings: Sequence[str], seed: int) -> dict[str, Any]:
    by_name = {system.system: system for system in systems}
    result: dict[str, Any] = {
        "rows": [_row(system, seed) for system in systems],
        "difference": {},
        "verdict": None,
        "samples": [
            {"beginning": start, **{system.system: _shown(system, index) for system in systems}}
            for index, start in enumerate(beginnings)
        ],
    }
    if TUNED in by_name:
        findings = _findings(by_name[BASE], by_name[TUNED], by_name[HUMAN], seed)
        result["difference"] = {"loss": findings.difference.as_dict()}
        result["verdict"] = style_verdict(findings).as_dict()
    return result


def _findings(base: _SystemResult, tuned: _SystemResult, human: _SystemResult, seed: int) -> StyleFindings:
    return StyleFindings(
        base_loss=float(np.mean(base.losses)),
        tuned_loss=float(np.mean(tuned.losses)),
        difference=paired_interval(tuned.losses, base.losses, seed=seed),
        copied=tuned.longest,
        human_copied=human.longest,
        repetition=tuned.repetition,
        human_repetition=human.repetition,
    )


def _row(measured: _SystemResult, seed: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "system": measured.system,
        "title": title(measured.system),
        "scores": {"copied": measured.longest, "repetition": measured.repetition},
        "intervals": {},
    }
    if measured.losses:
        loss = mean_interval(measured.losses, seed=seed)
        row["scores"] = {"loss": loss.mean, **row["scores"]}
        row["intervals"] = {"loss": loss.as_dict()}
    return row


def _shown(measured: _SystemResult, index: int) -> dict[str, Any]:
    run = measured.copied[index]
    return {"text": measured.texts[index], "copied": {"length": run.length, "start": run.start, "end": run.end}}
