"""Shared by the training tests: a tiny model, a small dataset of real texts, and a context that listens."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.reading import read_file
from poetas.data.pipeline.splitting import SplitPlan
from poetas.data.storage.dataset_store import save
from poetas.jobs import Event, JobContext, Step
from poetas.util.resources import folder as asset

# Forty news items that change with no sample, so that what a tiny model learns of them can be given as a figure.
NEWS = Path(__file__).parent / "texts" / "news.csv"
SMALL = {"epochs": 2, "batch_size": 4, "lora_rank": 4, "longest": 32, "learning_rate": 2e-3}


def dataset(tmp: Path, task: str = "summary", texts: int = 30, validation: float = 0.2) -> Path:
    """A prepared dataset: the first `texts` news items (at most 40), or the first stanzas of a sample of verse."""
    plan = SplitPlan(0.9 - validation, validation, 0.1)
    if task == "style":
        text = (asset("samples") / "coplas" / "coplas.txt").read_text("utf-8")
        source, mapping = tmp / "coplas.txt", ColumnMapping("text")
        source.write_text("\n\n".join(text.split("\n\n")[:texts]), encoding="utf-8")
    else:
        source, mapping = tmp / "noticias.csv", ColumnMapping("texto", "resumen")
        lines = NEWS.read_text("utf-8").splitlines(keepends=True)
        source.write_text("".join(lines[: texts + 1]), encoding="utf-8")
    reading = read_file(source)
    if task == "style":
        mapping = ColumnMapping(str(reading.table.columns[0]))
    return save(prepare(reading, mapping, plan), tmp / "sets", "d").folder


class Listener(JobContext):
    """A job's context that keeps its events, and asks for the stop after a step."""

    __slots__ = ("emitted", "stop_after")

    def __init__(self, folder: Path, config: dict[str, Any], *, stop_after: int = 0, resumed: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(folder, "train", config, resumed)
        self.emitted: list[Event] = []
        self.stop_after = stop_after

    def emit(self, event: Event) -> None:
        self.emitted.append(event)
        super().emit(event)
        if isinstance(event, Step) and self.stop_after and event.step >= self.stop_after:
            self.request_stop()

    def of(self, kind: type) -> list[Any]:
        """Events of a kind."""
        return [event for event in self.emitted if isinstance(event, kind)]

    @property
    def losses(self) -> dict[int, float]:
        """Training loss by step."""
        return {event.step: event.loss for event in self.of(Step)}


def copy_job(source: Path, target: Path) -> Path:
    """A copy of a job's folder as it is now."""
    shutil.copytree(source, target)
    (target / "stop").unlink(missing_ok=True)
    return target
