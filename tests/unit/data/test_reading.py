"""Reading what people have: every format, encoding, delimiter and oddity that is not broken."""

import csv
import datetime as dt
import json
import random
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetas.data.formats import READERS, extensions
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.delimiter import dialect
from poetas.data.pipeline.clean_table import clean_table
from poetas.data.pipeline.limits import Limits
from poetas.data.pipeline.mapping import guess
from poetas.data.pipeline.reading import read_file
from tests.unit import odd_files
from tests.unit.odd_files import TABLE


def rows(reading):
    return [list(row) for row in reading.table.itertuples(index=False)]


def codes(reading):
    return [notice.code for notice in reading.notices]


ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16BE",
    "latin-1": "Latin-1",
    "cp1252": "Latin-1",
    "mac_roman": "Mac Roman",
    "cp850": "CP850",
}


@pytest.mark.parametrize("codec", ENCODINGS)
def test_csv_in_any_encoding_delimiter_and_line_end(put, codec):
    for delimiter, newline in product([",", ";", "\t", "|"], ["\n", "\r\n", "\r"]):
        reading = read_file(put("cartas.csv", odd_files.delimited(TABLE, delimiter, newline).encode(codec)))
        where = repr((delimiter, newline))
        assert rows(reading) == TABLE[1:], where
        assert list(reading.table.columns) == TABLE[0], where
        assert (reading.encoding, reading.delimiter, reading.header) == (ENCODINGS[codec], delimiter, True), where


def test_the_sentence_says_what_was_understood(put):
    many = [TABLE[0], *([f"{text} {index}", summary] for index in range(40) for text, summary in TABLE[1:])]
    latin = put("a.csv", odd_files.delimited(many, ";").encode("latin-1"))
    assert (
        read_file(latin).sentence
        == "Leí 120 filas y 2 columnas, separadas con punto y coma, con los acentos de Windows (otra manera "
        "de guardarlos)"
    )
    tabbed = put("a.tsv", odd_files.delimited(TABLE, "\t"))
    assert read_file(tabbed).sentence == "Leí 3 filas y 2 columnas, separadas con tabulaciones"


def test_windows_quotes_tell_windows_1252_from_latin_1(put):
    path = put("a.csv", "texto,resumen\n“Hola”, dijo…\tno,sí\n“Chau”,no\n".encode("cp1252"))
    assert read_file(path).encoding == "Windows-1252"


@pytest.mark.parametrize("codec", ["latin-1", "mac_roman", "cp850"])
def test_the_encoding_is_guessed_from_the_whole_file(put, codec):
    plain = "Un renglon sin nada raro, para llenar el archivo.\n" * 6_000
    reading = read_file(put("a.csv", f"texto\n{plain}Y al final, el ñandú cruzó el cañón.\n".encode(codec)))
    assert reading.table["texto"].iloc[-1] == "Y al final, el ñandú cruzó el cañón."
    assert reading.encoding == ENCODINGS[codec]


def test_a_few_damaged_bytes_do_not_change_the_encoding_of_the_rest_and_are_said(put):
    good = "texto\n" + "El ñandú y la cigüeña cruzaron el cañón.\n" * 20
    reading = read_file(put("a.csv", good.encode() + b"Se rompi\xc3 una letra sola.\n"))
    assert reading.encoding == "UTF-8"
    assert reading.table["texto"].iloc[0] == "El ñandú y la cigüeña cruzaron el cañón."
    assert "\ufffd" in reading.table["texto"].iloc[-1]
    assert [(notice.code, notice.count, notice.rows) for notice in reading.notices] == [("letters-lost", 1, (22,))]


@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_lines_that_were_pasted_in_another_encoding_are_read_in_it(put, name):
    good = "texto\n" + "El ñandú y la cigüeña cruzaron el cañón.\n" * 20
    reading = read_file(put(name, good.encode() + "El corazón, «así» –dijo–, no cayó.\n".encode("cp1252")))
    assert reading.encoding == "UTF-8"
    assert reading.table["texto"].iloc[-1].endswith("El corazón, «así» –dijo–, no cayó.")
    assert [(notice.code, notice.count) for notice in reading.notices] == [("encodings-mixed", 1)]


def test_quoted_cells_hold_lines_delimiters_and_quotes(put):
    expected = [["texto", "resumen"], ['Dijo: "vení",\ny se fue.\n\nVolvió.', "Se fue; volvió"], ["otro, más", "nada"]]
    for delimiter in ",;":
        assert rows(read_file(put("a.csv", odd_files.delimited(expected, delimiter)))) == expected[1:]


def test_backslash_quotes_are_understood(put):
    path = put("a.csv", 'texto,resumen\n"Dijo \\"vení\\", y se fue.",Se fue\n"Otra, cosa",Nada\n')
    assert rows(read_file(path))[0] == ['Dijo "vení", y se fue.', "Se fue"]


def test_an_open_quote_does_not_swallow_the_rest(put):
    path = put("a.csv", 'texto,resumen\n"Empieza y no termina,uno\nOtra fila,dos\nY otra,tres\n')
    reading = read_file(path)
    assert len(reading.table) == 3
    assert codes(reading) == ["quotes-open"]


def test_a_quote_that_is_closed_by_the_row_below_is_said_with_its_row(put):
    rest = "".join(f'"Otra fila {n}","dos"\n' for n in range(9))
    reading = read_file(put("a.csv", f'texto,resumen\n"Un texto","uno"\n"Empieza y no termina,uno\n{rest}'))
    assert [(notice.code, notice.rows) for notice in reading.notices] == [("rows-joined", (3,))]
    fine = read_file(put("b.csv", f'texto,resumen\n"Dijo "vení" y se fue","uno"\n"Dos\nlíneas","uno"\n{rest}'))
    assert codes(fine) == []


def test_decimal_commas_are_distinguished_from_delimiters(put):
    path = put("a.csv", "texto;puntaje\nBuen día;1,5\nBuenas tardes;2,75\n")
    reading = read_file(path)
    assert (reading.delimiter, reading.decimal) == (";", ",")
    assert reading.table["puntaje"].tolist() == ["1,5", "2,75"]
    assert "con coma decimal" in reading.sentence
    assert read_file(put("b.csv", "texto,puntaje\nHola,1.5\nChau,2.75\n")).decimal == "."


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", ["", "a{0}b{0}c{0}d\n"])
def test_numbers_with_rows_of_several_lengths_are_cut_into_columns(put, delimiter, header):
    ragged = [[1, 2, 3], [4, 5], [6], [7, 8, 9, 10], [11, 12], [13, 14, 15], [-1.5, 2]]
    lines = "".join(delimiter.join(map(str, row)) + "\n" for row in ragged)
    reading = read_file(put("medidas.csv", header.format(delimiter) + lines))
    assert reading.delimiter == delimiter
    assert reading.table.shape == (7, 4)
    assert list(reading.table.iloc[3]) == ["7", "8", "9", "10"]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [("1,2,3\n4\n5\n6\n7,8\n9,10\n11,12,13\n", ","), ("1,5;2,5\n3,5\n4,5;5,5;6,5\n", ";")],
)
def test_numbers_are_cut_into_columns_where_half_of_the_rows_have_one_cell(text, delimiter):
    assert dialect(text).delimiter == delimiter


@pytest.mark.parametrize(
    "text",
    [
        "1,234,567\n890\n1,250\n12\n",  # commas that group thousands
        "1,5\n2\n3\n4,25\n6\n",  # one column with a decimal comma
        "El 1, el 2 y el 3.\nEl 4.\nEl 5, el 6.\n",
        "1, dos, tres y cuatro\nvinieron\n3, o 4, o 5 personas\n",
        "Salieron en 1999, 2000 y 2001.\nY después, nada.\n",
    ],
)
def test_sentences_with_numbers_and_decimal_commas_stay_one_column(text):
    assert dialect(text).delimiter == ""


def test_excels_sep_line_names_the_delimiter(put):
    assert rows(read_file(put("a.csv", "sep=|\r\ntexto|n\r\na, b; c|1\r\n"))) == [["a, b; c", "1"]]


def test_a_file_without_titles_keeps_its_first_row(put):
    reading = read_file(put("a.csv", odd_files.delimited(TABLE[1:], ";")))
    assert rows(reading) == TABLE[1:]
    assert list(reading.table.columns) == ["columna 1", "columna 2"]
    assert reading.sentence.endswith("sin títulos")


def test_ragged_rows_are_kept_and_reported(put):
    path = put("a.csv", "texto,resumen\nuno,dos\nsolo\nuno,dos,tres,cuatro\n\nfin,fin\n")
    reading = read_file(path)
    assert rows(reading) == [["uno", "dos", ""], ["solo", "", ""], ["uno", "dos", "tres | cuatro"], ["fin", "fin", ""]]
    assert codes(reading) == ["rows-long", "rows-short"]
    assert reading.notices[0].rows == (4,)


@pytest.mark.parametrize(("long", "places"), [((4,), "(fila 4)"), ((4, 6, 7), "(filas 4, 6, 7)")])
def test_row_numbers_are_called_row_numbers(put, long, places):
    """In bare parentheses after a count they read as a count."""
    lines = ["texto,resumen", *("Un texto largo,corto" + (",de más" if index in long else "") for index in range(2, 9))]
    sentence = read_file(put("a.csv", "\n".join(lines))).notices[0].sentence
    assert f"de más {places}: " in sentence


def test_prose_with_commas_is_one_column(put):
    path = put("a.csv", "Había una vez, hace mucho, un río.\nEl río, ancho, cantaba.\nFin.\n")
    reading = read_file(path)
    assert reading.table.shape == (3, 1)
    assert reading.table.iloc[0, 0] == "Había una vez, hace mucho, un río."


def test_empty_trailing_columns_and_rows_are_not_data(put):
    reading = read_file(put("a.csv", "texto;resumen;;\nuno;dos;;\n;;;\ntres;cuatro;;\n"))
    assert list(reading.table.columns) == ["texto", "resumen"]
    assert (len(reading.table), codes(reading)) == (2, ["rows-blank"])


def test_hints_win_over_guesses(put):
    path = put("a.csv", "uno;dos\ntres;cuatro\n")
    assert list(read_file(path, header=True).table.columns) == ["uno", "dos"]
    assert len(read_file(path, header=False).table) == 2
    assert read_file(path, delimiter="").table.shape[1] == 1
    chosen = read_file(put("b.csv", "texto\ncañón\n".encode("cp850")), encoding="cp850")
    assert (chosen.table["texto"][0], chosen.encoding) == ("cañón", "CP850"), "by its name, not its codec's"
    with pytest.raises(TypeError):
        read_file(path, colour="red")


def test_repeated_titles_get_numbers(put):
    reading = read_file(put("a.csv", "texto,texto,\na,b,c\nd,e,f\n"))
    assert list(reading.table.columns) == ["texto", "texto (2)", "columna 3"]


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(
        st.lists(
            st.text("abcé ñ,;|\"'\n123", min_size=1, max_size=30).map(lambda s: s.strip() or "x"),
            min_size=2,
            max_size=2,
        ),
        min_size=3,
        max_size=12,
    ),
    delimiter=st.sampled_from(",;\t|"),
)
def test_any_quoted_table_comes_back_as_it_went(tmp_path_factory, cells, delimiter):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in cells]
    path.write_text(
        "texto" + delimiter + "resumen\n" + "\n".join(delimiter.join(row) for row in quoted) + "\n", "utf-8"
    )
    assert rows(read_file(path)) == cells


def test_xlsx_reads_the_sheet_with_the_texts(put):
    path = put("a.xlsx", odd_files.xlsx({"Notas": [["ver la otra"]], "Datos": TABLE}))
    reading = read_file(path)
    assert rows(reading) == TABLE[1:]
    assert codes(reading) == ["other-sheets"]
    assert rows(read_file(path, sheet="Notas")) == [["ver la otra"]]


def test_xlsx_with_a_link_in_every_cell_is_read(put):
    link = '<hyperlink ref="A{n}" display="https://ejemplo.ar/?id=1&amp;s=1" tooltip="a" location="b"/>'
    links = "".join(link.format(n=n) for n in range(1, 65_001))
    end = f"<hyperlinks>{links}</hyperlinks></worksheet>".encode()
    part, book = "xl/worksheets/sheet1.xml", odd_files.xlsx({"A": TABLE})
    linked = odd_files.with_member(book, part, lambda xml: xml.replace(b"</worksheet>", end))
    assert rows(read_file(put("a.xlsx", linked))) == TABLE[1:]


def test_xlsx_numbers_dates_and_formulas_are_text(put):
    day = dt.datetime(2024, 5, 3)  # noqa: DTZ001 - a workbook knows no time zones
    path = put("a.xlsx", odd_files.xlsx({"A": [["texto", "n", "día"], ["hola", 3.0, day], ["=1+1", 2.5, True]]}))
    reading = read_file(path)
    assert rows(reading) == [["hola", "3", "2024-05-03"], ["=1+1", "2.5", "VERDADERO"]]
    assert codes(reading) == ["formulas"]


def test_ods_cells_with_lines_and_results_of_formulas(put):
    written = [TABLE[0], ["Primer verso,\nsegundo verso.", "Dos versos"], ["=SUM(1;2)", "cuenta"]]
    reading = read_file(put("a.ods", odd_files.ods({"Hoja1": written, "Vacía": [[""]]})))
    assert rows(reading) == [written[1], ["3", "cuenta"]]
    assert codes(reading) == []


def test_ods_formulas_without_a_result_are_text_and_said(put):
    row = '<table:table-row><table:table-cell table:formula="of:=SUM(1;2)"/></table:table-row>'
    reading = read_file(put("a.ods", odd_files.ods_of(row)), header=False)
    assert rows(reading) == [["=SUM(1;2)"]]
    assert [(note.code, note.count) for note in reading.notices] == [("formulas", 1)]


@pytest.mark.parametrize(
    "value",
    [
        [{"texto": "a b", "resumen": "c"}, {"texto": "d", "resumen": "e"}],
        {"texto": ["a b", "d"], "resumen": ["c", "e"]},
        {"version": 1, "data": [{"texto": "a b", "resumen": "c"}, {"texto": "d", "resumen": "e"}]},
        {"x": {"texto": "a b", "resumen": "c"}, "y": {"texto": "d", "resumen": "e"}},
        [["texto", "resumen"], ["a b", "c"], ["d", "e"]],
    ],
)
def test_json_in_the_shapes_people_have(put, value):
    reading = read_file(put("a.json", json.dumps(value)))
    assert rows(reading) == [["a b", "c"], ["d", "e"]]
    assert list(reading.table.columns) == ["texto", "resumen"]


def test_json_values_of_any_kind_become_text(put):
    objects = [
        {"a": None, "b": ["x", "y"], "c": {"d": 1}, "e": 1.50, "f": True},
        {"a": "sí", "g": 12345678901234567890},
    ]
    reading = read_file(put("a.json", json.dumps(objects)))
    assert rows(reading)[0] == ["", "x\ny", '{"d": "1"}', "1.5", "true", ""]
    assert rows(reading)[1][-1] == "12345678901234567890"


def test_lone_surrogates_and_controls_do_not_survive(put):
    reading = read_file(put("a.json", r'[{"texto": "ho\ud800la\u0000 \u0007che"}]'))
    assert rows(reading) == [["ho\ufffdla che"]]


GOOD = ['{"texto": "f", "resumen": "g"}', '{"texto": "h", "resumen": "i"}']


def test_jsonl_keeps_good_lines_and_reports_broken_ones(put):
    lines = ['{"texto": "a", "resumen": "b"}', "{rota", "", '{"texto": "c\u2028d", "resumen": "e"}', '"suelta"', *GOOD]
    reading = read_file(put("a.jsonl", "\n".join(lines)))
    assert len(reading.table) == 4
    assert codes(reading) == ["lines-broken"]
    assert (reading.notices[0].rows, reading.notices[0].count) == ((2, 5), 2)
    assert [(part.where, part.rows) for part in reading.left_out] == [("línea 2", 1), ("línea 5", 1)]


def test_more_broken_lines_than_a_page_lists_are_counted_to_the_last(put):
    reading = read_file(put("a.jsonl", "\n".join([*GOOD * 600, *["{rota"] * 1_100])))
    assert sum(part.rows for part in reading.left_out) == 1_100
    assert reading.left_out[-1].where == "otras 100 líneas"


def test_jsonl_named_json_is_read(put):
    assert len(read_file(put("a.json", '{"texto": "a"}\n{"texto": "b"}\n')).table) == 2


def test_txt_in_stanzas_lines_or_whole(put):
    stanzas = put("a.txt", "Uno,\ndos.\n \n\nTres,\ncuatro.\n")
    assert rows(read_file(stanzas)) == [["Uno,\ndos."], ["Tres,\ncuatro."]]
    assert read_file(stanzas).sentence == "Leí 2 estrofas"
    assert len(read_file(put("b.txt", "Uno.\r\nDos.\r\nTres.")).table) == 3
    assert read_file(put("c.txt", "Un solo párrafo.")).sentence == "Leí 1 texto entero"
    assert len(read_file(stanzas, division="lines").table) == 4
    assert len(read_file(stanzas, division="whole").table) == 1


def test_docx_paragraphs_and_stanzas(put):
    reading = read_file(put("a.docx", odd_files.docx(["Uno,", "dos.", "", "Tres,", "cuatro."])))
    assert rows(reading) == [["Uno,\ndos."], ["Tres,\ncuatro."]]
    assert len(read_file(put("b.docx", odd_files.docx(["Párrafo uno.", "Párrafo dos."]))).table) == 2


def test_docx_table_is_a_table(put):
    reading = read_file(put("a.docx", odd_files.docx(["Mis textos"], [TABLE])))
    assert rows(reading) == TABLE[1:]
    assert codes(reading) == ["paragraphs-left"]


def test_pdf_paragraphs_verses_margins_and_page_breaks(put):
    prose = [
        "Había una vez un pueblo al lado del río, donde la gente tenía la costum-",
        "bre de contar historias junto al fuego hasta que salía el sol y cantaba",
        "el último gallo.",
    ]
    verse = ["Verso uno de la copla,", "verso dos que la acompaña."]
    pages = [
        [
            ["Mi libro"],
            prose,
            verse,
            ["Y todo esto siguió de la misma manera, un año tras otro, sin que nadie supiera"],
            ["1"],
        ],
        [["Mi libro"], ["explicar por qué."], ["Otro párrafo."], ["2"]],
        [["Mi libro"], ["Fin."], ["3"]],
    ]
    reading = read_file(put("a.pdf", odd_files.pdf(pages)))
    texts = reading.table["texto"].tolist()
    assert texts[0].startswith("Había una vez")
    assert "la costumbre de contar" in texts[0]
    assert "\n" not in texts[0]
    assert texts[1] == "Verso uno de la copla,\nverso dos que la acompaña."
    assert texts[2].endswith("sin que nadie supiera explicar por qué.")
    assert texts[3:] == ["Otro párrafo.", "Fin."]


def test_pdf_with_double_spacing_keeps_its_paragraphs(put):
    lines = [
        "Una línea larga de prosa que llega hasta el borde de la página y sigue",
        "en la otra línea hasta terminar.",
    ]
    reading = read_file(put("a.pdf", odd_files.pdf([[lines, lines, lines]], leading=32, gap=56)))
    assert len(reading.table) == 3


def test_folder_and_zip_of_texts_give_a_row_each(put, tmp_path):
    members = {
        "b/dos.txt": "Dos año".encode("latin-1"),
        "uno.txt": "Uno",
        "foto.jpg": b"\xff\xd8\xff\x00",
        ".DS_Store": "x",
        "vacío.txt": " ",
    }
    for name, content in members.items():
        put(f"carpeta/{name}", content)
    packed = put("todo.zip", odd_files.zipped(members))
    for reading in (read_file(tmp_path / "carpeta"), read_file(packed)):
        assert sorted(rows(reading)) == [["Dos año", "b/dos.txt"], ["Uno", "uno.txt"]]
        assert codes(reading) == ["files-left", "files-empty"]
        assert guess(reading.table).mapping.summary is None


def test_links_in_a_folder_are_not_followed(put, tmp_path):
    secret = put("secreto.txt", "no leer")
    put("carpeta/uno.txt", "sí")
    (tmp_path / "carpeta" / "otro.txt").symlink_to(secret)
    (tmp_path / "carpeta" / "vuelta").symlink_to(tmp_path)
    assert rows(read_file(tmp_path / "carpeta")) == [["sí", "uno.txt"]]


def test_limits_cut_rows_and_cells_and_say_so(put):
    path = put("a.csv", "texto\n" + "".join(f"fila número {index} con letras\n" for index in range(50)))
    reading = read_file(path, limits=Limits(rows=10, cell_characters=12))
    assert len(reading.table) == 10
    assert set(codes(reading)) == {"rows-cut", "cells-cut"}
    assert reading.table["texto"][0] == "fila número"


@pytest.mark.parametrize("name", ["novela.txt", "novelas.zip", "carpeta/novela.txt"])
def test_a_text_longer_than_a_cell_is_read_in_parts_without_losing_a_word(put, name):
    novel = "\n\n".join(f"El capítulo {n} cuenta lo que pasó en el pueblo ese día." for n in range(4000))
    packed = name.endswith(".zip")
    path = put(name, odd_files.zipped({"a.txt": novel, "b.txt": "Otra."}) if packed else novel)
    hints = {} if packed else {"division": "whole"}  # of several files, each is one text
    reading = read_file(path.parent if "/" in name else path, **hints)
    texts = reading.table.iloc[:, 0].tolist()[: -1 if packed else None]
    assert len(texts) == 2
    assert all(len(text) <= 200_000 for text in texts)
    assert [word for text in texts for word in text.split()] == novel.split()
    assert texts[0].endswith("día.")
    assert codes(reading) == ["texts-in-parts"]
    assert "en 2 partes seguidas" in reading.notices[0].sentence


def test_every_extension_has_a_reader_that_can_be_loaded():
    from poetas.data.formats import load

    assert set(extensions()) == set(READERS)
    assert all(callable(load(target)) for target, _whole in READERS.values())


def test_reading_leaves_the_file_as_it_was(put):
    content = odd_files.xlsx({"A": TABLE})
    path = put("a.xlsx", content)
    read_file(path)
    assert path.read_bytes() == content


def test_twenty_thousand_rows_are_read_in_seconds(put):
    rng = random.Random(1)
    words = [word for row in TABLE for cell in row for word in cell.split()]
    table = [TABLE[0]] + [
        [" ".join(rng.choices(words, k=100)), " ".join(rng.choices(words, k=15))] for _ in range(20_000)
    ]
    path = put("a.csv", odd_files.delimited(table, ";").encode("latin-1"))
    start = time.perf_counter()
    assert len(read_file(path).table) == 20_000
    assert time.perf_counter() - start < 20


def test_a_sentence_on_one_line_is_no_table():
    assert dialect("Uno, dos y tres.").delimiter == ""


LINES = [f"línea número {number} de hoy" for number in range(150)]
LONG = {
    "a.txt": lambda: "\n".join(LINES),
    "b.txt": lambda: "\n\n".join(LINES),
    "a.csv": lambda: "\n".join(["texto", *LINES]),
    "a.json": lambda: json.dumps([{"texto": line} for line in LINES]),
    "b.json": lambda: json.dumps({"texto": LINES, "resumen": LINES}),
    "a.jsonl": lambda: "\n".join(json.dumps({"texto": line}) for line in LINES),
    "a.docx": lambda: odd_files.docx(LINES),
    "b.docx": lambda: odd_files.docx(tables=[[["texto", "resumen"], *([line, "r"] for line in LINES)]]),
    "a.xlsx": lambda: odd_files.xlsx({"A": [["texto"], *([line] for line in LINES)]}),
    "a.ods": lambda: odd_files.ods({"A": [["texto"], *([line] for line in LINES)]}),
    "a.zip": lambda: odd_files.zipped({f"{number:03}.txt": line for number, line in enumerate(LINES)}),
}


@pytest.mark.parametrize("name", LONG)
def test_what_is_cut_is_said_once_whatever_the_format(put, name):
    reading = read_file(put(name, LONG[name]()), limits=Limits(rows=100))
    assert len(reading.table) == 100
    assert reading.sentence.startswith("Leí 100 ")
    assert codes(reading).count("rows-cut") == 1
    sentence = next(notice.sentence for notice in reading.notices if notice.code == "rows-cut")
    # Rows of a workbook, and files of a zip, are not read to the end only to be counted.
    total = "el archivo tiene más" if name in {"a.xlsx", "a.zip"} else "de 150"
    assert f"las primeras 100 filas{':' if 'más' in total else ''} {total}" in sentence
    whole = read_file(put(f"z{name}", LONG[name]()), limits=Limits(rows=150))
    assert len(whole.table) == 150
    assert "rows-cut" not in codes(whole)


WIDE = [
    [f"columna {column}" for column in range(30)],
    *([f"valor {column} de la fila {row}" for column in range(30)] for row in range(5)),
]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.csv", lambda: odd_files.delimited(WIDE)),
        ("a.json", lambda: json.dumps([dict(zip(WIDE[0], row, strict=True)) for row in WIDE[1:]])),
        ("a.jsonl", lambda: "\n".join(json.dumps(dict(zip(WIDE[0], row, strict=True))) for row in WIDE[1:])),
        (
            "b.json",
            lambda: json.dumps({title: [row[column] for row in WIDE[1:]] for column, title in enumerate(WIDE[0])}),
        ),
        ("a.xlsx", lambda: odd_files.xlsx({"A": WIDE})),
        ("a.ods", lambda: odd_files.ods({"A": WIDE})),
        ("b.ods", lambda: odd_files.ods({"A": [[*row, "", ""] for row in WIDE]})),
        ("a.docx", lambda: odd_files.docx(tables=[WIDE])),
        ("a.html", lambda: "<table>" + "".join(f"<tr><td>{'<td>'.join(row)}" for row in WIDE) + "</table>"),
    ],
)
def test_columns_that_do_not_fit_are_said_once(put, name, make):
    reading = read_file(put(name, make()), limits=Limits(columns=20), header=None)
    assert reading.table.shape[1] == 20
    assert [note.count for note in reading.notices if note.code == "columns-cut"] == [len(WIDE[0]) - 20]
    assert reading.table.iloc[-1, 19] == "valor 19 de la fila 4"
    assert ("de la columna 21 en adelante", "columns-cut") in [(part.where, part.code) for part in reading.left_out]
    assert "columns-cut" not in codes(read_file(put(f"z{name}", make()), limits=Limits(columns=30)))


def test_rows_whose_columns_do_not_fit_are_not_called_empty(put):
    path = put("a.json", json.dumps([{f"k{index}": "texto"} for index in range(300)]))
    reading = read_file(path)
    assert reading.table.shape == (200, 200)
    assert codes(reading) == ["columns-cut", "rows-blank"]
    assert "100 filas que no tienen nada en esas columnas" in reading.notices[1].sentence
    assert "vacía" not in reading.notices[1].sentence


def test_a_table_has_no_more_cells_than_fit_in_memory(put):
    path = put("a.csv", odd_files.delimited([[f"celda {index} {row}" for index in range(10)] for row in range(50)]))
    reading = read_file(path, limits=Limits(cells=200))
    assert reading.table.shape == (20, 10)
    assert "las primeras 20 filas de 50" in next(item.sentence for item in reading.notices if item.code == "rows-cut")


def test_a_file_is_read_alike_the_first_time_and_the_second(put):
    path = put("a.csv", 'texto,resumen\n"' + "a, b" * 40_000 + '",x\n' + "otro texto,y\n" * 20)
    before = csv.field_size_limit(131_072)  # as a new process has it
    try:
        first, second = read_file(path), read_file(path)
    finally:
        csv.field_size_limit(before)
    assert (first.delimiter, list(first.table.columns)) == (",", ["texto", "resumen"])
    assert first.table.equals(second.table)


def test_merged_cells_of_a_word_table_stay_in_their_columns(put):
    import docx

    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for index, row in enumerate(table.rows):
        for place, cell in enumerate(row.cells):
            cell.text = f"celda {index} {place}"
    table.cell(0, 0).merge(table.cell(0, 1)).text = "a lo ancho"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "a lo alto"
    path = put("a.docx", b"")
    document.save(path)
    reading = read_file(path, header=False)
    assert rows(reading) == [
        ["a lo ancho", "", "celda 0 2"],
        ["celda 1 0", "celda 1 1", "a lo alto"],
        ["celda 2 0", "celda 2 1", "a lo alto"],
    ]
    assert {notice.code: notice.count for notice in reading.notices} == {"merged-cells": 1}


def test_an_error_of_a_sheet_is_said(put):
    path = put("a.xlsx", odd_files.xlsx({"Hoja": [["texto", "resumen"], ["El río creció", "#N/A"], ["Bajó", "#1"]]}))
    reading = read_file(path)
    assert {notice.code: notice.count for notice in reading.notices} == {"cell-errors": 1}
    assert rows(reading)[0][1] == "#N/A"


def test_lines_of_two_encodings_one_after_the_other_are_each_read_in_theirs(put):
    lines = ["texto;resumen", *(f"El ñandú «{n}» cruzó;Cruzó" for n in range(20))]
    path = put("a.csv", b"\r\n".join(line.encode("cp1252" if n % 2 else "utf-8") for n, line in enumerate(lines)))
    reading = read_file(path)
    assert rows(reading) == [[f"El ñandú «{n}» cruzó", "Cruzó"] for n in range(20)]
    assert {notice.code: notice.count for notice in reading.notices} == {"encodings-mixed": 10}


def test_a_row_that_is_blank_once_it_is_clean_does_not_shift_which_rows_go_on():
    raw = RawTable([["uno"], ["\0 "], ["dos"], ["tres"]], columns=["texto"], going_on=[2])
    table = clean_table(raw, Limits(), "a.txt", Hints())
    assert (table.rows, table.going_on) == ([["uno"], ["dos"], ["tres"]], (1,))
