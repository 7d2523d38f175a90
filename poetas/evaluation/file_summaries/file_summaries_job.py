"""Entry point of the job that summarises a file; torch is imported when it runs.

The texts are written by the exam's own writer under the exam's own limits, and what an exam wrote for the same request
is taken from it. What was written is kept text by text: a stop keeps it, and the job goes on from there.
"""

from __future__ import annotations

import time
from typing import Any

from poetas.data.pipeline.language import guess_language
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.environment import peak_rss_mb
from poetas.evaluation.config import bad_evaluation, no_texts
from poetas.evaluation.file_summaries.file_request import FileRequest
from poetas.evaluation.file_summaries.summary_table import EXCERPT, SHOWN, SummaryTable
from poetas.evaluation.generated_texts import StoredText
from poetas.generation.errors import model_not_ready
from poetas.i18n import _
from poetas.jobs import JobContext, Progress, Sample, Stopping
from poetas.models.model_store import is_whole
from poetas.training.process_setup import prepare_process
from poetas.util.excerpt import shortened


def run(context: JobContext) -> dict[str, Any]:
    """Summarise the rows of a file (`FileRequest`).

    Returns what `SummaryTable.save` counted, with ``known`` (texts taken from the exam), ``seconds`` and
    ``peak_rss_mb``. Raises BadEvaluation, FileChanged, NothingToEvaluate, Stopping after the files are written.
    """
    begun = time.monotonic()
    context.emit(Progress(0, 0, _("Leo el archivo")))
    request = FileRequest.parse(context.config)
    config = request.evaluation
    dataset = PreparedDataset.open(config.dataset)
    if dataset.task != "summary":
        raise bad_evaluation("a style summarises nothing")
    if not is_whole(config.model):
        raise model_not_ready(config.title)
    if not request.texts:
        raise no_texts(request.column)
    prepare_process()
    return _summarised(context, request, dataset, begun)


def _summarised(context: JobContext, request: FileRequest, dataset: PreparedDataset, begun: float) -> dict[str, Any]:
    from poetas.evaluation.progress import EvaluationProgress  # noqa: PLC0415 - torch comes after its environment
    from poetas.evaluation.summary_evaluation import TEXTS, open_writer  # noqa: PLC0415
    from poetas.evaluation.systems import TUNED  # noqa: PLC0415

    config, texts = request.evaluation, request.texts
    train = list(dataset.rows("train"))
    language = config.language or guess_language(row["text"] for row in train)
    writer = open_writer(context, config, language, [row["summary"] for row in train])
    known = writer.store.borrow(request.exam / TEXTS) if request.exam is not None else 0
    progress = EvaluationProgress(context, total=len(texts))
    order = list(texts)

    def show(text: StoredText) -> None:
        row = order[text.index]
        if row < SHOWN:
            context.emit(Sample(0, row, shortened(texts[row], EXCERPT), "", text.text, text.cut))

    writer.store.added = show
    try:
        writer.write(TUNED, [texts[index] for index in order], progress)
        stopped = False
    except Stopping:
        stopped = True
    written: dict[int, StoredText] = {
        index: stored for index, stored in zip(order, writer.stored(TUNED), strict=True) if stored is not None
    }
    empty = set(range(len(request.table))) - texts.keys()
    cut_rows = {order[place] for place in writer.shortened}
    view = SummaryTable(request.table, request.column, written, empty, cut_rows).save(context.dir)
    if stopped:
        raise Stopping
    return {
        **view,
        "known": known,
        "seconds": round(time.monotonic() - begun, 1),
        "peak_rss_mb": round(peak_rss_mb()),
    }
