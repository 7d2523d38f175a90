"""FilePicker: a file is brought, read, corrected and read again; bad files are cards."""

from pathlib import Path

import pytest

from poetas.course.own_text import OWN_TEXT
from poetas.data.storage.samples import sample
from poetas.errors import Explanation
from tests.unit import odd_files
from tests.unit.widgets.prepare.steps import ROWS, bring
from widgets import ColumnMapper, FilePicker, PageContext
from widgets.core.component import State
from widgets.core.elements import is_shown
from widgets.explore.toy_model.corpus_picker import CorpusPicker
from widgets.prepare.column_mapper import STYLE
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.file_picker import file_picker
from widgets.prepare.file_picker.reading_hints import AUTOMATIC


def test_what_the_texts_are_enough_for_is_said_as_soon_as_they_are_read(context, file):
    picker = bring(context, file)
    assert f"Con {ROWS} textos alcanza para probar, no para notar si mejoró; con 40" in picker.summary.value


def test_copies_and_rows_without_a_summary_are_not_said_to_be_enough(context, tmp_path):
    path = tmp_path / "iguales.csv"
    path.write_text("texto;resumen\n" + "La lluvia trajo peces de la laguna al patio.;Peces\n" * 50, "utf-8")
    picker = bring(context, path)
    assert "De 50 queda 1: el resto está repetido o incompleto. Con 1 texto no alcanza: hacen falta 3" in (
        picker.summary.value
    )
    rows = [f"{word} trajo peces de la laguna al patio de atrás, dicen.;{'Peces' if n < 20 else ''}"
            for n, word in enumerate(f"{a}{b}" * 9 for a in "lmnprst" for b in "aeiou")]  # fmt: skip
    path.write_text("texto;resumen\n" + "\n".join(rows), "utf-8")
    picker.copy(str(path))
    context.poller.drain()
    assert "De 35 quedan 20: el resto está repetido o incompleto. Con 20 textos alcanza para probar" in (
        picker.summary.value
    )
    alike = [f"La lluvia trajo {n} peces de la laguna al patio de mi casa.;Peces" for n in range(30)]
    path.write_text("texto;resumen\n" + "\n".join(alike), "utf-8")
    picker.copy(str(path))
    context.poller.drain()
    assert "alcanza" not in picker.summary.value
    assert "cuentan como 1" in picker.summary.value


def test_the_file_in_use_can_be_brought_and_read_again_just_as_it_was(context, file):
    """Nothing of the draft changes then, and still the step has to say that the file was read."""
    picker = bring(context, file)
    picker.other.click()
    picker.bring(picker.value)
    context.poller.drain()
    assert picker.state is State.DONE
    assert is_shown(picker.result)
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
    assert (
        picker.reading["sentence"]
        == f"Leí {ROWS} filas y 3 columnas, separadas con punto y coma, con los acentos de Windows (otra manera "
        "de guardarlos)"
    )
    assert "Leí 24 filas" in picker.summary.value
    assert "Bahía" in picker.summary.value
    first = " ".join(picker.reading["head"][0][1].split())
    assert picker.seen().startswith(f"Lo primero que leí en «Crónicas del barrio.csv» fue «{first[:40]}")
    assert mapper.seen() == f"De «crónica» y «resumen» salieron {ROWS} pares: cada texto con su resumen."
    assert Path(picker.value).read_bytes() == file.read_bytes()
    assert Path(picker.value).parent == context.project.sources
    assert mapper.value == {"text": "crónica", "summary": "resumen"}
    assert mapper.task == "summary"
    assert mapper.preview.value.count('poetas-pair"') == 3
    assert "Bahía" in mapper.preview.value


def test_the_three_ways_in_and_the_lent_machine(context, monkeypatch):
    assert len(FilePicker(context=context).choosing.ways.options) == 3
    monkeypatch.setenv("POETAS_PLACE", "binder")
    picker = FilePicker(context=context)
    assert "máquina prestada" in picker.warning.value
    assert [way for _words, way in picker.choosing.ways.options] == ["upload", "sample"]


POEMS = """\
Ay, mi río manso,
ay, mi río lento.

Volvió mi madre
con el río al hombro.

La sal no se olvida:
se queda en la boca.

Tengo una campana
que no tiene iglesia.
"""


def test_what_was_pasted_in_app_1_comes_in_as_poems_until_it_is_erased_there(context, monkeypatch):
    picker = FilePicker(context=context)  # as in a kernel that is there before the page
    app_1 = PageContext(context.workspace)
    app_1.save_at({OWN_TEXT: POEMS})
    picker.recall()
    ways = picker.choosing.ways
    assert [way for _words, way in ways.options] == ["own", "upload", "folders", "sample"]
    assert ways.value == "upload"
    ways.value = "own"
    card = picker.choosing.way.children[0]
    focused = []
    monkeypatch.setattr(file_picker, "focus_group", focused.append)
    assert "Ay, mi río manso" in card.page.value
    assert "Volvió" not in card.page.value
    card.use.click()
    context.poller.drain()
    assert picker.state is State.DONE
    assert picker.ends.ways.value == "blocks", "«¿Dónde termina cada texto?» asks, with the blank lines in use"
    assert focused == [picker.ends.ways], "the button that was clicked is gone"
    assert picker.reading["rows"] == 4
    assert Path(picker.value).name == "mis textos.txt"
    toy = CorpusPicker(app_1)
    toy.erase.click()
    assert "sigue ahí" in toy.problem.value, "the copy is a file of app 2"
    card.use.click()  # it was there before
    assert "ya no está" in card.page.value
    assert picker.state is State.DONE
    picker.other.click()
    assert [way for _words, way in ways.options] == ["upload", "folders", "sample"]
    assert picker.choosing.way.children == (picker.uploader,)
    app_1.close()


def test_a_search_for_another_file_can_go_back_to_the_one_in_use(context, file):
    picker = bring(context, file)
    picker.other.click()
    assert is_shown(picker.choosing)
    assert picker.continue_button.description == "Seguir con Crónicas del barrio.csv"
    picker.continue_button.click()
    context.poller.drain()
    assert picker.state is State.DONE
    assert not is_shown(picker.continue_button)
    assert "Leí 24 filas" in picker.summary.value


def test_a_file_of_this_machine_is_copied_into_the_project(context, file, monkeypatch):
    monkeypatch.setenv("HOME", str(file.parent))
    picker = FilePicker(context=context)
    picker.choosing.ways.value = "folders"
    folders = picker.choosing.way.children[0]
    folders.chooser._dircontent.value = file.name
    folders.chooser._select.click()
    context.poller.drain()
    assert Path(picker.value) == context.project.sources / "Crónicas del barrio.csv"
    assert file.exists()


def test_an_example_is_one_click(context):
    picker = FilePicker(context=context)
    picker.choosing.ways.value = "sample"
    cards = picker.choosing.way.children[0]
    assert list(cards.buttons) == ["noticias", "coplas", "stories"]
    cards.buttons["coplas"].click()
    context.poller.drain()
    assert "estrofas" in picker.reading["sentence"]
    assert DatasetDraft.of(context).task == "style"


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
    assert Path(picker.value).name == "Crónicas del barrio.csv"
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


def test_the_reading_can_be_corrected_when_it_looks_wrong(context, file):
    picker = bring(context, file)
    assert not is_shown(picker.hints)
    picker.fix.click()
    assert is_shown(picker.hints)
    picker.hints.menus["delimiter"].value = ","
    context.poller.drain()
    assert "separadas con comas" in picker.reading["sentence"]
    assert DatasetDraft.of(context).hints == {"delimiter": ","}
    picker.hints.menus["delimiter"].value = AUTOMATIC
    context.poller.drain()
    assert "separadas con punto y coma" in picker.reading["sentence"]


def test_the_sheet_and_the_row_of_the_names_are_chosen_from_the_files_own(context, tmp_path):
    path = tmp_path / "libro.xlsx"
    texts = [["Título del taller"], ["texto", "resumen"], *([f"El río creció {n}.", "Creció."] for n in range(9))]
    path.write_bytes(odd_files.xlsx({"Cuentos": texts, "Notas": [["apunte", "nota"], ["ver", "la otra"]]}))
    picker = bring(context, path)
    sheet, row = picker.hints.menus["sheet"], picker.hints.menus["header_row"]
    assert [label for label, _value in sheet.options] == ["Automático", "Cuentos", "Notas"]
    assert row.options[1:3] == (("la fila 1: Título del taller", 1), ("la fila 2: texto · resumen", 2))
    assert picker.reading["columns"] == ["texto", "resumen"]
    row.value = 1
    context.poller.drain()
    assert picker.reading["columns"] == ["Título del taller", "columna 2"]
    sheet.value = "Notas"
    context.poller.drain()
    assert DatasetDraft.of(context).hints == {"sheet": "Notas"}, "a row's number holds for one sheet"
    assert row.options[1] == ("la fila 1: apunte · nota", 1)


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
    assert Path(picker.value).name == "Crónicas del barrio.csv"
    assert mapper.value == {"text": "crónica", "summary": None}


def test_a_file_that_is_gone_leaves_no_tick_behind_for_the_next_one(context, file):
    for step in ("textos", "columnas", "cuanto-entra", "examen", "guarda"):
        context.finish(step)
    context.save(draft={"source": "fuentes/no-está.csv"})
    mapper = ColumnMapper(context=context)
    bring(context, file)
    assert context.steps == ("textos",)
    assert is_shown(mapper.accept)


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
    assert [item.name for item in context.project.sources.iterdir()] == ["Crónicas del barrio.csv"]
    assert broken.exists()  # the learner's own
    mine = context.project.sources / "tesis.pdf"  # put there by hand, and perhaps the only one
    mine.write_bytes(b"%PDF-1.4\n" + b"\0\1\2" * 99)
    picker.copy(str(mine))
    context.poller.drain()
    assert picker.alert.problem is not None
    assert mine.exists()
    kept = context.project.sources / "Crónicas del barrio.csv"
    kept.write_bytes(b"")  # in use, and spoiled meanwhile
    picker.bring(str(kept))
    context.poller.drain()
    assert kept.exists()


CASES = Path(__file__).parents[3] / "unit" / "data" / "cases"


def test_a_table_is_not_divided(context, file):
    picker = bring(context, file)
    assert not is_shown(picker.hints.menus["division"])
    assert not is_shown(picker.hints.files)


def test_the_files_of_a_zip_can_be_ticked(context):
    picker = bring(context, CASES / "21-poemas-y-notas.zip")
    ticks = {box.description: box for box in picker.hints.files.children[1:]}
    assert sum(box.value for box in ticks.values()) == 10
    assert not ticks["README.md: explica la carpeta"].value
    ticks["notas del taller.md: parece una lista de notas"].value = True
    assert is_shown(picker.result), "hidden while the zip is read again, a tick would lose the keyboard's focus"
    context.poller.drain()
    assert picker.reading["rows"] == 11
    assert "notas del taller.md" in DatasetDraft.of(context).hints["files"]
    assert next(box for box in picker.hints.files.children[1:] if "notas" in box.description).value
