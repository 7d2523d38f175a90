"""Steps that need a training say that one of other texts is kept, so that it does not look lost."""

from pathlib import Path

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.jobs import Stopped
from tests.tiny_model import build_tiny_model
from tests.unit.job_under_way import left_behind
from tests.unit.widgets.train.steps import dataset, news
from widgets import BlindTasting

KEPT = "Lo que entrenaste con «{name}» está guardado"


def said(context):
    return BlindTasting(context=context).notice.value


def test_a_training_of_other_texts_is_said_to_be_kept_until_they_are_used_again(alone):
    first = alone.dataset
    config = {"dataset": first, "model": str(alone.workspace.models / alone.model)}
    job = left_behind(alone.project.jobs / "train-20260101-000000-00000000", "train", Stopped(4), config=config)
    alone.dataset = str(dataset(alone.project, news(30)[::-1]))
    assert "hace falta un modelo entrenado" in said(alone)
    assert "guardado" not in said(alone), "it was stopped before it made a model"
    (job.dir / "adapter").mkdir()
    assert KEPT.format(name=DatasetSummary.read(Path(first)).name) in said(alone)
    alone.dataset = first
    assert "guardado" not in said(alone)
    build_tiny_model(alone.workspace.models / "otro", id="otro")
    alone.model = "otro"
    assert KEPT.format(name="Modelo diminuto") in said(alone), "of the same texts, with the model before"
