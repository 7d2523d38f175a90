"""Pages as people have them: columns, margins, notes, verse, accents and ligatures, turned and hidden text."""

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from poetas.data.formats.pdf import lines, read_text
from poetas.data.pipeline.limits import DEFAULT
from poetas.data.pipeline.reading import read_file
from tests.unit.data.drawn_pdf import LEFT, Drawing, turned, with_font
from tests.unit.data.drawn_pdf import width_of as w

PROSE = (
    "El ferroviario prestó un puente de madera a orillas del río al terminar el invierno, y la radio local lo contó "
    "dos veces antes de que nadie mirara el farol de la esquina. La bombera midió el silbato del tren bajo la lluvia "
    "después de la siesta, con mucho cuidado. Una vecina cantó."
)
OTHER = (
    "Un pescador soñó con la receta del pan negro en la estación vieja el lunes a la mañana, mientras la bibliotecaria "
    "regalaba el mapa de la laguna a quien pasara por la plaza del pueblo. Los chicos aplaudieron hasta tarde."
)
POEM = [
    "Verso uno de la orilla,", "verso dos que la acompaña,", "verso tres en el molino", "y verso cuatro que calla.", "",
    "Otra estrofa en la noche", "que termina en el camino", "con su llave en el bolsillo", "y un farol en el destino.",
]  # fmt: skip
STANZAS = ["\n".join(POEM[:4]), "\n".join(POEM[5:])]


@pytest.fixture
def read(tmp_path):
    def reading(content):
        path = tmp_path / "a.pdf"
        path.write_bytes(content.bytes() if isinstance(content, Drawing) else content)
        reading = read_file(path)
        return reading.table["texto"].tolist(), {notice.code: notice for notice in reading.notices}

    return reading


def test_three_columns_of_prose(read):
    page = Drawing()
    for column in range(3):
        y = 760
        for part in range(3):
            y, _rest = page.wrapped(f"[{column}{part}] {PROSE}", x=40 + column * 180, y=y, width=160, indent=10)
    rows, _notices = read(page)
    assert rows == [f"[{column}{part}] {PROSE}" for column in range(3) for part in range(3)]


def test_narrow_columns_go_on_on_the_next_page(read):
    page = Drawing()
    page.text(500, 30, "12", size=8)
    _y, rest = page.wrapped(f"{PROSE} {OTHER} {PROSE}", x=60, y=760, width=200, indent=0, lowest=705)
    _y, rest = page.wrapped(rest, x=300, y=760, width=200, indent=0, lowest=705)
    page.next_page()
    page.text(500, 30, "13", size=8)
    page.wrapped(rest, x=60, y=760, width=200, indent=0)
    assert read(page)[0] == [f"{PROSE} {OTHER} {PROSE}"]


@pytest.mark.parametrize("shift", [0, 5])
def test_verse_in_columns_below_a_title(read, shift):
    page = Drawing()
    page.text(70, 790, "Dos poemas del río", size=16)
    page.lines(POEM, y=750)
    page.lines([line.replace("Verso", "Canto").replace("Otra", "Una") for line in POEM], x=320, y=750 - shift)
    rows, _notices = read(page)
    right = [stanza.replace("Verso", "Canto").replace("Otra", "Una") for stanza in STANZAS]
    assert [row.replace("Dos poemas del río\n\n", "") for row in rows] == [*STANZAS, *right]


def test_numbers_of_a_list_and_names_in_a_play_are_no_column(read):
    page, y = Drawing(), 760
    for number in range(1, 8):
        page.text(70, y, f"{number}.")
        y, _rest = page.wrapped(PROSE, x=90, y=y, width=380, indent=0)
    assert read(page)[0] == [f"{number}. {PROSE}" for number in range(1, 8)]
    page, y = Drawing(), 760
    for name in ("JUAN:", "MARÍA:", "JUAN:", "EL CARTERO:"):
        page.text(70, y, name)
        y = page.wrapped(PROSE, x=160, y=y, width=330, indent=0)[0] - 6
    assert read(page)[0] == [f"{name} {PROSE}" for name in ("JUAN:", "MARÍA:", "JUAN:", "EL CARTERO:")]


def a_book(heads, numbers, texts):
    page, y, number = Drawing(), 760, 0

    def margins():
        page.text(380 if number % 2 else 70, 800, heads[number % 2], size=9)
        page.text(280, 40, numbers[number], size=9)

    margins()
    for text in texts:
        y, rest = page.wrapped(text, y=y, lowest=100)
        while rest or y < 100:
            page.next_page()
            number += 1
            margins()
            y, rest = page.wrapped(rest, y=760, lowest=100, indent=0) if rest else (760, "")
    return page


THINGS = ["la sal", "el río", "la casa", "el tren", "la siesta"]
FEET = {  # how the foot of a page names its number and its chapter
    "in one line": [((260, 40), "{number} · {chapter}")],
    "its number last": [((260, 40), "{chapter} – {number}")],
    "the chapter above": [((260, 54), "{chapter}"), ((290, 40), "{number}")],
    "the chapter below": [((290, 54), "{number}"), ((260, 40), "{chapter}")],
    "apart": [((70, 40), "{chapter}"), ((480, 40), "{number}")],
}


@pytest.mark.parametrize("foot", FEET)
def test_a_foot_whose_words_change_from_page_to_page_is_no_text(read, foot):
    page = Drawing()
    for index, chapter in enumerate(["La sal", "El río", "La casa", "El tren", "La siesta"]):
        y, _rest = page.wrapped(PROSE)
        page.wrapped(OTHER, y=y)
        for (x, y), words in FEET[foot]:
            page.text(x, y, words.format(number=index + 9, chapter=chapter))
        page.next_page()
    rows, notices = read(page)
    assert rows == [PROSE, OTHER] * 5
    assert "5 encabezados o pies de página («La sal»" in notices["running-heads"].sentence
    assert "los números de 5 páginas" in notices["running-heads"].sentence


@pytest.mark.parametrize(
    "foot",
    [
        "— {} —", "· {} ·", "p. {}", "Hoja {} de 40", "Página {} de 40", "Poemas de Ana — Página {} de 40",
        "Página {} de 40 | Poemas de Ana", "Poemas de Ana. Pág. {}",
    ],
)  # fmt: skip
def test_a_foot_that_repeats_with_its_number_is_neither_a_verse_nor_a_row(read, foot):
    page = Drawing()
    poems = [[f"Ay, {words} de la noche,", f"{words} que vuelve", "y calla."] for words in THINGS]
    poems[2][-1] = "en la página 8."
    for index, poem in enumerate(poems):
        y = page.lines(poem, y=200)
        page.text(260, y - 10, foot.format(index + 12))
        page.next_page()
    assert read(page)[0] == ["\n".join(poem) for poem in poems]


def test_titles_with_a_number_and_last_verses_below_a_number_stay(read):
    page = Drawing()
    for number, words in enumerate(["la sal", "el río", "la casa", "el tren"], start=1):
        page.text(LEFT, 780, f"{number} – Canto a {words}")
        page.lines([f"Ay, {words} de la noche,", f"{words} que la acompaña.", f"Y no digo más de {words}"], y=740)
        page.next_page()
    rows, notices = read(page)
    assert [row.split("\n")[0] for row in rows] == [
        f"{n} – Canto a {words}" for n, words in enumerate(["la sal", "el río", "la casa", "el tren"], start=1)
    ]
    assert all(row.endswith(("sal", "río", "casa", "tren")) for row in rows)
    assert "running-heads" not in notices


@pytest.mark.parametrize("form", ["{}", "– {} –", "Página {}", "roman"])
def test_heads_in_turn_numbers_and_paragraphs_over_the_page(read, form):
    numbers = ["ix", "x", "xi"] if form == "roman" else [form.format(number) for number in (9, 10, 11)]
    texts = [PROSE, OTHER] * 20
    rows, notices = read(a_book(["Ana Inventada", "Cuentos del río"], numbers, texts))
    assert rows == texts
    assert notices["running-heads"].count == 3
    assert "«Ana Inventada»" in notices["running-heads"].sentence


def test_what_is_left_out_of_the_margins_is_named(tmp_path):
    (tmp_path / "a.pdf").write_bytes(a_book(["Ana", "Río"], ["1", "2", "3"], [PROSE, OTHER] * 20).bytes())
    left = read_text(tmp_path / "a.pdf", DEFAULT).margins.dropped
    assert [text for page, text in left if page == 2] == ["Río", "2"]


def test_roman_numbers_of_poems_and_what_they_repeat_stay(read):
    page = Drawing()
    for number in ("I", "II", "III", "IV"):
        page.text(290, 790, number)
        page.lines(
            ["Ay, amor de la noche,", f"verso {number} que la acompaña.", "", "Otra estrofa en la noche", "y su llave."]
        )
        page.next_page()
    rows, notices = read(page)
    assert [row.split("\n")[0] for row in rows] == ["I", "II", "III", "IV"]
    assert all("Ay, amor de la noche," in row and "Otra estrofa en la noche\ny su llave." in row for row in rows)
    assert not notices


def test_pages_are_told(tmp_path):
    page = Drawing()
    for _number in range(3):
        page.lines(POEM)
        page.next_page()
    (tmp_path / "a.pdf").write_bytes(page.bytes())
    marked = [line.text for line in lines(tmp_path / "a.pdf", DEFAULT) if line.page]
    assert marked == ["Verso uno de la orilla,"] * 2


def test_a_footnote_does_not_stand_in_the_middle_of_a_paragraph(read):
    page = Drawing()
    y, _rest = page.wrapped(f"{PROSE} Dijo algo", y=760)
    page.text(LEFT, y, "Una palabra")
    page.text(LEFT + w("Una palabra"), y + 4, "1", size=7)
    page.text(LEFT + w("Una palabra") + 8, y, "sigue en el renglón de la otra página, donde el heladero y la")
    page.text(LEFT, 90, "1", size=6)
    page.text(LEFT + 5, 87, "Nota al pie que explica la palabra, con bastante detalle para el lector", size=8.5)
    page.text(LEFT, 77, "y en dos renglones.", size=8.5)
    page.next_page()
    page.wrapped(f"bombera cantaban juntos. {OTHER}", y=760, indent=0)
    rows, notices = read(page)
    assert len(rows) == 2
    assert "Una palabra sigue en el renglón de la otra página, donde el heladero y la bombera cantaban" in rows[0]
    assert rows[1].endswith("explica la palabra, con bastante detalle para el lector y en dos renglones.")
    assert notices["footnotes"].count == 1


def test_words_cut_at_the_line_end(read):
    page = Drawing()
    cut = ["El ferroviario físico-químico contaba historias de la cos-", "tumbre vieja, y una noche el maestro físico-"]
    page.lines([*cut, "químico llegó desde el pueblo de Buenos-", "Aires para contarlas a todos los que quisieran."])
    whole = (
        "historias de la costumbre vieja, y una noche el maestro físico-químico llegó desde el pueblo de Buenos-Aires"
    )
    assert whole in read(page)[0][0]


def test_dialogue_is_a_paragraph_each(read):
    said, page, y = ["—¿Y qué dijo?", "—Nada.", "—Nos vamos ya mismo a la plaza, porque va a llover."], Drawing(), 760
    for text in (PROSE, *said, OTHER):
        y, _rest = page.wrapped(text, y=y)
    assert read(page)[0] == [PROSE, *said, OTHER]


def test_verses_of_one_width_are_verses_where_every_stanza_is_as_wide(read):
    def poem(number):
        return [[f"verso {number}{stanza}{verse} de la casa sola" for verse in range(4)] for stanza in range(3)]

    page = Drawing()
    for number in range(3):
        page.text(LEFT, 780, f"Poema {number}", size=18)
        page.lines([line for stanza in poem(number) for line in [*stanza, ""]], y=740)
        page.next_page()
    rows, _notices = read(page)
    assert rows[1] == "\n\n".join(["Poema 1", *("\n".join(stanza) for stanza in poem(1))])


@pytest.mark.parametrize("stanzas", [1, 2])
def test_a_poem_of_one_width_is_verse_where_its_page_goes_on_empty(read, stanzas):
    page, stanza = Drawing(), [f"verso {verse} de la casa sola" for verse in range(4)]
    page.text(LEFT, 780, "Poema", size=18)
    page.lines([*stanza, ""] * stanzas, y=740)
    rows, _notices = read(page)
    assert "\n".join(stanza) in rows[0]


def test_stepped_verse_keeps_its_steps_and_centred_verse_has_none(tmp_path):
    page = Drawing()
    page.lines(["Cae la noche", "    sobre el molino", "        y el farol"])
    centred = ["Un verso", "en la mitad de la página", "solo"]
    for index, line in enumerate(centred):
        page.canvas.drawCentredString(300, 600 - 14 * index, line)
    (tmp_path / "a.pdf").write_bytes(page.bytes())
    read_lines = [line.text for line in lines(tmp_path / "a.pdf", DEFAULT)]
    assert read_lines == ["Cae la noche", "    sobre el molino", "        y el farol", "", *centred]


def test_an_initial_over_several_lines_and_letters_drawn_twice(read):
    page = Drawing()
    page.text(70, 732, "E", size=42)
    beside = [
        "n un lugar de la pampa, de cuyo nombre no quiero acordarme, vivía un",
        "ferroviario de los de lanza en astillero, adarga vieja y rocín flaco, con",
    ]
    page.lines([*beside, "una olla de algo más vaca que carnero las más noches."], x=98)
    page.wrapped(PROSE, y=716, indent=0)
    page.text(70, 500, "Título en negrita")
    page.text(70.3, 500, "Título en negrita")
    rows, _notices = read(page)
    assert rows[0].startswith("En un lugar de la pampa")
    assert rows[0].endswith("las más noches.")
    assert rows[-1].count("Título en negrita") == 1


def test_turned_and_hidden_words_are_left_out_and_told(read):
    page = Drawing()
    page.wrapped(PROSE)
    page.canvas.saveState()
    page.canvas.rotate(90)
    page.text(300, -30, "BORRADOR sin publicar")
    page.canvas.restoreState()
    page.text(70, 600, "tres palabras escondidas", mode=3)
    rows, notices = read(page)
    assert rows == [PROSE]
    assert (notices["words-turned"].count, notices["words-hidden"].count) == (3, 3)


def test_a_page_on_its_side_and_the_letters_of_a_scan_are_read(read):
    page = Drawing()
    page.canvas.saveState()
    page.canvas.translate(300, 100)
    page.canvas.rotate(90)
    page.wrapped(PROSE, x=0, y=100)
    page.canvas.restoreState()
    assert read(turned(page.bytes(), 90))[0] == [PROSE]
    scan = Drawing()
    for index, line in enumerate(PROSE.split(", ")):
        scan.text(70, 760 - 14 * index, line, mode=3)
    assert "La bombera midió el silbato" in " ".join(read(scan)[0])


def test_a_page_with_a_picture_and_no_letter_is_told_and_an_empty_page_is_not(read):
    page = Drawing()
    page.wrapped(PROSE)
    page.next_page()
    page.canvas.drawInlineImage(Image.new("L", (20, 20), 90), 50, 300, 400, 300)
    page.next_page()
    page.canvas.drawImage(ImageReader(Image.new("L", (20, 20), 90)), 50, 300, 400, 300)
    page.next_page()
    page.canvas.line(50, 50, 90, 90)
    rows, notices = read(page)
    assert rows == [PROSE]
    assert notices["pages-pictures"].count == 2


def test_text_in_a_form_and_right_to_left_text(read):
    page = Drawing()
    page.canvas.beginForm("caja")
    page.wrapped(PROSE)
    page.canvas.endForm()
    page.canvas.doForm("caja")
    assert read(page)[0] == [PROSE]
    letters = {0x41 + index: chr(0x5D0 + index) for index in range(22)}
    assert read(with_font(b"(ABCD EFG, una frase larga en castellano.) Tj", to_unicode=letters))[0] == [
        "אבגד הוז, una frase larga en castellano."  # in the order of the file
    ]


def test_accents_beside_their_letters(read):
    page = Drawing()
    page.text(70, 760, "pajaro canta en el")
    page.text(70 + w("p") + 1, 760, "´")  # after its letter
    page.text(70, 740, "A")
    page.text(72, 743, "´")  # raised over a capital
    page.text(70 + w("A"), 740, "rbol")
    page.text(70, 720, "El acento ´ va sobre la letra, la virgulilla ~ sobre la n, y 5 ^ 2.")
    assert "\n".join(read(page)[0]).split("\n") == [
        "pájaro canta en el", "Árbol", "El acento ´ va sobre la letra, la virgulilla ~ sobre la n, y 5 ^ 2."
    ]  # fmt: skip


LIGATURES = {0x93: "ﬁ", 0x94: "ﬂ", 0x0E: "ﬁ", 0x0F: "ﬂ"}
DRAWN = (
    b"(La dijo \x93caf\x94 y el \x0enal, \x0for y o\x0ecio.) Tj T* "
    b"(Un \x93\x0elo\x94 y a\x0figido \x93final\x94.) Tj T*"
)
LOST = b"(La \x0for del o\x0ecio a\x0figido en la noche larga.) Tj T* (\x10 Un \x0elo de luna.) Tj T*"


def test_quotes_called_ligatures_are_told_from_true_ones_by_where_they_stand(read):
    assert read(with_font(DRAWN, to_unicode=LIGATURES))[0] == [
        "La dijo “caf” y el final, flor y oficio.",
        "Un “filo” y afligido “final”.",
    ]


@pytest.mark.parametrize("signs", ["\0\0", "\ue00a\ue00b", "\ufffd\ufffd", "\uffff\x02"])
def test_letters_that_nothing_names_are_told_with_the_count_of_words(read, signs):
    rows, notices = read(with_font(LOST, to_unicode={0x0E: signs[0], 0x0F: signs[1], 0x10: "\uf0b7"}))
    assert rows[0].startswith("La �or del o�cio a�igido en")
    assert rows[1].startswith("• Un �lo")
    assert notices["letters-lost"].count == 4
    assert "En 4 palabras falta alguna letra" in notices["letters-lost"].sentence


def test_names_of_glyphs_say_what_the_map_does_not(read):
    names = [14, "/f_i", "/fl.alt", "/ntilde", "/uni00F1", "/T_h"]
    drawn = b"(La \x0for del o\x0ecio y la ni\x11a en la noche larga.) Tj T* (Un \x0elo de a\x10o, \x12e.) Tj T*"
    lost = dict.fromkeys(range(14, 19), "\0")
    for to_unicode in (None, lost):
        rows, notices = read(with_font(drawn, to_unicode=to_unicode, differences=names))
        assert rows == ["La flor del oficio y la niña en la noche larga.", "Un filo de año, The."]
        assert "letters-lost" not in notices


def test_letters_set_wide_are_one_word_where_words_are_wider_apart(read):
    page, x = Drawing(), 70
    for letter in "LARGA NOCHE":
        page.text(x, 740, letter.strip())
        x += 9 if letter == " " else w(letter) + 5
    page.lines(POEM, y=700)
    page.text(70, 500, "ESPACIADA VIDA", charSpace=5)
    page.lines(POEM, y=460)
    rows, notices = read(page)
    assert "LARGA NOCHE" in "\n".join(rows)
    assert "ESPACIADA VIDA" in "\n".join(rows)
    assert "letters-apart" not in notices
