"""The question bank: what an instructor's file may hold, and that guessing by form does not pay."""

import re

import pytest

from poetas.course.app_steps import app_steps
from poetas.course.course_record import APPS
from poetas.course.items_file import BrokenItemsFile, read_bank
from poetas.course.question_bank import ITEMS, bank_problem, current_bank
from poetas.course.question_items import FORMS, TASKS

SPANISH = ITEMS / "es.toml"
HEDGES = re.compile(r"\b(puede|pueden|suele|suelen|quizás|a veces|algo|parecido|poco|casi|algunos|no se sabe)\b")
ABSOLUTES = re.compile(r"\b(siempre|nunca|solo|solamente|todo|todos|todas|nada|cada)\b")
NEGATIONS = re.compile(r"\b(no|ni|sin)\b")


def words(text):
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def shared(item, text):
    return sum(len(words(text) & words(option.text)) for option in item.options)


# How somebody chooses who knows nothing of the subject and looks at the options' form.
GUESSES = {
    "the longest": lambda _item, text: len(text),
    "the shortest": lambda _item, text: -len(text),
    "the most hedged": lambda _item, text: len(HEDGES.findall(text.lower())),
    "the least absolute": lambda _item, text: -len(ABSOLUTES.findall(text.lower())),
    "the most negative": lambda _item, text: len(NEGATIONS.findall(text.lower())),
    "the least negative": lambda _item, text: -len(NEGATIONS.findall(text.lower())),
    "words of the question": lambda item, text: len(words(text) & words(item.stem)),
    "other words than the question": lambda item, text: -len(words(text) & words(item.stem)),
    "most alike the others": shared,
    "least alike the others": lambda item, text: -shared(item, text),
}
MARGIN = 0.12  # over chance; 30 items: one that knows nothing is beyond it once in 20


def hit_rate(items, score):
    """Return the share of items that a way of guessing hits; where options tie, it draws among them."""
    hits = 0.0
    for item in items:
        scores = [score(item, option.text) for option in item.options]
        best = [index for index, value in enumerate(scores) if value == max(scores)]
        hits += (item.right in best) / len(best)
    return hits / len(items)


@pytest.fixture(scope="module")
def bank():
    return read_bank(SPANISH)


@pytest.mark.parametrize("kind", ["questionnaires", "steps"])
@pytest.mark.parametrize("guess", GUESSES)
def test_guessing_by_the_form_of_the_options_does_not_pay(bank, kind, guess):
    items = [item for item in bank.items.values() if bool(item.form) == (kind == "questionnaires")]
    guess_rate = sum(1 / len(item.options) for item in items) / len(items)
    assert hit_rate(items, GUESSES[guess]) <= guess_rate + MARGIN + (
        0.05 if kind == "steps" else 0
    )  # half as many items


def test_no_place_on_the_page_holds_most_right_options(bank):
    places = [item.order().index(item.right) for item in bank.items.values() if item.form]
    assert all(4 <= places.count(place) <= 11 for place in range(4)), places


def test_each_app_asks_five_concepts_in_two_forms_with_feedback_for_every_option(bank):
    for app in APPS:
        forms = [bank.form(app, form) for form in FORMS]
        assert [len(form) for form in forms] == [5, 5]
        assert [item.concept for item in forms[0]] == [item.concept for item in forms[1]]
        assert all(len(item.options) == 4 for form in forms for item in form)
    options = [option for item in bank.items.values() for option in item.options]
    assert len({option.feedback for option in options}) > 0.9 * len(options)


def test_parallel_items_take_the_same_reading(bank):
    """A before that is longer to read than its after would make a gain out of nothing."""
    for app in APPS:
        lengths = [sum(len(item.stem) for item in bank.form(app, form)) for form in FORMS]
        assert max(lengths) < 1.3 * min(lengths), app


def test_every_question_is_about_a_step_of_its_page(bank):
    lost = [item.id for item in bank.items.values() if item.step and item.step not in app_steps(item.app)]
    assert lost == []


WRONG = [
    ("version = 1", "version = 2", "otra versión"),
    ('form = "A"', 'form = "A"\nrespuesta = "B"', "respuesta"),
    ('form = "A"', 'form = "C"', "form"),
    ("  right = true\n", "", "una sola opción"),
    ("  right = true\n", '  right = "sí"\n', "true o false"),
    ('concept = "apuesta"', 'concept = "marcianos"', "concept"),
    ('id = "conocer-apuesta-b"', 'id = "conocer-apuesta-a"', "conocer-apuesta-a"),
    ('id = "conocer-apuesta-a"', 'id = "Con Mayúsculas"', "minúsculas"),
    (
        'concept = "apuesta"\napp = "conocer"\nform = "B"',
        'concept = "azar"\napp = "conocer"\nform = "B"',
        "formas A y B",
    ),
    ('form = "B"', 'form = "A"', "cinco preguntas"),
    ('step = "azar"', 'step = "proxima"', "dos preguntas"),
    ('stem = "', 'stem = "' + "a" * 700, "stem"),
    ("[concepts]", "concepts = 7\n[otra]", "otra"),
    ("[[question]]", "question = 3\n[[item]]", "TOML"),
    ("version = 1", "version = " + "[" * 5000, "TOML"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_a_wrong_file_is_refused_with_the_place_of_its_mistake(tmp_path, old, new, said):
    path = tmp_path / "preguntas.toml"
    text = SPANISH.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BrokenItemsFile) as caught:
        read_bank(path)
    assert said in caught.value.explanation.why


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 100, b"", b"# " + b"a" * 500_000])
def test_what_is_no_file_of_items_is_refused(tmp_path, content):
    path = tmp_path / "preguntas.toml"
    path.write_bytes(content)
    for wrong in (path, tmp_path, tmp_path / "ninguno.toml"):
        with pytest.raises(BrokenItemsFile):
            read_bank(wrong)


def test_an_instructors_file_takes_the_place_of_the_courses(tmp_path, monkeypatch, bank):
    path = tmp_path / "mias.toml"
    path.write_text(
        SPANISH.read_text("utf-8").replace("una poeta que no conocés", "una pintora que no conocés"), "utf-8"
    )
    monkeypatch.setenv("POETAS_ITEMS", str(path))
    mine = current_bank()
    assert mine.source == "own"
    assert "pintora" in mine.items["conocer-verdad-a"].stem
    assert mine.sha256 != bank.sha256
    assert bank_problem() is None


def test_a_broken_file_of_an_instructor_leaves_the_courses_items_and_says_why(tmp_path, monkeypatch):
    path = tmp_path / "mias.toml"
    path.write_text("version = 1", "utf-8")
    monkeypatch.setenv("POETAS_ITEMS", str(path))
    assert current_bank().source == "course"
    assert "concepts" in bank_problem().why


@pytest.mark.parametrize("spoken", ["en", "../../x", "es"])
def test_a_language_without_items_gets_the_spanish_ones(monkeypatch, spoken, bank):
    monkeypatch.setenv("POETAS_LANG", spoken)
    assert current_bank().sha256 == bank.sha256


@pytest.mark.parametrize("task", TASKS)
def test_each_app_has_four_exercises_for_either_task_two_of_them_on_own_texts(task):
    for app in APPS:
        exercises = current_bank().exercises_of(app, task)
        assert len(exercises) >= 4, app
        assert sum(exercise.own for exercise in exercises) >= 2, app
