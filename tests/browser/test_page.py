"""The page around an app: header, steps, state, lost connections, privacy in the browser, and that all can use it."""

import json
import os
import re
import signal

import nbformat
import psutil
import pytest

from tests.walks import arrive

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
tabs = Tab([HTML("Una"), HTML("Otra")])
tabs.titles = ("Curva", "Tabla")
VBox([button, Button(description="Deshacer"), Textarea(description="Texto"), Text(description="Nombre"),
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


def markdown(text, **poetas):
    cell = nbformat.v4.new_markdown_cell(text)
    if poetas:
        cell.metadata["poetas"] = poetas
    return cell


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("apps")
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
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "1_conocer.ipynb")
    for name, source in (("2_preparar", "print('hola')"), ("roto", "1 / 0")):
        cells = [markdown(f"# {name}"), markdown("## Un paso"), code(source), markdown("## Otro")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder


@pytest.fixture
def server(serve_apps, notebooks):
    return serve_apps(notebooks)


@pytest.fixture
def app(page, server, open_app):
    return open_app(page, server, "1_conocer.ipynb")


def test_header_and_steps_stand_before_the_kernel_answers(server, notebooks, page):
    html = page.request.get(server.app("1_conocer.ipynb")).text()
    before = html.split('id="jupyter-config-data"')[0]
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


def test_the_state_fills_the_header_as_text_and_never_as_markup(app, wait_until):
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


def test_the_header_is_one_line_where_there_is_room(app, wait_until):
    assert app.locator("header.cabecera").bounding_box()["height"] < 76
    app.get_by_role("button", name="Terminar").click()
    app.get_by_role("link", name="Ver el código").wait_for()
    assert app.locator("header.cabecera").bounding_box()["height"] < 76


def test_a_code_address_elsewhere_is_not_linked_to(app):
    app.evaluate(
        """() => { const spot = document.createElement("div"); spot.className = "poetas-state";
        spot.dataset.state = JSON.stringify({project: "x", code_url: "https://otro.example/lab"});
        document.body.append(spot); }"""
    )
    app.wait_for_timeout(300)
    assert app.locator(".proyecto [data-text]").inner_text() == "x"
    assert not app.locator(".codigo").is_visible()


def test_steps_show_what_is_done_and_where_the_reader_is(app, wait_until):
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


def test_nothing_is_asked_of_another_host_and_nothing_fails(app, server, wait_until):
    wait_until(app, "document.querySelector('.bqplot svg .axis text') && document.querySelector('.counter')")
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


def test_the_policy_is_in_the_header_and_in_the_page_and_holds(app, server):
    answer = app.request.get(server.app("2_preparar.ipynb"))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'unsafe-inline' blob:;")
    assert "http" not in policy
    assert "frame-ancestors 'self'" in policy
    meta = app.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert meta == policy.replace(" frame-ancestors 'self';", "")
    tried = app.evaluate("fetch('http://127.0.0.1:9/').then(() => 'went out', error => 'refused')")
    assert tried == "refused"
    assert any("Content Security Policy" in line for line in app.seen.errors)


def test_the_token_leaves_the_address_and_the_apps_still_open(app, server):
    assert server.token not in app.url
    assert server.token not in app.evaluate("JSON.stringify([document.referrer, ...Object.values(localStorage)])")
    app.get_by_role("link", name="2 · Prepará").click()
    app.wait_for_url("**/2_preparar.ipynb")
    assert app.locator("h1").inner_text().strip() == "2_preparar"
    app.get_by_role("link", name="LLMs para poetas").click()
    assert app.get_by_role("link", name="Conocé los LLMs").is_visible()
    assert "token" not in app.url


def test_what_else_is_in_the_address_travels_along(page, server):
    page.goto(server.app("2_preparar.ipynb") + "&sesion=abc")
    assert page.url.endswith("2_preparar.ipynb?sesion=abc")
    assert page.locator(".apps a").first.get_attribute("href").endswith("/1_conocer.ipynb?sesion=abc")


def test_a_page_opened_by_its_own_address_has_the_cookie_that_ends_its_kernel(app):
    cookie = {cookie["name"]: cookie for cookie in app.context.cookies()}["_xsrf"]
    assert cookie["sameSite"] == "Strict"
    assert len(cookie["value"]) >= 32


def test_without_the_key_nothing_is_shown(new_page, server):
    page = new_page()
    page.goto(f"{server.base}voila/render/1_conocer.ipynb")
    assert page.get_by_role("heading", name="Falta la llave").is_visible()
    page.get_by_label("La llave").fill("no es esta")
    page.get_by_role("button", name="Entrar").click()
    assert page.get_by_role("alert").filter(has_text="Esa llave no abre").is_visible()
    page.get_by_label("La llave").fill(server.token)
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/1_conocer.ipynb")


def test_a_kernel_that_dies_is_reported_within_a_second_or_so_and_the_page_comes_back(
    page, server, open_app, wait_until
):
    known = set(server.kernels())
    open_app(page, server, "1_conocer.ipynb")
    (kernel,) = set(server.kernels()) - known
    assert not page.locator(".aviso").is_visible()
    os.kill(kernel, signal.SIGKILL)
    page.locator(".aviso").wait_for(timeout=8000)
    assert (
        "Se perdió la conexión. Lo que estaba entrenando sigue, mientras la máquina esté prendida."
        in page.get_by_role("alert").inner_text()
    )
    page.get_by_role("button", name="Volver a conectar").click()
    wait_until(page, "performance.getEntriesByType('navigation')[0].type === 'reload'")
    arrive(page)  # between the two pages there is a moment without any element
    assert not page.locator(".aviso").is_visible()


def test_a_server_that_dies_is_reported_and_asking_again_does_not_lose_the_page(
    notebooks, tmp_path, start_server, page, open_app
):
    server = start_server(notebooks, tmp_path)
    open_app(page, server, "1_conocer.ipynb")
    server.process.kill()
    page.locator(".aviso").wait_for(timeout=15_000)
    page.get_by_role("button", name="Volver a conectar").click()
    page.get_by_text("El programa todavía no responde").wait_for()
    assert page.locator("h1").is_visible()


def test_a_kernel_that_was_shut_down_is_reported(page, server, open_app):
    known = set(server.kernels())
    open_app(page, server, "1_conocer.ipynb")
    (kernel,) = set(server.kernels()) - known
    page.evaluate(
        """() => { const id = JSON.parse(document.getElementById("jupyter-config-data").textContent).kernelId;
        const xsrf = /_xsrf=([^;]+)/.exec(document.cookie)[1];
        return fetch("/voila/api/shutdown/" + id, {method: "POST", headers: {"X-XSRFToken": xsrf}}); }"""
    )
    page.locator(".aviso").wait_for(timeout=10_000)
    assert not psutil.pid_exists(kernel)


def test_while_its_kernel_answers_the_page_asks_seldom(new_page, server):
    page, asked = new_page(), []
    page.on("request", lambda request: asked.append(request.url) if "/api/kernels/" in request.url else None)
    page.goto(server.app("1_conocer.ipynb"))
    page.wait_for_selector("html[data-ready]", state="attached")
    asked.clear()
    page.wait_for_timeout(9000)
    assert 1 <= len(asked) <= 3  # one in six seconds, and again soon after an answer that was late


def test_a_server_that_falls_silent_without_closing_anything_is_reported(
    notebooks, tmp_path, start_server, page, open_app
):
    server = start_server(notebooks, tmp_path)
    open_app(page, server, "1_conocer.ipynb")
    with page.expect_response(lambda answer: "/api/kernels/" in answer.url):
        pass  # the page has just asked: it takes longest now
    server.process.send_signal(signal.SIGSTOP)
    try:
        page.locator(".aviso").wait_for(timeout=24_000)  # 12 s on a machine with nothing else to do
    finally:
        server.process.send_signal(signal.SIGCONT)


def test_what_changes_in_a_drawing_or_a_bar_wakes_nothing_of_the_page(app, wait_until):
    """Both change with each step of a training, which needs the processors that the page would use."""
    wait_until(app, "document.querySelector('.bqplot svg .axis text') && document.querySelector('.counter')")
    app.evaluate(
        """() => { const ask = window.requestAnimationFrame;
        window.woken = 0;
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
    for spot in ("svg g", ".widget-hprogress i"):
        app.evaluate(f"document.querySelector('#part {spot}').setAttribute('class', 'b')")
        app.evaluate(f"document.querySelector('#part {spot}').append(document.createElement('b'))")
    app.wait_for_timeout(500)
    assert app.evaluate("window.woken") == 0
    app.evaluate(
        """() => { window.written = 0;
        const shown = {subtree: true, attributes: true, attributeFilter: ["aria-pressed", "data-ready"]};
        const count = found => { window.written += found.length; };
        new MutationObserver(count).observe(document.documentElement, shown); }"""
    )
    app.evaluate("document.querySelector('#part p').setAttribute('class', 'b')")
    wait_until(app, "window.woken > 0")
    app.wait_for_timeout(500)
    assert app.evaluate("window.written") == 0, "what says the same already is not written again"


def test_leaving_the_page_shows_no_banner(app):
    app.evaluate(
        """() => { window.dispatchEvent(new Event("beforeunload"));
        window.dispatchEvent(new CustomEvent("poetas-kernel", {detail: "dead"})); }"""
    )
    assert not app.locator(".aviso").is_visible()


def test_a_broken_cell_is_a_card_in_spanish_and_never_a_traceback(page, server, open_app):
    open_app(page, server, "roto.ipynb")
    assert page.get_by_text("Esta parte de la página no se pudo preparar.").is_visible()
    assert page.get_by_role("button", name="Volver a cargar la página").is_visible()
    text = page.content()
    assert "ZeroDivisionError" not in text
    assert "There was an error" not in text


def slow_folder(tmp_path):
    cells = [markdown("# Lenta"), markdown("## Un paso"), nbformat.v4.new_code_cell("import time; time.sleep(60)")]
    folder = tmp_path / "apps"
    folder.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[*cells, markdown("## Otro")]), folder / "lenta.ipynb")
    return folder


def test_a_kernel_that_dies_while_the_page_is_prepared_is_reported(start_server, tmp_path, page, wait_until):
    server = start_server(slow_folder(tmp_path), tmp_path / "home")
    page.goto(server.app("lenta.ipynb"), wait_until="commit")
    page.get_by_text("Preparando la página: 2 de 4").wait_for()  # the third is at work
    assert page.get_by_text("Lenta").first.is_visible()
    os.kill(server.kernels()[0], signal.SIGKILL)
    page.get_by_text("Esta parte de la página no se pudo preparar.").first.wait_for()
    assert "An exception occurred" not in page.content()


def test_a_server_that_dies_while_the_page_is_prepared_is_reported(start_server, tmp_path, page):
    server = start_server(slow_folder(tmp_path), tmp_path / "home")
    page.goto(server.app("lenta.ipynb"), wait_until="commit")
    page.get_by_text("Preparando la página: 2 de 4").wait_for()  # the third is at work
    server.process.kill()
    page.get_by_text("La página no llegó entera.").wait_for()
    assert page.get_by_role("button", name="Volver a cargar la página").is_visible()


def test_what_libraries_mutter_is_not_shown(serve_apps, tmp_path_factory, page, open_app):
    folder = tmp_path_factory.mktemp("murmullo")
    source = "import sys; print('FutureWarning: algo', file=sys.stderr); print('dicho en voz alta')"
    cells = [markdown("# Murmullo"), nbformat.v4.new_code_cell(source)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "murmullo.ipynb")
    open_app(page, serve_apps(folder), "murmullo.ipynb")
    assert "FutureWarning" not in page.content()
    assert page.get_by_text("dicho en voz alta").is_visible()


def test_waiting_is_reported_in_spanish(server, page):
    html = page.request.get(server.app("2_preparar.ipynb")).text()
    assert "Abriendo la página" in html
    page.goto(server.app("2_preparar.ipynb"))
    said = page.evaluate(
        """() => {
        document.getElementById("loading_text")?.remove();
        const spot = document.createElement("p");
        spot.id = "loading_text";
        document.body.append(spot);
        const heard = say => { say(2, 4); return spot.textContent; };
        return [window.update_loading_text, window.voila_process, window.voila_heartbeat].map(heard); }"""
    )
    assert said[0] == said[1] == "Preparando la página: 2 de 4"
    assert said[2].startswith("Sigo preparando la página")


@pytest.mark.parametrize("address", ["nada", "voila/render/nada.ipynb", "voila/tree/nada"])
def test_a_missing_page_is_ours(page, server, address):
    page.goto(f"{server.base}?token={server.token}")
    answer = page.goto(server.base + address)
    assert answer.status == 404
    assert page.get_by_role("heading", name="Acá no hay nada").is_visible()
    page.get_by_role("link", name="Volver al comienzo").click()
    assert page.get_by_role("link", name="Conocé los LLMs").is_visible()


def test_no_file_of_the_folder_is_served(page, server, notebooks):
    (notebooks / "foto.png").write_bytes(b"\x89PNG")
    page.goto(f"{server.base}?token={server.token}")
    for name in ("foto.png", "1_conocer.ipynb"):
        assert page.request.get(f"{server.base}voila/files/{name}").status == 403


LOOKS = [
    pytest.param({"viewport": {"width": 1180, "height": 900}}, id="wide"),
    pytest.param({"viewport": {"width": 1180, "height": 900}, "color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}, id="phone"),
    pytest.param(
        {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True}, id="small-dark"
    ),
]


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


@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_use_the_page(new_page, server, open_app, axe, wait_until, look):
    page = open_app(new_page(**look), server, "1_conocer.ipynb")
    wait_until(page, "document.querySelector('.bqplot svg .axis text') && document.querySelector('.counter')")
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


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("address", ["", "voila/render/nada.ipynb", "login"])
def test_everybody_can_use_the_pages_without_a_kernel(new_page, server, axe, look, address):
    page = new_page(**look)
    page.goto(f"{server.base}{address}?token={server.token}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.seen.foreign(server.base) == []


def test_on_a_phone_the_step_being_read_has_a_readable_name(new_page, server, open_app, wait_until):
    page = open_app(new_page(viewport={"width": 390, "height": 844}), server, "1_conocer.ipynb")
    assert page.locator(".pasos-ahora").inner_text() == "1 / 3 · ¿Qué es?"
    page.locator("#azar").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('azar').scrollIntoView()")
    wait_until(page, "document.querySelector('.pasos-ahora').textContent.includes('azar')")
    assert page.locator(".pasos-ahora").is_visible()


def test_the_keyboard_reaches_the_content_at_once(app):
    app.keyboard.press("Tab")
    assert app.evaluate("document.activeElement.textContent") == "Saltar al contenido"
    app.keyboard.press("Enter")
    assert app.evaluate("location.hash") == "#contenido"


def test_print_is_dark_on_white_and_without_the_frame(new_page, server, open_app):
    page = open_app(new_page(color_scheme="dark"), server, "2_preparar.ipynb")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("header.cabecera").is_visible()
    assert not page.locator(".pasos").is_visible()
    assert page.locator("h1").evaluate("title => getComputedStyle(title).color") == "rgb(34, 34, 59)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_who_wants_no_motion_gets_none(new_page, server, open_app):
    page = open_app(new_page(reduced_motion="reduce"), server, "2_preparar.ipynb")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<div class=espera><i></i></div>')")
    assert page.evaluate("getComputedStyle(document.querySelector('.espera i')).animationName") == "none"
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_the_landing_page_shows_the_apps_in_reading_order(page, server):
    page.goto(server.address)
    names = page.locator(".tapas h2").all_inner_texts()
    assert names == ["Conocé los LLMs", "Prepará tus datos"]  # only those that are there
    assert page.get_by_role("link", name="roto").is_visible()  # other notebooks below
    page.get_by_role("link", name=re.compile("Conocé los LLMs")).click()
    page.wait_for_url("**/voila/render/1_conocer.ipynb")


def test_english_catalogues_reach_the_page(serve_apps, notebooks, page):
    server = serve_apps(notebooks, env={"POETAS_LANG": "en"})
    config = re.search(
        r'id="jupyter-config-data"[^>]*>(.*?)</script>',
        page.request.get(server.app("2_preparar.ipynb")).text(),
        re.DOTALL,
    )
    assert json.loads(config[1])["extensionConfig"]["poetas"]["language"] == "en"
