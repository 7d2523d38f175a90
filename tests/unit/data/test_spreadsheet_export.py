"""Spreadsheets that are written: read again as the same rows, nothing that runs, no word lost to a cell's limit."""

import csv
import io
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from poetas.data.formats.base import Hints, RawTable
from poetas.data.pipeline.clean_table import clean_table
from poetas.data.pipeline.limits import Limits
from poetas.data.pipeline.reading import read_file
from poetas.data.storage.spreadsheet_export import WRITERS, write_spreadsheet
from poetas.util.spreadsheet_cells import LONGEST, cell_parts, escape_xlsx, guard_formula, unguard_formula

HOSTILE = ["=1+1", "+54 11 4444", "- Hola, ¿cómo va?", "@SUM(A1)", "\t=1", "'=1", "''- a", " =cmd|' /C calc'!A0", "＝1"]
COLUMNS = ["texto", "resumen"]


def read_again(path):
    table = read_file(path, header=True).table
    assert list(table.columns) == COLUMNS
    return table.to_numpy().tolist()


def as_read(rows):
    """The rows as a reader cleans them: what a learner's table can hold."""
    raw = RawTable([COLUMNS, *rows])
    return clean_table(raw, Limits(), "t", Hints(header=True)).rows


cells = st.one_of(
    st.text(max_size=40),
    st.sampled_from(HOSTILE),
    st.builds(
        lambda word, n: (word + " ") * n, st.sampled_from(["sol", "ñandú\n", "_x000D_", "😀"]), st.integers(0, 9)
    ),
)


@pytest.mark.parametrize("suffix", WRITERS)
@given(rows=st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5))
@example(rows=[[text, "Sol"] for text in HOSTILE])
@example(rows=[["", "0\n\\"]])
@example(rows=[["a" * (LONGEST + 1), "_x0041_ " * 5_000], ["😀" * LONGEST, "b"]])
@settings(max_examples=30, deadline=None)
def test_rows_are_read_again_as_they_were(suffix, tmp_path_factory, rows):
    rows = as_read(rows)
    rows = [row for row in rows if len(row) == 2]
    if not rows:
        return
    path = write_spreadsheet(tmp_path_factory.mktemp("p") / f"Mis textos{suffix}", COLUMNS, rows)
    assert read_again(path) == rows


@given(st.text(max_size=30) | st.sampled_from(HOSTILE))
def test_a_guarded_text_never_runs_and_comes_back(text):
    guarded = guard_formula(text)
    assert unguard_formula(guarded) == text
    assert not guarded.lstrip().startswith(("=", "@"))
    assert guarded in {text, "'" + text}


@given(st.text(st.characters() | st.sampled_from("_x000D"), max_size=60), st.integers(7, 20))
def test_parts_of_a_text_fit_into_their_cells_and_join(text, longest):
    parts = cell_parts(text, longest)
    assert "".join(parts) == text
    assert all(len(escape_xlsx(part).encode("utf-16-le")) <= 2 * longest for part in parts)


def test_no_cell_of_a_workbook_is_a_formula_or_longer_than_excel_holds(tmp_path):
    texts = [*HOSTILE, "x" * 70_000, "a\x07b", "007", "3/4"]
    path = write_spreadsheet(tmp_path / "a.xlsx", COLUMNS, [[text, ""] for text in texts])
    sheet = load_workbook(path).active
    texts_read = {cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert {"=1+1", "007", "3/4"} <= texts_read
    assert max(map(len, texts_read)) <= LONGEST
    assert sheet["A2"].quotePrefix
    assert "<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()


def test_a_csv_opens_in_excel_as_it_is_set_up_in_argentina(tmp_path):
    path = write_spreadsheet(tmp_path / "a.csv", ["texto", "nota", "votos"], [["-5", 3.5, 12], ["uno\ndos", None, -1]])
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";"))[1:] == [["-5", "3,5", "12"], ["uno\ndos", "", "-1"]]


def test_numbers_of_a_workbook_are_numbers(tmp_path):
    path = write_spreadsheet(tmp_path / "a.xlsx", ["texto", "nota"], [["uno", 3.5], ["dos", float("nan")]])
    sheet = load_workbook(path).active
    assert (sheet["B2"].value, sheet["B3"].value) == (3.5, "nan")


def test_what_is_too_much_for_a_sheet_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("poetas.data.storage.spreadsheet_export.MOST_ROWS", 1)
    with pytest.raises(ValueError, match="2 rows"):
        write_spreadsheet(tmp_path / "a.csv", ["texto"], [["a"], ["b"]])


def test_an_apostrophe_that_guards_is_taken_away_and_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("texto;resumen\n'=1+1 es dos;'tis\n", "utf-8-sig")
    reading = read_file(path)
    assert reading.table.to_numpy().tolist() == [["=1+1 es dos", "'tis"]]
    assert [(note.code, note.count) for note in reading.notices] == [("apostrophes", 1)]
    path.write_text("texto;resumen\n'=1+1 es dos;'tis\n", "utf-8")  # no spreadsheet wrote it
    assert read_file(path).table.to_numpy().tolist() == [["'=1+1 es dos", "'tis"]]


def test_columns_that_continue_a_long_text_are_joined_and_said(tmp_path):
    path = write_spreadsheet(tmp_path / "a.csv", COLUMNS, [["sol " * 10_000, "corto"], ["luna", "lunita"]])
    assert path.read_text("utf-8-sig").startswith("texto;texto (sigue 2);resumen\n")
    reading = read_file(path)
    assert list(reading.table.columns) == COLUMNS
    assert [(note.code, note.count) for note in reading.notices] == [("cells-joined", 1)]
