"""Resuming a training after its dataset was renamed or replaced, with a tiny model."""

import pytest

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.jobs import Step, Stopping
from poetas.training.errors import DatasetReplaced
from poetas.training.train_job import run
from tests.tiny_model import build_tiny_model
from tests.unit.training_pieces import SMALL, Listener, dataset

pytestmark = pytest.mark.slow


def test_resuming_follows_a_renamed_dataset_and_refuses_another_in_its_place(tmp_path):
    folder = dataset(tmp_path)
    config = {
        "model": str(build_tiny_model(tmp_path / "tiny")),
        "dataset": str(folder),
        "fingerprint": DatasetSummary.read(folder).fingerprint,
        "training": {**SMALL, "epochs": 1},
    }
    with pytest.raises(Stopping):
        run(Listener(tmp_path / "job", config, stop_after=1))
    away = folder.rename(tmp_path / "away")
    (tmp_path / "other").mkdir()
    dataset(tmp_path / "other", "style").rename(folder)
    with pytest.raises(DatasetReplaced) as caught:
        run(Listener(tmp_path / "job", config, resumed=True))
    assert caught.value.explanation.what == "No puedo seguir este entrenamiento: sus textos ya no son los mismos."
    away.rename(folder.with_name("otro-nombre"))
    resumed = Listener(tmp_path / "job", config, resumed=True)
    with pytest.raises(Stopping):  # the request to stop is still in the folder
        run(resumed)
    assert [step.step for step in resumed.of(Step)] != []
