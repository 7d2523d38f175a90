"""A word of the glossary shows its note by hover, focus and touch (WCAG 1.4.13), inside the window at 360 px."""

import nbformat
import pytest

from tests.walks import arrive, wait_until

pytestmark = pytest.mark.browser

LESSON = """
from ipywidgets import HTML
from widgets.core.html import markdown
HTML('<div class="poetas">' + markdown("Antes, la [temperatura](#glosa-temperatura) y, lejos, el "
    "[punto de comparación](#glosa-punto-de-comparacion).") + "</div>")
"""
OPEN = ".glosa-nota:popover-open"
INSIDE = """() => {
    const note = document.querySelector(".glosa-nota:popover-open").getBoundingClientRect();
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    return note.left >= 0 && note.top >= 0 && note.right <= width && note.bottom <= height;
}"""


@pytest.fixture(scope="module")
def opened(serve_apps, notebooks, new_shared_page):
    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    step = text("## Un paso\n\nUn [token](#glosa-token) y otra cosa.")
    cells = [
        text("# Glosario"),
        code("from widgets import App, Glossary\nApp('conocer')"),
        step,
        code(LESSON),
        code("Glossary()"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "glosario.ipynb")
    page = new_shared_page()
    page.goto(serve_apps(notebooks).app("glosario.ipynb"))
    arrive(page)
    page.get_by_role("button", name="token", exact=True).wait_for()
    return page


@pytest.fixture
def page(opened, put_back):
    with put_back(opened):
        opened.mouse.move(2, 2)
        yield opened
        opened.mouse.move(2, 2)
        opened.keyboard.press("Escape")


def word(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_hovering_shows_the_note_that_the_pointer_can_enter_and_escape_closes(page):
    note = page.locator(OPEN)
    word(page, "temperatura").hover()
    note.wait_for()
    assert note.inner_text().startswith("temperatura\n")
    box, line = note.bounding_box(), word(page, "temperatura").bounding_box()
    assert 0 <= box["y"] - (line["y"] + line["height"]) < 30  # beside its word, which it does not hide
    page.mouse.move(box["x"] + 60, box["y"] + 40, steps=8)
    page.wait_for_timeout(500)  # longer than a note waits for the pointer on its way
    assert note.is_visible()
    page.keyboard.press("Escape")  # pointer and focus stay where they are
    note.wait_for(state="hidden")

    word(page, "temperatura").hover()
    note.wait_for()
    page.mouse.move(2, 2)
    note.wait_for(state="hidden")


def test_a_click_keeps_the_note_until_it_is_closed(page, axe):
    note = page.locator(OPEN)
    word(page, "temperatura").hover()
    note.wait_for()
    word(page, "temperatura").click()
    page.mouse.move(2, 2)
    page.wait_for_timeout(500)
    assert note.is_visible()
    assert not (result := axe(page)), "\n".join(result)
    note.get_by_role("button", name="Cerrar").click()
    note.wait_for(state="hidden")
    word(page, "temperatura").click()
    note.wait_for()
    page.locator("h1").click()
    note.wait_for(state="hidden")


def test_the_keyboard_alone_opens_reads_and_closes(page):
    note = page.locator(OPEN)
    page.keyboard.press("Tab")  # from here on the focus is the keyboard's
    word(page, "temperatura").focus()
    note.wait_for()
    page.keyboard.press("Tab")  # passes on to the next word, whose note replaces it
    wait_until(page, "document.querySelector('.glosa-nota:popover-open')?.innerText.startsWith('punto')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # a note that was asked for: its closing button
    assert page.evaluate("document.activeElement.className") == "glosa-cerrar"
    page.keyboard.press("Escape")
    note.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "punto de comparación"
    page.keyboard.press("Tab")
    for _part in range(5):  # what arrives meanwhile may stand between
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "punto de comparación":
            break
    else:
        pytest.fail("the focus is on " + page.evaluate("document.activeElement.outerHTML")[:200])
    note.wait_for()


def test_a_tap_opens_it_inside_a_small_window_with_a_large_closing_button(page, wear):
    wear(page, viewport={"width": 360, "height": 640}, color_scheme="dark", has_touch=True, is_mobile=True)
    note = page.locator(OPEN)
    for name in ("token", "temperatura", "punto de comparación"):
        for block in ("start", "end"):
            word(page, name).evaluate("(word, block) => word.scrollIntoView({ block, behavior: 'instant' })", block)
            word(page, name).dispatch_event("click")
            note.wait_for()
            assert page.evaluate(INSIDE), (name, block)
            close = note.get_by_role("button", name="Cerrar")
            assert min(close.bounding_box()[side] for side in ("width", "height")) >= 44
            close.dispatch_event("click")
            note.wait_for(state="hidden")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
