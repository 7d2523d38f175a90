"""A dataset of texts that are all alike: saved, opened, exported, imported, and its exam said to be void."""

import json
from types import SimpleNamespace

import pytest

from poetas.data.dataset_schema import PARTS
from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.pipeline_errors import PartsOverlap
from poetas.data.pipeline.reading import read_file
from poetas.data.pipeline.splitting import SplitPlan
from poetas.data.pipeline.steps import NORMALISE
from poetas.data.storage.archive import export_zip, import_zip
from poetas.data.storage.dataset_store import PreparedDataset, save
from poetas.data.storage.samples import sample
from poetas.evaluation import evaluate_job
from poetas.evaluation.config import EvaluationConfig
from poetas.evaluation.recommendation import recommend
from poetas.evaluation.recommendation_words import headline
from poetas.evaluation.verdict_kind import VerdictKind
from poetas.evaluation.void_exam import mostly_twins, void
from poetas.jobs import JobContext


@pytest.fixture
def alike(tmp_path):
    file = tmp_path / "saludos.csv"
    greetings = [
        f"Feliz cumpleaños, {name}: que este año te traiga todo lo que venís soñando."
        for name in ("Ana", "Luz", "Teo", "Eva", "Leo", "Sol", "Mía", "Gael", "Noa", "Ciro")
    ]
    file.write_text("texto\n" + "\n".join(f'"{greeting}"' for greeting in greetings), "utf-8")
    prepared = prepare(read_file(file), ColumnMapping("texto"), SplitPlan(allow_twins=True), (NORMALISE,))
    return save(prepared, tmp_path / "conjuntos", "Saludos")


def test_what_app_2_saves_is_opened_exported_and_imported(alike, tmp_path):
    assert PreparedDataset.open(alike.folder).twins
    brought = import_zip(export_zip(alike, tmp_path / "saludos.zip"), tmp_path / "otro")
    assert brought.twins
    assert [brought.rows(part) for part in PARTS] == [alike.rows(part) for part in PARTS]


def test_a_dataset_that_does_not_say_its_twins_is_refused(alike, tmp_path):
    path = alike.folder / "dataset.json"
    record = json.loads(path.read_text("utf-8"))
    del record["steps"][-1]["twins"]
    path.write_text(json.dumps(record), "utf-8")
    assert not PreparedDataset.open(alike.folder).twins
    packed = export_zip(PreparedDataset.open(alike.folder), tmp_path / "callado.zip")
    with pytest.raises(PartsOverlap):
        import_zip(packed, tmp_path / "otro")


def test_nothing_is_recommended_after_a_void_exam():
    judged = {"kind": VerdictKind.IMPROVED.value, "headline": "Sí, mejoró.", "sentences": ("9 puntos.",)}
    withdrawn = void(judged)
    assert withdrawn["headline"].startswith("Este examen no vale")
    assert "Sí, mejoró" not in withdrawn["text"]
    result = {"n": 30, "rows": [], "verdict": withdrawn}
    assert headline(recommend(result)).startswith("Con este examen no se puede recomendar nada")


def test_a_dataset_of_before_that_does_not_say_its_twins_has_a_void_exam_all_the_same(alike, tmp_path, monkeypatch):
    path = alike.folder / "dataset.json"
    record = json.loads(path.read_text("utf-8"))
    del record["steps"][-1]["twins"]
    path.write_text(json.dumps(record), "utf-8")
    assert mostly_twins(PreparedDataset.open(alike.folder), "test")
    verdict = {"kind": VerdictKind.IMPROVED.value, "headline": "Sí, mejoró.", "sentences": ()}
    program = SimpleNamespace(run=lambda *_given: {"verdict": verdict})
    monkeypatch.setattr(evaluate_job, "import_large", lambda _name: program)
    monkeypatch.setattr(evaluate_job, "is_whole", lambda _folder: True)
    monkeypatch.setattr(evaluate_job, "prepare_process", lambda: None)
    exam = EvaluationConfig(tmp_path, "diminuto", None, alike.folder)
    monkeypatch.setattr(EvaluationConfig, "parse", lambda _config: exam)
    assert evaluate_job.run(JobContext(tmp_path, "evaluate", {}))["verdict"]["kind"] == VerdictKind.VOID.value


def test_the_exam_of_distinct_texts_is_not_void(tmp_path):
    file = tmp_path / "coplas.csv"
    coplas = [copla.replace("\n", " / ") for copla in sample("coplas").path.read_text("utf-8").split("\n\n")[:60]]
    file.write_text("texto\n" + "\n".join(f'"{copla.strip()}"' for copla in coplas), "utf-8")
    saved = save(prepare(read_file(file), ColumnMapping("texto"), SplitPlan()), tmp_path / "conjuntos", "Coplas")
    assert not mostly_twins(saved, "test")
