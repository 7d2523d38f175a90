"""A model and texts that do not speak the same language: the page says it, and follows the model where it can."""

import json
from pathlib import Path

import pandas as pd
import pytest

from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.reading import read_file
from poetas.data.storage.dataset_store import save, save_tables
from poetas.data.storage.samples import sample
from poetas.workspace import Workspace
from tests.model_records import record_model
from tests.unit.widgets.pollers import new_poller
from widgets import DataAndModel, ModelPicker, NextTokenChart, PageContext

SMOL = {"model": "smollm2-135m", "title": "SmolLM2 (135M)", "languages": ["en"], "prompt_style": "chat"}
GEMMA = {"model": "gemma3-270m", "title": "Gemma 3 (270M)", "languages": ["es", "en"]}
COLUMNS = {"noticias": ("texto", "resumen"), "stories": ("text", "summary")}


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


def prepared(context, name):
    """Prepare a sample as app 2 does, and use it."""
    reading = read_file(sample(name).path)
    context.dataset = str(save(prepare(reading, ColumnMapping(*COLUMNS[name])), context.project.datasets, name).folder)


def test_the_spanish_model_is_offered_first_also_where_the_english_one_is_here(context):
    record_model(context.workspace, **SMOL)
    picker = ModelPicker(context=context)
    first, second = picker.grid.cards[:2]
    assert [first.entry.id, second.entry.id] == ["gemma3-270m", "smollm2-135m"]
    assert first.button.button_style == "primary"
    assert "no en español" in second.message.value
    assert "no en español" not in first.message.value


def test_the_sample_verse_is_in_a_language_of_the_model_and_a_text_of_the_learner_stays(context):
    record_model(context.workspace, **SMOL)
    record_model(context.workspace, **GEMMA)
    chart = NextTokenChart(context=context)
    assert chart.value == "Esta tarde cae la"
    context.model = SMOL["model"]
    assert chart.value == "Tonight the moon is"
    assert chart.language.value == ""
    context.model = GEMMA["model"]
    assert chart.value == "Esta tarde cae la"
    chart.box.value = "La pampa es un mar"
    context.model = SMOL["model"]
    assert chart.value == "La pampa es un mar"
    assert "SmolLM2 (135M) escribe en inglés" in chart.language.value
    assert "en español" in chart.language.value
    assert "que está más arriba, en «Elegí un modelo»" in chart.language.value  # this page is app 1
    chart.box.value = "The pampa is a sea"
    assert chart.language.value == ""
    chart.box.value = "Ñasaindy"  # of no language that is known here, nothing is said
    assert chart.language.value == ""


@pytest.mark.parametrize(
    ("name", "model", "said"), [("noticias", SMOL, True), ("noticias", GEMMA, False), ("stories", SMOL, False)]
)
def test_app_3_says_where_model_and_texts_speak_different_languages(context, name, model, said):
    prepared(context, name)
    context.model = record_model(context.workspace, **model)
    step = DataAndModel(context=context)
    assert ("escribe en inglés, y los textos de este conjunto están en español" in step.summary.value) == said


@pytest.mark.parametrize(("here", "said"), [(False, "que se trae en la app 1"), (True, "que ya está acá")])
def test_app_3_says_where_the_spanish_model_is(context, here, said):
    prepared(context, "noticias")
    context.model = record_model(context.workspace, **SMOL)
    if here:
        record_model(context.workspace, **GEMMA)
    assert said in DataAndModel(context=context).summary.value


def test_of_a_dataset_that_does_not_say_its_language_nothing_is_said(context):
    prepared(context, "noticias")
    path = Path(context.dataset) / "dataset.json"
    record = json.loads(path.read_text("utf-8"))
    assert record.pop("language") == "es"
    parts = {part: pd.DataFrame([{"text": "Llovió.", "summary": "Agua."}]) for part in record["counts"]}
    old = save_tables(parts, {**record, "counts": dict.fromkeys(parts, 1)}, context.project.datasets, "viejo")
    context.dataset, context.model = str(old.folder), record_model(context.workspace, **SMOL)
    assert "escribe en" not in DataAndModel(context=context).summary.value
