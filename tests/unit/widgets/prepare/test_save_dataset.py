"""SaveDataset: a dataset is saved once, named apart, and known again after a reload."""

import json
import shutil
from pathlib import Path

from poetas.data.dataset_schema import PARTS
from poetas.data.pipeline.mapping import ColumnMapping, guess
from poetas.data.pipeline.reading import read_file
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.data.storage.dataset_summary import prepared
from poetas.data.storage.samples import sample
from poetas.errors import Explanation, disk_full
from tests.paths import ROOT
from tests.unit.widgets.pollers import needs_loop
from tests.unit.widgets.prepare.steps import ROWS, bring
from widgets import FilePicker, PageContext, SaveDataset, SplitControls
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.core.page_context import TRAINED_WITH
from widgets.prepare.dataset_draft import DatasetDraft


def test_saving_makes_a_dataset_that_app_3_can_open(context, file):
    bring(context, file)
    save = SaveDataset(context=context)
    assert save.name.value == "Crónicas del barrio"
    save.name.value = "Jacarandás"
    save.button.click()
    context.poller.drain()
    dataset = PreparedDataset.open(save.value)
    assert (dataset.name, dataset.task, sum(dataset.counts.values())) == ("Jacarandás", "summary", ROWS)
    assert context.dataset == save.value
    assert context.project.state()["dataset"] == save.value
    assert "3_entrenar.ipynb" in save.after.next_link.value
    assert save.done
    studied, examined = dataset.counts["train"], dataset.counts["test"]
    assert save.seen() == f"En «Jacarandás» hay {studied} para estudiar y {examined} para el examen."
    DatasetDraft.of(context).cut = 9
    save.button.click()
    context.poller.drain()
    assert len(context.project.prepared()) == 2  # nothing is overwritten


def test_while_another_file_is_read_nothing_can_be_named_or_saved(saved, context, tmp_path):
    other, picker, named = tmp_path / "Mis poemas.txt", FilePicker(context=context), saved.name.value
    other.write_text("\n\n".join(f"Poema {number} de la sal" for number in range(12)), "utf-8")
    seen = []
    saved.draft.observe(
        lambda change: seen.append((change.new, is_shown(saved.name), is_shown(saved.button), saved.status.value)),
        "opening",
    )
    picker.copy(str(other))
    context.poller.drain()
    [during, after] = seen
    assert during[:3] == (other.name, False, False)
    assert "Estoy leyendo «Mis poemas.txt»" in during[3]
    assert after[0] == ""
    assert is_shown(saved.name)
    assert saved.name.value == "Mis poemas"
    saved.name.value = named
    (tmp_path / "roto.csv").write_bytes(b"")
    picker.copy(str(tmp_path / "roto.csv"))
    context.poller.drain()
    assert is_shown(saved.name), "the file before is still in use"
    assert saved.name.value == named
    assert len(seen) == 4


def test_looking_at_the_lengths_changes_nothing(measured, context):
    save = SaveDataset(context=context)
    assert DatasetDraft.of(context).cut == 0  # all of it fits
    save.button.click()
    measured.value = 30  # while it is being saved
    context.poller.drain()
    assert PreparedDataset.open(save.value).record["longest"] == 0
    assert "cambiaste algo" in save.after.stale.value


def test_a_saved_dataset_is_there_though_its_file_is_gone(saved, context):
    Path(DatasetDraft.of(context).source).unlink()
    again = PageContext(context.workspace)
    later = SaveDataset(context=again)
    assert later.value == saved.value
    assert is_shown(later.after)
    assert not is_shown(later.summary)
    again.close()


def test_where_the_brought_dataset_is_gone_the_saved_one_is_shown(saved, context):
    context.save(brought="ya-no-está")
    later = SaveDataset(context=context)
    assert later.value == saved.value
    shutil.rmtree(saved.value)
    context.finish("guarda")
    assert SaveDataset(context=context).value == ""
    assert "guarda" not in context.steps


def test_a_name_in_the_memory_that_is_no_name_leads_nowhere(saved, context):
    for name in ("../../..", "../" + Path(saved.value).name, 7, None):
        context.save(brought=name)
        assert Path(SaveDataset(context=context).value).parent == context.project.datasets


def test_without_a_name_the_reason_stands_beside_the_button(saved):
    saved.name.value = " "
    assert saved.button.disabled
    assert "Ponele un nombre" in saved.status.value


@needs_loop
def test_a_copy_that_could_not_be_made_does_not_touch_what_is_being_saved(saved, context):
    saved.name.value = "Otro"
    saved.button.click()
    saved.after.downloads._export_failed(".zip", disk_full("", needed=2, free=1).explanation)
    assert saved.state is State.BUSY
    assert saved.button.disabled
    assert saved.alert.problem.code == "disk-full"
    context.poller.drain()
    assert saved.state is State.DONE
    assert len(context.project.prepared()) == 2


def test_a_failure_about_the_file_before_is_not_shown_beside_the_new_one(measured, context, monkeypatch):
    save = SaveDataset(context=context)
    late = []
    with monkeypatch.context() as patched:
        patched.setattr(DatasetDraft, "ask", lambda _draft, _question, *, failed, **_done: late.append(failed))
        measured._measure()
        save.button.click()
    bring(context, sample("coplas").path)
    for failed in late:
        failed(Explanation("nothing-chosen", "Todavía no elegiste las columnas.", "", ""))
    assert len(late) == 2
    assert measured.alert.problem is None
    assert save.alert.problem is None
    assert save.state is State.READY


def test_a_double_click_saves_once_and_so_does_a_repeat_with_nothing_changed(context, file):
    bring(context, file)
    save = SaveDataset(context=context)
    save.name.value = "Doble"
    save.button.click()
    save.button.click()  # the second half of a double click, read while the first is at work
    context.poller.drain()
    save.button.click()  # or only after it
    context.poller.drain()
    assert [folder.name for folder in context.project.prepared()] == ["Doble"]
    assert save.button.disabled
    assert "Ya está guardado" in save.status.value
    save.name.value = "Otro"
    assert not save.button.disabled
    assert save.status.value == ""
    save.name.value = "Doble"
    shutil.rmtree(save.value)
    save.refresh()
    assert not save.button.disabled  # it is gone from the disk


def test_a_repeat_is_known_after_a_reload_too(saved, context):
    again = PageContext(context.workspace)
    FilePicker(context=again).recall()
    later = SaveDataset(context=again)
    again.poller.drain()
    assert later.value == saved.value
    assert later.button.disabled
    again.close()


def test_another_set_of_the_same_name_is_distinguished_wherever_it_is_shown(saved, context):
    DatasetDraft.of(context).split = {"test": 0.4}
    assert saved.button.description == "Guardar otra vez"
    saved.button.click()
    context.poller.drain()
    assert "Guardé «El jacarandá (2)»" in saved.after.words.value
    assert PreparedDataset.open(saved.value).name == "El jacarandá (2)"
    assert {work.name for work in prepared(context.project)} == {"El jacarandá", "El jacarandá (2)"}
    assert "Guardé «El jacarandá (2)»" in SaveDataset(context=context).after.words.value
    assert saved.button.disabled  # with these choices, that one is it


def test_where_no_split_is_possible_the_save_sleeps_and_says_why(context, tmp_path):
    path = tmp_path / "una.csv"
    path.write_text("texto;resumen\nHoy llovió en la sierra y creció el río.;Llovió.\n", "utf-8")
    bring(context, path)
    save = SaveDataset(context=context)
    assert save.source
    assert save.button.disabled
    assert "Queda 1 texto distinto, y hacen falta 3" in save.status.value
    assert "65 de cada 100" not in save.summary.value
    bring(context, sample("coplas").path)
    assert not save.button.disabled
    assert save.status.value == ""


def test_texts_that_must_all_stay_together_make_the_save_sleep_too(context, tmp_path):
    path = tmp_path / "iguales.csv"
    same = " ".join(f"palabra{n}" for n in range(52))  # nine tenths of each text: alike, and not the same one twice
    ends = [" ".join(f"{letter * 3}{n}{letter * 3}" for n in range(8)) for letter in "bfgk"]
    path.write_text("texto\n" + "".join(f"{same} {end}\n" for end in ends), "utf-8")
    bring(context, path)
    split, save = SplitControls(context=context), SaveDataset(context=context)
    context.poller.drain()
    assert split.alert.problem.code == "too-few-rows"
    assert DatasetDraft.of(context).texts == len(ends)
    assert save.button.disabled
    assert split.alert.problem.why in save.status.value
    bring(context, sample("coplas").path)
    assert not save.button.disabled


def test_a_new_dataset_opens_again_what_app_3_did_with_the_one_before(saved, context):
    steps = ("conjunto", "antes", "perillas", "entrena", "mejoro")
    for step in steps:
        context.finish(step)
    saved.name.value = "Otro"
    saved.button.click()
    context.poller.drain()
    assert set(context.steps) == set(steps), "the same texts with another name: what was done with them is done"
    DatasetDraft.of(context).cut = 9
    saved.button.click()
    context.poller.drain()
    assert context.steps == PageContext(context.workspace).steps == ("conjunto",)
    context.finish("entrena")
    context.model = "otro"
    assert PageContext(context.workspace).steps == ("conjunto",)
    context.finish("entrena")
    context.reload()
    context.dataset = str(context.dataset)
    assert "entrena" in context.steps  # the same one: nothing to do again


def test_the_steps_that_are_opened_again_are_steps_of_app_3():
    notebook = json.loads((ROOT / "apps" / "3_entrenar.ipynb").read_text("utf-8"))
    code = "".join("".join(cell["source"]) for cell in notebook["cells"])
    assert all(f'StepCard("{step}"' in code for step in TRAINED_WITH)


def test_what_is_downloaded_opens_as_a_spreadsheet_and_reads_as_the_same_texts(saved, context):
    dataset = PreparedDataset.open(saved.value)
    for suffix in (".csv", ".xlsx"):
        paths = []
        saved.after.downloads._export(suffix, paths.append)
        context.poller.drain()
        read = read_file(paths[0])
        assert guess(read.table).mapping == ColumnMapping("texto", "resumen")
        assert set(read.table["parte"]) == {"estudio", "simulacro", "examen"}
        assert sorted(read.table["texto"]) == sorted(row["text"] for part in PARTS for row in dataset.rows(part))
