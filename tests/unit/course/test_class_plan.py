"""The class plan: what ``clase.toml`` fixes on the pages, and what is said of one that cannot be used."""

import pytest

from poetas.course.class_plan import ClassPlan, current_plan, plan_problem
from poetas.course.question_bank import ITEMS, bank_problem, current_bank
from poetas.workspace import Workspace
from tests.unit.widgets.pollers import new_poller
from widgets import DataAndModel, ModelPicker, PageContext, StepCard, ToyModel
from widgets.core.elements import is_shown
from widgets.prepare.file_picker.sample_picker import SamplePicker

PLAN = """
version = 1
items = "preguntas.toml"
models = ["smollm2-135m"]
samples = ["coplas"]
[steps]
conocer = ["que-sigue", "juguete"]
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a plan, and make it the one in use."""
    path = tmp_path / "martes.toml"
    monkeypatch.setenv("POETAS_CLASS", str(path))

    def written(content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def test_a_class_sees_its_models_samples_and_questions_and_which_steps_it_skips(write, tmp_path, monkeypatch):
    monkeypatch.delenv("POETAS_ITEMS", raising=False)
    course = (ITEMS / "es.toml").read_text("utf-8")
    (tmp_path / "preguntas.toml").write_text(course.replace("¿qué le pasa a lo que", "¿y lo que"), "utf-8")
    write(PLAN)
    assert plan_problem() is None
    assert current_bank().source == "own"
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    context.app = "conocer"
    picker = ModelPicker(context)
    assert [card.entry.id for card in picker.grid.cards] == ["smollm2-135m"]
    assert not is_shown(picker.more)
    assert not is_shown(picker.other), "nor by typing its name"
    assert list(SamplePicker(lambda _path: None).buttons) == ["coplas"]
    cards = DataAndModel(context=context).texts.children
    assert [card.button.description for card in cards] == ["Usar el ejemplo coplas"]
    done, skipped = (StepCard(step, ToyModel(context), context=context) for step in ("juguete", "azar"))
    said = [
        [part.value for part in card.children if "no se hace" in str(getattr(part, "value", ""))]
        for card in (done, skipped)
    ]
    assert [len(lines) for lines in said] == [0, 1]
    context.close()


def test_a_plan_of_the_learners_folder_is_found_without_a_variable(tmp_path, monkeypatch):
    monkeypatch.delenv("POETAS_CLASS", raising=False)
    monkeypatch.setenv("POETAS_HOME", str(tmp_path))
    assert current_plan() == ClassPlan()
    (tmp_path / "clase.toml").write_text('version = 1\nsamples = ["noticias"]\n', "utf-8")
    assert current_plan().samples == ("noticias",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("modelos = []\nversion = 1", "No conozco la clave «modelos»"),
        ("samples = ['coplas']", "Falta «version = 1»"),
        ("version = 1\nmodels = 'gemma3-270m'", "«models» tiene que ser una lista"),
        ("version = 1\nmodels = ['../../etc']", "no puede ser el nombre de un modelo"),
        ("version = 1\nsamples = ['haikus']", "En «samples» no conozco «haikus». Puede llevar: noticias"),
        ("version = 1\n[steps]\nconocer = ['asar']", "En «conocer» no conozco «asar»"),
        ("version = 1\n[steps]\nescribir = ['azar']", "«steps» lleva un renglón por app"),
        ("version = 1\nitems = 7", "«items» tiene que ser el nombre"),
        ("version = ", "No es TOML"),
        (b"\xff\xfe", "no está en UTF-8"),
        ("#" * 30_000, "Pesa más"),
    ],
)
def test_a_plan_that_cannot_be_used_offers_everything_and_the_first_card_names_the_mistake(write, content, said):
    write(content)
    problem = bank_problem()
    assert said in problem.why
    assert "martes.toml" in problem.what
    assert current_plan() == ClassPlan()


def test_a_plan_that_is_named_and_not_there_is_said(write):
    write("").unlink()
    assert "No está" in plan_problem().why
