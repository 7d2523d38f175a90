"""DatasetImport: a saved dataset goes out as a zip and comes back."""

import zipfile

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.workspace import Workspace
from tests.unit.widgets.prepare.steps import bring
from widgets import PageContext, SaveDataset
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.prepare.save.dataset_import import ARRIVALS


def test_a_saved_dataset_goes_out_as_a_zip_and_comes_back(context, file, tmp_path):
    bring(context, file)
    save = SaveDataset(context=context)
    save.button.click()
    context.poller.drain()
    answers, pieces = [], []

    def send(content, buffers=None):
        answers.append(content)
        pieces.extend(bytes(buffer) for buffer in buffers or ())

    save.after.downloads.buttons[".zip"].send = send
    save.after.downloads.buttons[".zip"]._handle_custom_msg({"type": "make"}, [])
    context.poller.drain()
    assert answers[-1]["type"] == "ready"
    while not answers[-1].get("last"):
        save.after.downloads.buttons[".zip"]._handle_custom_msg({"type": "want", "offset": sum(map(len, pieces))}, [])
    target = tmp_path / answers[0]["name"]
    target.write_bytes(b"".join(pieces))
    assert target.stat().st_size == answers[0]["size"]
    assert zipfile.ZipFile(target).testzip() is None
    assert not list((context.project.path / "para-bajar").iterdir())  # nothing is left behind on this side

    other = PageContext(Workspace(tmp_path / "otra"))
    fresh = SaveDataset(context=other)
    arrived = other.project.path / ARRIVALS / target.name
    arrived.parent.mkdir(parents=True)
    arrived.write_bytes(target.read_bytes())
    fresh.importer.bring(str(arrived))
    assert fresh.notice.value  # nothing to save, and nothing brought
    other.poller.drain()
    assert PreparedDataset.open(fresh.value).counts == PreparedDataset.open(save.value).counts
    assert other.dataset == fresh.value
    assert not arrived.exists()  # the zip itself is not kept
    assert (fresh.notice.value, fresh.state) == ("", State.DONE)
    assert not is_shown(fresh.name)
    assert not is_shown(fresh.button)
    other.close()

    again = SaveDataset(context=PageContext(Workspace(tmp_path / "otra")))  # a reload
    assert (again.value, again.notice.value) == (fresh.value, "")
    assert "Listo." in again.after.words.value
    bring(again.context, file)  # another file, of which nothing is saved
    assert (again.value, again.done) == ("", False)
    again.context.close()


def test_a_zip_that_is_no_dataset_is_a_card(context, tmp_path):
    path = context.project.path / ARRIVALS / "fotos.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "hola")
    save = SaveDataset(context=context)
    save.importer.bring(str(path))
    context.poller.drain()
    assert save.importer.alert.problem.code == "dataset-broken"
    assert not path.exists()  # what was refused is not kept
    mine = context.project.sources / "cartas.zip"
    mine.parent.mkdir()
    with zipfile.ZipFile(mine, "w") as archive:
        archive.writestr("a.txt", "hola")
    save.importer.bring(str(mine))
    context.poller.drain()
    assert mine.exists()  # the learner's own texts are never taken away
    assert save.value == ""


def test_a_dataset_that_was_brought_is_not_said_to_be_saved_and_saving_after_it_is(saved, context):
    answer = {
        "folder": saved.value,
        "name": "Lo de Elvira",
        "counts": {"train": 3, "validation": 1, "test": 2},
        "steps": [],
    }
    saved.bring(answer)
    assert "Traje «Lo de Elvira»" in saved.after.words.value
    assert "vino en el ZIP" in saved.after.stale.value
    assert "Traje" in SaveDataset(context=context).after.words.value
    saved.button.click()
    context.poller.drain()
    assert "Guardé «El jacarandá (2)»" in saved.after.words.value
    assert saved.after.stale.value == ""
    assert "Guardé" in SaveDataset(context=context).after.words.value
