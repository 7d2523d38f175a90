"""The lesson notes: what is shown depends on the task, the kind of model and the place, and is true there."""

import json
import re
from html import unescape
from itertools import product

import pandas as pd
import pytest
from babel.messages.pofile import read_po

from poetas.course.items_file import read_bank
from poetas.course.question_bank import ITEMS
from poetas.data.storage.dataset_store import save_tables
from poetas.workspace import Workspace
from tests.model_records import record_model
from tests.paths import ROOT
from tests.unit.widgets.pollers import new_poller
from widgets import BaselineSamples, ColumnMapper, ModelPicker, PageContext, StepCard, TrainingPanel
from widgets.core.elements import is_shown
from widgets.core.explanation import NOTES, note
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.train.evaluation.before_after_bars import BeforeAfterBars

KNOWN = {
    "task": {"summary", "style"},
    "kind": {"plain", "chat", "seq2seq"},
    "place": {"own", "borrowed"},
    "validation": {"some", "none"},
}
SUMMARISING = re.compile(r"\bresum|ROUGE|copiar las primeras", re.IGNORECASE)


@pytest.fixture
def context(tmp_path, monkeypatch):
    monkeypatch.delenv("POETAS_PLACE", raising=False)
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


def a_model(context, **description):
    """Describe a model again, and choose it."""
    context.model = ""
    context.model = record_model(context.workspace, **description)


def a_dataset(context, task, validation=1):
    """Save three small parts and use them. validation: how many texts that part has."""
    row = {"text": "Llovió toda la noche.", **({"summary": "Llovió."} if task == "summary" else {})}
    counts = {"train": 1, "validation": validation, "test": 1}
    parts = {part: pd.DataFrame([row]).head(count) for part, count in counts.items()}
    record = {"format": 1, "task": task, "counts": counts, "source": {"name": "a.csv"}}
    context.dataset = str(save_tables(parts, record, context.project.datasets, task).folder)


def plain(card):
    return unescape(re.sub(r"<[^>]+>", " ", card.note.value))


def test_every_condition_names_a_fact_that_pages_know():
    texts = {path.name: path.read_text("utf-8") for path in NOTES.glob("*.md")}
    conditions = [(name, condition) for name, text in texts.items() for condition in re.findall(r"<!--(.*?)-->", text)]
    assert len(conditions) > 20
    for note_name, condition in conditions:
        for pair in condition.split():
            name, value = pair.split("=")
            assert set(value.split("|")) <= KNOWN[name], (note_name, condition)


OFFERS_SUMMARIES = {"proxima", "columnas", "tareas"}  # any model may be asked for one; texts may get written ones


@pytest.mark.parametrize("step", sorted(path.stem for path in NOTES.glob("*.md")))
def test_no_note_speaks_of_summaries_where_the_task_is_a_style(step):
    for kind in KNOWN["kind"]:
        assert not SUMMARISING.search(note(step, {"task": "style", "kind": kind})) or step in OFFERS_SUMMARIES


OWN_MACHINE = r"\b[Tt]u (máquina|computadora)\b"
CLAIMS = {  # what is true of some pages alone
    rf"{OWN_MACHINE}|tus textos no viajan": {"place": {"own"}},
    r"queda en una computadora": {"place": {"borrowed"}},
    r"Este modelo solo sigue textos": {"kind": {"plain"}},
    r"A este modelo le enseñaron a obedecer": {"kind": {"chat"}},
    r"Este modelo lee": {"kind": {"seq2seq"}},
    r"no asegura que escriba mejor|Para escribir en un estilo|Que tus textos lo sorprendan menos": {"task": {"style"}},
    r"no asegura mejores resúmenes|El texto que hay que resumir": {"task": {"summary"}},
    r"La cortada es el simulacro": {"validation": {"some"}},
    r"vuelven a escribirse": {"validation": {"some"}},
    r"Los textos del conjunto son de la": {"validation": {"some"}},
    r"Juzgaste sin saber": {"validation": {"some"}},
    r"Los textos son del simulacro": {"validation": {"some"}},
    r"no tiene textos para el simulacro": {"validation": {"none"}},
    r"no hay intentos que mostrar": {"validation": {"none"}},
    r"no hay nada que juzgar": {"validation": {"none"}},
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_note_claims_nothing_that_is_not_true_of_the_page(claim):
    said = set()
    for values in product(*map(sorted, KNOWN.values())):
        page = dict(zip(KNOWN, values, strict=True))
        true = all(page[name] in allowed for name, allowed in CLAIMS[claim].items())
        shown = {path.stem for path in NOTES.glob("*.md") if re.search(claim, note(path.stem, page))}
        assert true or not shown, (page, shown)
        said |= shown
    assert said, "no note says it any more"


CHOSEN_BY_PLACE = {  # messages, and where the place chooses them
    "En tu computadora": "poetas.environment.describe",
    "en tu máquina": "poetas.evaluation.recommendation_words.privacy",
}


def test_no_message_says_on_every_page_that_it_runs_on_the_learners_machine():
    with (ROOT / "locale" / "poetas.pot").open("rb") as file:
        messages = [message for message in read_po(file) if re.search(OWN_MACHINE, " ".join(ids(message)))]
    notes = str(NOTES.relative_to(ROOT))  # the claims above are of these
    assert {" ".join(ids(message)) for message in messages if not is_of(message, notes)} == set(CHOSEN_BY_PLACE)


def ids(message):
    return (message.id,) if isinstance(message.id, str) else message.id


def is_of(message, folder):
    return all(name.startswith(folder) for name, _line in message.locations)


def test_no_notebook_says_that_it_runs_on_the_learners_machine():
    for path in (ROOT / "apps").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        assert not [cell for cell in cells if re.search(OWN_MACHINE, "".join(cell["source"]))], path.name


def test_a_question_about_the_learners_machine_supposes_one():
    items = read_bank(ITEMS / "es.toml").items.values()
    about = [item for item in items if re.search(OWN_MACHINE, str(item))]
    assert {item.concept for item in about} == {"memoria", "local"}
    assert [item.id for item in about if not item.stem.startswith("Supongamos que ")] == []
    asserted = [option for item in items for option in item.options if re.search(OWN_MACHINE, str(option))]
    assert asserted == [], "feedback is read when the supposition is no longer in view"


@pytest.mark.parametrize("task", sorted(KNOWN["task"]))
@pytest.mark.parametrize("kind", sorted(KNOWN["kind"]))
def test_the_note_of_the_exam_speaks_of_bars_where_the_step_has_them(context, kind, task):
    a_model(
        context,
        prompt_style="chat" if kind == "chat" else "plain",
        **({"architecture": "seq2seq"} if kind == "seq2seq" else {}),
    )
    bars = BeforeAfterBars(context)
    row = {"source": "Llovió toda la noche.", "reference": "Llovió.", "beginning": "Llovió"}
    bars.show({"task": task, "texts": [row], "samples": [row]})
    assert ("Las barras comparan" in note("mejoro", {"task": task, "kind": kind})) is is_shown(bars)


@pytest.mark.parametrize("step", ["antes", "columnas", "cuanto-entra", "entrena", "mejoro"])
def test_a_note_about_the_task_has_a_paragraph_for_each(step):
    notes = {task: note(step, {"task": task, "kind": "plain"}) for task in KNOWN["task"]}
    assert notes["summary"] != notes["style"]
    assert note(step) not in notes.values()


def test_what_a_model_was_taught_is_said_of_the_model_in_use(context):
    card = StepCard("antes", BaselineSamples(context=context), context=context)
    a_dataset(context, "summary")
    a_model(context, prompt_style="plain")
    assert "solo sigue textos" in plain(card)
    assert "A este modelo le enseñaron a obedecer pedidos" not in plain(card)
    a_model(context, prompt_style="chat")
    assert "A este modelo le enseñaron a obedecer pedidos" in plain(card)
    assert "solo sigue textos" not in plain(card)
    a_model(context, prompt_style="plain", architecture="seq2seq")
    assert "lee un texto entero y después escribe otro" in plain(card)


def test_examples_in_the_prompt_are_not_said_to_help_a_model_that_does_not_imitate_them(context):
    card = StepCard("antes", BaselineSamples(context=context), context=context)
    a_dataset(context, "summary")
    a_model(context, prompt_style="plain")
    assert "muchas veces mejora" in plain(card)
    a_model(context, prompt_style="plain", architecture="seq2seq")
    assert "mejora" not in plain(card)
    assert "dos ejemplos en la" in plain(card)


@pytest.mark.parametrize(("kind", "said"), [("plain", "lo agrega al texto"), ("seq2seq", "el comienzo de ese otro")])
def test_how_a_model_goes_on_is_said_of_its_kind(kind, said):
    for other in KNOWN["kind"]:
        assert (said in note("proxima", {"kind": other})) == ((other == "seq2seq") == (kind == "seq2seq"))


def test_what_the_loss_counts_is_said_of_the_kind_of_model():
    assert "cada pedacito de tus textos" in note("entrena", {"task": "style", "kind": "chat"})
    shown = note("entrena", {"task": "style", "kind": "seq2seq"})
    assert "cada pedacito de tus textos" not in shown
    assert "lee la primera línea de cada texto" in shown


@pytest.mark.parametrize("count", [0, 1])
def test_a_dataset_without_validation_texts_has_no_second_line(context, count):
    card = StepCard("entrena", TrainingPanel(context=context), context=context)
    a_dataset(context, "summary", validation=count)
    assert ("La cortada es el simulacro" in plain(card)) == (count == 1)
    assert ("no hay cómo saber si aprende o memoriza" in plain(card)) == (count == 0)


def test_a_dataset_of_another_task_changes_the_note(context):
    card = StepCard("antes", BaselineSamples(context=context), context=context)
    a_model(context, prompt_style="chat")
    a_dataset(context, "summary")
    assert "Con dos ejemplos" in plain(card)
    a_dataset(context, "style")
    assert "Con dos ejemplos" not in plain(card)
    assert "Acá no hay una respuesta correcta" in plain(card)


def test_app_2_speaks_of_the_file_in_hand_and_not_of_the_dataset_saved_before(context):
    a_dataset(context, "summary")
    draft = DatasetDraft.of(context)
    card = StepCard("columnas", ColumnMapper(context=context), context=context)
    assert "pares" not in plain(card)  # no file yet
    draft.mapped = {"task": "style", "rows": 30}
    card.component.done = not card.component.done
    assert "seguir escribiendo como ellos" in plain(card)
    assert "pares" not in plain(card)


@pytest.mark.parametrize(("place", "said"), [("local", "tus textos no viajan"), ("binder", "queda en una computadora")])
def test_where_the_texts_stay_is_said_of_the_machine_that_the_page_runs_on(context, monkeypatch, place, said):
    monkeypatch.setenv("POETAS_PLACE", place)
    card = StepCard("modelo", ModelPicker(context=context), context=context)
    assert said in plain(card)
    assert ("tus textos no viajan" in plain(card)) == (place == "local")
