"""Every step of app 3 for two datasets in turn: each comes back as it was left, and shows nothing of the other."""

import ast
import json
import re
from itertools import zip_longest

import pytest

from poetas.data.storage.samples import sample
from poetas.data.storage.state_scopes import ROOT, SCOPES
from poetas.export.export_request import GGUF_F16
from poetas.jobs import Evaluated, JobContext, Sample
from poetas.training.config import TrainingConfig
from tests.paths import ROOT as REPOSITORY
from tests.tiny_adapter import make_adapter
from tests.unit.widgets.train.steps import again, an_exam, dataset, finished, trained_by_hand
from tests.unit.widgets.train.test_takeaway import MEMORISATION
from widgets import StepCard
from widgets.core.component import Component
from widgets.core.elements import is_shown
from widgets.core.page_context import TRAINED_WITH
from widgets.train.dataset_records import job_config

# The steps that are not about the dataset in use: choosing it, and what comes after the work.
OF_ALL = {"antes-de-empezar", "conjunto", "ejercicios", "libreta", "contanos", "borrar", "seguir"}
PAST = ("context.save", "context.state", "project.remember", "project.update", "save_at")
NOTEBOOK = REPOSITORY / "apps" / "3_entrenar.ipynb"


def page(context):
    """Run the cells of app 3 that make a step, and return the steps by slug."""
    context.make_current()
    names = {"StepCard": StepCard}
    for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] == "code" and "StepCard(" in code and "App(" not in code:
            exec(code, names)
    context.poller.drain()
    return {part.step: part for part in names.values() if isinstance(part, StepCard)}


def seen(steps):
    """What the learner sees of each step that is about the dataset: texts, values, what is done."""
    return {slug: _seen(card) for slug, card in steps.items() if slug not in OF_ALL}


def differences(before, after):
    """What is shown differently, by step."""
    pairs = ((slug, had, has) for slug in before for had, has in zip_longest(before[slug], after[slug]))
    return [f"{slug}: {had} != {has}" for slug, had, has in pairs if had != has]


def _seen(widget):
    shown = [] if not is_shown(widget) else [_value(widget)]
    if isinstance(widget, Component):
        shown.append((widget.state.value, widget.done))
    for child in getattr(widget, "children", ()) if is_shown(widget) else ():
        shown += _seen(child)
    return shown


def _value(widget):
    names = ("description", "value", "index", "options", "disabled")
    return (
        type(widget).__name__,
        # the pop-ups of the glossary are numbered through the page
        *(
            re.sub(r"glosa-([a-z-]+)-\d+", r"glosa-\1", str(getattr(widget, name)))
            for name in names
            if widget.has_trait(name) and not isinstance(widget, Component)
        ),
    )


@pytest.fixture
def two_sets(alone):
    """A page over a dataset on which everything was done, and the folder of another, untouched, one."""
    coplas = sample("coplas").path.read_text("utf-8").split("\n\n")[:26]
    other = dataset(alone.project, [{"text": verse.strip()} for verse in coplas])
    folder = trained_by_hand(
        alone, {"task": "summary", "seconds": 61.0, "examples": {"train": 18}}, **job_config(alone)
    )
    (folder / "adapter").rmdir()
    make_adapter(alone.workspace.models / alone.model, folder / "adapter")
    alone.training = str(folder)
    job = JobContext(folder, "train", {})
    for step in (0, 8):
        job.emit(Sample(step, 0, "Texto de Elvira", "resumen", f"línea de Elvira {step}"))
        job.emit(Evaluated(step, step / 8, 3.0 - step / 8))
    finished(alone, "evaluate", {**job_config(alone), "adapter": str(folder / "adapter")}, an_exam())
    finished(alone, "memorisation", {"training": alone.training}, MEMORISATION)
    asked = {"training": alone.training, "form": GGUF_F16, "name": "La voz de Elvira"}
    export = finished(alone, "export", asked, {"file": "x.zip"})
    (export / "x.zip").write_bytes(b"PK")
    row = {"text": "Uno.", "summary": "Dos.", "plain": "Tres de Elvira.", "shown": "Cuatro."}
    answer = {"text": "Lo de Elvira.", "tokens": 3, "complete": True, "seconds": 1.0, "truncated": 0}
    alone.dataset_state.save(
        knobs=TrainingConfig(epochs=7).to_dict(),
        knobs_open=True,
        chosen_run={"run": alone.training, "newest": alone.training},
        before={"guess": "2", "rows": [row]},
        tasting={
            "rows": [{"text": "Uno.", "reference": "A", "base": "B", "tuned": "C"}],
            "votes": [1],
            "round": 0,
            "bet": "base",
        },
        curve={"bet": "valley", "job": folder.name},
        bet="win",
        model_name="La voz de Elvira",
        keepsake={"author": "Elvira", "lines": ["línea de Elvira 8"], "pair": False, "given": True, "done": True},
        trial_text="Un texto de Elvira.",
        trial={"text": "Un texto de Elvira.", "answers": {"base": answer, "tuned": answer}},
    )
    alone.finish("conviene")
    return alone, str(other)


def test_each_dataset_comes_back_as_it_was_left(two_sets):
    context, other = two_sets
    first = context.dataset
    steps = page(context)
    left = seen(steps)
    assert all("Elvira" in str(left[slug]) for slug in ("antes", "mejoro", "probalo", "llevatelo", "recuerdo"))
    assert {slug for slug in left if slug in context.steps} == set(left), "everything was done"
    silent = {slug for slug in left if not steps[slug].note.seen}
    assert not silent, "each note says what just happened"
    context.dataset = other
    context.poller.drain()
    there = seen(steps)
    assert "Elvira" not in str(there)
    assert set(context.steps) <= OF_ALL
    fresh = again(context)
    assert not differences(seen(page(fresh)), there), "nothing is left of the other dataset"
    fresh.close()
    context.dataset = first
    context.poller.drain()
    assert not differences(left, seen(steps))
    reloaded = again(context)
    assert not differences(left, seen(page(reloaded))), "nor after a reload"
    assert set(left) <= set(reloaded.steps)
    reloaded.close()


def test_every_kind_of_value_was_there(two_sets):
    """A key that is added to `SCOPES` is to be filled by the fixture too, so that the tests above see it."""
    context, _other = two_sets
    (section,) = (value for value in context.state()[ROOT].values() if "knobs" in value)
    keys = set(section) | {key for scope in ("models", "trainings") for part in section[scope].values() for key in part}
    assert set(SCOPES) <= keys
    assert section["name"] == "mis textos"


def test_every_step_about_the_dataset_is_open_again_with_another_one(two_sets):
    assert set(page(two_sets[0])) - OF_ALL == set(TRAINED_WITH)


def test_no_component_of_app_3_writes_past_the_dataset():
    """What is saved by ``context.save`` is of the whole project: another dataset would show it as its own."""
    paths = sorted((REPOSITORY / "widgets" / "train").rglob("*.py"))
    assert len(paths) > 20
    for path in paths:
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        calls = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
        past = [call for call in calls if call.endswith(PAST)]
        assert not past, f"{path.name}: {past}; see poetas/data/storage/state_scopes.py"
