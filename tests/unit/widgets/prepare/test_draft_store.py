"""What a project remembers of app 2: after a reload, in two tabs, and when its file is damaged."""

import json
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from poetas.data.storage.samples import sample
from poetas.workspace import Workspace
from tests.tiny_model import register_tiny_model
from tests.unit.widgets.prepare.steps import ROWS, bring
from widgets import ColumnMapper, FilePicker, LengthChart, PageContext, SaveDataset, SplitControls, TokenizerView
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.prepare.column_mapper import STYLE
from widgets.prepare.dataset_draft import DatasetDraft


def test_a_reload_finds_everything_as_it_was_left(context, file):
    register_tiny_model(context.workspace)
    bring(context, file)
    mapper, chart, split, save = (
        kind(context=context) for kind in (ColumnMapper, LengthChart, SplitControls, SaveDataset)
    )
    tokens = TokenizerView(context=context)
    mapper.summary_menu.value = STYLE
    context.poller.drain()
    mapper.accept.click()
    chart.prediction.skip()
    context.poller.drain()
    chart.value = 40
    split.test.value = 30
    save.name.value = "El jacarandá"
    save.button.click()
    tokens.prediction.skip()
    context.poller.drain()
    context.finish("tokens")
    context.dataset = "otro conjunto, elegido en la app 3"
    context.close()

    again = PageContext(Workspace.default())
    picker = FilePicker(context=again)
    parts = [kind(context=again) for kind in (ColumnMapper, LengthChart, SplitControls, SaveDataset, TokenizerView)]
    assert picker.continue_button.description == "Seguir con Crónicas del barrio.csv"
    assert not again.services._connections
    picker.uploader.uploader._handle_custom_msg({"type": "here"}, [])  # what a page says when it shows the component
    again.poller.drain()
    assert Path(picker.value).name == "Crónicas del barrio.csv"
    assert parts[0].value == {"text": "crónica", "summary": None}
    assert parts[1].alert.problem is None
    assert (parts[1].state, parts[1].value) == (State.DONE, 40)
    assert len(parts[1].lengths) == ROWS
    assert parts[2].value["test"] == 0.3
    assert parts[3].name.value == "El jacarandá"
    assert parts[3].value == save.value
    assert is_shown(parts[3].after)
    assert "Guardé «El jacarandá»" in parts[3].after.words.value
    assert again.dataset == "otro conjunto, elegido en la app 3"  # a visit changes nothing
    assert parts[4].counts  # the pieces are there again, without another guess
    assert parts[3].after.stale.value == ""
    parts[1].value = 30
    assert "cambiaste algo" in parts[3].after.stale.value
    parts[1].value = 40
    assert parts[3].after.stale.value == ""
    picker._read_again({"encoding": "cp1252"})
    again.poller.drain()
    assert "cambiaste algo" in parts[3].after.stale.value  # the same columns, other letters
    FilePicker(context=again).copy(str(sample("coplas").path))
    again.poller.drain()
    assert (parts[3].value, parts[3].done) == ("", False)
    again.close()


@pytest.mark.parametrize("state", ["x", [], {"draft": 3}, {"draft": {"source": 3}}, {"draft": {"source": "../../x"}}])
def test_a_damaged_memory_of_an_earlier_visit_does_no_harm(context, state):
    context.project.path.mkdir(parents=True)
    (context.project.path / "progreso.json").write_text(json.dumps(state), "utf-8")
    picker = FilePicker(context=context)
    picker.recall()
    context.poller.drain()
    assert picker.state is State.READY
    assert picker.alert.problem is None


def test_what_another_tab_finished_stays_finished(context):
    other = PageContext(context.workspace)
    context.finish("columnas")
    other.finish("tokens")
    assert other.steps == ("columnas", "tokens")
    context.reopen("columnas")
    assert PageContext(context.workspace).steps == ("tokens",)
    other.close()


def test_a_step_is_finished_and_opened_again_on_the_disk_whatever_this_page_believed(context):
    other = PageContext(context.workspace)
    other.finish("columnas")
    context.reopen("columnas")  # which this page never saw finished
    assert PageContext(context.workspace).steps == ()
    other.finish("columnas")  # which that page never saw opened again
    assert PageContext(context.workspace).steps == ("columnas",)
    other.close()


def test_pages_that_write_at_once_lose_nothing(context):
    def write(name):
        project = Workspace.default().project()
        for n in range(60):
            project.remember(**{f"{name}{n}": n})

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(context.state()) == 120


def test_another_tab_that_moves_something_does_not_undo_what_this_one_saved(context, file):
    bring(context, file)
    save = SaveDataset(context=context)
    there = PageContext(context.workspace)
    FilePicker(context=there).recall()
    split = SplitControls(context=there)
    there.poller.drain()
    save.button.click()
    context.poller.drain()
    split.test.value = 40
    there.poller.drain()
    draft = context.state()["draft"]
    assert draft["saved"]["folder"] == Path(save.value).name
    assert draft["split"]["test"] == 0.4
    there.close()


def test_what_went_back_to_nothing_does_not_come_back_with_the_next_visit(context, file):
    bring(context, file)
    draft = DatasetDraft.of(context)
    draft.cut, draft.split = 9, {"test": 0.4}
    context.poller.drain()
    kept = context.project.sources / "Crónicas del barrio.csv"
    kept.write_bytes(kept.read_bytes().replace("crónica;".encode("latin-1"), b"texto;"))  # a column has another name
    for _visit in range(2):
        again = PageContext(context.workspace)
        FilePicker(context=again).recall()
        again.poller.drain()
        assert (DatasetDraft.of(again).cut, DatasetDraft.of(again).split) == (0, {})
        assert DatasetDraft.of(again).mapping["text"] == "texto"
        again.close()


def test_a_page_that_never_lets_go_of_the_projects_state_is_reported(context, monkeypatch):
    monkeypatch.setattr("poetas.util.file_lock.PATIENCE", 0.05)
    context.save(model="uno")
    with FileLock(context.project.path / "progreso.lock"):
        context.save(model="dos")
    assert context.save_error.code == "crowded"
    assert context.state()["model"] == "dos"  # not lost: it is written with the next
    context.save()
    assert context.save_error is None
    assert PageContext(context.workspace).model == "dos"
