"""Request to summarise a file: a job's configuration in, the checked training, dataset, column and texts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from poetas.data.pipeline.reading import read_file
from poetas.errors import PoetasError
from poetas.evaluation.config import EvaluationConfig, bad_evaluation
from poetas.i18n import _
from poetas.jobs.job_record import JobRecord, is_job


class FileChanged(PoetasError):
    """The file is not the one that the page read."""

    code = "file-changed"


@dataclass(frozen=True, slots=True)
class FileRequest:
    """What to summarise, and with which model.

    evaluation: the training's adapter with what it was trained to read. exam: folder of an exam of that adapter, whose
    texts are not written again, None without one. table: the file, as `read_file` gave it. column: whose texts.
    """

    evaluation: EvaluationConfig
    exam: Path | None
    table: pd.DataFrame
    column: str

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> FileRequest:
        """Read a job's configuration: ``training``, ``exam``, ``path``, ``sha256``, ``column``.

        Raises BadEvaluation, DatasetReplaced, FileChanged, and what `read_file` raises.
        """
        training, path = Path(str(value.get("training", ""))), Path(str(value.get("path", "")))
        if not training.is_absolute() or not is_job(training) or not (training / "adapter").is_dir():
            raise bad_evaluation(f"no training: {str(training)[:200]}")
        asked = JobRecord.read(training).config
        known = {key: asked.get(key) for key in ("model", "dataset", "fingerprint", "language")}
        config = EvaluationConfig.parse({**known, "adapter": str(training)})
        reading = read_file(path)
        if value.get("sha256") and reading.sha256 != value["sha256"]:
            raise FileChanged(
                _("«{name}» cambió desde que lo leí.").format(name=path.name),
                why=_("Los resúmenes serían de otros textos que los que viste acá."),
                remedy=_("Traelo otra vez."),
                action="restart",
            )
        column = str(value.get("column", ""))
        if column not in reading.table.columns:
            raise bad_evaluation(f"no column {column[:80]!r}")
        exam = Path(str(value.get("exam") or ""))
        return cls(config, exam if value.get("exam") and is_job(exam) else None, reading.table, column)

    @property
    def texts(self) -> dict[int, str]:
        """The texts by their row, counted from 0; rows without a word are left out."""
        return {index: text for index, text in enumerate(self.table[self.column].tolist()) if text.strip()}
