"""PairWriter: what is written beside a text is kept at once, found again, and becomes the dataset's summaries."""

import pytest

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.data.storage.samples import sample
from poetas.data.storage.written_file import COLUMN, FILE
from poetas.data.storage.written_summaries import read_written, text_digest, write_summary
from tests.unit.widgets.prepare.steps import bring, plain
from widgets import ColumnMapper, PageContext, SaveDataset
from widgets.core.elements import is_shown
from widgets.prepare.column_mapper import STYLE, WRITE
from widgets.prepare.dataset_draft import DatasetDraft


class Page:
    """A page whose column mapper writes summaries."""

    def __init__(self, context):
        self.context = context
        self.mapper = ColumnMapper(context=context)
        self.settle()

    def settle(self):
        self.context.poller.drain()

    @property
    def writer(self):
        return self.mapper.writing.children[0]

    def type(self, words):
        box = self.writer.box
        box._handle_custom_msg({"type": "write", "index": box.index, "text": words}, [])
        self.settle()

    def go(self, step=1):
        self.writer.box._handle_custom_msg({"type": "go", "step": step}, [])
        self.settle()

    def choose(self, way):
        self.mapper.summary_menu.value = way
        self.settle()


@pytest.fixture
def page(context):
    bring(context, sample("coplas").path)
    page = Page(context)
    page.choose(WRITE)
    return page


def test_the_first_text_is_beside_an_empty_box_and_nothing_else_is_asked(page):
    assert "Texto 1 de" in plain(page.writer.text.value)
    assert page.writer.box.value == ""
    assert not is_shown(page.writer.use)
    assert "Llevás 0 resúmenes. Con 3 ya alcanza para probar." in plain(page.writer.counter.value)
    assert not is_shown(page.mapper.accept)
    assert not is_shown(page.mapper.preview)


def test_what_is_written_is_on_the_disk_at_once_and_there_again_on_another_page(page, context):
    first = page.writer.answer["text"]
    page.type("Una copla de amor.")
    assert read_written(context.project.path / FILE) == {text_digest(first): "Una copla de amor."}
    page.go()
    page.type("Otra.")
    later = PageContext(context.workspace)  # another day, another page
    DatasetDraft.of(later).recall(done=lambda _answer: None, failed=pytest.fail)
    again = Page(later)
    assert again.mapper._writes
    assert "Llevás 2 resúmenes" in plain(again.writer.counter.value)
    assert again.writer.answer["index"] == 2  # the first that has none
    again.go(-1)
    assert again.writer.box.value == "Otra."
    later.close()


def test_the_same_texts_in_another_order_keep_their_summaries(page, context, tmp_path):
    text = page.writer.answer["text"]
    page.type("Una copla de amor.")
    turned = tmp_path / "al-revés.txt"
    stanzas = sample("coplas").path.read_text("utf-8").strip().split("\n\n")
    turned.write_text("\n\n".join(reversed(stanzas)), "utf-8")
    bring(context, turned)
    page.settle()
    page.choose(WRITE)
    assert page.writer.answer["written"] == 1
    page.go(-1)
    assert (page.writer.answer["text"], page.writer.box.value) == (text, "Una copla de amor.")


def test_what_was_written_is_undone_text_by_text(page):
    page.type("Prim")
    page.type("Primera.")
    page.go()
    page.type("Segunda.")
    page.writer.undo.click()
    page.settle()
    assert (page.writer.answer["index"], page.writer.box.value, page.writer.answer["written"]) == (1, "", 1)
    page.writer.undo.click()
    page.settle()
    assert (page.writer.answer["index"], page.writer.box.value, page.writer.answer["written"]) == (0, "", 0)
    assert not is_shown(page.writer.undo)


def test_the_pairs_become_the_dataset_and_the_other_texts_are_accounted_for(page, context):
    for n in range(4):
        page.type(f"Resumen {n}.")
        page.go()
    assert "Llevás 4 resúmenes. Ya alcanza para probar" in plain(page.writer.counter.value)
    assert page.writer.use.description == "Seguir con mis 4 resúmenes"
    page.writer.use.click()
    page.settle()
    assert (page.mapper.task, page.mapper.value["summary"], page.mapper.draft.texts) == ("summary", COLUMN, 4)
    assert is_shown(page.mapper.accept)
    save = SaveDataset(context=context)
    save.button.click()
    page.settle()
    dataset = PreparedDataset.open(save.value)
    assert sum(dataset.counts.values()) == 4
    account = dataset.record["account"]
    assert account["used"] + account["changed"] == 4
    assert account["reasons"]["no-summary"] == account["rows"] - 4
    page.go()
    page.type("Uno más.")
    page.writer.use.click()
    page.settle()
    assert page.mapper.draft.texts == 5
    page.choose(STYLE)
    assert page.mapper.task == "style"
    assert not is_shown(page.mapper.writing)


def test_a_damaged_file_of_summaries_is_no_obstacle(tmp_path):
    path = tmp_path / FILE
    for content in ("{", '{"summaries": [1]}', '{"summaries": {"x": "y", "%s": 3}}' % ("a" * 64)):
        path.write_text(content, "utf-8")
        assert read_written(path) == {}
    assert write_summary(path, "a" * 64, "Sol") == {"a" * 64: "Sol"}
    assert write_summary(path, "a" * 64, " ") == {}
