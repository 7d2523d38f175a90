"""The questionnaires, the steps' questions and «Contanos»: what is answered, kept, explained and exported."""

import json
import re

import pytest

from poetas.course.answers_file import answers_text
from poetas.course.course_record import Part, course_entries, course_path
from poetas.course.question_bank import current_bank
from poetas.course.sittings import AFTER, BEFORE, Learner
from poetas.privacy.erasure import erase_personal_data
from poetas.workspace import Workspace
from tests.unit.widgets.pollers import new_poller
from widgets import Feedback, PageContext, Question, Questionnaire, StepCard
from widgets.core.component import Component, State
from widgets.core.elements import html, is_shown
from widgets.core.html import text
from widgets.core.item_form import ItemForm
from widgets.core.usage_record import UsageRecord


class Step(Component):
    """A step that a click finishes."""

    def build(self):
        return (html("Mirá"),)


def open_page(home, app="conocer"):
    """Open a page of an app, as a reload does."""
    context = PageContext(Workspace(home), poller=new_poller())
    context.app = app
    context.make_current()
    return context


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def context(home):
    return open_page(home)


def forms(widget):
    """Return the forms of items that a widget shows."""
    if isinstance(widget, ItemForm):
        return [widget]
    shown = [child for child in getattr(widget, "children", ()) if is_shown(child)]
    return [form for child in shown for form in forms(child)]


def choose(form, item, option):
    """Choose an option as the page does."""
    form._receive(form, {"type": "choose", "item": item, "option": option}, [])


def answer(questionnaire, count=5, *, right=True):
    """Answer the first items of an open form."""
    for row in forms(questionnaire)[0].drawn[:count]:
        item = current_bank().items[row["id"]]
        choose(forms(questionnaire)[0], item.id, item.right if right else (item.right + 1) % 4)


def sat(context, app="conocer"):
    return course_entries(context.state(), Part.QUESTIONNAIRES, app)


def visible(value):
    return re.sub(r"<[^>]+>", " ", value)


# --- before and after


def test_a_page_that_opens_shows_one_line_and_writes_nothing(context, home):
    questionnaire = Questionnaire(context=context)
    assert forms(questionnaire) == []
    assert is_shown(questionnaire.begin)
    assert not home.exists()


def test_before_the_app_no_answer_is_given_away(context):
    questionnaire = Questionnaire(context=context)
    questionnaire.begin.click()
    answer(questionnaire)
    sent = json.dumps(forms(questionnaire)[0].drawn)
    assert not any(option.feedback in sent for item in current_bank().items.values() for option in item.options)
    assert "true" not in re.sub(r'"(chosen|locked|shown)": true', "", sent)
    questionnaire.submit.click()
    assert forms(questionnaire) == []
    assert questionnaire.done


def test_the_after_asks_the_other_form_and_shows_the_gain_of_each_concept_with_all_feedback(context):
    before, after = Questionnaire(context=context), Questionnaire(AFTER, context=context)
    before.begin.click()
    answer(before, right=False)
    before.submit.click()
    after.begin.click()
    asked = {row["id"] for row in forms(after)[0].drawn}
    answer(after, 4)
    after.submit.click()
    assert "Queda 1 sin contestar" in after.hint.value
    after.submit.click()
    forms_kept = {moment: value["form"] for moment, value in sat(context).items()}
    assert set(forms_kept.values()) == {"A", "B"}
    explained, first = forms(after)
    assert {row["id"] for row in explained.drawn} == asked
    assert asked.isdisjoint({row["id"] for row in first.drawn})
    options = [option for form in (explained, first) for row in form.drawn for option in row["options"]]
    assert all(option["feedback"] for option in options)
    said = visible(after.line.value)
    assert "Ahora acertaste 4 de 5. Al empezar, ninguna." in said
    titles = current_bank().concepts
    assert [title for title in titles.values() if title in visible(after.line.value.split("<table")[1])] == [
        titles[item.concept] for item in current_bank().form("conocer", "A")
    ]


def test_the_order_of_the_forms_is_drawn_once_a_learner_and_serves_the_three_apps(home):
    orders = set()
    for number in range(12):
        context = open_page(home.with_name(f"home-{number}"))
        Questionnaire(context=context).later.click()
        order = Learner.read(context.state()).first
        other = Questionnaire(app="preparar", context=open_page(home.with_name(f"home-{number}"), "preparar"))
        other.begin.click()
        assert other.sitting.form == order
        orders.add(order)
    assert orders == {"A", "B"}


def test_half_filled_answers_are_there_after_a_reload_and_can_be_changed(context, home):
    questionnaire = Questionnaire(context=context)
    questionnaire.begin.click()
    answer(questionnaire, 2)
    again = Questionnaire(context=open_page(home))
    rows = forms(again)[0].drawn
    assert [sum(option["chosen"] for option in row["options"]) for row in rows] == [1, 1, 0, 0, 0]
    choose(forms(again)[0], rows[0]["id"], rows[0]["options"][3]["index"])
    assert again.sitting.choices[rows[0]["id"]] == rows[0]["options"][3]["index"]
    assert len(again.sitting.choices) == 2


def test_it_can_be_left_for_later_and_taken_up(context, home):
    Questionnaire(context=context).later.click()
    again = Questionnaire(context=open_page(home))
    assert again.done
    assert forms(again) == []
    again.begin.click()
    assert len(forms(again)[0].drawn) == 5
    assert not again.done


def test_what_is_handed_in_no_longer_changes(context, home):
    questionnaire = Questionnaire(context=context)
    questionnaire.begin.click()
    form = forms(questionnaire)[0]
    answer(questionnaire)
    questionnaire.submit.click()
    kept = sat(context)["before"]["choices"]
    item = next(iter(kept))
    choose(form, item, (kept[item] + 1) % 4)
    assert sat(open_page(home))["before"]["choices"] == kept


FORGED = [
    None,
    {"type": "choose"},
    {"type": "choose", "item": "paso-azar", "option": 0},
    {"type": "choose", "item": ["x"], "option": 0},
    {"type": "choose", "item": "conocer-apuesta-a", "option": True},
    {"type": "choose", "item": "conocer-apuesta-a", "option": 99},
    {"type": "choose", "item": "conocer-apuesta-a", "option": "0"},
]


@pytest.mark.parametrize("message", FORGED)
def test_a_message_that_no_page_sends_chooses_nothing(context, message):
    questionnaire = Questionnaire(context=context)
    questionnaire.begin.click()
    forms(questionnaire)[0]._receive(None, message, [])
    assert questionnaire.sitting.choices == {}


@pytest.mark.parametrize(
    "kept",
    [
        7,
        {"conocer": 7},
        {"conocer": {"before": [1], "after": {"form": "Z"}}},
        {"conocer": {"before": {"form": "A", "choices": 3}}},
    ],
)
def test_a_damaged_record_is_a_fresh_start(context, home, kept):
    context.save_at({course_path(Part.QUESTIONNAIRES): kept, course_path(Part.FEEDBACK): kept})
    page = open_page(home)
    closing, before = Feedback(context=page), Questionnaire(context=page)
    assert closing.form.marks == {}
    before.begin.click()
    assert before.sitting.choices == {}
    assert len(forms(before)[0].drawn) == 5


def test_a_broken_file_of_items_is_named_on_the_card_and_the_courses_items_are_asked(context, tmp_path, monkeypatch):
    wrong = tmp_path / "mias.toml"
    wrong.write_text("version = 1", "utf-8")
    monkeypatch.setenv("POETAS_ITEMS", str(wrong))
    questionnaire = Questionnaire(context=context)
    questionnaire.begin.click()
    assert "mias.toml" in questionnaire.alert.problem.what
    assert len(forms(questionnaire)[0].drawn) == 5


# --- a step's question


def asked(card):
    return [child for child in card.children if isinstance(child, Question)]


def test_a_steps_question_waits_until_the_step_is_done_and_stands_below_its_note(context):
    card = StepCard("azar", Step(context), context=context)
    assert asked(card) == []
    card.component.done = True
    assert [type(child).__name__ for child in card.children] == ["Step", "StepNote", "Question"]
    card.component.done = False
    card.component.done = True
    assert len(asked(card)) == 1


def test_each_choice_is_answered_and_the_first_one_is_kept(context, home):
    card = StepCard("azar", Step(context), context=context)
    card.component.done = True
    (question,) = asked(card)
    item = question.item
    wrong = next(index for index in range(len(item.options)) if index != item.right)
    choose(question, item.id, wrong)
    shown = {option["index"]: option["feedback"] for option in question.drawn[0]["options"] if option["shown"]}
    assert shown == {wrong: item.options[wrong].feedback}
    choose(question, item.id, item.right)
    assert all(option["feedback"] for option in question.drawn[0]["options"])
    kept = course_entries(context.state(), Part.QUESTIONS)[item.id]
    assert (kept["choice"], kept["right"], kept["tries"]) == (wrong, False, 2)
    again = StepCard("azar", Step(open_page(home)), context=open_page(home))
    (question,) = asked(again)
    assert question.tried == [wrong, item.right]
    assert not question.opened


def test_a_step_without_a_question_and_a_component_outside_the_apps_get_none(context):
    for step, app in (("seguir", "conocer"), ("azar", "")):
        context.app = app
        card = StepCard(step, Step(context), context=context)
        card.component.done = True
        assert asked(card) == []


def test_a_step_that_every_app_has_is_done_in_its_own_app_alone(context, home):
    StepCard("contanos", Step(context), context=context).component.done = True
    assert context.finished("contanos")
    other = open_page(home, "preparar")
    assert not other.finished("contanos")
    assert open_page(home).finished("contanos")


# --- feedback and the file


def test_marks_and_text_are_kept_at_once_and_checked(context, home):
    closing = Feedback(context=context)
    closing.form.marks = {"clarity": 4, "difficulty": 9, "hack": 3, "trust": True}
    closing.form.text = "a" * 9_000
    kept = course_entries(context.state(), Part.FEEDBACK, "conocer")
    assert kept == {"clarity": 4, "text": "a" * 4_000}
    assert not closing.done
    closing.form.marks = dict.fromkeys(("clarity", "difficulty", "usefulness", "trust"), 3)
    assert closing.done
    again = Feedback(context=open_page(home))
    assert again.form.marks == dict.fromkeys(("clarity", "difficulty", "usefulness", "trust"), 3)
    assert again.done


def test_the_file_that_is_saved_is_the_one_that_was_shown(context, tmp_path):
    closing = Feedback(context=context)
    closing.form.text = "<b>negrita</b>"
    export = closing.export
    assert export.place.children == ()
    export.look.click()
    assert text(export.shown) in export.preview.value
    assert "&lt;b&gt;negrita&lt;/b&gt;" in export.preview.value
    closing.form.text = "Otra cosa, escrita después"
    given = []
    export._give(given.append)
    assert given[0].read_text("utf-8") == export.shown
    assert json.loads(export.shown)["learner"] == Learner.read(context.state()).code
    assert answers_text(json.loads(export.shown)) == export.shown


# --- time and error cards


def test_the_time_between_events_goes_to_the_step_in_use_and_long_gaps_to_none(context, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("widgets.core.usage_record.time.monotonic", lambda: now[0])
    first, second = (StepCard(step, Step(context), context=context).component for step in ("proxima", "azar"))

    def used(component, after):
        now[0] += after
        component.clear_error()

    used(first, 0)
    used(first, 20)
    used(second, 30)
    used(second, 1_000)
    second.state = State.BUSY
    used(second, 60)
    second.state = State.READY
    used(second, 60)
    assert course_entries(context.state(), Part.TIMES, "conocer") == {"proxima": 20, "azar": 30 + 120}
    assert not context.project.path.exists(), "counting alone writes nothing"
    context.save(model="tiny")
    assert course_entries(context.project.state(), Part.TIMES, "conocer")["proxima"] == 20


def test_error_cards_are_counted_by_code(context, home):
    step = Step(context)

    def lacking():
        raise FileNotFoundError("nada")

    step.run_guarded(lacking)
    code = step.alert.problem.code
    step.run_guarded(lacking)
    context.save(model="tiny")
    assert course_entries(open_page(home).state(), Part.ERRORS) == {code: 2}


def test_the_before_of_an_app_is_not_that_of_another(context, home):
    first = Questionnaire(context=context)
    first.begin.click()
    answer(first)
    first.submit.click()
    other = Questionnaire(context=open_page(home, "preparar"))
    assert other.sitting is None
    assert sat(context, "preparar").get(BEFORE) is None


@pytest.mark.parametrize("finished", [True, False])
def test_what_was_erased_is_not_on_the_page_and_is_not_written_again(context, finished):
    question = Question.of_step("azar", context)
    if finished:
        context.finish("azar")
    choose(question, question.item.id, 0)
    before, closing = Questionnaire(context=context), Feedback(context=context)
    before.begin.click()
    answer(before)
    closing.form.marks = {"clarity": 4}
    closing.export.look.click()
    context.erasing = True
    erase_personal_data(context.workspace)
    context.reset()
    assert (question.tried, before.sitting, closing.form.marks, closing.export.shown) == ([], None, {}, "")
    closing.form.marks = {"trust": 2}
    before.begin.click()
    answer(before, 1)
    kept = context.project.state()["course"]
    assert kept["feedback"]["conocer"] == {"trust": 2, "text": ""}
    assert len(kept["questionnaires"]["conocer"]["before"]["choices"]) == 1
    assert "questions" not in kept


def test_what_another_tab_erased_is_not_written_again(context, home):
    question, before, closing = (
        Question.of_step("azar", context),
        Questionnaire(context=context),
        Feedback(context=context),
    )
    wrong = [index for index in range(4) if index != question.item.right]
    choose(question, question.item.id, wrong[0])
    before.begin.click()
    answer(before)
    closing.form.marks = {"clarity": 4}
    closing.form.text = "Me acordé de mi abuela"
    closing.export.look.click()
    writing = Feedback(context=context)
    erase_personal_data(Workspace(home))
    choose(question, question.item.id, wrong[1])
    item = next(iter(before.sitting.choices))
    choose(forms(before)[0], item, 0)
    before.submit.click()
    closing.form.marks = {"clarity": 4, "trust": 2}
    writing.form.text += " y"
    given = []
    closing.export._give(given.append)
    kept = context.project.state()["course"]
    assert kept["questions"][question.item.id]["tried"] == [wrong[1]]
    assert kept.get("questionnaires") is None
    assert kept["feedback"]["conocer"] == {"trust": 2, "text": ""}
    assert closing.form.text == writing.form.text == ""
    assert (given, closing.export.shown) == ([], "")


def test_a_file_of_another_project_than_the_one_that_is_open_is_not_given(context):
    closing = Feedback(context=context)
    closing.export.look.click()
    context.open("otro")
    Questionnaire(context=context).begin.click()  # this project has a learner, too
    given = []
    closing.export._give(given.append)
    assert given == []


# --- two tabs of an app


def test_a_tab_that_was_left_open_does_not_change_what_was_handed_in_in_another(context, home):
    stale = Questionnaire(context=context)
    unopened = Questionnaire(context=context)
    stale.begin.click()
    answer(stale, 1)
    other = Questionnaire(context=open_page(home))
    answer(other, right=False)
    other.submit.click()
    kept = sat(other.context)["before"]
    form, item = forms(stale)[0], next(iter(kept["choices"]))
    choose(form, item, current_bank().items[item].right)
    assert stale.state is State.DONE
    stale.submit.click()
    unopened.later.click()
    assert unopened.state is State.DONE
    assert sat(open_page(home))["before"] == kept


def test_choices_of_two_tabs_are_joined(context, home):
    first = Questionnaire(context=context)
    first.begin.click()
    other = Questionnaire(context=open_page(home))
    answer(first, 1)
    row = forms(other)[0].drawn[1]
    choose(forms(other)[0], row["id"], 0)
    assert len(sat(open_page(home))["before"]["choices"]) == 2


def test_the_first_choice_of_a_steps_question_is_that_of_the_tab_that_answered_first(context, home):
    question = Question.of_step("azar", context)
    other = Question.of_step("azar", open_page(home))
    choose(other, question.item.id, question.item.right)
    choose(question, question.item.id, (question.item.right + 1) % 4)
    assert question.tried == [question.item.right]
    assert course_entries(open_page(home).state(), Part.QUESTIONS)[question.item.id]["right"] is True


def test_the_before_is_closed_once_the_after_was_handed_in(context):
    before, half, after = (Questionnaire(moment, context=context) for moment in (BEFORE, BEFORE, AFTER))
    before.later.click()
    after.begin.click()
    answer(after)
    after.submit.click()
    before.begin.click()
    half.begin.click()
    for card in (before, half, Questionnaire(context=context)):
        assert forms(card) == []
        assert not is_shown(card.buttons)
        assert "eran para antes" in card.line.value
    assert sat(context)["before"]["skipped"]


def test_what_was_left_blank_before_and_is_right_now_was_learnt(context):
    before, after = Questionnaire(context=context), Questionnaire(AFTER, context=context)
    before.begin.click()
    before.submit.click()
    before.submit.click()
    after.begin.click()
    answer(after)
    after.submit.click()
    said = visible(after.line.value)
    assert "Al empezar, ninguna." in said
    assert "Esto lo viste acá" in said


def test_answers_to_questions_that_changed_since_are_not_said_to_be_wrong(context):
    after = Questionnaire(AFTER, context=context)
    after.begin.click()
    answer(after)
    after.submit.click()
    path = course_path(Part.QUESTIONNAIRES, "conocer", AFTER)
    context.save_at({(*path, "items"): "0" * 64})
    said = visible(Questionnaire(AFTER, context=context).line.value)
    assert "cuando las preguntas eran otras" in said
    assert "acertaste" not in said


def test_what_two_tabs_count_adds_up(context, home):
    other = open_page(home)
    for page in (context, other, context):
        page.shared(UsageRecord, UsageRecord).error("out-of-memory")
        page.count_later(course_path(Part.TIMES, "conocer", "azar"), 2.25)
    assert course_entries(context.state(), Part.ERRORS) == {"out-of-memory": 2}
    context.save(model="tiny")
    other.save(model="tiny")
    context.save(model="otro")
    state = open_page(home).state()
    assert course_entries(state, Part.ERRORS) == {"out-of-memory": 3}
    assert course_entries(state, Part.TIMES, "conocer")["azar"] == pytest.approx(6.75, abs=0.1)


def test_what_a_tab_counted_before_another_one_erased_is_not_counted_again(context, home):
    other = open_page(home)
    context.save(model="tiny")
    other.save(model="otro")
    context.count_later(course_path(Part.TIMES, "conocer", "azar"), 60.0)
    erase_personal_data(Workspace(home))
    other.save(model="otro")  # the project begins again
    context.count_later(course_path(Part.TIMES, "conocer", "azar"), 60.0)
    context.save(model="tiny")
    assert course_entries(context.project.state(), Part.TIMES) == {}
    context.count_later(course_path(Part.TIMES, "conocer", "azar"), 2.0)
    context.save(model="tiny")
    assert course_entries(context.project.state(), Part.TIMES, "conocer") == {"azar": 2.0}
