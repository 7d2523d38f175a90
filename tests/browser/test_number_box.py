"""A number that is typed with a comma, in a browser whose language has a point: the knobs of app 3 by themselves."""

import nbformat
import pytest

pytestmark = pytest.mark.browser

KNOBS = """
from ipywidgets import HTML, VBox
from widgets import SliderField
rate = SliderField("Tasa de aprendizaje", 2e-4, lowest=1e-6, highest=5e-3, step=1e-5, log=True, help="Cuánto corrige.")
epochs = SliderField("Épocas", 3, lowest=1, highest=20, step=1)
echo = HTML("")
def tell(_change=None): echo.value = f'<p class="echo">{rate.value!r} {epochs.value!r}</p>'
for dial in (rate, epochs): dial.observe(tell, "value")
tell()
VBox([rate, epochs, echo])
"""


@pytest.fixture
def notebook(notebooks):
    cells = [
        nbformat.v4.new_markdown_cell("# Perillas"),
        nbformat.v4.new_markdown_cell("## Una"),
        nbformat.v4.new_code_cell(KNOBS),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebooks / "perillas.ipynb")
    return "perillas.ipynb"


def test_what_is_typed_is_what_is_meant_by_hand_by_arrows_and_by_slider(
    serve_apps, notebooks, notebook, page, open_app, wait_until, axe
):
    open_app(page, serve_apps(notebooks), notebook)
    rate = page.get_by_role("spinbutton", name="Tasa de aprendizaje")
    epochs = page.get_by_role("spinbutton", name="Épocas")
    echo = page.locator(".echo")
    assert rate.input_value() == "0,0002"

    def typed(box, text, shown, meant):
        box.click()
        box.press("ControlOrMeta+a")
        page.keyboard.type(text)
        box.press("Enter")
        wait_until(page, lambda: (box.input_value(), echo.inner_text()) == (shown, meant))

    typed(rate, "0,0005", "0,0005", "0.0005 3")
    typed(rate, "0.0003", "0,0003", "0.0003 3")
    typed(rate, "mucho", "0,0003", "0.0003 3")
    typed(rate, "mucho", "0,0003", "0.0003 3")
    typed(rate, "9", "0,005", "0.005 3")
    typed(epochs, "2,5", "3", "0.005 3")
    typed(epochs, "4", "4", "0.005 4")
    epochs.press("ArrowUp")
    wait_until(page, lambda: epochs.input_value() == "5")
    epochs.press("ArrowDown")  # faster than the kernel answers
    epochs.press("ArrowDown")
    wait_until(page, lambda: echo.inner_text() == "0.005 3")
    epochs.press("Home")
    page.keyboard.type("1")  # it counts when the box is left, as well
    rate.focus()
    wait_until(page, lambda: (epochs.input_value(), echo.inner_text()) == ("13", "0.005 13"))
    page.get_by_role("slider", name="Épocas").press("ArrowRight")
    wait_until(page, lambda: epochs.input_value() == "14")
    assert epochs.get_attribute("aria-valuenow") == "14"
    assert not (result := axe(page)), "\n".join(result)
    assert not page.seen.errors
