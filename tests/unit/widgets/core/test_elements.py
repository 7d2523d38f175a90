"""Elements share their layouts and styles, and hiding one hides no other."""

import pytest
from anywidget import AnyWidget
from ipywidgets import HTML, IntSlider, Layout, Widget

from widgets.core import elements
from widgets.core.elements import column_of, html, is_shown, look, make_button, own_look, row_of, show


@pytest.fixture
def models():
    """Collect the models that are made."""
    made = []
    Widget.on_widget_constructed(made.append)
    yield made
    Widget.on_widget_constructed(None)


def test_many_elements_make_few_models(models):
    row_of((html("Hola"), make_button("Dale", shown=False)))
    models.clear()
    parts = [html("Hola", "soft") for _ in range(10)] + [make_button("Dale", kind="primary") for _ in range(10)]
    column_of((row_of(parts), html("Chau", shown=False)))
    assert len(models) == len(parts) + 3  # and the column, the row, the last line


def test_hiding_one_element_hides_no_other():
    first, second = html("Hola"), html("Chau")
    show(first, False)
    assert (is_shown(first), is_shown(second)) == (False, True)
    show(first, "something")
    assert is_shown(first)
    assert not is_shown(make_button("Dale", shown=False))


def test_a_widget_with_measures_of_its_own_keeps_them():
    wide = HTML("Hola", layout=Layout(width="300px"))
    show(wide, False)
    assert (is_shown(wide), wide.layout.width) == (False, "300px")
    show(wide, True)
    assert (is_shown(wide), wide.layout.width) == (True, "300px")


def test_elements_made_after_the_shared_models_were_closed_have_live_ones(monkeypatch):
    monkeypatch.setattr(elements, "_shared", {})  # those of other tests may belong to another comm manager
    before = html("Hola")
    before.layout.close()
    before.style.close()
    after = html("Chau")
    assert None not in (after.layout.comm, after.style.comm)


def test_classes_are_there_from_the_first_message():
    assert IntSlider(**look("poetas", "row")).get_state(["_dom_classes"]) == {"_dom_classes": ("poetas", "row")}
    assert row_of((), "poetas-walk")._dom_classes == ("row", "poetas-walk")


def test_an_anywidget_is_hidden_by_a_layout_of_its_own():
    class Drawing(AnyWidget):
        _esm = "export default { render() {} };"

    with pytest.raises(TypeError, match="Drawing"):
        show(Drawing(**look("poetas")), False)
    drawing = Drawing(**own_look("poetas"))
    before = drawing.layout
    show(drawing, False)
    assert drawing.layout is before
    assert not is_shown(drawing)
