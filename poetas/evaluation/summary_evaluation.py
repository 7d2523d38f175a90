"""Evaluation of a summariser: every system summarises the test texts, and the results are scored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from poetas.data.pipeline.language import guess_language
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.evaluation.baselines.floor import others_summaries
from poetas.evaluation.baselines.prompt_examples import chosen_examples
from poetas.evaluation.baselines.registry import BASELINE_TEXTS
from poetas.evaluation.config import EvaluationConfig, no_texts
from poetas.evaluation.cost_meter import CostMeter
from poetas.evaluation.generate_summaries import SummaryWriter
from poetas.evaluation.generated_texts import StoredText, TextStore
from poetas.evaluation.length_limits import Decoding
from poetas.evaluation.metrics.registry import METRICS
from poetas.evaluation.progress import EvaluationProgress
from poetas.evaluation.report import EvaluationData, report, scored, text_record
from poetas.evaluation.systems import BASE, BASE_EXAMPLES, OTHER, TUNED
from poetas.generation.model import load_model
from poetas.i18n import _
from poetas.jobs import JobContext, Notice, Progress, Stopping
from poetas.tokens.special_token_guard import plain_ids
from poetas.util.files import sha256, writing

TEXTS, SCORED = "texts.jsonl", "scored.jsonl"
Pairs = list[tuple[str, str]]


def run(context: JobContext, config: EvaluationConfig, dataset: PreparedDataset) -> dict[str, Any]:
    """Let every system write, score what they wrote and return the result, see `report.report`."""
    pairs = _pairs(dataset, config.split)[: config.texts or None]
    if not pairs:
        raise no_texts(config.split)
    train = _pairs(dataset, "train")
    sources, references = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    language = config.language or guess_language(text for text, _summary in train or pairs)
    exam_texts: dict[str, Sequence[str]] = {OTHER: others_summaries([pair[1] for pair in train], references)}
    costs = CostMeter()
    for system, summarise in BASELINE_TEXTS.items():
        with costs.measure(system, len(sources)):
            exam_texts[system] = [summarise(text, language) for text in sources]
    writer = open_writer(context, config, language, [pair[1] for pair in train])
    writer.costs = costs
    written = _written(context, writer, sources, chosen_examples(train))
    exam_texts.update({system: [text.text for text in texts] for system, texts in written.items()})
    cut = {system: [text.cut for text in texts] for system, texts in written.items()}
    context.emit(Progress(0, 0, _("Comparo los resúmenes")))
    exam = EvaluationData(sources, references, exam_texts, language, config.seed, cut)
    scores = scored(exam)
    with writing(context.dir / SCORED) as out:
        for index in range(len(sources)):
            out.write(json.dumps(text_record(exam, scores, index), ensure_ascii=False).encode() + b"\n")
    if writer.truncated:
        context.log.info("%d texts were not read whole", writer.truncated)
    return {
        "language": language,
        "decoding": writer.decoding.as_dict(),
        "truncated": writer.truncated,
        "signatures": {entry.name: entry.signature() for entry in METRICS if entry.signature},
        **writer.costs.as_dict(),
        **report(exam, scores),
    }


def _pairs(dataset: PreparedDataset, split: str) -> Pairs:
    return [(row["text"], row["summary"]) for row in dataset.rows(split)]


def open_writer(
    context: JobContext, config: EvaluationConfig, language: str, summaries: Sequence[str]
) -> SummaryWriter:
    """Load the model and its adapter, and learn from the training summaries how long a summary is."""
    context.emit(Progress(0, 0, _("Cargo el modelo")))
    model = load_model(config.model, language=language)
    adapter = model.adapters.add(config.adapter) if config.adapter is not None else None
    weights = sha256(config.adapter / "adapter_model.safetensors") if config.adapter is not None else ""
    rules = Decoding.learnt(summaries, lambda text: len(plain_ids(model.tokenizer, text)))
    if context.stop_requested():
        raise Stopping
    return SummaryWriter(model, rules, TextStore(context.dir / TEXTS), adapter, weights, config.longest)


def _written(
    context: JobContext, writer: SummaryWriter, sources: Sequence[str], examples: Pairs
) -> dict[str, list[StoredText]]:
    """Let each system that needs the model write all its texts."""
    systems = [BASE, *([BASE_EXAMPLES] if examples else []), *([TUNED] if writer.adapter else [])]
    if not examples:
        context.emit(Notice("no-examples", _("No hay textos de entrenamiento para mostrarle de ejemplo al modelo.")))
    progress = EvaluationProgress(context, total=len(systems) * len(sources))
    return {system: writer.write(system, sources, progress, examples) for system in systems}
