"""What the tests of app 3's steps share: small datasets, another page over them, and jobs as a process leaves them."""

import csv
import json
import re
import time
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from poetas.data.pipeline.pipeline import fingerprint
from poetas.data.storage.dataset_store import save_tables
from poetas.data.storage.samples import sample
from poetas.evaluation.report import EvaluationData, report, scored
from poetas.jobs import Evaluated, Finished, Saved, Step
from poetas.training.config import TrainingConfig
from poetas.util.files import write_json
from tests.unit.job_under_way import JobUnderWay, left_behind
from tests.unit.widgets.pollers import new_poller
from widgets import PageContext
from widgets.train.dataset_records import job_config

LONG = 240  # seconds that a tiny job may take on a busy machine


def plain(html):
    """What a reader sees of a piece of HTML, without tags."""
    return unescape(re.sub(r"<[^>]+>", " ", html))


def news(count):
    with sample("noticias").path.open(encoding="utf-8", newline="") as lines:
        return [
            {"text": " ".join(row["texto"].split()[:20]), "summary": row["resumen"]}
            for row, _ in zip(csv.DictReader(lines), range(count), strict=False)
        ]


def dataset(project, rows, sizes=(12, 4, 10)):
    """Save rows as a prepared dataset of a project and return its folder.

    A project's first one is written from what `save_tables` once wrote of it: most tests want the same one.
    """
    key = json.dumps([rows, sizes])
    if key not in _files:
        with TemporaryDirectory() as folder:
            written = _save(Path(folder), rows, sizes)
            _files[key] = {path.relative_to(folder): path.read_bytes() for path in written.rglob("*") if path.is_file()}
    files = _files[key]
    folder = project.datasets / next(iter(files)).parts[0]
    if folder.exists():
        return _save(project.datasets, rows, sizes)
    for name, content in files.items():
        (project.datasets / name).parent.mkdir(parents=True, exist_ok=True)
        (project.datasets / name).write_bytes(content)
    return folder


_files = {}  # by rows and sizes: the files of a dataset


def _save(parent, rows, sizes):
    first, second, third = sizes
    bounds = {"train": (0, first), "validation": (first, first + second), "test": (first + second, sum(sizes))}
    parts = {part: pd.DataFrame(rows[start:end]) for part, (start, end) in bounds.items()}
    record = {
        "format": 1,
        "task": "summary" if "summary" in rows[0] else "style",
        "counts": {part: len(table) for part, table in parts.items()},
        "fingerprints": {part: fingerprint(table) for part, table in parts.items()},
        "source": {"name": "mis-textos.csv"},
    }
    assert third == len(parts["test"])
    return save_tables(parts, record, parent, "mis textos").folder


def again(context):
    """The same page after a reload: another context over the same folder."""
    return PageContext(context.workspace, poller=new_poller())


def finished(context, kind, config, result):
    """A job as a process leaves it that went to its end: real files, no process."""
    folder = context.project.jobs / f"{kind}-20990101-000000-abcdef12"
    full_config = {"model": context.model, "dataset": context.dataset, **config}
    left_behind(folder, kind, Finished({}), config=full_config, created=time.time() + 10**6)
    (folder / "result.json").write_text(result if isinstance(result, str) else json.dumps(result), "utf-8")
    return folder


def trained_by_hand(context, result, **config):
    folder = finished(context, "train", {"training": TrainingConfig().to_dict(), **config}, result)
    (folder / "adapter").mkdir()
    return folder


def training_under_way(context, name, when):
    """A training as another tab would have begun it; the tests' process works on it."""
    config = {**job_config(context), "training": {}, "samples": 3}
    return JobUnderWay(context.project.jobs / name, "train", config, created=float(when))


def run_by_hand(context, name, when, losses, *, adapter=True, **knobs):
    """A training as its process leaves it: measures with these validation losses."""
    folder = context.project.jobs / name
    config = {"model": context.model, "dataset": context.dataset, "training": TrainingConfig(**knobs).to_dict()}
    events = []
    for step, loss in enumerate(losses, start=1):
        events += [
            Step(step, len(losses), 0.5, loss + 0.1, 1e-4, 10.0, 1.0),
            Evaluated(step, 0.5, loss),
            Saved(step, f"step-{step}"),
        ]
    left_behind(folder, "train", *events, Finished({}), config=config, created=float(when))
    write_json(folder / "result.json", {"seconds": 120.0 * when, "steps": len(losses)})
    if adapter:
        (folder / "adapter").mkdir()
    return folder


def an_exam():
    """What the evaluation of a small exam found."""
    sources = [f"El intendente de Salta abrió {n} plazas el lunes. Hubo música. Vino gente." for n in range(2, 14)]
    references = [f"Salta tiene {n} plazas nuevas." for n in range(2, 14)]
    copied = [source.split(". ")[0] + "." for source in sources]
    texts = {
        "lead1": copied,
        "lead3": sources,
        "base": ["No sé."] * len(sources),
        "tuned": ["En Salta, Elvira abrió 99 plazas nuevas <b>ayer</b>."] * len(sources),
    }
    exam = EvaluationData(sources, references, texts)
    return json.loads(json.dumps({"task": "summary", **report(exam, scored(exam))}))
