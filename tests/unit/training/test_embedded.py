"""Training the real embedded model as a job: it learns, its memory stays low, and a dry run foretells it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from poetas.generation.device import native_bfloat16
from poetas.jobs import Evaluated, Job, JobState
from tests.embedded import embedded_model
from tests.unit.training_pieces import dataset

pytestmark = pytest.mark.embedded

# Three steps, of batches as large as in a preset, and at a rate at which they show.
TRAINING = {"epochs": 1, "batch_size": 4, "longest": 384, "learning_rate": 5e-4, "evaluate_every": 1.0}
LARGEST = {2: 2600, 4: 3000}  # MB, by the bytes of a weight: what a small machine has, beside the page


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    texts = dataset(tmp_path_factory.mktemp("data"), texts=12)
    return {"model": str(embedded_model("gemma3-270m")), "dataset": str(texts), "training": TRAINING}


def finished(kind: str, asked: dict[str, object], parent: Path) -> Job:
    job = Job.start(kind, asked, parent=parent)
    assert job.wait(280) is JobState.FINISHED, (job.failure(), (job.dir / "log.txt").read_text("utf-8")[-2000:])
    return job


@pytest.mark.timeout(600)
def test_gemma_learns_from_a_few_texts_within_the_memory_that_a_dry_run_foretold(asked, tmp_path):
    estimated = finished("dry_run", asked, tmp_path).result()
    job = finished("train", asked, tmp_path)
    result = job.result()
    before, after = [event.loss for event in job.events()[0] if isinstance(event, Evaluated)]
    assert before == pytest.approx(2.0, abs=0.5)
    assert after < before - 0.2
    size = 2 if native_bfloat16(torch.device("cpu")) else 4
    assert result["peak_rss_mb"] < LARGEST[size]
    assert estimated["memory"] / 1e6 == pytest.approx(result["peak_rss_mb"], rel=0.25)
    assert estimated["steps"] == result["steps"]
    assert "refused" not in (job.dir / "log.txt").read_text("utf-8")
