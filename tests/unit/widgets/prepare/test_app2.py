"""App 2: its components on one draft and the real service, from a file to a dataset, and what can go wrong."""

import csv
import json
import re
import shutil
import threading
import zipfile
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.data.storage.dataset_summary import prepared
from poetas.data.storage.samples import sample
from poetas.errors import Explanation, disk_full
from poetas.workspace import Workspace
from tests.paths import ROOT
from tests.tiny_model import register_tiny_model
from widgets import (
    ColumnMapper,
    FilePicker,
    LengthChart,
    PageContext,
    SaveDataset,
    SplitControls,
    StepCard,
    TokenizerView,
)
from widgets.controls.histogram import BEYOND, KEPT, Histogram
from widgets.controls.previews import BEFORE, xray
from widgets.core.component import State
from widgets.core.page_context import TRAINED_WITH
from widgets.prepare.column_mapper import STYLE
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.dataset_import import ARRIVALS
from widgets.prepare.file_picker.reading_hints import AUTOMATIC

ROWS = 24


@pytest.fixture
def context(own_workspace):
    made = PageContext(Workspace.default())
    yield made
    made.close()


def writable(letter):
    return letter.encode("latin-1", "ignore")


def plain(html):
    """What a reader sees of a piece of HTML, without tags."""
    return unescape(re.sub(r"<[^>]+>", "", html.replace("<br>", "\n")))


@pytest.fixture
def file(tmp_path):
    """A table as Excel writes it in Argentina: Latin-1, semicolons, a comma in every text."""
    path = tmp_path / "Crónicas del barrio.csv"
    with path.open("w", encoding="latin-1", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["número", "crónica", "resumen"])
        with sample("noticias").path.open(encoding="utf-8", newline="") as rows:
            for n, row in zip(range(ROWS), csv.DictReader(rows), strict=False):
                words = " ".join(row["texto"].split()[: 24 + 2 * n])  # every length once
                writer.writerow([n, "".join(filter(writable, words)), "".join(filter(writable, row["resumen"]))[:90]])
    return path


def bring(context, path):
    picker = FilePicker(context=context)
    picker.copy(str(path))
    context.poller.drain()
    return picker


def test_building_the_whole_app_does_nothing(context):
    for kind in (FilePicker, ColumnMapper, TokenizerView, LengthChart, SplitControls, SaveDataset):
        StepCard("paso", kind(context=context), context=context)
    context.poller.drain()
    assert not context.workspace.root.exists()
    assert not context.services._connections


def test_the_file_in_use_can_be_brought_and_read_again_just_as_it_was(context, file):
    """Nothing of the draft changes then, and still the step has to say that the file was read."""
    picker = bring(context, file)
    picker.other.click()
    picker.bring(picker.value)
    context.poller.drain()
    assert picker.state is State.DONE
    assert picker.result.layout.display == ""
    picker._read_again(dict(picker.draft.hints))
    context.poller.drain()
    assert picker.state is State.DONE
    picker.draft.mapping = {"text": "número", "summary": None}  # a column without texts
    picker._read_again(dict(picker.draft.hints))
    context.poller.drain()
    assert picker.state is State.DONE
    picker.other.click()
    assert picker.state is State.READY, "what was asked before does not shut the way in"


def test_a_latin_1_table_with_semicolons_is_understood_and_its_columns_guessed(context, file):
    picker, mapper = bring(context, file), ColumnMapper(context=context)
    context.poller.drain()
    assert picker.state is State.DONE
    assert picker.done
    assert picker.reading["sentence"] == f"Leí {ROWS} filas y 3 columnas, en Latin-1, separadas por ;"
    assert "Leí 24 filas" in picker.summary.value
    assert "Bahía" in picker.summary.value
    assert Path(picker.value).read_bytes() == file.read_bytes()
    assert Path(picker.value).parent == context.project.sources
    assert mapper.value == {"text": "crónica", "summary": "resumen"}
    assert mapper.task == "summary"
    assert mapper.preview.value.count('poetas-pair"') == 3
    assert "Bahía" in mapper.preview.value


def test_the_three_ways_in_and_the_lent_machine(context, monkeypatch):
    assert len(FilePicker(context=context).ways.options) == 3
    monkeypatch.setenv("POETAS_PLACE", "binder")
    picker = FilePicker(context=context)
    assert "máquina prestada" in picker.warning.value
    assert [way for _words, way in picker.ways.options] == ["upload", "sample"]


def test_who_looks_for_another_file_can_go_back_to_the_one_in_use(context, file):
    picker = bring(context, file)
    picker.other.click()
    assert picker.choosing.layout.display == ""
    assert picker.continue_button.description == "Seguir con Crónicas-del-barrio.csv"
    picker.continue_button.click()
    context.poller.drain()
    assert picker.state is State.DONE
    assert picker.continue_button.layout.display == "none"
    assert "Leí 24 filas" in picker.summary.value


def test_a_file_of_this_machine_is_copied_into_the_project(context, file, monkeypatch):
    monkeypatch.setenv("HOME", str(file.parent))
    picker = FilePicker(context=context)
    picker.ways.value = "folders"
    folders = picker.way.children[0]
    folders.chooser._dircontent.value = file.name
    folders.chooser._select.click()
    context.poller.drain()
    assert Path(picker.value) == context.project.sources / "Crónicas-del-barrio.csv"
    assert file.exists()


def test_an_example_is_one_click(context):
    picker = FilePicker(context=context)
    picker.ways.value = "sample"
    cards = picker.way.children[0]
    assert list(cards.buttons) == ["noticias", "coplas", "stories"]
    cards.buttons["coplas"].click()
    context.poller.drain()
    assert "estrofas" in picker.reading["sentence"]
    assert DatasetDraft.of(context).task == "style"


def test_one_column_of_texts_is_for_style_and_asks_nothing(context):
    bring(context, sample("coplas").path)
    mapper = ColumnMapper(context=context)
    context.poller.drain()
    assert mapper.task == "style"
    assert mapper.text_menu.layout.display == "none"
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


def test_a_choice_of_columns_can_be_undone_and_done_again(context, file):
    bring(context, file)
    mapper = ColumnMapper(context=context)
    context.poller.drain()
    assert mapper.undo.layout.display == "none"
    mapper.summary_menu.value = STYLE
    context.poller.drain()
    assert mapper.task == "style"
    mapper.undo.undo()
    context.poller.drain()
    assert (mapper.task, mapper.summary_menu.value) == ("summary", "resumen")
    mapper.undo.redo()
    context.poller.drain()
    assert (mapper.task, mapper.summary_menu.value) == ("style", STYLE)


BAD = {
    "vacio.csv": (b"", "file-empty"),
    "binario.txt": (bytes(range(256)) * 40, "not-text"),
    "foto.txt": (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not-text"),
    "solo-titulos.csv": (b"texto;resumen\n", "file-empty"),
    "roto.xlsx": (b"PK\x03\x04 no es una planilla", "file-unreadable"),
    "programa.exe": (b"MZ", "format-unknown"),
}


def test_a_bad_file_is_a_card_and_the_next_one_works(context, tmp_path, file):
    picker = FilePicker(context=context)
    for name, (content, code) in BAD.items():
        (tmp_path / name).write_bytes(content)
        picker.copy(str(tmp_path / name))
        context.poller.drain()
        assert picker.alert.problem.code == code
        assert "Traceback" not in picker.alert.message.value
        assert picker.state is State.READY
        assert picker.value == ""
    picker.copy(str(file))
    context.poller.drain()
    assert picker.alert.problem is None
    assert picker.state is State.DONE


def test_a_bad_file_after_a_good_one_loses_nothing(context, tmp_path, file):
    (tmp_path / "vacio.csv").write_bytes(b"")
    picker, mapper = bring(context, file), ColumnMapper(context=context)
    picker.copy(str(tmp_path / "vacio.csv"))
    context.poller.drain()
    assert picker.alert.problem.code == "file-empty"
    assert Path(picker.value).name == "Crónicas-del-barrio.csv"
    assert "Leí 24 filas" in picker.summary.value
    assert mapper.task == "summary"


@pytest.mark.ordinary_user
def test_a_file_without_permission_is_a_card(context, file):
    file.chmod(0)
    assert bring(context, file).alert.problem.code == "no-permission"


def test_a_file_that_is_gone_is_a_card(context, tmp_path):
    picker = bring(context, tmp_path / "no-existe.csv")
    assert picker.alert.problem is not None
    assert picker.state is State.READY


def test_a_huge_row_is_cut_and_said(context, tmp_path):
    path = tmp_path / "larga.csv"
    path.write_text(
        "texto;resumen\n" + "palabra " * 60_000 + ";corta\n" + "hola a todos, ¿qué tal?;hola\n" * 3, "utf-8"
    )
    picker = bring(context, path)
    assert picker.state is State.DONE
    assert "Corté 1 celda" in picker.summary.value
    assert len(picker.summary.value) < 10_000


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
    parts[2].prediction.show_me.click()
    parts[3].prediction.show_me.click()
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
        parts[5].result,
    ]
    assert all(part.value for part in shown)
    assert not [part.value for part in shown if "<img" in part.value]


def test_the_reading_can_be_corrected_when_it_looks_wrong(context, file):
    picker = bring(context, file)
    assert picker.hints.layout.display == "none"
    picker.fix.click()
    assert picker.hints.layout.display == ""
    picker.hints.menus["delimiter"].value = ","
    context.poller.drain()
    assert "separadas por comas" in picker.reading["sentence"]
    assert DatasetDraft.of(context).hints == {"delimiter": ","}
    picker.hints.menus["delimiter"].value = AUTOMATIC
    context.poller.drain()
    assert "separadas por ;" in picker.reading["sentence"]


def test_going_back_to_an_earlier_file_brings_its_columns_back(context, file):
    picker, mapper = bring(context, file), ColumnMapper(context=context)
    context.poller.drain()
    mapper.summary_menu.value = STYLE
    context.poller.drain()
    picker.copy(str(sample("noticias").path))
    context.poller.drain()
    assert mapper.task == "summary"
    picker.undo.undo()
    context.poller.drain()
    assert Path(picker.value).name == "Crónicas-del-barrio.csv"
    assert mapper.value == {"text": "crónica", "summary": None}


def test_tokens_stay_hidden_until_the_guess(context):
    register_tiny_model(context.workspace)
    view = TokenizerView("Llueve sobre la pampa", context=context)
    assert view.shown.layout.display == "none"
    view.prediction.box.value = "6"
    view.prediction.submit.click()
    context.poller.drain()
    assert view.shown.layout.display == ""
    chips = view.cuts.children[0].chips
    assert "".join(piece for piece, _number in chips.pieces) == "Llueve sobre la pampa"
    assert view.counts == {"tiny": len(chips.pieces)}
    assert f"{len(chips.pieces)} tokens · 4 palabras" in view.cuts.children[0].figures.value
    assert "6" in view.verdict.value


def test_the_newest_text_wins_however_fast_it_is_typed(context):
    register_tiny_model(context.workspace)
    view = TokenizerView("a", context=context)
    view.prediction.show_me.click()
    for end in range(1, 20):
        view.box.value = "Cuarenta años repartí"[:end]
    context.poller.drain()
    assert "".join(piece for piece, _n in view.cuts.children[0].chips.pieces) == "Cuarenta años repartí"[:19]


def test_without_a_model_the_step_says_where_to_get_one(context):
    view = TokenizerView(context=context)
    assert view.state is State.WAITING
    assert "1_conocer.ipynb#modelo" in view.missing.value
    assert view.prediction.submit.disabled
    register_tiny_model(context.workspace)
    view.check.click()
    assert view.state is State.READY
    assert not view.missing.value


def test_the_cost_of_the_same_thing_in_two_languages(context):
    register_tiny_model(context.workspace)
    view = TokenizerView(context=context)
    view.prediction.show_me.click()
    view.cost.button.click()
    context.poller.drain()
    assert "castellano" in view.cost.drawing.value
    assert "en inglés cuesta" in view.cost.drawing.value  # the tiny model's scissors have seen Spanish only


@pytest.fixture
def measured(context, file):
    register_tiny_model(context.workspace)
    bring(context, file)
    chart = LengthChart(context=context)
    chart.prediction.box.value = "50"
    chart.prediction.submit.click()
    context.poller.drain()
    return chart


def test_lengths_are_drawn_and_nothing_is_cut_at_first(measured, context):
    assert len(measured.lengths) == ROWS
    assert measured.value == int(measured.lengths.max()) == measured.slider.box.max
    assert float(np.sum(measured.chart.bars.y)) == ROWS
    assert len(measured.chart.bars.x) <= 40
    assert "entran enteros" in measured.cost.message.value
    assert measured.done


def test_the_x_ray_strikes_out_the_exact_words_that_are_lost(measured, context):
    measured.slider.box.value = int(np.median(measured.lengths))
    context.poller.drain()
    assert measured.value == int(np.median(measured.lengths))
    assert "Se cortan 12 de 24 textos" in measured.cost.message.value
    draft = DatasetDraft.of(context)
    first_cut = int(np.flatnonzero(measured.lengths > measured.value)[0])
    answer = context.services.connect("preparation").call("row", index=first_cut)
    body = measured.cost.xray.value.split('tabindex="0">')[1]
    kept, lost = body.split("<s class", 1)
    kept, lost = plain(kept).removesuffix("hasta acá lee"), plain("<s class" + lost)
    assert lost
    assert kept + lost == answer["text"]
    first = measured.cost.xray.value
    measured.cost.after.click()
    context.poller.drain()
    assert measured.cost.xray.value != first
    measured.cost.before.click()
    context.poller.drain()
    assert measured.cost.xray.value == first
    assert draft.cut == measured.value
    measured.whole.click()
    context.poller.drain()
    assert "entran enteros" in measured.cost.message.value


def test_an_answer_about_a_cut_that_was_taken_back_is_not_shown(measured, context):
    measured.value = int(np.median(measured.lengths))  # asks what it costs
    measured.whole.click()  # before the answer is there
    context.poller.drain()
    assert "entran enteros" in measured.cost.message.value
    assert measured.cost.xray.value == ""


def test_a_cut_inside_a_word_is_said_and_one_between_words_is_not():
    assert "en medio de la palabra «biblioteca»: lee solo «biblio»" in plain(xray("Fui a la biblio", "teca ayer.", 9))
    for kept, lost in (("Fui a la ", "biblioteca"), ("Fui a la", " biblioteca"), ("", "Fui")):
        assert "en medio" not in xray(kept, lost, 9)


def test_the_beginning_of_a_long_text_is_folded_so_that_its_cut_is_in_sight():
    long, short = "palabra " * 100, "palabra " * 20
    drawn = xray(long, "y más", 200)
    assert plain(drawn).count("palabra") == 100, "folded, not lost"
    before = drawn.partition("</details>")[2].partition("poetas-xray-mark")[0]
    assert 30 < before.count("palabra") <= BEFORE / len("palabra ")
    assert "<details" not in xray(short, "y más", 40)


def test_the_axis_begins_where_the_cut_can_be_seen():
    drawn = Histogram(unit="tokens", counted="textos", line="acá")
    drawn.show(np.arange(900, 1000))
    drawn.move(950)
    axis = drawn.bars.scales["x"]
    assert axis.min == 900
    drawn.move(40)
    assert axis.min < drawn.cut.x[0] < axis.max
    assert len(drawn.bars.colors) == len(drawn.bars.x)
    assert len(set(drawn.bars.colors)) == 1
    drawn.move(950)
    assert axis.min == 900
    assert len(set(drawn.bars.colors)) == 2


def test_bars_are_made_once_with_their_colours_and_stay_while_a_browser_may_be_building_them():
    drawn = Histogram(unit="tokens", counted="textos", line="acá")
    drawn.show(np.arange(900, 1000), 40)
    first = drawn.bars
    assert set(first.colors) == {BEYOND}
    drawn.move(950)
    assert drawn.bars is not first  # the axis begins elsewhere
    assert first.comm is not None, "closed in the same breath, and a browser that still builds it draws no bar at all"
    drawn.show(np.arange(10))
    assert first.comm is None
    assert set(drawn.bars.colors) == {KEPT}


def test_bars_beyond_the_line_have_another_colour(measured, context):
    measured.value = int(np.median(measured.lengths))
    context.poller.drain()
    colours = list(measured.chart.bars.colors)
    assert len(colours) == len(measured.chart.bars.x)
    assert len(set(colours)) == 2
    assert colours == sorted(colours, key=lambda colour: colour != colours[0])  # the line divides them once


def test_another_file_asks_for_the_lengths_again(measured, context):
    FilePicker(context=context).copy(str(sample("coplas").path))
    context.poller.drain()
    assert measured.lengths is None
    assert measured.shown.children == ()
    assert measured.state is State.READY


def test_the_split_is_drawn_with_words_and_follows_the_dials(context, file):
    bring(context, file)
    split = SplitControls(context=context)
    context.poller.drain()
    counts = split.split["counts"]
    assert sum(counts.values()) == ROWS
    assert "Entrenamiento" in split.bar.value
    assert f"{counts['test']} textos" in split.bar.value
    split.test.value = 50
    context.poller.drain()
    assert split.split["counts"]["test"] == ROWS // 2
    assert split.value["test"] == 0.5
    split.undo.undo()
    context.poller.drain()
    assert split.split["counts"] == counts


def test_another_seed_deals_other_texts_and_the_same_seed_the_same(context, file):
    bring(context, file)
    split = SplitControls(context=context)
    context.poller.drain()
    first = split.split["examples"]
    split.again.click()
    context.poller.drain()
    assert split.split["examples"] != first
    split.seed.value = 7
    context.poller.drain()
    assert split.split["examples"] == first


def test_too_few_texts_are_a_card(context, tmp_path):
    path = tmp_path / "dos.txt"
    path.write_text("Una copla sola en el camino\n\nY otra copla que la sigue de lejos", "utf-8")
    bring(context, path)
    split = SplitControls(context=context)
    context.poller.drain()
    assert split.alert.problem.code == "too-few-rows"
    assert split.accept.disabled


def test_saving_makes_a_dataset_that_app_3_can_open(context, file):
    bring(context, file)
    save = SaveDataset(context=context)
    assert save.name.value == "Crónicas-del-barrio"
    save.name.value = "Jacarandás"
    save.button.click()
    context.poller.drain()
    dataset = PreparedDataset.open(save.value)
    assert (dataset.name, dataset.task, sum(dataset.counts.values())) == ("Jacarandás", "summary", ROWS)
    assert context.dataset == save.value
    assert context.project.state()["dataset"] == save.value
    assert "3_entrenar.ipynb" in save.next_link.value
    assert save.done
    DatasetDraft.of(context).cut = 9
    save.button.click()
    context.poller.drain()
    assert len(context.project.prepared()) == 2  # nothing is overwritten


def test_a_saved_dataset_goes_out_as_a_zip_and_comes_back(context, file, tmp_path):
    bring(context, file)
    save = SaveDataset(context=context)
    save.button.click()
    context.poller.drain()
    told, pieces = [], []

    def send(content, buffers=None):
        told.append(content)
        pieces.extend(bytes(one) for one in buffers or ())

    save.download.send = send
    save.download._handle_custom_msg({"type": "make"}, [])
    context.poller.drain()
    assert told[-1]["type"] == "ready"
    while not told[-1].get("last"):
        save.download._handle_custom_msg({"type": "want", "offset": sum(map(len, pieces))}, [])
    target = tmp_path / told[0]["name"]
    target.write_bytes(b"".join(pieces))
    assert target.stat().st_size == told[0]["size"]
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
    assert fresh.name.layout.display == fresh.button.layout.display == "none"
    other.close()

    again = SaveDataset(context=PageContext(Workspace(tmp_path / "otra")))  # a reload
    assert (again.value, again.notice.value) == (fresh.value, "")
    assert "Listo." in again.result.value
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
    chart.prediction.show_me.click()
    context.poller.drain()
    chart.value = 40
    split.test.value = 30
    save.name.value = "El jacarandá"
    save.button.click()
    tokens.prediction.show_me.click()
    context.poller.drain()
    context.finish("tokens")
    context.dataset = "otro conjunto, elegido en la app 3"
    context.close()

    again = PageContext(Workspace.default())
    picker = FilePicker(context=again)
    parts = [kind(context=again) for kind in (ColumnMapper, LengthChart, SplitControls, SaveDataset, TokenizerView)]
    assert picker.continue_button.description == "Seguir con Crónicas-del-barrio.csv"
    assert not again.services._connections
    picker.uploader.uploader._handle_custom_msg({"type": "here"}, [])  # what a page says when it shows the component
    again.poller.drain()
    assert Path(picker.value).name == "Crónicas-del-barrio.csv"
    assert parts[0].value == {"text": "crónica", "summary": None}
    assert parts[1].alert.problem is None
    assert (parts[1].state, parts[1].value) == (State.DONE, 40)
    assert len(parts[1].lengths) == ROWS
    assert parts[2].value["test"] == 0.3
    assert parts[3].name.value == "El jacarandá"
    assert parts[3].value == save.value
    assert parts[3].after.layout.display == ""
    assert "Guardé «El jacarandá»" in parts[3].result.value
    assert again.dataset == "otro conjunto, elegido en la app 3"  # a visit changes nothing
    assert parts[4].counts  # the pieces are there again, without another guess
    assert parts[3].stale.value == ""
    parts[1].value = 30
    assert "cambiaste algo" in parts[3].stale.value
    parts[1].value = 40
    assert parts[3].stale.value == ""
    picker._read_again({"encoding": "cp1252"})
    again.poller.drain()
    assert "cambiaste algo" in parts[3].stale.value  # the same columns, other letters
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


def test_texts_that_cannot_be_split_are_told_where_the_columns_are_chosen(context, tmp_path):
    few = tmp_path / "pocos.csv"
    rows = "".join(f"{words};corto\n" for words in ["Hoy llovió en la sierra y creció el río."] * 9)
    few.write_text(f"texto;resumen\n{rows}", "utf-8")
    bring(context, few)
    mapper = ColumnMapper(context=context)
    assert "Queda 1 texto distinto, y hacen falta 3" in mapper.warnings.value
    bring(context, sample("coplas").path)
    assert "hacen falta" not in mapper.warnings.value


def test_whoever_only_looks_at_the_lengths_has_changed_nothing(measured, context):
    save = SaveDataset(context=context)
    assert DatasetDraft.of(context).cut == 0  # all of it fits
    save.button.click()
    measured.value = 30  # while it is being saved
    context.poller.drain()
    assert PreparedDataset.open(save.value).record["longest"] == 0
    assert "cambiaste algo" in save.stale.value


def test_a_file_that_is_gone_leaves_no_tick_behind_for_the_next_one(context, file):
    for step in ("textos", "columnas", "cuanto-entra", "examen", "guarda"):
        context.finish(step)
    context.save(draft={"source": "fuentes/no-está.csv"})
    mapper = ColumnMapper(context=context)
    bring(context, file)
    assert context.steps == ("textos",)
    assert mapper.accept.layout.display == ""


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


@pytest.fixture
def saved(context, file):
    bring(context, file)
    save = SaveDataset(context=context)
    save.name.value = "El jacarandá"
    save.button.click()
    context.poller.drain()
    return save


def test_a_saved_dataset_is_there_though_its_file_is_gone(saved, context):
    Path(DatasetDraft.of(context).source).unlink()
    again = PageContext(context.workspace)
    later = SaveDataset(context=again)
    assert later.value == saved.value
    assert later.after.layout.display == ""
    assert later.summary.layout.display == "none"
    again.close()


def test_where_the_brought_dataset_is_gone_the_saved_one_is_shown(saved, context):
    context.save(brought="ya-no-está")
    later = SaveDataset(context=context)
    assert later.value == saved.value
    shutil.rmtree(saved.value)
    context.finish("guarda")
    assert SaveDataset(context=context).value == ""
    assert "guarda" not in context.steps


def test_a_dataset_that_was_brought_is_not_said_to_be_saved_and_saving_after_it_is(saved, context):
    answer = {
        "folder": saved.value,
        "name": "Lo de Elvira",
        "counts": {"train": 3, "validation": 1, "test": 2},
        "steps": [],
    }
    saved.bring(answer)
    assert "Traje «Lo de Elvira»" in saved.result.value
    assert "vino en el ZIP" in saved.stale.value
    assert "Traje" in SaveDataset(context=context).result.value
    saved.button.click()
    context.poller.drain()
    assert "Guardé «El jacarandá (2)»" in saved.result.value
    assert saved.stale.value == ""
    assert "Guardé" in SaveDataset(context=context).result.value


def test_a_name_in_the_memory_that_is_no_name_leads_nowhere(saved, context):
    for name in ("../../..", "../" + Path(saved.value).name, 7, None):
        context.save(brought=name)
        assert Path(SaveDataset(context=context).value).parent == context.project.datasets


def test_without_a_name_the_reason_stands_beside_the_button(saved):
    saved.name.value = " "
    assert saved.button.disabled
    assert "Ponele un nombre" in saved.status.value


def test_a_copy_that_could_not_be_made_does_not_touch_what_is_being_saved(saved, context):
    saved.name.value = "Otro"
    saved.button.click()
    saved._export_failed(disk_full("", needed=2, free=1).explanation)
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


def test_reading_once_more_reads_it_in_the_same_way_and_keeps_the_ticks(context, file, monkeypatch):
    picker = bring(context, file)
    picker._read_again({"encoding": "cp1252"})
    context.poller.drain()
    for step in ("columnas", "guarda"):
        context.finish(step)
    again = PageContext(context.workspace)
    later = FilePicker(context=again)
    real = DatasetDraft._ask

    def dies(draft, _question, _done, failed):
        monkeypatch.setattr(DatasetDraft, "_ask", real)
        failed(Explanation("service-died", "Se apagó.", "", "", "restart-service"))

    monkeypatch.setattr(DatasetDraft, "_ask", dies)
    later.recall()
    again.poller.drain()
    assert later.alert.problem.code == "service-died"
    later.alert.button.click()
    again.poller.drain()
    assert DatasetDraft.of(again).hints == {"encoding": "cp1252"}
    assert {"columnas", "guarda"} <= set(again.steps)
    again.close()


def test_going_back_to_an_earlier_file_reads_it_as_it_was_read(context, file):
    picker = bring(context, file)
    picker._read_again({"encoding": "cp850"})
    context.poller.drain()
    before = picker.value
    picker.copy(str(sample("coplas").path))
    context.poller.drain()
    picker.value = before
    context.poller.drain()
    assert DatasetDraft.of(context).hints == {"encoding": "cp850"}


def test_a_copy_of_what_cannot_be_read_does_not_stay_in_the_project(context, file, tmp_path):
    picker = bring(context, file)
    broken = tmp_path / "roto.pdf"
    broken.write_bytes(b"\0\1\2" * 99)
    picker.copy(str(broken))
    context.poller.drain()
    assert picker.alert.problem is not None
    assert [one.name for one in context.project.sources.iterdir()] == ["Crónicas-del-barrio.csv"]
    assert broken.exists()  # the learner's own
    mine = context.project.sources / "tesis.pdf"  # put there by hand, and perhaps the only one
    mine.write_bytes(b"%PDF-1.4\n" + b"\0\1\2" * 99)
    picker.copy(str(mine))
    context.poller.drain()
    assert picker.alert.problem is not None
    assert mine.exists()
    kept = context.project.sources / "Crónicas-del-barrio.csv"
    kept.write_bytes(b"")  # in use, and spoiled meanwhile
    picker.bring(str(kept))
    context.poller.drain()
    assert kept.exists()


def test_what_went_back_to_nothing_does_not_come_back_with_the_next_visit(context, file):
    bring(context, file)
    draft = DatasetDraft.of(context)
    draft.cut, draft.split = 9, {"test": 0.4}
    context.poller.drain()
    kept = context.project.sources / "Crónicas-del-barrio.csv"
    kept.write_bytes(kept.read_bytes().replace("crónica;".encode("latin-1"), b"texto;"))  # a column has another name
    for _visit in range(2):
        again = PageContext(context.workspace)
        FilePicker(context=again).recall()
        again.poller.drain()
        assert (DatasetDraft.of(again).cut, DatasetDraft.of(again).split) == (0, {})
        assert DatasetDraft.of(again).mapping["text"] == "texto"
        again.close()


def test_a_page_that_never_lets_go_of_the_projects_state_is_told(context, monkeypatch):
    monkeypatch.setattr("poetas.util.file_lock.PATIENCE", 0.05)
    context.save(model="uno")
    with FileLock(context.project.path / "progreso.lock"):
        context.save(model="dos")
    assert context.save_error.code == "crowded"
    assert context.state()["model"] == "dos"  # not lost: it is written with the next
    context.save()
    assert context.save_error is None
    assert PageContext(context.workspace).model == "dos"


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


def test_another_set_of_the_same_name_is_told_apart_wherever_it_is_shown(saved, context):
    DatasetDraft.of(context).split = {"test": 0.4}
    assert saved.button.description == "Guardar otra vez"
    saved.button.click()
    context.poller.drain()
    assert "Guardé «El jacarandá (2)»" in saved.result.value
    assert PreparedDataset.open(saved.value).name == "El jacarandá (2)"
    assert {work.name for work in prepared(context.project)} == {"El jacarandá", "El jacarandá (2)"}
    assert "Guardé «El jacarandá (2)»" in SaveDataset(context=context).result.value
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


@pytest.fixture
def numbers(tmp_path):
    """A table without any text."""
    path = tmp_path / "números.csv"
    path.write_text("a;b\n" + "".join(f"{n};{n * 7}\n" for n in range(30)), "utf-8")
    return path


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


def test_a_card_about_a_file_goes_with_its_file(context, file, numbers, tmp_path):
    few = tmp_path / "una.csv"
    few.write_text("texto;resumen\nHoy llovió en la sierra y creció el río.;Llovió.\n", "utf-8")
    bring(context, few)
    split = SplitControls(context=context)
    context.poller.drain()
    assert split.alert.problem.code == "too-few-rows"
    bring(context, numbers)
    assert split.alert.problem is None
    bring(context, few)
    split._requests.request()
    draft = DatasetDraft.of(context)
    draft.mapped = {}  # the next file has no texts, and the answer about this one comes after it
    context.poller.drain()
    assert split.alert.problem is None


def test_a_card_about_a_column_goes_with_its_file(context, file, numbers):
    bring(context, file)
    mapper = ColumnMapper(context=context)
    mapper.text_menu.value = "número"
    context.poller.drain()
    assert mapper.alert.problem.code == "wrong-column"
    bring(context, numbers)
    assert mapper.alert.problem is None
    assert "En «a» no hay textos" in mapper.message.value


def test_a_refusal_of_an_earlier_deal_asks_for_the_newest_one(context, file, monkeypatch):
    bring(context, file)
    split = SplitControls(context=context)
    context.poller.drain()
    late = []
    with monkeypatch.context() as patched:
        patched.setattr(DatasetDraft, "ask", lambda _draft, _question, *, failed, **_done: late.append(failed))
        split._requests.request()
        split.test.value = 50
    late[0](Explanation("too-few-rows", "Son muy pocos textos.", "", ""))
    context.poller.drain()
    assert split.alert.problem is None
    assert split.split["counts"]["test"] == ROWS // 2


def test_a_card_about_a_text_of_the_file_goes_from_the_scissors_with_it(context, file, monkeypatch):
    register_tiny_model(context.workspace)
    bring(context, file)
    view = TokenizerView(context=context)
    with monkeypatch.context() as patched:
        patched.setattr(
            DatasetDraft,
            "ask",
            lambda _draft, _question, *, failed, **_done: failed(Explanation("file-gone", "No está.", "", "", "retry")),
        )
        view.another.click()
    assert view.alert.problem is not None
    view.alert.button.click()  # tries again what was asked for
    context.poller.drain()
    assert view.alert.problem is None
    with sample("noticias").path.open(encoding="utf-8", newline="") as rows:
        assert view.value[:12] in next(csv.DictReader(rows))["texto"]
    with monkeypatch.context() as patched:
        patched.setattr(
            DatasetDraft,
            "ask",
            lambda _draft, _question, *, failed, **_done: failed(Explanation("file-gone", "No está.", "", "")),
        )
        view.another.click()
    bring(context, sample("coplas").path)
    assert view.alert.problem is None


def test_a_new_dataset_opens_again_what_app_3_did_with_the_one_before(saved, context):
    steps = ("conjunto", "antes", "perillas", "entrena", "mejoro")
    for step in steps:
        context.finish(step)
    saved.name.value = "Otro"
    saved.button.click()
    context.poller.drain()
    assert context.steps == PageContext(context.workspace).steps == ("conjunto", "perillas")
    context.finish("entrena")
    context.model = "otro"
    assert PageContext(context.workspace).steps == ("conjunto", "perillas")
    context.finish("entrena")
    context.reload()
    context.dataset = str(context.dataset)
    assert "entrena" in context.steps  # the same one: nothing to do again


def test_the_steps_that_are_opened_again_are_steps_of_app_3():
    notebook = json.loads((ROOT / "apps" / "3_entrenar.ipynb").read_text("utf-8"))
    code = "".join("".join(cell["source"]) for cell in notebook["cells"])
    assert all(f'StepCard("{step}"' in code for step in TRAINED_WITH)
