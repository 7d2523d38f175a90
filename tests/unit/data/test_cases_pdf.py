"""The PDF files of `cases` that went wrong once, each with its right value."""

from pathlib import Path

import pytest

from poetas.data.pipeline.reading import read_file

CASES = Path(__file__).parent / "cases"
OF_EACH = {
    "05-comillas-como-ligaduras.pdf": ["La señora dijo “café” y después “adiós”.", "contestó “mañana” con"],
    "06-ligaduras-nulas.pdf": [
        "La flor del oficio afligido cruzó el desfile final.",
        "una ficha fija, un reflejo en el filo.",
    ],
    "06b-ligaduras-privadas.pdf": ["La flor del oficio afligido cruzó el desfile final.", "ficha fija, un reflejo"],
    "06d-ligadura-st.pdf": ["La costa estaba lista para la fiesta.", "El maestro gastó la tarde entera."],
    "07-latex-sin-T1.pdf": [
        "El ñandú cruzó el árbol; la cigüeña miró al pingüino.",
        "difícil",
        "jardín",
        "océano",
        "¿Quién",
    ],
    "08b-letras-separadas.pdf": ["CANCIÓN DEL AÑO", "un áspero pájaro espera en la tarde,\nun tibio niebla"],
    "08c-palabras-pegadas.pdf": [
        "La bibliotecaria escondió un barrilete enorme bajo la lluvia antes del carnaval. Fue la mejor noticia del mes."
    ],
}


def texts(name):
    reading = read_file(CASES / name)
    return reading.table["texto"].tolist(), [notice.code for notice in reading.notices]


@pytest.mark.parametrize("name", OF_EACH)
def test_every_letter_and_word_is_there(name):
    rows, codes = texts(name)
    whole = "\n".join(rows)
    assert all(part in whole for part in OF_EACH[name])
    assert not set(whole) & set("\0´˜¨ıﬁﬂﬆ\N{REPLACEMENT CHARACTER}\ue00a\ue00b")
    assert "letters-lost" not in codes


def test_two_columns_are_read_one_after_the_other():
    rows, _codes = texts("04-dos-columnas.pdf")
    assert len(rows) == 15
    assert rows[0].startswith("RESUMEN SOBRE LAS DOS COLUMNAS. Un pescador soñó con la receta")
    starts = ["El heladero escondió", "La directora midió", "Una costurera prestó", "La panadera pintó",
              "Una vecina pintó", "Una vecina soñó", "La directora prestó", "La bombera prestó", "Una vecina regaló",
              "El cartero arregló", "Una costurera perdió", "El sereno arregló", "La bombera regaló",
              "El heladero regaló"]  # fmt: skip
    assert [row.startswith(start) for row, start in zip(rows[1:], starts, strict=True)] == [True] * 14
    assert all(row.endswith(".") and "\n" not in row for row in rows)
    assert "con un violín de caña junto al galpón en la última helada. La bombera midió el silbato" in rows[7]


def test_letters_that_stand_apart_are_told():
    rows, codes = texts("08-espaciado.pdf")
    assert "letters-apart" in codes
    assert "El ferroviario prestó\nun barrilete enorme" in rows[0]


def test_paragraphs_told_by_their_indent():
    rows, _codes = texts("08d-parrafos-con-sangria.pdf")
    assert len(rows) == 14
    assert rows[12].startswith("El ferroviario soñó")  # it goes on on the second page
    assert "heladero regaló la llave del molino" in rows[12]
    assert rows[12].endswith("Al otro día no quedaba rastro.")
