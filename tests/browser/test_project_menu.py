"""The project menu in the header, by keyboard and on a phone: the browser's part alone, with what a kernel answers."""

import json

import pytest

from tests.paths import ROOT
from widgets.core.project_menu import _texts

pytestmark = pytest.mark.browser

STATIC = ROOT / "share" / "jupyter" / "voila" / "templates" / "poetas" / "static"
MENU = ROOT / "widgets" / "core" / "project_menu.js"
HOSTILE = "<img src=x onerror=window.hurt=1> قصائد " + "largo" * 10
PAGE = """<html lang="es"><head><title>x</title>
<meta name="viewport" content="width=device-width"></head><body class="poetas poetas-page">
<header class="cabecera"><div class="cabecera-fila"><div class="donde"><div class="cual">
<div class="proyecto" data-slot="project"></div>
</div></div></div></header><main><h1>Entrená</h1><div id="el"></div></main></body></html>"""
KERNEL = """
window.sent = [];
const listeners = {}, values = { value: "mi-proyecto", texts: %s };
window.answer = (message) => listeners["msg:custom"](message);
const projects = [
  { name: "a", title: %s, here: false, busy: true },
  { name: "mi-proyecto", title: "mi-proyecto", here: true, busy: false },
];
const send = (message) => {
  window.sent.push(message);
  if (message.kind === "list") window.answer({ kind: "projects", projects });
};
const model = { get: (name) => values[name], on: (name, listen) => (listeners[name] = listen), send };
window.rename = (title) => { values.value = title; listeners["change:value"](); };
const { default: view } = await import(URL.createObjectURL(new Blob([%s], { type: "text/javascript" })));
view.render({ model, el: document.getElementById("el") });
window.made = true;
"""


@pytest.fixture
def menu(page):
    page.set_content(PAGE)
    for sheet in (STATIC / "look.css", STATIC / "page.css", MENU.with_suffix(".css")):
        page.add_style_tag(content=sheet.read_text("utf-8"))
    kernel = KERNEL % (json.dumps(_texts()), json.dumps(HOSTILE), json.dumps(MENU.read_text("utf-8")))
    page.add_script_tag(content=kernel, type="module")
    page.wait_for_function("window.made")
    return page


def focused(page):
    return page.evaluate("document.activeElement.textContent")


def test_the_keyboard_opens_the_menu_walks_through_it_and_leaves_it(menu, axe):
    opener = menu.get_by_role("button", name="Proyecto: mi-proyecto")
    opener.focus()
    menu.keyboard.press("ArrowDown")
    assert opener.get_attribute("aria-expanded") == "true"
    assert focused(menu) == "mi-proyecto", "the project in use"
    menu.keyboard.press("ArrowDown")
    assert focused(menu) == "Proyecto nuevo…"
    menu.keyboard.press("End")
    assert focused(menu) == "Cambiarle el nombre…"
    menu.keyboard.press("ArrowDown")
    assert focused(menu) == HOSTILE + "trabajando"
    assert axe(menu, ".cabecera") == []
    menu.keyboard.press("Escape")
    assert not menu.get_by_role("menu").is_visible()
    assert focused(menu) == "mi-proyecto"
    assert opener.get_attribute("aria-expanded") == "false"
    assert not menu.evaluate("window.hurt")


def test_a_name_is_asked_for_and_what_is_refused_is_said_in_the_dialog(menu, axe):
    menu.get_by_role("button", name="Proyecto: mi-proyecto").click()
    menu.get_by_role("menuitem", name="Proyecto nuevo…").click()
    box = menu.get_by_label("¿Cómo se llama?")
    box.press("Enter")
    menu.evaluate("window.answer({ kind: 'failed', text: 'Al proyecto le falta un nombre.' })")
    assert menu.get_by_role("alert").inner_text() == "Al proyecto le falta un nombre."
    assert axe(menu, "dialog") == []
    box.fill(HOSTILE)
    box.press("Enter")
    assert menu.evaluate("window.sent.at(-1)") == {"kind": "new", "name": HOSTILE}
    menu.keyboard.press("Escape")
    assert not menu.get_by_role("dialog").is_visible()


def test_the_new_name_is_shown_at_once(menu):
    menu.get_by_role("button", name="Proyecto: mi-proyecto").click()
    menu.get_by_role("menuitem", name="Cambiarle el nombre…").click()
    assert menu.get_by_label("¿Cómo se llama?").input_value() == "mi-proyecto"
    menu.get_by_label("¿Cómo se llama?").fill("Coplas")
    menu.get_by_role("button", name="Cambiar el nombre").click()
    assert menu.evaluate("window.sent.at(-1)") == {"kind": "rename", "name": "Coplas"}
    menu.evaluate("window.rename('Coplas'); window.answer({ kind: 'renamed' })")
    assert menu.get_by_role("button", name="Proyecto: Coplas").is_visible()
    assert not menu.get_by_role("dialog").is_visible()


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_the_menu_stays_inside_and_a_project_is_opened_by_a_tap(menu, wear, width):
    wear(menu, viewport={"width": width, "height": 740}, color_scheme="dark", has_touch=True, is_mobile=True)
    menu.get_by_role("button", name="Proyecto: mi-proyecto").click()
    box = menu.get_by_role("menu").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert menu.evaluate("document.documentElement.scrollWidth") <= width
    menu.get_by_role("menuitemradio", name="largo").click()
    assert menu.evaluate("window.sent.at(-1)") == {"kind": "open", "name": "a"}
