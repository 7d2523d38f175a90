"""App 1 in a real browser: play, count, choose a model, guess, write with the bars, turn the knobs, write twice.

A page costs 8 s of processor time, so that one is for all that is tried wide and by keyboard, and one for a phone.
"""

import json
import shutil

import psutil
import pytest

from tests.tiny_model import TINY, build_tiny_model
from tests.walks import LONG, MOST_MB, arrive, button, count_words, guess_and_write, light, play, step

pytestmark = pytest.mark.browser
APP = "1_conocer.ipynb"
STEPS = ["que-sigue", "juguete", "modelo", "proxima", "azar"]


@pytest.fixture(scope="module")
def server(serve_apps, forks, tmp_path_factory):
    models = tmp_path_factory.mktemp("modelos")
    build_tiny_model(models / TINY)
    return serve_apps(env={"POETAS_MODELS": str(models), **forks})


@pytest.fixture
def project(server):
    """An empty project folder: what an earlier test chose would be chosen already."""
    shutil.rmtree(server.home / "poetas" / "proyectos", ignore_errors=True)


def comes_by_a_link(page, server, wait_until):
    """Open the app by a link to a step; see that it comes to it though the steps come late, and stays there."""
    page.goto(server.app(APP) + "#azar")
    arrive(page)
    header = page.locator(".cabecera").evaluate("e => e.getBoundingClientRect().bottom")
    top = "document.getElementById('azar').getBoundingClientRect().top"
    wait_until(page, f"{max(header, 0)} <= {top} && {top} <= 90")
    # What grows above it later does not push it away, in a browser that does not see to that itself either.
    page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
    page.evaluate("document.getElementById('proxima').style.minHeight = '1500px'")
    wait_until(page, f"{max(header, 0)} <= {top} && {top} <= 90")
    page.evaluate("document.documentElement.style.overflowAnchor = ''")
    page.evaluate("document.getElementById('proxima').style.minHeight = ''")


def opens_a_word_of_the_glossary(page, axe):
    """Open the meaning of a word by keyboard, close it, and see that each meaning stands below its own word."""
    word = step(page, "proxima").get_by_role("button", name="tokens", exact=True)
    word.focus()
    place = page.evaluate("location.href")
    page.keyboard.press("Enter")
    note = page.locator(".glosa-nota:popover-open")
    note.wait_for()
    assert note.inner_text().startswith("token\nEl pedacito")
    assert page.evaluate("location.href") == place  # the page went nowhere
    assert not (result := axe(page)), "\n".join(result)
    page.keyboard.press("Escape")
    note.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.textContent") == "tokens"

    for width in (360, 1180):
        page.set_viewport_size({"width": width, "height": 800})
        boxes = page.evaluate("""() => {
            document.querySelector('.poetas-glossary').open = true;
            const box = e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
            return [...document.querySelectorAll('.poetas-glossary dt')].map(e => [box(e), box(e.nextElementSibling)]);
        }""")
        assert len(boxes) > 10
        for (left, _top, _right, bottom), (x, y, end, _end) in boxes:
            assert y >= bottom - 1
            assert abs(x - left) <= 1
            assert end - x > width / 2
    page.evaluate("document.querySelector('.poetas-glossary').open = false")
    page.set_viewport_size({"width": 1180, "height": 900})


def writes_a_word(page, beginning, wait_until, choose):
    """Choose a bar and wait until those of the next word stand there: drawn again, and awake."""
    before = beginning.input_value()
    page.evaluate("document.querySelectorAll('#proxima button.bar').forEach(bar => { bar.dataset.old = 'yes'; })")
    choose()
    wait_until(page, lambda: beginning.input_value() != before)
    wait_until(page, "!document.querySelector('#proxima button.bar:is([data-old], [aria-disabled=true])')")
    wait_until(page, "document.querySelector('#proxima button.bar') !== null")
    tops = []

    def still():  # what says that the model reads is gone, and the bars have moved up
        tops.append(page.evaluate("document.querySelector('#proxima button.bar').getBoundingClientRect().top"))
        return tops[-1:] == tops[-2:-1]

    wait_until(page, still)


def rings(page):
    """Go round by Tab; return what was reached, and whether the ring around it is wide, apart, solid and seen."""
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name, width, offset, style, ring, paper = page.evaluate("""() => {
            const e = document.activeElement, look = getComputedStyle(e);
            const root = getComputedStyle(document.body);
            return [e.localName + '.' + e.type, parseFloat(look.outlineWidth), parseFloat(look.outlineOffset),
                    look.outlineStyle, look.outlineColor, root.backgroundColor];
        }""")
        if name.startswith("body"):
            break
        seen.append((name, width >= 3, offset >= 1, style == "solid", ring != paper))
    return seen


def test_a_link_to_a_step_the_glossary_and_the_whole_way_by_keyboard_with_a_clear_ring_around_the_focus(
    server, project, new_page, wait_until, axe
):
    page = new_page(viewport={"width": 1280, "height": 900})
    comes_by_a_link(page, server, wait_until)
    opens_a_word_of_the_glossary(page, axe)

    use = step(page, "modelo").locator(".poetas-model", has_text="ya está en esta máquina").get_by_role("button")
    use.focus()
    page.keyboard.press("Enter")
    step(page, "modelo").locator(".chip.good", has_text="en uso").wait_for()
    wait_until(page, step(page, "proxima").get_by_role("button", name="Mostrame").is_enabled)
    wait_until(page, "document.querySelector('#proxima textarea:enabled')")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        step(page, "modelo").get_by_role("button", name="Ver más modelos").focus()
        seen = rings(page)
        reached = {name for name, *_ in seen}
        assert {"textarea.textarea", "input.text", "button.submit", "summary.undefined"} <= reached, scheme
        assert not [parts for parts in seen if not all(parts)], scheme
    step(page, "proxima").get_by_label("Tu apuesta").focus()
    page.keyboard.type("río")
    page.keyboard.press("Enter")
    wait_until(page, "document.activeElement.matches('#proxima .poetas-bet-answer')", LONG)  # the model is loaded now
    bar = step(page, "proxima").locator("button.bar").first
    bar.wait_for()
    wait_until(page, "!document.querySelector('#proxima button.bar[aria-disabled=true]')")
    bar.focus()
    beginning = step(page, "proxima").get_by_label("Tu comienzo")
    page.keyboard.press("Tab")
    for _ in range(2):  # the focus stays where it was, so that one word can be written after another
        writes_a_word(page, beginning, wait_until, lambda: page.keyboard.press("Enter"))
        wait_until(page, "document.activeElement === document.querySelectorAll('#proxima button.bar')[1]")
    # With the mouse, quickly: the browser counts the second click as half of a double one, on a bar drawn again.
    box = step(page, "proxima").locator("button.bar").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for count in (1, 2):

        def click(count=count):
            page.mouse.down(click_count=count)
            page.mouse.up(click_count=count)

        writes_a_word(page, beginning, wait_until, click)
    write = step(page, "azar").get_by_role("button", name="Escribir de los dos lados")
    write.focus()
    page.keyboard.press("Enter")
    step(page, "azar").locator(".written").nth(1).wait_for()
    wait_until(page, write.is_enabled)
    wait_until(page, lambda: write.evaluate("button => button === document.activeElement"))


def brings_into_view(page, wait_until):
    """See that what a click or a style brings up is in view, and that the focus stays in its step."""
    section = step(page, "modelo")
    section.get_by_role("button", name="Traer Gemma 3 (270M)").click()
    question = section.locator(".poetas-question")
    question.wait_for()
    middle = "e => { const box = e.getBoundingClientRect(); return (box.top + box.bottom) / 2 }"
    wait_until(page, lambda: 0 < question.evaluate(middle) < 640)
    section.get_by_role("button", name="Ahora no").click()
    wait_until(page, "document.activeElement.textContent === 'Traer Gemma 3 (270M)'")
    section.get_by_role("button", name="Ver más modelos").click()
    section.get_by_role("textbox").first.fill("Qwen/Qwen2.5-0.5B-Instruct")
    page.keyboard.press("Enter")  # as a click on «Averiguar»
    answer = section.get_by_text("ya está en la lista")
    answer.wait_for()
    wait_until(page, lambda: 0 < answer.evaluate(middle) < 640)

    page.wait_for_timeout(500)  # the click's own changes are over
    question.evaluate("e => { e.innerHTML = '<p>¿Sí?</p>'; scrollTo({ top: 0, behavior: 'instant' }) }")
    page.wait_for_timeout(500)
    question.evaluate("e => { e.style.display = 'block' }")
    box = "e => { const box = e.getBoundingClientRect(); return 0 <= box.top && box.bottom <= innerHeight }"
    wait_until(page, lambda: question.evaluate(box))
    # The focus of what a style takes out of sight goes to its step, though nothing moves.
    look = section.locator("button", has_text="Averiguar")
    look.click()
    page.wait_for_timeout(1000)
    look.evaluate("e => { e.focus(); e.style.visibility = 'hidden' }")
    wait_until(page, "document.activeElement.closest('section')?.id === 'modelo'")
    look.evaluate("e => { e.style.visibility = 'visible' }")
    wait_until(page, lambda: look.evaluate("e => e === document.activeElement"))
    question.evaluate("e => { e.style.display = '' }")


def test_on_a_phone_what_comes_up_is_in_view_the_kernel_is_small_and_a_reload_has_all_that_was_done(
    server, project, new_page, wait_until, axe
):
    page = new_page(viewport={"width": 360, "height": 640})
    comes_by_a_link(page, server, wait_until)
    play(page)
    count_words(page)
    brings_into_view(page, wait_until)

    button(page, "modelo", "Usar Modelo diminuto").dblclick()
    wait_until(page, button(page, "proxima", "Mostrame").is_enabled)
    wait_until(page, "document.activeElement.closest('section')?.id === 'modelo'")
    step(page, "modelo").locator(".chip.good", has_text="en uso").wait_for()
    guess_and_write(page)
    done = f"{json.dumps(STEPS)}.every(s => document.querySelector(`.pasos li.done[data-step=${{s}}]`))"
    wait_until(page, done)
    page.set_viewport_size({"width": 1180, "height": 900})
    assert not (result := axe(page)), "\n".join(result)
    assert page.seen.foreign(server.base) == []
    assert page.seen.errors == []
    newest = max(server.kernels(), key=lambda pid: psutil.Process(pid).create_time())  # earlier tests' may be ending
    assert light(newest) <= MOST_MB

    # A reload leads back to what was being read, with all that was done.
    page.evaluate("scrollTo({ top: document.getElementById('azar').offsetTop - 40, behavior: 'instant' })")
    top = "Math.round(document.getElementById('azar').getBoundingClientRect().top)"
    wait_until(page, "document.querySelector('.pasos li.now').dataset.step === 'azar'")
    before = page.evaluate(top)
    page.reload()
    arrive(page)
    wait_until(page, done)
    step(page, "modelo").locator(".chip.good", has_text="en uso").wait_for()
    step(page, "que-sigue").get_by_text("gato", exact=True).wait_for()
    wait_until(page, f"Math.abs({top} - {before}) < 3")

    # The focus stays in its step where its button goes as the bars come.
    show = button(page, "proxima", "Mostrame")
    wait_until(page, show.is_enabled)
    show.focus()
    page.keyboard.press("Enter")
    step(page, "proxima").locator("button.bar").first.wait_for(timeout=1000 * LONG)
    wait_until(page, "document.activeElement.closest('section')?.id === 'proxima'")
