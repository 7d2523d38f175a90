"""Sheets, headers, conversations and Parquet such as people have, beyond the files that went wrong."""

import datetime as dt
import io
import json
import os
import random
import subprocess
import sys

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from poetas.data.errors import FileEmpty
from poetas.data.formats.header import find_header
from poetas.data.pipeline.limits import Limits
from poetas.data.pipeline.reading import read_file
from poetas.errors import PoetasError
from tests.cli_orders import run_each
from tests.paths import ROOT
from tests.unit import odd_files
from tests.unit.odd_files import TABLE

LONG = "Había una vez un río que cantaba de noche y dormía la siesta bajo los sauces de la orilla, {}."
TEXTS = [[LONG.format(n), f"Un río, {n}."] for n in range(12)]

SIGNED = [[*row, "Ana"] for row in TEXTS]


@pytest.fixture
def workbook(put):
    """Write a workbook that a function fills."""

    def write(fill):
        book, out = openpyxl.Workbook(), io.BytesIO()
        fill(book)
        book.save(out)
        return put("libro.xlsx", out.getvalue())

    return write


def rows(reading):
    return [list(row) for row in reading.table.itertuples(index=False)]


def counts(reading):
    return {note.code: note.count for note in reading.notices}


# -- headers


@pytest.mark.parametrize(
    ("table", "index"),
    [
        ([["texto", "resumen"], *TEXTS], 0),
        ([["Mis textos", ""], ["", ""], ["texto", "resumen"], *TEXTS], 2),
        ([["Taller", "", ""], ["Año", "2024", ""], [""] * 3, ["Escrito", "Síntesis", "Quién"], *SIGNED], 3),
        ([["Contenido", "", "Datos"], ["Texto", "Resumen", "Quién"], *SIGNED], 1),
        ([["Texto", "", "Puntaje"], ["Una nota sobre el río.", "Un río.", "Ana"], *SIGNED], 0),
        ([["¿Cuál es tu texto? Pegalo entero, por favor, sin el título", "¿Cómo lo contarías?"], *TEXTS], 0),
        ([["Pegá acá tu texto:", "Y en una línea:"], *TEXTS], 0),
        ([["2023", "2024"], *TEXTS], 0),
        ([["texto", "2024"], *([text, str(n)] for n, (text, _summary) in enumerate(TEXTS))], 0),
        ([["Texto\ndel taller", "resumen", "fecha"], *([*row, "3/4/2024"] for row in TEXTS)], 0),
        ([["Mails", "Lo tuyo."], *([f"ana{n}@ejemplo.org", text] for n, (text, _summary) in enumerate(TEXTS))], 0),
        ([["Texto", "Contenido", ""], ["Texto", "Resumen", "Puntaje"], *SIGNED], 1),
        ([["Q1", "Q2"], ["Contalo", "¿En una línea?"], ['{"ImportId":"QID1"}', '{"ImportId":"QID2"}'], *TEXTS], 1),
        (TEXTS, None),
        ([[f"verso corto {n}", "breve"] for n in range(12)], None),
        ([["Una nota sobre el río que canta de noche.", "Un río."], *TEXTS], None),
        ([["3/4/2024", LONG], *(["3/4/2024", text] for text, _summary in TEXTS)], None),
        ([["s/f", LONG], *(["3/4/2024", text] for text, _summary in TEXTS)], None),
        ([["-1.5", "2.25", "3e5"], ["1.5", "2.5", "7"], ["3", "4", "5"]], None),
        ([["1,5", "-2,5E-3"], ["2,5", "3,5"], ["4,1", "3,2"]], None),
        ([["\N{MINUS SIGN}1,5", "nan"], ["2,5", "3,5"], ["4,1", "3,2"]], None),
        ([["2023", "puntos"], ["-1.5", "3e5"], ["3", "4"]], 0),
    ],
)
def test_the_header_is_found_where_it_is(table, index):
    assert find_header(table, range(1, len(table) + 1)) == index


@pytest.mark.parametrize(
    ("table", "first"),
    [
        ("-1.5,2.25,3e5\n1.5,2.25,7\n", ["-1.5", "2.25", "3e5"]),
        ("1,5;2e5\n2,5;3,5\n", ["1,5", "2e5"]),
        ("2e5\t1,5\n3,1\t7\n", ["2e5", "1,5"]),
    ],
)
def test_no_row_of_a_table_of_numbers_is_lost_as_its_header(put, table, first):
    reading = read_file(put("a.csv", table))
    assert (len(reading.table), reading.layout.header_row) == (2, 0)
    assert reading.table.columns[0] == "columna 1"
    assert rows(reading)[0] == first


def test_title_rows_are_named_one_by_one_and_the_learner_can_choose(put):
    path = put("a.csv", "Listado;\nde prueba;\n;\ntexto;resumen\nHola, che;Hola\nChau, che;Chau\n")
    reading = read_file(path)
    assert (list(reading.table.columns), reading.layout.header_row) == (["texto", "resumen"], 4)
    assert [(part.where, part.code) for part in reading.left_out] == [
        ("fila 1", "above-header"),
        ("fila 2", "above-header"),
    ]
    assert counts(reading) == {"rows-above": 2}
    assert reading.layout.first_rows[:3] == ((1, "Listado"), (2, "de prueba"), (4, "texto · resumen"))
    assert len(read_file(path, header_row=0).table) == 5
    assert list(read_file(path, header_row=5).table.columns) == ["Hola, che", "Hola"]
    assert len(read_file(path, header_row=99).table) == 5, "there is no such row: none is lost"


ASKED = ["(entero)", "(una línea)"]


@pytest.mark.parametrize(
    ("under", "left"),
    [
        ([ASKED], 1),
        ([["Text", "Summary"]], 1),
        ([["Text", "Summary"], ASKED], 2),
        ([["Texto", "Resumen"]], 1),
        ([['{"ImportId":"QID1"}', '{"ImportId":"QID2"}']], 1),
        ([["Open-Ended Response", "Response"]], 1),
        ([["", "Respuesta abierta"]], 1),
        ([["Original text", "Your summary"]], 1),
        ([["", "(20 palabras)"]], 1),
        ([["(sin título)", "(2021)"]], 0),
        ([["(silencio)", "[pausa]"]], 0),
        ([["Poema", "Síntesis"]], 0),
        ([["Texto", ""]], 0),
        ([["A text of six or more words", "Summary"]], 0),
        ([["(risas)", "Un río."]], 0),
        ([["", "(sin resumen)"]], 0),
        ([ASKED] * 20, 0),
        ([["Texto", "Un río."]], 0),
        ([["Respuesta", "Un río."]], 0),
    ],
)
def test_rows_that_go_on_with_the_header_are_left_out_unless_the_learner_chose_it(put, under, left):
    table = "".join(
        ";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) + "\n" for row in (*under, *TEXTS)
    )
    path = put("a.csv", "Texto;Resumen\n" + table)
    reading = read_file(path)
    assert rows(reading) == [list(row) for row in [*under, *TEXTS][left:]]
    assert counts(reading).get("rows-below", 0) == left
    assert [(part.where, part.code) for part in reading.left_out] == [
        (f"fila {n}", "below-header") for n in range(2, 2 + left)
    ]
    assert rows(read_file(path, header_row=1)) == [list(row) for row in [*under, *TEXTS]]


def test_questions_under_the_codes_of_a_survey_are_the_names_and_an_answer_is_none(put):
    answers = "".join(f"2024-01-0{n},Llovió en Iruya por {n} días.\n" for n in range(1, 8))
    reading = read_file(put("a.csv", f"StartDate,Q1\nFecha de inicio,¿Qué leíste?\n{answers}"))
    assert (list(reading.table.columns), len(reading.table)) == (["Fecha de inicio", "¿Qué leíste?"], 7)
    assert counts(reading) == {"rows-above": 1}
    for first in ("2024-01-09,¿Y si llueve?", "s/f,Llovió en Iruya."):
        reading = read_file(put("b.csv", f"StartDate,Q1\n{first}\n{answers}"))
        assert (list(reading.table.columns), len(reading.table)) == (["StartDate", "Q1"], 8)


def test_a_header_merged_over_two_rows_gives_its_names(workbook):
    def fill(book):
        for row in (["Texto", "Del taller", ""], ["", "Resumen", "Quién"], *SIGNED):
            book.active.append(row)
        book.active.merge_cells("A1:A2")
        book.active.merge_cells("B1:C1")

    reading = read_file(workbook(fill))
    assert (list(reading.table.columns), rows(reading)) == (["Texto", "Resumen", "Quién"], SIGNED)
    assert [(part.where, part.code) for part in reading.left_out] == [("fila 1", "above-header")]


def test_names_longer_than_a_line_are_whole_and_empty_columns_are_left(put):
    question = "¿" + "Qué te pasó en el taller, contado con tus palabras " * 3 + "?"
    reading = read_file(put("a.csv", f"Marca;;{question}\n" + "".join(f"3/4/2024;;Texto {n}\n" for n in range(9))))
    assert list(reading.table.columns) == ["Marca", question]
    assert reading.layout.positions == (0, 2)


# -- sheets


def test_a_table_that_begins_far_from_the_first_cell_has_no_empty_columns(workbook):
    def fill(book):
        for number, row in enumerate(TABLE):
            for column, text in enumerate(row):
                book.active.cell(row=5 + number, column=4 + column, value=text)

    reading = read_file(workbook(fill))
    assert (list(reading.table.columns), rows(reading)) == (TABLE[0], TABLE[1:])
    assert reading.layout.header_row == 5


def test_merged_cells_have_their_text_in_every_row(workbook):
    def fill(book):
        sheet = book.active
        for row in [["autora", "texto"], ["Fulana", "uno"], ["", "dos"], ["", "tres"], ["Mengana", "cuatro"]]:
            sheet.append(row)
        sheet.merge_cells("A2:A4")

    reading = read_file(workbook(fill))
    assert rows(reading) == [["Fulana", "uno"], ["Fulana", "dos"], ["Fulana", "tres"], ["Mengana", "cuatro"]]
    assert counts(reading) == {"merged-cells": 2}
    cells = "<table:table-cell{0}><text:p>{1}</text:p></table:table-cell>"
    lines = [
        cells.format(' table:number-rows-spanned="2"', "Fulana") + cells.format("", "uno"),
        "<table:covered-table-cell/>" + cells.format("", "dos"),
        cells.format("", "Mengana") + cells.format("", "tres"),
    ]
    ods = odd_files.ods_of("".join(f"<table:table-row>{line}</table:table-row>" for line in lines))
    path = workbook(lambda _book: None).with_suffix(".ods")
    path.write_bytes(ods)
    assert rows(read_file(path, header=False)) == [["Fulana", "uno"], ["Fulana", "dos"], ["Mengana", "tres"]]


def test_the_saved_result_of_a_formula_is_read(put):
    part, book = "xl/worksheets/sheet1.xml", odd_files.xlsx({"A": [["texto", "n"], ["hola", "=1+1"], ["chau", "=2+2"]]})
    done = odd_files.with_member(
        book,
        part,
        lambda xml: xml.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(b"<v />", b"<v>2</v>", 1),
    )
    reading = read_file(put("a.xlsx", done))
    assert rows(reading) == [["hola", "2"], ["chau", "=2+2"]]
    assert counts(reading) == {"formulas": 1}


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("dd/mm/yyyy", "05/03/2024"),
        ('d" de "mmmm" de "yyyy', "5 de marzo de 2024"),
        ("[$-409]d-mmm-yy", "5-Mar-24"),
        ("mm-dd-yy", "05/03/2024"),
        ("yyyy-mm-dd", "2024-03-05"),
        ("yyyy-mm-dd h:mm:ss", "2024-03-05"),
    ],
)
def test_a_date_is_read_as_it_is_shown(workbook, number_format, shown):
    def fill(book):
        book.active.append(["texto", "fecha"])
        book.active.append(["hola", dt.date(2024, 3, 5)])
        book.active["B2"].number_format = number_format

    assert rows(read_file(workbook(fill))) == [["hola", shown]]


def test_hidden_sheets_are_read_only_where_nothing_else_is_there(workbook):
    def fill(book):
        book.active.title = "Vacía"
        for name, state in (("Oculta", "hidden"), ("Muy oculta", "veryHidden")):
            sheet = book.create_sheet(name)
            sheet.sheet_state = state
            for row in TABLE if state == "hidden" else TABLE[:2]:
                sheet.append(row)

    reading = read_file(workbook(fill))
    assert rows(reading) == TABLE[1:]
    assert counts(reading) == {"hidden-sheets": 1, "sheet-hidden": 1}
    assert reading.layout.sheets == ("Oculta", "Muy oculta")


def test_hidden_rows_and_columns_are_left_out_and_told(workbook):
    def fill(book):
        for row in (["texto", "resumen", "privado"], ["a", "b", "DNI"], ["c", "", "DNI"], ["e", "f", "DNI"]):
            book.active.append(row)
        book.active.row_dimensions[3].hidden = book.active.column_dimensions["C"].hidden = True

    reading = read_file(workbook(fill))
    assert (list(reading.table.columns), rows(reading)) == (["texto", "resumen"], [["a", "b"], ["e", "f"]])
    assert counts(reading) == {"hidden-rows": 1, "hidden-columns": 1}
    left = [(part.where, part.code, part.rows) for part in reading.left_out]
    assert left == [("columna C", "hidden-column", 0), ("fila 3", "hidden-row", 1)]


def test_a_sheet_whose_rows_are_all_hidden_is_said_to_hide_them(workbook):
    def fill(book):
        for number, row in enumerate(TABLE, start=1):
            book.active.append(row)
            book.active.row_dimensions[number].hidden = number > 1

    with pytest.raises(FileEmpty) as raised:
        read_file(workbook(fill))
    assert "están ocultas" in raised.value.explanation.why


ODS_CELL = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"


def ods_of(texts, *, hidden=(), columns="", repeated=1):
    """Rows of texts, those with these numbers hidden; "^" is covered by the cell above, which covers three rows."""
    lines = []
    for number, row in enumerate(texts, start=1):
        cells = "".join(
            "<table:covered-table-cell/>"
            if text == "^"
            else ODS_CELL.format(' table:number-rows-spanned="3"' if text.endswith("+") else "", text)
            for text in row
        )
        how = (
            f' table:visibility="{hidden[number]}" table:number-rows-repeated="{repeated}"' if number in hidden else ""
        )
        lines.append(f"<table:table-row{how}>{cells}</table:table-row>")
    return odd_files.ods_of(columns + "".join(lines))


def test_hidden_rows_and_columns_of_libreoffice_are_left_out_and_told(put):
    texts = [["texto", "resumen", "privado"], ["a", "b", "DNI"], ["c", "", "DNI"], ["e", "f", "DNI"], ["g", "h", "DNI"]]
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    reading = read_file(put("a.ods", ods_of(texts, hidden={3: "collapse", 5: "filter"}, columns=columns, repeated=2)))
    assert (list(reading.table.columns), rows(reading)) == (["texto", "resumen"], [["a", "b"], ["e", "f"]])
    assert counts(reading) == {"hidden-rows": 4, "hidden-columns": 1}
    assert [(part.where, part.code) for part in reading.left_out] == [
        ("columna C", "hidden-column"),
        *((f"fila {n}", "hidden-row") for n in (3, 4, 6, 7)),
    ]
    shown = read_file(put("b.ods", ods_of(texts, hidden=dict.fromkeys(range(1, 6), "filter"))))
    assert (rows(shown), counts(shown), shown.left_out) == (texts[1:], {"hidden-read": 5}, ())


def test_a_merged_cell_whose_first_row_is_hidden_keeps_its_text_where_it_shows(workbook, put):
    texts = [
        ["autora", "texto", "x"],
        ["Fulana+", "uno", "DNI+"],
        ["^", "dos", "^"],
        ["^", "tres", "^"],
        ["M", "d", "e"],
    ]

    def fill(book):
        for row in texts:
            book.active.append([text.strip("^") for text in row])
        book.active.merge_cells("A2:A4")
        book.active.merge_cells("C2:C4")
        book.active.row_dimensions[2].hidden = book.active.column_dimensions["C"].hidden = True

    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    for path in (workbook(fill), put("a.ods", ods_of(texts, hidden={2: "collapse"}, columns=columns))):
        reading = read_file(path)
        assert rows(reading) == [["Fulana+", "dos"], ["Fulana+", "tres"], ["M", "d"]]
        assert counts(reading) == {"merged-cells": 2, "hidden-rows": 1, "hidden-columns": 1}


def test_a_sheet_that_hides_all_its_rows_is_read_and_not_called_empty(workbook):
    def fill(book):
        for number, row in enumerate(TABLE, start=1):
            book.active.append(row)
            book.active.row_dimensions[number].hidden = True

    reading = read_file(workbook(fill))
    assert rows(reading) == TABLE[1:]
    assert counts(reading) == {"hidden-read": len(TABLE)}
    assert reading.left_out == ()


def test_a_hidden_sheet_of_libreoffice_is_left(put):
    names = b'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '

    def style(xml):
        hide = (
            b'<style:style style:name="oc" style:family="table"><style:table-properties table:display="false"/>'
            b"</style:style></office:automatic-styles>"
        )
        if b"xmlns:style=" not in xml:  # odfpy names what the document uses
            xml = xml.replace(b"<office:document-content ", b"<office:document-content " + names, 1)
        xml = xml.replace(b"<office:automatic-styles/>", b"<office:automatic-styles></office:automatic-styles>")
        xml = xml.replace(b"</office:automatic-styles>", hide)
        return xml.replace(b'table:name="Oculta"', b'table:name="Oculta" table:style-name="oc"')

    ods = odd_files.with_member(odd_files.ods({"Oculta": [*TABLE, *TABLE[1:]], "Vista": TABLE}), "content.xml", style)
    reading = read_file(put("a.ods", ods))
    assert (rows(reading), reading.layout.sheet) == (TABLE[1:], "Vista")
    assert [(part.where, part.code) for part in reading.left_out] == [("hoja «Oculta»", "hidden-sheet")]


# -- conversations

TURNS = [{"role": "user", "content": "Hola"}, {"role": "assistant", "content": "¡Buenas!"}]
SHARED = [{"from": "human", "value": "Hola"}, {"from": "gpt", "value": "¡Buenas!"}]


@pytest.mark.parametrize("turns", [{"messages": TURNS}, {"conversations": SHARED}, TURNS])
def test_conversations_in_the_shapes_people_have(put, turns):
    for name, content in (("a.json", json.dumps([turns, turns])), ("a.jsonl", f"{json.dumps(turns)}\n" * 2)):
        reading = read_file(put(name, content))
        assert list(reading.table.columns) == ["mensaje", "respuesta"]
        assert rows(reading) == [["Hola", "¡Buenas!"]] * 2
        assert reading.layout.remade


def test_every_turn_that_is_in_no_row_is_counted_and_other_fields_are_kept(put):
    parts = [{"type": "text", "text": "Mirá:"}, {"type": "image_url", "image_url": "x"}]
    turns = [
        {"role": "system", "content": "Sé breve."},
        {"role": "user", "content": parts},
        {"role": "tool", "content": "42"},
        *TURNS[1:],
        *TURNS,
    ]
    reading = read_file(
        put("a.jsonl", json.dumps({"id": "7", "messages": turns}) + "\n" + json.dumps({"messages": TURNS[:1]}))
    )
    assert rows(reading) == [["Mirá:", "¡Buenas!", "7"], ["Hola", "", ""]]
    assert counts(reading) == {"system-turns": 1, "other-parts": 1, "other-turns": 1, "later-turns": 2}
    assert len(reading.left_out) == 5


def test_an_answer_is_the_first_with_words_after_the_first_message(put):
    greeting, called = {"role": "assistant", "content": "¿En qué te ayudo?"}, {"role": "assistant", "content": None}
    lines = [[greeting, *TURNS], [TURNS[0], called, {"role": "tool", "content": "42"}, TURNS[1]], [greeting], TURNS[:1]]
    reading = read_file(put("a.jsonl", "\n".join(json.dumps({"messages": turns}) for turns in lines)))
    assert rows(reading) == [["Hola", "¡Buenas!"], ["Hola", "¡Buenas!"], ["", "¿En qué te ayudo?"], ["Hola", ""]]
    assert counts(reading) == {"later-turns": 1, "other-turns": 1}


def test_a_chat_between_people_is_no_conversation_with_a_model(put):
    messages = [{"id": n, "from": "Ana", "text": f"hola {n}"} for n in range(3)]
    reading = read_file(put("result.json", json.dumps({"name": "Ana", "messages": messages})))
    assert len(reading.table) == 3
    assert list(reading.table.columns) == ["id", "from", "text"]


# -- Parquet


def parquet(columns, **options):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def test_parquet_values_are_text_and_nested_ones_json(put):
    columns = {
        "texto": ["a\nb", None],
        "n": [1, 2],
        "día": [dt.date(2024, 3, 5)] * 2,
        "lista": [["x", "y"], []],
        "otro": [{"k": 1}, None],
        "foto": [b"\xff\x00", b"ok"],
    }
    reading = read_file(put("a.parquet", parquet(columns)))
    assert rows(reading) == [
        ["a\nb", "1", "2024-03-05", '["x", "y"]', '{"k": 1}', ""],
        ["", "2", "2024-03-05", "[]", "", "ok"],
    ]
    assert counts(reading) == {"binary-left": 1}
    assert [part.where for part in reading.left_out] == ["columna «foto»"]
    assert rows(read_file(put("b.parquet", parquet({"messages": [TURNS]})))) == [["Hola", "¡Buenas!"]]


def test_parquet_within_the_limits(put):
    many = put("a.parquet", parquet({"texto": [f"fila {n}" for n in range(50)], "b": ["x"] * 50}, row_group_size=7))
    reading = read_file(many, limits=Limits(rows=10, columns=1))
    assert (len(reading.table), list(reading.table.columns)) == (10, ["texto"])
    assert counts(reading) == {"rows-cut": 40, "columns-cut": 1}


BOMBS = {  # made by the test: each process that collects the tests would hold them
    "text": (lambda: pa.array(["a" * 220_000_000]), "file-too-large"),
    "list": (lambda: pa.array([[None] * 5_000_000], pa.list_(pa.string())), "file-unreadable"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_parquet_bomb_is_refused_before_it_is_unpacked(put, name):
    column, code = BOMBS[name]
    columns = {"texto": column()}  # their least and greatest text would be looked for, for 6 s
    content = parquet(columns, compression="zstd", use_dictionary=False, write_statistics=False)
    assert len(content) < 100_000
    with pytest.raises(PoetasError) as refused:
        read_file(put("a.parquet", content))
    assert refused.value.explanation.code == code


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: b"PAR1" + b"\xff" * 60 + data[64:]]
)
def test_a_damaged_parquet_is_a_card(put, damage):
    with pytest.raises(PoetasError) as refused:
        read_file(put("a.parquet", damage(parquet({"texto": ["hola"] * 9}))))
    assert refused.value.explanation.code == "file-unreadable"


# -- the command


def poetas_read(*words, encoding="utf-8"):
    [result] = run_each(["read", *map(str, words)], encoding=encoding)
    return result


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_the_command_prints_in_any_encoding_and_json_loses_no_letter(put, encoding):
    path = put("a.csv", "texto,resumen\nÑandú — ¿sí? 詩,Ave\nOtra cosa más,Cosa\n")
    code, out, err = poetas_read(path, "--json", encoding=encoding)
    assert (code, err) == (0, b"")
    answer = json.loads(out.decode(encoding))
    assert answer["rows"][0] == {"texto": "Ñandú — ¿sí? 詩", "resumen": "Ave"}
    assert set(answer) == {"sentence", "columns", "rows", "notices", "left_out"}
    code, out, _err = poetas_read(path, encoding=encoding)
    assert code == 0
    assert out.decode(encoding).startswith("Le")


def test_the_command_says_what_the_page_would_say(put):
    """Started as people start it."""
    path = put("a.csv", "Lista;\n;\ntexto;resumen\nHola \x9b31m che;Hola\nChau, che;Chau\n")
    command = [sys.executable, "-m", "poetas.cli", "read", path]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=True)
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "Leí 2 filas y 2 columnas, separadas con punto y coma"
    assert lines[1].endswith("[rows-above]")
    assert lines[2] == "· Quedó afuera: fila 1 [above-header]"
    assert lines[3] == "Columnas: texto, resumen"
    assert lines[-2:] == ["texto: Chau, che", "resumen: Chau"]
    assert not any("\x9b" in line for line in lines)


def test_the_command_ends_with_1_and_a_card_in_lines(tmp_path):
    code, out, err = poetas_read(tmp_path / "no está.csv", "--json")
    assert (code, out) == (1, b"")
    assert "No encuentro «no está.csv»." in err.decode()
    assert poetas_read()[0] == 2


OLD = ROOT / "tests/unit/data/cases/10x-planilla-vieja.xls"


def test_hidden_rows_of_an_old_workbook_are_left_out_and_told(put):
    data = bytearray(OLD.read_bytes())
    sixth = data.index(b"\x08\x02\x10\x00" + b"\x05\x00")  # the record of a row, and its number from 0
    data[sixth + 16] |= 0x20
    reading = read_file(put("a.xls", bytes(data)))
    assert len(rows(reading)) == len(rows(read_file(OLD))) - 1
    assert [(part.where, part.rows) for part in reading.left_out if part.code == "hidden-row"] == [("fila 6", 1)]


def test_broken_old_workbooks_are_cards(put):
    data, rng = OLD.read_bytes(), random.Random(1)
    for name in range(12):
        broken = bytearray(data[: rng.randrange(600, len(data))] if name % 3 == 0 else data)
        for _change in range(20):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        path = put(f"{name}.xls", bytes(broken))
        try:
            read_file(path)
        except PoetasError as error:
            assert error.explanation.code in {"file-unreadable", "file-empty"}  # noqa: PT017
    for content, kind in ((b"%PDF-1.7 no soy eso", "un PDF"), (odd_files.xlsx({"A": TABLE}), "ZIP, o un documento")):
        with pytest.raises(PoetasError) as refused:
            read_file(put("a.xls", content))
        assert kind in refused.value.explanation.why
