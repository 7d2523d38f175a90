"""What an app ends with: the learner's own figures, and nothing where nothing was done."""

import pandas as pd
import pytest

from poetas.course.achievements import achievements, farewell
from poetas.course.course_record import APPS, Part, course_path
from poetas.course.own_text import OWN_TEXT
from poetas.course.question_bank import current_bank
from poetas.data.storage.dataset_store import save_tables
from poetas.data.storage.state_scopes import StateOwner, with_values
from poetas.jobs import Finished
from poetas.workspace import Workspace
from tests.unit.job_under_way import left_behind


@pytest.fixture
def project(tmp_path):
    return Workspace(tmp_path / "casa").project()


def over(project, kind, number, *events, **config):
    left_behind(project.jobs / f"{kind}-{number}", kind, *events, config=config)


def test_who_did_nothing_is_told_of_nothing(project):
    assert [achievements(app, project, {}) for app in APPS] == [[], [], []]
    odd = {
        "dataset": 7,
        "steps": [7, "contanos@conocer", "otro"],
        "course": {"bets": [], "exercises": {"casi-seguro": "<b>"}, "own_text": {}},
    }
    assert [achievements(app, project, odd) for app in APPS] == [[], [], []]
    assert all(map(farewell, APPS))


def test_bets_exercises_and_own_words_are_counted(project):
    bets = {
        "que-sigue-1": {"bet": "llave", "outcome": "puerta", "won": False},
        "que-sigue-2": {"bet": "río", "outcome": "río", "won": True},
        "que-sigue-3": {"bet": "sal", "outcome": "cielo", "won": None},
        "tokens": {"bet": "12", "outcome": "16", "won": False},
    }
    first, *_others = current_bank().exercises_of("conocer")
    state = with_values(
        {},
        {
            course_path(Part.BETS): bets,
            course_path(Part.EXERCISES, first.id): {"solved": True},
            OWN_TEXT: "Ay, mi río manso",
            ("steps",): ["que-sigue", "juguete", "textos", "contanos@conocer"],
        },
    )
    assert achievements("conocer", project, state) == [
        "Hiciste 2 pasos de esta página.",
        "Hiciste un modelo con 4 palabras tuyas.",
        "Hiciste 2 apuestas y acertaste 1.",
        "Resolviste 1 ejercicio de 4.",
    ]
    assert achievements("preparar", project, state) == [
        "Hiciste 1 paso de esta página.",
        "Hiciste 1 apuesta y ninguna salió: de ahí se aprende.",
    ]


def test_texts_trainings_and_exams_that_ended_are_counted(project):
    parts = {
        part: pd.DataFrame({"text": ["Llueve."] * count})
        for part, count in (("train", 9), ("validation", 1), ("test", 2))
    }
    record = {
        "format": 1,
        "task": "style",
        "counts": {part: len(table) for part, table in parts.items()},
        "name": "mis coplas",
    }
    state = {"dataset": str(save_tables(parts, record, project.datasets, "mis coplas").folder)}
    assert achievements("preparar", project, state) == [
        "En «mis coplas» hay 12 textos: 9 para estudiar, 1 para el simulacro y 2 para el examen."
    ]
    over(project, "train", 1)  # its process ended without a word
    assert achievements("entrenar", project, state) == []
    over(project, "train", 2, Finished({}), dataset=str(project.datasets / "otro"))
    assert achievements("entrenar", project, state) == ["Entrenaste 1 vez."], "with other texts"
    over(project, "train", 3, Finished({}), dataset=state["dataset"])
    over(project, "evaluate", 1, Finished({}))
    assert achievements("entrenar", project, state) == [
        "Entrenaste 2 veces.",
        "El modelo estudió 9 textos de «mis coplas».",
        "Le tomaste 1 examen.",
    ]
    owner = StateOwner.of(state["dataset"], "tiny", "train-3")
    state |= {"model": "tiny", "training": "train-3"}
    trial = {"text": "Ay, mi río manso,\n", "answers": {"base": {}, "tuned": {}}}
    followed = with_values(state, {OWN_TEXT: "Ay, mi río manso,\nlento.", owner.path("trial"): trial})
    assert achievements("entrenar", project, followed)[3:] == [
        "«Ay, mi río manso», que pegaste en la app 1, lo siguieron los dos: el modelo como vino y el que estudió."
    ]
    for change in ({OWN_TEXT: ""}, {owner.path("trial"): {**trial, "answers": {"base": {}}}}, {owner.path("trial"): 7}):
        assert len(achievements("entrenar", project, with_values(followed, change))) == 3
