"""Whatever the format of the learner's file, the recipes read that file, and find in it what the app found."""

import json
import runpy
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from poetas import recipes
from poetas.data.formats import READERS as FORMATS
from poetas.data.service import payloads, session_state
from poetas.data.storage.samples import sample
from poetas.data.storage.written_file import COLUMN
from poetas.data.storage.written_summaries import text_digest, write_summary
from tests.unit import odd_files
from tests.unit.data.document_files import docx_of, p
from widgets.prepare.recipe_values import READERS, column_values, reading_values

TABLE = [["texto", "resumen"], *([f"El ñandú número {n}, señora.", f"Ñandú {n}"] for n in range(12))]
VERSES = [line for n in range(6) for line in (f"Verso {n},", f"y otro {n}.", "")]


def zipped(path):
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(3):
            archive.writestr(f"carta {n}.txt", f"Querida Elvira:\nllovió {n} veces.")
        archive.writestr("foto.jpg", b"\xff\xd8")


def made(home, name):
    """Make a file in one of the formats; return where it is."""
    path = home / name
    if name == "carpeta":
        path.mkdir()
        (path / "uno.txt").write_text("El río creció.", "utf-8")
        (path / "dos.md").write_text("Bajó el río.", "utf-8")
    elif name == "cartas.zip":
        zipped(path)
    elif name == "tabla.tsv":
        path.write_text("\n".join("\t".join(row) for row in TABLE), "utf-8")
    elif name == "títulos raros.csv":
        titles = "\n  Nota   de barrio ;;Nota de barrio;\n"
        path.write_text(titles + "\n".join(f"Llovió {n};el día {n};otra {n};" for n in range(12)), "latin-1")
    elif name == "títulos aclarados.csv":
        path.write_text("\n".join(";".join(row) for row in (TABLE[0], ["(entero)", "(breve)"], *TABLE[1:])), "latin-1")
    elif name == "sin títulos.csv":
        path.write_text("\n".join(";".join(row) for row in TABLE[1:]), "latin-1")
    elif name == "tabla.ods":
        pd.DataFrame(TABLE).to_excel(path, engine="odf", header=False, index=False)
    else:
        parts = {
            "tabla.xlsx": lambda: odd_files.xlsx({"Notas": [["ver la otra"]], "Datos": TABLE}),
            "sin títulos.xlsx": lambda: odd_files.xlsx({"Datos": TABLE[1:]}),
            "verso.docx": lambda: odd_files.docx(VERSES),
            "tabla.docx": lambda: odd_files.docx(["Una tabla"], tables=[TABLE]),
            "prosa.pdf": lambda: odd_files.pdf([[["Había una vez un río."], ["Después bajó, y nadie supo por qué."]]]),
        }
        path.write_bytes(parts[name]())
    return path


def draft_of(path, **hints):
    """What the page knows of a file once it was read."""
    work = session_state.read_state(path, hints)
    reading = payloads.reading_payload(work)
    mapping = {"text": reading["columns"][0], "summary": next(iter(reading["columns"][1:]), None)}
    return SimpleNamespace(source=str(path), hints=hints, reading=reading, mapping=mapping), work.reading.table


NAMES = (
    "carpeta", "cartas.zip", "tabla.tsv", "sin títulos.csv", "títulos raros.csv", "títulos aclarados.csv", "tabla.xlsx",
    "sin títulos.xlsx", "tabla.ods", "verso.docx", "tabla.docx", "prosa.pdf",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_recipe_reads_what_the_app_reads(tmp_path, monkeypatch, capsys, name):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    draft, table = draft_of(made(tmp_path, name))
    code = recipes.program("leer", reading_values(draft))
    assert repr(draft.source) in code
    assert "noticias" not in code
    (tmp_path / "leer.py").write_text(code, "utf-8")
    rows = runpy.run_path(str(tmp_path / "leer.py"))["filas"]
    assert f"Leí {len(table)} filas" in capsys.readouterr().out
    assert [list(row.values()) for row in rows] == table.to_numpy().tolist()


@pytest.mark.parametrize("name", ["tabla.xlsx", "cartas.zip", "verso.docx", "títulos raros.csv"])
@pytest.mark.parametrize("recipe", ["columnas", "reparto", "guardar"])
def test_the_chosen_columns_are_those_of_the_file(tmp_path, monkeypatch, capsys, recipe, name):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.chdir(tmp_path)
    draft, table = draft_of(made(tmp_path, name))
    filled = {**column_values(draft), "VALIDATION": 0.25, "TEST": 0.25}
    (tmp_path / "receta.py").write_text(recipes.program(recipe, filled), "utf-8")
    parts = runpy.run_path(str(tmp_path / "receta.py"))
    if recipe == "columnas":
        assert parts["filas"]["text"][:] == table.iloc[:, 0].tolist()
    else:
        assert sum(part.num_rows for part in parts["partes"].values()) == len(table)
    assert capsys.readouterr().out


def test_what_was_said_about_a_file_is_in_its_recipe(tmp_path):
    draft, table = draft_of(made(tmp_path, "tabla.xlsx"), sheet="Notas")
    assert reading_values(draft)["HINTS"] == {"sheet": "Notas"}
    draft, table = draft_of(sample("coplas").path, division="lines")
    (tmp_path / "leer.py").write_text(recipes.program("leer", reading_values(draft)), "utf-8")
    assert runpy.run_path(str(tmp_path / "leer.py"))["filas"]["texto"][:] == table["texto"].tolist()


def test_every_format_that_can_be_read_has_a_recipe():
    assert {kind.removeprefix(".") for kind in FORMATS} | {"folder"} == set(READERS)
    assert {*READERS.values(), "written"} == set(recipes.readers())


@pytest.mark.parametrize("recipe", ["columnas", "guardar"])
def test_the_recipe_finds_the_summaries_that_the_learner_wrote(tmp_path, monkeypatch, recipe):
    monkeypatch.chdir(tmp_path)
    draft, table = draft_of(sample("coplas").path)
    path = tmp_path / "resumenes.json"
    for n in range(8):
        write_summary(path, text_digest(table["texto"][n]), f"Resumen {n}.")
    draft.written = str(path)
    draft.mapping = {"text": "texto", "summary": COLUMN}
    filled = {**column_values(draft), "VALIDATION": 0.2, "TEST": 0.2}
    (tmp_path / "receta.py").write_text(recipes.program(recipe, filled), "utf-8")
    values = runpy.run_path(str(tmp_path / "receta.py"))
    if recipe == "columnas":
        assert values["filas"]["summary"][:] == [f"Resumen {n}." for n in range(8)]
    else:
        assert sum(part.num_rows for part in values["partes"].values()) == 8


def test_a_file_whose_columns_do_not_fit_is_still_the_learners_file(tmp_path):
    draft, _table = draft_of(made(tmp_path, "tabla.xlsx"))
    draft.mapping = {}
    assert column_values(draft)["FILE"] == draft.source
    draft.reading = {}
    assert column_values(draft) == {}


@pytest.mark.parametrize("reader", recipes.readers())
@pytest.mark.parametrize("name", [name for name in recipes.names() if "FILE" in recipes.choices(recipes.source(name))])
def test_a_recipe_holds_no_leftovers_of_another_reader(name, reader):
    code = recipes.source(name, reader)
    assert code.count("# Leer el archivo") == code.count("# Lo que elegiste") == 1
    assert ("load_dataset" in code) == (reader in {"table", "lines", "parquet"})
    assert ("DELIMITER" in code) == ("Features" in code) == (reader == "table")


INSERTED = '<w:ins w:id="1" w:author="a"><w:r><w:t> y lo agregado</w:t></w:r></w:ins>'
BOX = "<w:r><w:drawing><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></w:drawing></w:r>"
ROWS = [{"texto": f"El río {n} creció", "resumen": f"Creció {n}"} for n in range(5)]
JSONS = {
    "data.json": {"version": "1", "data": ROWS},
    "columnas.json": {name: [row[name] for row in ROWS] for name in ROWS[0]},
    "textos.json": [row["texto"] for row in ROWS],
    "lista.json": ROWS,
    "nulos.jsonl": [{"texto": "a b", "resumen": None}, {"texto": "c"}, {"texto": ["uno", "dos"], "resumen": "x"}],
    "números.jsonl": [{"texto": "a", "resumen": "1"}, {"texto": "c", "resumen": 2}, {"texto": "d", "resumen": 1.5}],
    "fechas.jsonl": [{"texto": "2024-03-05", "resumen": "2024-03-05T10:00:00"}] * 3,
    "otro orden.jsonl": [{"texto": "a", "resumen": "b"}, {"resumen": "c", "texto": "d"}],
    "sin nada.jsonl": [{"texto": "a", "resumen": "b"}, {"texto": "", "resumen": ""}],
    "rota.jsonl": [*ROWS, "{mal"],
}
PARQUETS = {
    "nada.parquet": ["nan", None, "NA", "Había\nverso", "null"],
    "números.parquet": [1.5, None, 2.0, float("nan"), 4.0],
}


def written(path):
    """Write a file whose rows `datasets` or `docx` would read otherwise than the page."""
    if path.name in JSONS:
        content = JSONS[path.name]
        rows = [row if isinstance(row, str) else json.dumps(row) for row in content]
        path.write_text("\n".join(rows) if path.suffix == ".jsonl" else json.dumps(content), "utf-8")
    elif path.name in PARQUETS:
        pd.DataFrame({"texto": PARQUETS[path.name]}).to_parquet(path)
    else:
        inner = f"<w:tbl><w:tr><w:tc>{p('adentro')}</w:tc></w:tr></w:tbl>{p('fin')}"
        cells = {
            "cambios.docx": (p("El río creció", INSERTED), p("Creció")),
            "cuadros.docx": (p("El río creció"), p(BOX.format(p("Creció")))),
            "anidada.docx": (p("El río creció") + inner, p("Creció")),
        }[path.name]
        row = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
        path.write_bytes(docx_of(f"<w:tbl>{f'<w:tr>{row}</w:tr>' * 4}</w:tbl>"))


@pytest.mark.parametrize("name", [*JSONS, *PARQUETS, "cambios.docx", "cuadros.docx", "anidada.docx"])
def test_the_recipe_reads_what_a_plain_loader_reads_otherwise(tmp_path, monkeypatch, name):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    written(tmp_path / name)
    draft, table = draft_of(tmp_path / name)
    values = reading_values(draft)
    (tmp_path / "leer.py").write_text(recipes.program("leer", values), "utf-8")
    rows = runpy.run_path(str(tmp_path / "leer.py"))["filas"]
    assert [list(row.values()) for row in rows] == table.to_numpy().tolist()
    assert (values["READER"] == "lines") == (name == "lista.json")


def test_the_word_nan_of_a_parquet_is_a_text(tmp_path):
    written(tmp_path / "nada.parquet")
    _draft, table = draft_of(tmp_path / "nada.parquet")
    assert table["texto"].tolist()[0] == "nan"


CASES = Path(__file__).parents[1] / "data" / "cases"
TABLES = [
    "10c-titulo-encima.csv", "11-formulario.csv", "11b-encabezado-2024.csv", "12-encabezado-con-retorno.csv",
    "12b-blanco-al-final.csv", "12c-retornos-dobles-en-todo.csv", "13-na-null.csv", "13b-una-celda-vacia.csv",
    "14-solo-encabezado.csv", "14a-pocos-acentos-cortos.csv", "54b-tres-resumenes.csv", "09-retorno-escrito.xlsx",
    "10-titulo-encima.xlsx", "22-hoja-oculta.xlsx", "15-messages.jsonl", "15c-alpaca.jsonl", "16-tabla.parquet",
]  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_the_recipe_reads_a_table_that_went_wrong_as_the_app_does(tmp_path, monkeypatch, capsys, name):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    draft, table = draft_of(CASES / name)
    (tmp_path / "leer.py").write_text(recipes.program("leer", reading_values(draft)), "utf-8")
    rows = runpy.run_path(str(tmp_path / "leer.py"))["filas"]
    assert f"Leí {len(table)} filas" in capsys.readouterr().out
    assert [list(row.values()) for row in rows] == table.to_numpy().tolist()


@pytest.mark.parametrize("codec", ["cp1252", "lost", "utf-16-be"])
@pytest.mark.parametrize("recipe", ["leer", "columnas"])
def test_the_recipe_reads_a_table_of_odd_encodings_as_the_app_does(tmp_path, monkeypatch, recipe, codec):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    pasted = "El corazón, «así»;Cayó\n".encode("cp1252") if codec == "cp1252" else b"El coraz\xc3;Cay\xc3\n"
    good = "texto;resumen\n" + "".join(f"El ñandú y la cigüeña {n};Ñandú\n" for n in range(20))
    path = tmp_path / "dos.csv"
    path.write_bytes(good.encode(codec) if codec == "utf-16-be" else good.encode() + pasted)
    draft, table = draft_of(path)
    (tmp_path / "receta.py").write_text(recipes.program(recipe, column_values(draft)), "utf-8")
    rows = runpy.run_path(str(tmp_path / "receta.py"))["filas"]
    assert [list(row.values()) for row in rows] == table.to_numpy().tolist()


@pytest.mark.parametrize("codec", ["latin-1", "utf-16", "mixed"])
def test_the_recipe_reads_json_lines_of_any_encoding_as_the_app_does(tmp_path, monkeypatch, codec):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    lines = [f'{{"texto": "El ñandú y la cigüeña {n}", "resumen": "Ñandú"}}\n' for n in range(20)]
    codecs = ["cp1252", *["utf-8"] * 19] if codec == "mixed" else []
    whole = b"".join(map(str.encode, lines, codecs)) if codecs else "".join(lines).encode(codec)
    path = tmp_path / "textos.jsonl"
    path.write_bytes(whole)
    draft, table = draft_of(path)
    (tmp_path / "leer.py").write_text(recipes.program("leer", reading_values(draft)), "utf-8")
    rows = runpy.run_path(str(tmp_path / "leer.py"))["filas"]
    assert [list(row.values()) for row in rows] == table.to_numpy().tolist()


@pytest.mark.parametrize("name", ["13-na-null.csv", "13b-una-celda-vacia.csv", "10c-titulo-encima.csv"])
@pytest.mark.parametrize("recipe", ["columnas", "reparto", "guardar"])
def test_every_recipe_keeps_the_rows_whose_words_pandas_takes_for_nothing(tmp_path, monkeypatch, recipe, name):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.chdir(tmp_path)
    draft, table = draft_of(CASES / name)
    filled = {**column_values(draft), "VALIDATION": 0.2, "TEST": 0.2}
    (tmp_path / "receta.py").write_text(recipes.program(recipe, filled), "utf-8")
    values = runpy.run_path(str(tmp_path / "receta.py"))
    whole = [row for row in table.iloc[:, :2].to_numpy().tolist() if all(row)]
    if recipe == "columnas":
        assert [list(row.values()) for row in values["filas"]] == whole
    else:
        kept = whole if recipe == "guardar" else table  # what is saved has no empty cells
        assert sum(part.num_rows for part in values["partes"].values()) == len(kept)
