"""App 2's components on one draft: what one of them does to the others."""

from poetas.data.storage.samples import sample
from tests.tiny_model import register_tiny_model
from tests.unit.widgets.prepare.steps import ROWS, bring
from widgets import ColumnMapper, FilePicker, LengthChart, SaveDataset, SplitControls, StepCard, TokenizerView
from widgets.core.component import State


def test_building_the_whole_app_does_nothing(context):
    for kind in (FilePicker, ColumnMapper, TokenizerView, LengthChart, SplitControls, SaveDataset):
        StepCard("paso", kind(context=context), context=context)
    context.poller.drain()
    assert not context.workspace.root.exists()
    assert not context.services._connections


def test_hostile_content_is_escaped_everywhere(context, tmp_path):
    evil = "<img src=x onerror=alert(1)>"
    path = tmp_path / f"{evil}.csv"
    words = ["luna", "río", "pan", "gata", "tren", "mate", "horno", "viento", "patio", "abuela"]
    rows = "".join(f"{evil} {word * 9} y también {word[::-1] * 9};{evil} {word}\n" for word in words)
    path.write_text(f"{evil};resumen\n{rows}", "utf-8")
    register_tiny_model(context.workspace)
    picker = bring(context, path)
    parts = [
        picker,
        *(kind(context=context) for kind in (ColumnMapper, TokenizerView, LengthChart, SplitControls, SaveDataset)),
    ]
    parts[2].prediction.skip()
    parts[3].prediction.skip()
    context.poller.drain()
    parts[3].value = 6
    parts[5].button.click()
    context.poller.drain()
    shown = [
        parts[0].summary,
        parts[1].message,
        parts[1].preview,
        parts[3].cost.xray,
        parts[4].cards,
        parts[5].summary,
        parts[5].after.words,
    ]
    assert all(part.value for part in shown)
    assert not [part.value for part in shown if "<img" in part.value]


def test_when_the_service_dies_the_page_tells_it_everything_again(context, file):
    import psutil

    register_tiny_model(context.workspace)
    bring(context, file)
    split = SplitControls(context=context)
    context.poller.drain()
    for child in psutil.Process().children(recursive=True):
        if "preparation" in " ".join(child.cmdline()):
            child.kill()
    split.test.value = 40
    context.poller.drain()
    assert split.alert.problem is None
    assert split.split["counts"]["test"] == round(ROWS * 0.4)


def test_the_step_cards_say_what_is_missing_and_mark_what_is_done(context, file):
    picker, mapper = FilePicker(context=context), ColumnMapper(context=context)
    first, second = StepCard("textos", picker, context=context), StepCard("columnas", mapper, context=context)
    assert "#textos" in mapper.notice.value
    picker.copy(str(file))
    context.poller.drain()
    assert mapper.notice.value == ""
    assert context.steps == ("textos",)
    assert "ENCODING = 'Latin-1'" in first.code.code
    assert "DELIMITER = ';'" in first.code.code
    mapper.accept.click()
    assert context.steps == ("textos", "columnas")
    assert "SUMMARY = 'resumen'" in second.code.code
    picker.copy(str(sample("coplas").path))
    context.poller.drain()
    assert context.steps == ("textos",)  # of another file the columns are to be looked at again


def test_texts_that_are_there_in_no_chosen_column_are_said_to_be_so(context, numbers):
    cards = [
        StepCard("paso", kind(context=context), context=context) for kind in (LengthChart, SplitControls, SaveDataset)
    ]
    assert all("#textos" in card.component.notice.value for card in cards)
    bring(context, numbers)
    for card in cards:
        assert card.component.state is State.WAITING
        assert "de la columna elegida no salen textos" in card.component.notice.value
        assert "#columnas" in card.component.notice.value
    bring(context, sample("coplas").path)
    assert not any(card.component.notice.value for card in cards)
