"""The page around an app: header, steps, state, lost connections, privacy in the browser, and that all can use it."""

import os
import re
import signal
import time
import urllib.request

import nbformat
import psutil
import pytest

from tests.walks import arrive, wait_until

pytestmark = pytest.mark.browser

STATE = """
import html, json
from ipywidgets import HTML, Layout
def state(**more):
    shown = {"project": "<img src=x onerror=window.hurt=1>", "place": "En tu computadora", "borrowed": False,
            "refused": 1, "pill": "0 datos tuyos salieron de esta máquina", "done": ["que-es"], "code_url": "",
            "ledger": [{"when": "hoy, 10:32", "what": "Se bajó <b>algo</b>"}], **more}
    return f'<div class="poetas-state" data-state="{html.escape(json.dumps(shown))}"></div>'
shown = HTML(state(), layout=Layout(display="none"))
shown
"""
CONTROLS = """
from ipywidgets import *
button = Button(description="Terminar", button_style="primary")
button.on_click(lambda _: setattr(shown, "value", state(project="Coplas", done=["que-es", "azar"], borrowed=True,
    pill="Tus textos están en una máquina prestada", refused=0, ledger=[], code_url="/lab/tree/")))
undo = Button(description="Deshacer")
undo.on_click(lambda _: setattr(shown, "value", state()))
tabs = Tab([HTML("Una"), HTML("Otra")])
tabs.titles = ("Curva", "Tabla")
VBox([button, undo, Textarea(description="Texto"), Text(description="Nombre"),
      FloatSlider(description="Temperatura", max=2), IntRangeSlider(description="Entre", max=9),
      BoundedIntText(description="Semilla"), Dropdown(description="Modelo", options=["uno", "dos"]),
      Checkbox(description="Acepto", indent=False), RadioButtons(description="Tarea", options=["resumir", "escribir"]),
      ToggleButtons(description="Preset", options=["Rápido", "A fondo"]), ToggleButton(description="Logarítmica"),
      FloatProgress(description="Bajando", value=0.5, max=1), Select(description="Lista", options=["a", "b"]),
      HTML('<p class="guess"><b>Adiviná antes de mirar:</b> ¿cuál?</p><p class="verdict"><b>Sí.</b> Mejoró.</p>'
           '<p class="tok"><span>Llue</span><span>ve</span><span class="cut"> y nada más</span></p>'
           '<details><summary>¿Qué acabo de ver?</summary><p>Apuestas.</p></details>'), tabs])
"""
CHART = """
import numpy as np, bqplot
x = np.arange(20.0)
scales = {"x": bqplot.LinearScale(), "y": bqplot.LinearScale()}
line = bqplot.Lines(x=x, y=1 / (1 + x), scales=scales, colors=["#B5472E"])
axes = [bqplot.Axis(scale=scales["x"], label="paso"), bqplot.Axis(scale=scales["y"], orientation="vertical")]
bqplot.Figure(marks=[line], axes=axes, layout={"width": "100%", "height": "300px"})
"""
ANYWIDGET = """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
        const button = document.createElement("button");
        button.className = "btn quiet counter";
        button.textContent = "veces: " + model.get("value");
        el.appendChild(button);
    } }'''
    value = traitlets.Int(3).tag(sync=True)
Counter()
"""


LOOKS = {
    "wide": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "small and dark": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True},
}
PROJECT = "window.hurt"  # in the name of the project, as long as nothing was pressed
DRAWN = "document.querySelector('.bqplot svg .axis text') && document.querySelector('.counter')"


def markdown(text, **poetas):
    cell = nbformat.v4.new_markdown_cell(text)
    if poetas:
        cell.metadata["poetas"] = poetas
    return cell


@pytest.fixture(scope="module")
def server(serve_apps, notebooks):
    code = nbformat.v4.new_code_cell
    cells = [
        markdown("# Conocé los LLMs\n\nUn modelo hace una sola cosa."),
        code(STATE),
        markdown("## ¿Qué es un *modelo*?\n\nUn programa que apuesta.", slug="que-es", label="¿Qué es?"),
        code(CONTROLS),
        markdown("## ¿Y si dejamos jugar al azar?\n\nCon [temperatura](#azar) alta, juegan las raras.", slug="azar"),
        code(CHART),
        markdown("## Ejercicios y más\n\nTres.", number=False),
        code(ANYWIDGET),
        *[markdown(f"Un párrafo más, el {n}.") for n in range(30)],
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "1_conocer.ipynb")
    mutter = "import sys; print('FutureWarning: algo', file=sys.stderr); print('dicho en voz alta')"
    slow = "import time; time.sleep(60)"
    for name, *sources in (("2_preparar", "print('hola')"), ("roto", mutter, "1 / 0"), ("lenta", slow)):
        cells = [markdown(f"# {name}"), markdown("## Un paso"), *map(code, sources), markdown("## Otro")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / f"{name}.ipynb")
    return serve_apps(notebooks)


@pytest.fixture(scope="module")
def opened(server, new_shared_page):
    """The page of the first app, for all tests that only look at it."""
    page = new_shared_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request) if "/api/kernels/" in request.url else None)
    page.goto(server.app("1_conocer.ipynb") + "&sesion=abc")
    arrive(page)
    page.ready = time.time()
    wait_until(page, DRAWN)
    return page


@pytest.fixture
def app(opened, put_back):
    with put_back(opened):
        wait_until(opened, "document.querySelector('.pasos li').classList.contains('now')")
        yield opened
    if PROJECT in opened.evaluate("document.querySelector('.proyecto [data-text]').textContent"):
        return
    opened.get_by_role("button", name="Deshacer").evaluate("button => button.click()")
    wait_until(opened, f"document.querySelector('.proyecto [data-text]').textContent.includes('{PROJECT}')")


@pytest.fixture(scope="module")
def opened_small(server, new_shared_page):
    """The same page, opened where there is little room: bqplot does not lay out a drawing again in a smaller window."""
    page = new_shared_page(**LOOKS["small and dark"])
    page.goto(server.app("1_conocer.ipynb"))
    arrive(page)
    wait_until(page, DRAWN)
    return page


@pytest.fixture(scope="module")
def broken(server, new_shared_page):
    page = new_shared_page()
    page.goto(server.app("roto.ipynb"))
    arrive(page)
    return page


@pytest.fixture(scope="module")
def answer(server):
    """The server's answer to who asks for a page, read to its end."""
    with urllib.request.urlopen(server.app("1_conocer.ipynb"), timeout=60) as answer:
        answer.text = answer.read().decode()
        return answer


def test_header_and_steps_stand_before_the_kernel_answers(answer):
    before = answer.text.split('id="jupyter-config-data"')[0]
    assert re.search(r'<a href="1_conocer.ipynb" class="here" aria-current="page">1 · Conocé</a>', before)
    assert re.findall(r'<li data-step="([\w-]+)">', before) == ["que-es", "azar", "ejercicios-y-mas"]
    assert "¿Qué es?" in before
    assert '<html lang="es">' in before


def test_steps_are_cards_with_number_and_title(app):
    cards = app.locator("section.paso")
    assert cards.count() == 3
    assert cards.nth(0).locator(".num").inner_text() == "Paso 1"
    assert cards.nth(0).locator("h2").inner_text().strip() == "¿Qué es un modelo?"
    assert cards.nth(2).locator(".num").count() == 0  # "number": false
    assert app.get_by_role("region", name="¿Y si dejamos jugar al azar?").count() == 1
    assert app.locator("h1").inner_text().strip() == "Conocé los LLMs"
    assert app.locator("section.paso h1").count() == 0
    assert app.title() == "Conocé los LLMs · LLMs para poetas"


def test_the_state_fills_the_header_as_text_and_never_as_markup(app):
    assert app.locator(".proyecto [data-text]").inner_text() == "<img src=x onerror=window.hurt=1>"
    assert app.locator(".lugar [data-text]").inner_text() == "En tu computadora"
    assert app.evaluate("window.hurt") is None
    app.get_by_role("button", name="0 datos tuyos salieron").click()
    dialog = app.get_by_role("dialog")
    assert "Se bajó <b>algo</b>" in dialog.inner_text()
    assert "Un programa quiso conectarse" in dialog.inner_text()
    assert "en esta máquina" in dialog.inner_text()
    dialog.get_by_role("button", name="Cerrar").click()
    assert not dialog.is_visible()

    app.get_by_role("button", name="Terminar").click()
    wait_until(app, "document.querySelector('.proyecto [data-text]').textContent === 'Coplas'")
    pill = app.get_by_role("button", name="Tus textos están en una máquina prestada")
    pill.click()
    assert "Todavía no se descargó" in app.get_by_role("dialog").inner_text()
    assert "computadora ajena" in app.get_by_role("dialog").inner_text()
    app.keyboard.press("Escape")
    assert app.get_by_role("link", name="Ver el código").get_attribute("href").endswith("/lab/tree/1_conocer.ipynb")


def test_the_header_is_one_line_where_there_is_room(app):
    assert app.locator("header.cabecera").bounding_box()["height"] < 76
    app.get_by_role("button", name="Terminar").click()
    app.get_by_role("link", name="Ver el código").wait_for()
    assert app.locator("header.cabecera").bounding_box()["height"] < 76


def test_a_code_address_elsewhere_is_not_linked_to(app):
    app.evaluate(
        """() => { const element = document.createElement("div"); element.className = "poetas-state";
        element.dataset.state = JSON.stringify({project: "x", code_url: "https://otro.example/lab"});
        document.body.append(element); }"""
    )
    app.wait_for_timeout(300)
    assert app.locator(".proyecto [data-text]").inner_text() == "x"
    assert not app.locator(".codigo").is_visible()
    app.evaluate("document.querySelectorAll('.poetas-state')[1].remove()")
    wait_until(app, f"document.querySelector('.proyecto [data-text]').textContent.includes('{PROJECT}')")


def test_steps_show_what_is_done_and_where_the_reader_is(app):
    first, second = app.locator(".pasos li").nth(0), app.locator(".pasos li").nth(1)
    assert "done" in first.get_attribute("class")
    assert "hecho" in first.inner_text()  # for those who do not see colours
    assert first.locator("a").get_attribute("aria-current") == "step"
    second.locator("a").click()
    wait_until(app, "document.querySelector('.pasos li:nth-child(2)').classList.contains('now')")
    assert first.locator("a").get_attribute("aria-current") is None
    assert app.url.endswith("#azar")
    # The sticky header does not cover the title that was jumped to.
    box, header = app.locator("#azar").bounding_box(), app.locator("header.cabecera").bounding_box()
    assert box["y"] >= header["y"] + header["height"]
    app.get_by_role("button", name="Terminar").evaluate("button => button.click()")
    wait_until(app, "document.querySelector('.pasos li:nth-child(2)').classList.contains('done')")


def test_nothing_is_asked_of_another_host_and_nothing_fails(app, server):
    app.wait_for_timeout(1000)
    assert app.locator(".counter").inner_text() == "veces: 3"
    assert app.seen.foreign(server.base) == []
    assert app.seen.errors == []
    assert app.seen.failures == []
    linked = re.findall(r'(?:src|href)="(https?://[^"]*)', app.content())
    assert [address for address in linked if not address.startswith(server.base)] == []
    # Our letters are there, not a substitute's.
    assert app.evaluate(
        "document.fonts.check('600 20px Literata') && document.fonts.check('400 17px \"Atkinson Hyperlegible\"')"
    )


def test_the_policy_is_in_the_header_and_in_the_page_and_holds(app, answer):
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'unsafe-inline' blob:;")
    assert "http" not in policy
    assert "frame-ancestors 'self'" in policy
    meta = app.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert meta == policy.replace(" frame-ancestors 'self';", "")
    tried = app.evaluate("fetch('http://127.0.0.1:9/').then(() => 'went out', error => 'refused')")
    assert tried == "refused"
    assert any("Content Security Policy" in line for line in app.seen.errors)


def test_the_token_leaves_the_address_and_is_kept_by_no_script(app, server):
    assert server.token not in app.url
    assert server.token not in app.evaluate("JSON.stringify([document.referrer, ...Object.values(localStorage)])")


def test_the_apps_open_without_the_token_and_what_else_is_in_the_address_travels_along(app):
    assert app.url.endswith("1_conocer.ipynb?sesion=abc")
    assert app.locator(".apps a").first.get_attribute("href").endswith("/1_conocer.ipynb?sesion=abc")
    with app.context.expect_page() as opening:
        app.get_by_role("link", name="2 · Prepará").click(modifiers=["ControlOrMeta"])  # in a tab of its own
    page = opening.value
    page.wait_for_url("**/2_preparar.ipynb?sesion=abc")
    assert page.locator("h1").inner_text().strip() == "2_preparar"
    page.get_by_role("link", name="LLMs para poetas").click()
    page.get_by_role("link", name="Conocé los LLMs").wait_for()
    assert "token" not in page.url
    page.close()


def test_a_page_opened_by_its_own_address_has_the_cookie_that_ends_its_kernel(app):
    cookie = {cookie["name"]: cookie for cookie in app.context.cookies()}["_xsrf"]
    assert cookie["sameSite"] == "Strict"
    assert len(cookie["value"]) >= 32


def test_without_the_key_nothing_is_shown(new_page, server):
    page = new_page()
    page.goto(f"{server.base}voila/render/2_preparar.ipynb")
    assert page.get_by_role("heading", name="Falta la llave").is_visible()
    page.get_by_label("La llave").fill("no es esta")
    page.get_by_role("button", name="Entrar").click()
    assert page.get_by_role("alert").filter(has_text="Esa llave no abre").is_visible()
    page.get_by_label("La llave").fill(server.token)
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/2_preparar.ipynb")


def test_a_kernel_that_dies_is_reported_within_a_second_or_so_and_the_page_comes_back(page, server, open_app):
    known = set(server.kernels())
    open_app(page, server, "2_preparar.ipynb")
    (kernel,) = set(server.kernels()) - known
    assert not page.locator(".aviso").is_visible()
    os.kill(kernel, signal.SIGKILL)
    page.locator(".aviso").wait_for(timeout=8000)
    assert (
        "Se perdió la conexión. Lo que estaba entrenando sigue, mientras la máquina esté prendida."
        in page.get_by_role("alert").inner_text()
    )
    assert "restarting kernel" not in (server.home / "poetas" / "run" / "servidor.log").read_text()
    page.get_by_role("button", name="Volver a conectar").click()
    wait_until(page, "performance.getEntriesByType('navigation')[0].type === 'reload'")
    arrive(page)  # between the two pages there is a moment without any element
    assert not page.locator(".aviso").is_visible()

    # And one that was shut down, too.
    (kernel,) = set(server.kernels()) - known - {kernel}
    page.evaluate(
        """() => { const id = JSON.parse(document.getElementById("jupyter-config-data").textContent).kernelId;
        const xsrf = /_xsrf=([^;]+)/.exec(document.cookie)[1];
        return fetch("/voila/api/shutdown/" + id, {method: "POST", headers: {"X-XSRFToken": xsrf}}); }"""
    )
    page.locator(".aviso").wait_for(timeout=10_000)
    assert not psutil.pid_exists(kernel)


def test_while_its_kernel_answers_the_page_asks_seldom(app):
    app.wait_for_timeout(max(0, 1000 * (app.ready + 9.5 - time.time())))
    times = [request.timing["startTime"] / 1000 - app.ready for request in app.asked]
    assert 1 <= sum(0 < seconds < 9 for seconds in times) <= 3  # one in six seconds, and again after a late answer


def test_what_changes_in_a_drawing_or_a_bar_wakes_nothing_of_the_page(app):
    """Both change with each step of a training, which needs the processors that the page would use."""
    app.evaluate(
        """() => { const ask = window.requestAnimationFrame;
        window.woken = 0;
        window.putBack = () => { window.requestAnimationFrame = ask; };
        window.requestAnimationFrame = call => { window.woken += 1; return ask(call); };
        const part = document.createElement("div");
        part.id = "part";
        part.className = "poetas";
        part.innerHTML = '<svg><g class="a"></g></svg><p class="a"></p><div class="widget-hprogress">' +
            '<div class="progress"><i class="progress-bar a"></i></div></div>';
        document.querySelector("main").append(part); }"""
    )
    wait_until(app, "window.woken > 0")
    app.wait_for_timeout(500)
    assert app.evaluate("window.woken = 0") == 0
    gliding = "getComputedStyle(document.querySelector('#part .progress-bar')).transitionDuration"
    assert app.evaluate(gliding) == "0s", "each frame of it would be drawn"
    for selector in ("svg g", ".widget-hprogress i"):
        app.evaluate(f"document.querySelector('#part {selector}').setAttribute('class', 'b')")
        app.evaluate(f"document.querySelector('#part {selector}').append(document.createElement('b'))")
    app.wait_for_timeout(500)
    assert app.evaluate("window.woken") == 0
    app.evaluate(
        """() => { window.written = 0;
        const shown = {subtree: true, attributes: true, attributeFilter: ["aria-pressed", "data-ready"]};
        const count = found => { window.written += found.length; };
        const observer = new MutationObserver(count);
        observer.observe(document.documentElement, shown);
        window.putBack = (rest => () => { observer.disconnect(); rest(); })(window.putBack); }"""
    )
    app.evaluate("document.querySelector('#part p').setAttribute('class', 'b')")
    wait_until(app, "window.woken > 0")
    app.wait_for_timeout(500)
    assert app.evaluate("window.written") == 0, "what says the same already is not written again"
    app.evaluate("window.putBack(); document.getElementById('part').remove()")


def test_a_broken_cell_is_a_card_in_spanish_and_never_a_traceback(broken):
    assert broken.get_by_text("Esta parte de la página no se pudo preparar.").is_visible()
    assert broken.get_by_role("button", name="Volver a cargar la página").is_visible()
    text = broken.content()
    assert "ZeroDivisionError" not in text
    assert "There was an error" not in text


def test_what_libraries_mutter_is_not_shown(broken):
    assert "FutureWarning" not in broken.content()
    assert broken.get_by_text("dicho en voz alta").is_visible()


def test_a_kernel_that_dies_while_the_page_is_prepared_is_reported(server, page):
    known = set(server.kernels())
    page.goto(server.app("lenta.ipynb"), wait_until="commit")
    page.get_by_text("Preparando la página: 2 de 4").wait_for()  # the third is at work
    assert page.get_by_text("Lenta").first.is_visible()
    (kernel,) = set(server.kernels()) - known
    os.kill(kernel, signal.SIGKILL)
    page.get_by_text("Esta parte de la página no se pudo preparar.").first.wait_for()
    assert "An exception occurred" not in page.content()


def test_waiting_is_reported_in_spanish(app, answer):
    assert "Abriendo la página" in answer.text
    said = app.evaluate(
        """() => {
        document.getElementById("loading_text")?.remove();
        const element = document.createElement("p");
        element.id = "loading_text";
        document.body.append(element);
        const heard = say => { say(2, 4); return element.textContent; };
        const texts = [window.update_loading_text, window.voila_process, window.voila_heartbeat].map(heard);
        element.remove();
        return texts; }"""
    )
    assert said[0] == said[1] == "Preparando la página: 2 de 4"
    assert said[2].startswith("Sigo preparando la página")


@pytest.fixture(scope="module")
def entered(server, new_shared_page):
    """A page that has the key, for pages without a kernel."""
    page = new_shared_page()
    page.goto(server.address)
    return page


@pytest.fixture
def bare(entered, wear):
    yield entered
    wear(entered)


def test_a_missing_page_is_ours(bare, server):
    for address in ("nada", "voila/render/nada.ipynb", "voila/tree/nada"):
        answer = bare.goto(server.base + address)
        assert answer.status == 404, address
        assert bare.get_by_role("heading", name="Acá no hay nada").is_visible(), address
        bare.get_by_role("link", name="Volver al comienzo").click()
        bare.get_by_role("link", name="Conocé los LLMs").wait_for()


def test_no_file_of_the_folder_is_served(bare, server, notebooks):
    (notebooks / "foto.png").write_bytes(b"\x89PNG")
    for name in ("foto.png", "1_conocer.ipynb"):
        assert bare.request.get(f"{server.base}voila/files/{name}").status == 403


# What of the page reaches beyond the window, is too low to be pressed by a finger, or too small to be read.
OUTSIDE = """() => [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(one).position !== "absolute")
    .map(one => one.outerHTML.slice(0, 120))"""
LOW = """() => [...document.querySelectorAll("main button, main select, main input, main summary")]
    .filter(one => one.offsetParent && !["checkbox", "radio"].includes(one.type))
    .filter(one => one.getBoundingClientRect().height < 36)
    .map(one => one.outerHTML.slice(0, 120))"""
TINY = """() => [...document.querySelectorAll("body *")]
    .filter(one => one.offsetParent && !one.closest(".sr-only, option"))
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .filter(one => parseFloat(getComputedStyle(one).fontSize) < 15.9)
    .map(one => one.outerHTML.slice(0, 120))"""


def judge(page, axe):
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert axe(page) == []
    page.get_by_role("button", name="0 datos tuyos salieron").click()
    assert axe(page) == []
    # Nothing sticks out of the window ...
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate(OUTSIDE) == []
    # ... everything to press is large enough, and no text is small.
    assert page.evaluate(LOW) == []
    assert page.evaluate(TINY) == []
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")


@pytest.mark.parametrize("look", ["wide", "dark"])
def test_everybody_can_use_the_page(app, wear, axe, look):
    wear(app, **LOOKS[look])
    judge(app, axe)


@pytest.mark.parametrize("look", ["small and dark", "phone"])
def test_everybody_can_use_the_page_that_was_opened_small(opened_small, put_back, wear, axe, look):
    with put_back(opened_small):
        wear(opened_small, **LOOKS[look])
        judge(opened_small, axe)


@pytest.mark.parametrize("address", ["", "voila/render/nada.ipynb", "login"])
def test_everybody_can_use_the_pages_without_a_kernel(bare, server, wear, axe, address):
    for name, look in LOOKS.items():
        wear(bare, **look)
        bare.goto(f"{server.base}{address}?token={server.token}")
        assert axe(bare) == [], name
        assert bare.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    assert bare.seen.foreign(server.base) == []


def test_on_a_phone_the_step_being_read_has_a_readable_name(app, wear):
    wear(app, viewport={"width": 390, "height": 844})
    wait_until(app, "document.querySelector('.pasos-ahora').textContent === 'Paso 1 de 2 · ¿Qué es?'")
    app.locator("#azar").scroll_into_view_if_needed()
    app.evaluate("document.getElementById('azar').scrollIntoView()")
    wait_until(app, "document.querySelector('.pasos-ahora').textContent.includes('azar')")
    title, link = app.locator(".pasos-ahora"), app.locator(".pasos li:nth-child(1) a")
    assert not link.is_visible()
    title.focus()
    app.keyboard.press("Enter")
    assert title.get_attribute("aria-expanded") == "true"
    assert link.is_visible()
    app.keyboard.press("Escape")
    assert not link.is_visible()
    assert title.evaluate("title => title === document.activeElement")
    title.click()
    link.click()
    assert not link.is_visible(), "it is out of the way of the step that was chosen"
    assert title.get_attribute("aria-expanded") == "false"


def test_the_keyboard_reaches_the_content_at_once(app):
    app.keyboard.press("Tab")
    assert app.evaluate("document.activeElement.textContent") == "Saltar al contenido"
    app.keyboard.press("Enter")
    assert app.evaluate("location.hash") == "#contenido"


def test_print_is_dark_on_white_and_without_the_frame(app):
    app.emulate_media(media="print", color_scheme="dark")
    assert not app.locator("header.cabecera").is_visible()
    assert not app.locator(".pasos").is_visible()
    assert app.locator("h1").evaluate("title => getComputedStyle(title).color") == "rgb(34, 34, 59)"
    assert app.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_who_wants_no_motion_gets_none(app):
    animation = "getComputedStyle(document.querySelector('.espera i')).animationName"
    app.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<div class=espera><i></i></div>')")
    assert app.evaluate(animation) != "none"
    app.emulate_media(reduced_motion="reduce")
    assert app.evaluate(animation) == "none"
    assert app.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    app.evaluate("document.querySelector('main .espera').remove()")


def test_the_landing_page_shows_the_apps_in_reading_order(bare, server):
    bare.goto(server.address)
    names = bare.locator(".tapas h2").all_inner_texts()
    assert names == ["Conocé los LLMs", "Prepará tus datos"]  # only those that are there
    assert bare.get_by_role("link", name="roto").is_visible()  # other notebooks below
    bare.get_by_role("link", name=re.compile("Conocé los LLMs")).click()
    bare.wait_for_url("**/voila/render/1_conocer.ipynb", wait_until="commit")


def test_a_server_that_falls_silent_or_dies_is_reported_but_not_by_a_page_that_is_left(
    server, page, new_page, open_app
):
    """It is the last test: the server of this module's pages ends."""
    page.clock.install()  # the page's own waits need not be waited for
    open_app(page, server, "2_preparar.ipynb")
    with page.expect_response(lambda answer: "/api/kernels/" in answer.url):
        page.clock.run_for(6000)  # the page has just asked: it takes longest now
    server.process.send_signal(signal.SIGSTOP)  # nothing is closed
    try:
        page.clock.run_for(8000)  # it asks twice, and each time waits 4 s for an answer
        page.locator(".aviso").filter(has_text="no contesta").wait_for(timeout=12_000)
    finally:
        server.process.send_signal(signal.SIGCONT)
    page.clock.run_for(8000)
    page.locator(".aviso").wait_for(state="hidden")  # nothing was closed: the page goes on where it was

    page.evaluate(
        """() => { window.dispatchEvent(new Event("beforeunload"));
        window.dispatchEvent(new CustomEvent("poetas-kernel", {detail: "dead"})); }"""
    )
    assert not page.locator(".aviso").is_visible(), "it was left"
    page.clock.run_for(6000)  # it stayed after all

    coming = new_page()
    coming.goto(server.app("lenta.ipynb"), wait_until="commit")
    coming.get_by_text("Preparando la página: 2 de 4").wait_for()  # the third is at work
    server.process.kill()
    coming.get_by_text("La página no llegó entera.").wait_for()
    assert coming.get_by_role("button", name="Volver a cargar la página").is_visible()
    page.locator(".aviso").wait_for(timeout=15_000)
    page.get_by_role("button", name="Volver a conectar").click()
    page.get_by_text("El programa todavía no responde").wait_for()
    assert page.locator("h1").is_visible()  # asking again does not lose the page
