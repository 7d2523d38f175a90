"""TextEnds: where each text of a running text ends is asked, with counts and the first texts as pages."""

from html import unescape

from tests.paths import UNIT
from tests.unit.widgets.pollers import new_poller
from tests.unit.widgets.prepare.steps import bring
from widgets import FilePicker, PageContext
from widgets.core.elements import is_shown

CASES = UNIT / "data" / "cases"


def labels(picker):
    return {way: words for words, way in picker.ends.ways.options}


def test_fifteen_sonnets_are_fifteen_pages_and_another_way_reads_them_again(context):
    picker = bring(context, CASES / "26-quince-sonetos.docx")
    assert is_shown(picker.ends)
    assert not is_shown(picker.hints.menus["division"]), "it is asked once"
    assert picker.ends.ways.value == "poems"
    assert labels(picker)["poems"] == "con cada poema, título y estrofas juntos (15)"
    assert "Soneto 1<br>" in picker.ends.pages.value
    assert picker.ends.pages.value.count('class="poetas-page serif"') == 3
    assert "<table" not in picker.summary.value, "the pages stand for it"
    picker.ends.more.click()
    context.poller.drain()
    assert "Del 4 al 6, de 15." in picker.ends.pages.value
    assert "Soneto 4<br>" in picker.ends.pages.value
    assert "Soneto 1<br>" not in picker.ends.pages.value
    for _third in range(4):
        picker.ends.more.click()
        context.poller.drain()
    assert "Del 1 al 3, de 15." in picker.ends.pages.value, "after the last ones come the first ones"
    picker.ends.ways.value = "whole"
    context.poller.drain()
    assert not is_shown(picker.ends.more)
    assert picker.reading["rows"] == 1
    assert picker.ends.ways.value == "whole"
    assert labels(picker)["poems"] == "con cada poema, título y estrofas juntos (15)", "the way back is still there"
    picker.ends.ways.value = "poems"
    context.poller.drain()
    assert picker.reading["rows"] == 15


def test_what_is_repeated_is_shown_too_and_no_page_is_beyond_the_last(context, tmp_path):
    poems = tmp_path / "poemas.txt"
    poems.write_text("\n\n\n".join(["El río baja,\nel río canta."] * 4 + ["Otro verso,\ny otro más."]), "utf-8")
    picker = bring(context, poems)
    assert "queda" in picker.summary.value, "of five, two are different"
    picker.ends.more.click()
    context.poller.drain()
    assert "Del 4 al 5, de 5." in picker.ends.pages.value
    assert "Otro verso" in picker.ends.pages.value
    assert picker.ends.more.description == "Volver a los primeros"
    picker.ends.more.click()
    context.poller.drain()
    assert "Del 1 al 3, de 5." in picker.ends.pages.value
    assert picker.ends.more.description == "Ver los que siguen"


def test_the_chosen_way_is_there_after_a_reload_and_beside_other_hints(context):
    picker = bring(context, CASES / "26-quince-sonetos.txt")
    picker.hints.menus["encoding"].value = "utf-8"
    context.poller.drain()
    assert labels(picker)["blocks"] == "en las líneas en blanco (60)"
    assert "pages" not in labels(picker), "it has none"
    picker.ends.ways.value = "blocks"
    context.poller.drain()
    assert picker.draft.hints == {"encoding": "utf-8", "division": "blocks"}
    rows = picker.reading["rows"]
    picker.hints.menus["encoding"].value = "cp1252"
    context.poller.drain()
    assert picker.draft.hints == {"encoding": "cp1252", "division": "blocks"}
    context.poller.drain()
    other = PageContext(context.workspace, poller=new_poller())
    kept = FilePicker(context=other)
    kept.recall()
    other.poller.drain()
    assert (kept.reading["rows"], kept.ends.ways.value) == (rows, "blocks")
    other.close()


def test_a_table_is_not_asked_and_what_is_shown_is_escaped(context, tmp_path):
    picker = bring(context, CASES / "11-formulario.csv")
    assert not is_shown(picker.ends)
    assert "<table" in picker.summary.value
    hostile = tmp_path / "poemas.txt"
    hostile.write_text("<img src=x onerror=alert(1)>\nverso dos\n\nverso tres\nverso cuatro\n", "utf-8")
    picker = bring(context, hostile)
    assert is_shown(picker.ends)
    assert "<img" not in picker.ends.pages.value
    assert "<img src=x onerror=alert(1)>" in unescape(picker.ends.pages.value)


def test_ways_that_give_the_very_same_texts_are_one_and_the_one_in_use_stands_for_them(context, tmp_path):
    path = tmp_path / "tres.txt"
    path.write_text("uno\n\ndos\n\ntres\n", encoding="utf-8")
    picker = bring(context, path)
    assert set(labels(picker)) == {picker.ends.ways.value, "whole"}, "a line and a block are the same here"
    path.write_text("uno\ny medio\n\ndos\n\ntres\n", encoding="utf-8")
    picker = bring(context, path)
    assert {"blocks", "lines"} <= set(labels(picker)), "here they are not"
