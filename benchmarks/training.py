"""A prepared dataset for the benchmarks that train."""

from __future__ import annotations

from pathlib import Path

from poetas.data.pipeline.mapping import guess
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.reading import read_file
from poetas.data.pipeline.splitting import SplitPlan
from poetas.data.storage.dataset_store import save
from poetas.data.storage.samples import sample
from poetas.util.files import private_folder
from poetas.workspace import Workspace


def prepared(name: str, home: Path) -> Path:
    """Prepare a sample in a workspace; return the dataset's folder."""
    reading = read_file(sample(name).path)
    rows = prepare(reading, guess(reading.table).mapping, SplitPlan(0.8, 0.1, 0.1, 7))
    return save(rows, private_folder(Workspace(home).project().datasets), name).folder
