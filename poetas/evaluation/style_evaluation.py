"""Evaluation of a style: base and tuned measured on held-out texts by the registry's style metrics."""

from __future__ import annotations

from typing import Any

from poetas.data.pipeline.language import guess_language
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.evaluation.config import EvaluationConfig, no_texts
from poetas.evaluation.cost_meter import CostMeter
from poetas.evaluation.generated_texts import TextStore
from poetas.evaluation.length_limits import Decoding
from poetas.evaluation.metrics.style_metric import StyleWriting
from poetas.evaluation.progress import EvaluationProgress
from poetas.evaluation.style_evaluator import StyleEvaluator
from poetas.evaluation.style_report import style_report
from poetas.evaluation.systems import BASE, HUMAN, TUNED
from poetas.generation.model import load_model
from poetas.generation.prompts import style_prompt
from poetas.i18n import _
from poetas.jobs import JobContext, Progress
from poetas.tokens.special_token_guard import plain_ids
from poetas.util.files import sha256

SAMPLES = 24  # texts that each system goes on writing
TEXTS = "texts.jsonl"


def run(context: JobContext, config: EvaluationConfig, dataset: PreparedDataset) -> dict[str, Any]:
    """Measure base and tuned on the held-out texts, and these texts themselves beside them.

    The result is that of `style_report`, with the systems ``human``, ``base`` and ``tuned``.
    """
    texts = [row["text"] for row in dataset.rows(config.split)][: config.texts or None]
    if not texts:
        raise no_texts(config.split)
    train = [row["text"] for row in dataset.rows("train")]
    context.emit(Progress(0, 0, _("Cargo el modelo")))
    language = config.language or guess_language(train or texts)
    model = load_model(config.model, language=language)
    adapter = model.adapters.add(config.adapter) if config.adapter is not None else None
    beginnings = [style_prompt(text) for text in texts[:SAMPLES]]
    rests = [text.strip()[len(start) :] for text, start in zip(texts, beginnings, strict=False)]
    rules = Decoding.of_style(train, lambda text: len(plain_ids(model.tokenizer, text)))
    systems = [BASE, *([TUNED] if adapter else [])]
    progress = EvaluationProgress(context, total=len(systems) * (len(texts) + len(beginnings)))
    store = TextStore(context.dir / TEXTS)
    evaluator = StyleEvaluator(model, rules, store, progress, config.longest, config.seed, dataset.parted)
    writings = [StyleWriting(HUMAN, rests, train, language=language, beginnings=beginnings)]
    costs = CostMeter()
    for system in systems:
        model.adapters.use(adapter if system == TUNED else None)
        weights = sha256(config.adapter / "adapter_model.safetensors") if config.adapter and system == TUNED else "base"
        losses = evaluator.losses(texts, _reading(system), dataset.going_on(config.split))
        with costs.measure(system, len(beginnings), device=model.device.type):
            written = evaluator.samples(system, beginnings, weights, _going_on(system))
        writings.append(
            StyleWriting(
                system,
                [sample.text for sample in written],
                train,
                losses,
                language,
                beginnings,
                [sample.cut for sample in written],
            )
        )
    return {"n": len(texts), **costs.as_dict(), **style_report(writings, beginnings, config.seed)}


def _reading(system: str) -> str:
    if system == TUNED:
        return _("Mido cuánto le sorprende cada texto al modelo ajustado")
    return _("Mido cuánto le sorprende cada texto al modelo como vino")


def _going_on(system: str) -> str:
    return _("El modelo ajustado sigue los textos") if system == TUNED else _("El modelo como vino sigue los textos")
