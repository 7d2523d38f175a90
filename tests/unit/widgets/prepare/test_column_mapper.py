"""ColumnMapper: which column is the text, which the summary, and what a wrong choice says."""

from poetas.data.storage.samples import sample
from tests.unit.widgets.prepare.steps import bring
from widgets import ColumnMapper
from widgets.core.elements import is_shown
from widgets.prepare.column_mapper import STYLE


def test_one_column_of_texts_is_for_style_and_asks_nothing(context):
    bring(context, sample("coplas").path)
    mapper = ColumnMapper(context=context)
    context.poller.drain()
    assert mapper.task == "style"
    assert not is_shown(mapper.text_menu)
    assert "escribir en un estilo" in mapper.message.value
    assert "Resumen" not in mapper.preview.value


def test_wrong_columns_are_a_card_with_a_button_that_helps(context, file):
    bring(context, file)
    mapper = ColumnMapper(context=context)
    context.poller.drain()
    mapper.text_menu.value = "número"
    context.poller.drain()
    assert mapper.alert.problem.code == "wrong-column"
    assert "números" in mapper.alert.message.value
    assert mapper.accept.disabled
    assert mapper.alert.button.description == "Elegir otra columna"
    mapper.alert.button.click()
    context.poller.drain()
    assert mapper.alert.problem is None
    assert mapper.value == {"text": "crónica", "summary": "resumen"}
    assert not mapper.accept.disabled
    mapper.accept.click()
    assert (is_shown(mapper.accept), is_shown(mapper.settled)) == (False, True), "a click is answered in its place"


def test_a_choice_of_columns_can_be_undone_and_done_again(context, file):
    bring(context, file)
    mapper = ColumnMapper(context=context)
    context.poller.drain()
    assert not is_shown(mapper.undo)
    mapper.summary_menu.value = STYLE
    context.poller.drain()
    assert mapper.task == "style"
    mapper.undo.undo()
    context.poller.drain()
    assert (mapper.task, mapper.summary_menu.value) == ("summary", "resumen")
    mapper.undo.redo()
    context.poller.drain()
    assert (mapper.task, mapper.summary_menu.value) == ("style", STYLE)


def test_a_file_without_a_text_says_so_and_shows_nothing_of_the_file_before(context, file, tmp_path):
    picker, mapper = bring(context, file), ColumnMapper(context=context)
    context.poller.drain()
    assert mapper.preview.value
    numbers = tmp_path / "números.csv"
    numbers.write_text("a;b\n" + "".join(f"{n};{n * 7}\n" for n in range(20)), "utf-8")
    picker.copy(str(numbers))
    context.poller.drain()
    assert mapper.preview.value == ""
    assert "En «a» no hay textos" in mapper.message.value
    assert mapper.accept.disabled
    mapper.text_menu.value = "b"
    context.poller.drain()
    assert mapper.alert.problem is not None
    assert mapper.message.value == mapper.preview.value == ""


def test_texts_that_cannot_be_split_are_reported_where_the_columns_are_chosen(context, tmp_path):
    few = tmp_path / "pocos.csv"
    rows = "".join(f"{words};corto\n" for words in ["Hoy llovió en la sierra y creció el río."] * 9)
    few.write_text(f"texto;resumen\n{rows}", "utf-8")
    bring(context, few)
    mapper = ColumnMapper(context=context)
    assert "Queda 1 texto distinto, y hacen falta 3" in mapper.warnings.value
    bring(context, sample("coplas").path)
    assert "hacen falta" not in mapper.warnings.value


def test_a_card_about_a_column_goes_with_its_file(context, file, numbers):
    bring(context, file)
    mapper = ColumnMapper(context=context)
    mapper.text_menu.value = "número"
    context.poller.drain()
    assert mapper.alert.problem.code == "wrong-column"
    bring(context, numbers)
    assert mapper.alert.problem is None
    assert "En «a» no hay textos" in mapper.message.value
