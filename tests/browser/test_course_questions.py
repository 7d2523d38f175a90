"""Questions in a real page: by keyboard alone, kept by a reload, accessible; the file is saved as it was shown."""

import json

import nbformat
import pytest

from tests.walks import arrive, button, step, wait_until

pytestmark = pytest.mark.browser

CELLS = {
    "antes-de-empezar": 'StepCard("antes-de-empezar", Questionnaire)',
    "azar": 'PageContext.current().finish("azar")\nStepCard("azar", HTML("Mirá"))',
    "contanos": 'StepCard("contanos", Feedback)',
}


@pytest.fixture
def opened(serve_apps, notebooks, page):
    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    cells = [text("# Preguntas"), code("from ipywidgets import HTML\nfrom widgets import *\nApp('conocer')")]
    for slug, source in CELLS.items():
        heading = text(f"## {slug}")
        heading.metadata["poetas"] = {"slug": slug}
        cells += [heading, code(source)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "preguntas.ipynb")
    page.goto(serve_apps(notebooks).app("preguntas.ipynb"))
    arrive(page)
    return page


def skip_to_the_last(questions):
    """From the third, the first without an answer. The way back then stands elsewhere: no click leads there unasked."""
    skip = questions.get_by_role("button", name="No sé: la que sigue")
    for _question in range(2):
        place = skip.bounding_box()["x"]
        skip.press("Enter")
    skip.wait_for(state="hidden")
    assert questions.get_by_role("button", name="La anterior").bounding_box()["x"] > place


def test_a_course_is_answered_with_the_keyboard_and_its_file_is_what_was_shown(opened, wear, axe):
    page = opened
    before, closing = step(page, "antes-de-empezar"), step(page, "contanos")
    button(page, "antes-de-empezar", "Empezar las cinco preguntas").press("Enter")
    before.locator("fieldset").first.wait_for()
    before.locator("input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # within a question; the button goes to the next one
    assert before.locator("fieldset:visible").count() == 1, "one question at a time"
    assert not button(page, "antes-de-empezar", "Listo").is_visible()
    before.get_by_role("button", name="La que sigue", exact=True).press("Enter")
    page.keyboard.press("Space")  # the focus went along
    wait_until(page, lambda: before.locator(".chosen").count() == 2)
    chosen = before.locator("input:checked + span").all_inner_texts()

    page.reload()
    arrive(page)
    wait_until(page, lambda: before.locator("input:checked + span").all_inner_texts() == chosen)
    assert before.locator("input").nth(1).is_checked()
    skip_to_the_last(before)
    button(page, "antes-de-empezar", "Listo").press("Enter")
    before.locator("fieldset").first.wait_for(state="detached")

    question = step(page, "azar").locator(".poetas-item-form")
    question.locator("button.choice").first.press("Enter")
    question.locator(".feedback:not(:empty)").first.wait_for()
    assert page.evaluate("document.activeElement.className") == "choice", "the answer moves no focus"

    button(page, "contanos", "Empezar las cinco preguntas").press("Enter")
    closing.locator("fieldset.item").first.wait_for()
    for index in range(5):
        closing.locator("fieldset.item").nth(index).locator("input").first.press("Space")
        if index < 4:
            closing.get_by_role("button", name="La que sigue", exact=True).press("Enter")
    wait_until(page, lambda: closing.locator(".chosen").count() == 5)
    button(page, "contanos", "Listo").press("Enter")
    closing.get_by_text("Las cinco del comienzo, explicadas").wait_for()
    for code, mark in (("clarity", 3), ("trust", 4)):
        closing.locator(f"[data-code={code}] input").nth(mark).press("Space")
    closing.locator("textarea").fill("Me gustó <b>todo</b>.")
    closing.locator("textarea").blur()
    page.wait_for_timeout(300)
    button(page, "contanos", "Ver el archivo").press("Enter")
    shown = closing.locator("pre.poetas-answers")
    shown.get_by_text("Me gustó <b>todo</b>.").wait_for()
    with page.expect_download() as download:
        button(page, "contanos", "Bajar el archivo").press("Enter")
    saved = download.value.path().read_text("utf-8")
    assert saved == shown.text_content()
    app = json.loads(saved)["apps"]["conocer"]
    assert (app["feedback"]["clarity"], app["feedback"]["trust"]) == (4, 5)
    assert [len(app["questionnaires"][moment]["answers"]) for moment in ("before", "after")] == [2, 5]

    for width, colors in ((1180, "light"), (360, "dark")):
        wear(page, {"width": width, "height": 800}, colors)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert axe(page) == []
    assert page.seen.errors == []
