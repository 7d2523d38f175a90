"""PDF files that are broken, locked or made to cost: each is refused with a card, or read with notices."""

import io
import time

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, NumberObject

from poetas.data.errors import FileProtected, FileUnreadable
from poetas.data.formats.pdf import read_text
from poetas.data.pipeline.limits import DEFAULT, Limits
from poetas.data.pipeline.reading import read_file
from tests.unit import odd_files
from tests.unit.data.drawn_pdf import Drawing, with_font

TEXT = b"(Un verso largo que duerme en la orilla del molino.) Tj T* (Y otro que despierta.) Tj"


@pytest.fixture
def put(tmp_path):
    def write(content):
        (tmp_path / "a.pdf").write_bytes(content)
        return tmp_path / "a.pdf"

    return write


def changed(content, change):
    """The same file after ``change(writer)``."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def font_of(writer):
    return writer.pages[0]["/Resources"]["/Font"]["/F1"]


@pytest.mark.parametrize(
    "drawn",
    [
        b"(antes) Tj /No Tf 7 (x) Td [1 2 (x)] Tj TJ (despues) ' 1 2 \" Q Q Q EMC /Im9 Do BDC",
        b"q " * 20_000 + b"1e300 0 0 1e300 0 0 cm 1e300 0 0 1e300 0 0 cm (lejos) Tj",
        b"0 0 0 0 0 0 Tm (nada) Tj 1 0 0 1 60 700 Tm",
        b"/Span << /ActualText 7 >> BDC (x) Tj EMC (y) Tj",
    ],
)
def test_instructions_that_make_no_sense_cost_no_other_text(put, drawn):
    whole = b"BT /F1 12 Tf 60 780 Td 16 TL " + TEXT + b" ET q BT /F1 12 Tf " + drawn + b" ET Q"
    try:
        text = read_text(put(with_font(b"", instructions=whole)), DEFAULT)
    except FileUnreadable:
        return  # a place without bounds: the page alone is lost, and it was the only one
    assert text.lines[0].text == "Un verso largo que duerme en la orilla del molino."


def test_a_form_that_draws_itself_ends(put):
    def loop(writer):
        form = DecodedStreamObject()
        form.set_data(b"BT /F1 12 Tf 60 600 Td (Otra vez) Tj ET /X Do /X Do")
        form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
        form[NameObject("/BBox")] = ArrayObject([NumberObject(value) for value in (0, 0, 600, 800)])
        objects = DictionaryObject({NameObject("/X"): writer._add_object(form)})
        writer.pages[0]["/Resources"][NameObject("/XObject")] = objects

    drawn = b"BT /F1 12 Tf 60 780 Td 16 TL " + TEXT + b" ET /X Do"
    start = time.monotonic()
    text = read_text(put(changed(with_font(b"", instructions=drawn), loop)), DEFAULT)
    assert "Un verso largo" in text.lines[0].text
    assert time.monotonic() - start < 20


def spoil(name, value):
    def change(writer):
        font_of(writer)[NameObject(name)] = value

    return change


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        (spoil("/Widths", NumberObject(7)), False),
        (spoil("/Widths", ArrayObject([NumberObject(5)] * 9_000)), True),
        (spoil("/Encoding", NumberObject(7)), False),
        (spoil("/FontDescriptor", ArrayObject()), True),
        (spoil("/Subtype", NameObject("/Type0")), False),
        (spoil("/BaseFont", FloatObject(1.5)), False),
    ],
)
def test_a_spoilt_font_loses_its_letters_at_most_and_says_so(put, change, *, lost):
    reading = read_file(put(changed(with_font(TEXT), change)))
    assert ("letters-lost" in {notice.code for notice in reading.notices}) is lost
    assert ("Un verso largo" in reading.table["texto"][0]) is not lost


@pytest.mark.parametrize(
    ("codes", "lost"),
    [
        ("<0000> <FFFFFFFF> <0000>", True),
        ("<20> <7E> <" + "00" * 900 + ">", True),
        ("<00> <FF> [" + "<41>" * 9, False),
    ],
)
def test_a_map_of_letters_without_end_costs_no_time(put, codes, *, lost):
    def change(writer):
        stream = DecodedStreamObject()
        stream.set_data(f"1 beginbfrange\n{codes}\nendbfrange".encode())
        font_of(writer)[NameObject("/ToUnicode")] = writer._add_object(stream)

    start = time.monotonic()
    reading = read_file(put(changed(with_font(TEXT), change)))
    assert time.monotonic() - start < 10
    assert ("letters-lost" in {notice.code for notice in reading.notices}) is lost


def test_letters_beyond_the_limit_are_left_and_told(put):
    page = Drawing()
    for _number in range(4):
        page.lines(["Un verso que duerme en la orilla", "y otro que despierta"])
        page.next_page()
    cut = read_file(put(page.bytes()), limits=Limits(drawn_glyphs=60))
    assert [(notice.code, notice.count) for notice in cut.notices] == [("pages-cut", 2)]
    assert [(part.where, part.code) for part in cut.left_out] == [("de la página 3 en adelante", "pages-cut")]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_and_one_of_another_kind(put, share):
    whole = odd_files.pdf([[["Una línea de texto bastante larga para leerla."]]] * 5)
    with pytest.raises(FileUnreadable):
        read_file(put(whole[: int(len(whole) * share)]))
    with pytest.raises(FileUnreadable):
        read_file(put(b"%PDF-1.7\n" + odd_files.xlsx({"A": [["a", "b"]]})))


def test_a_password(put):
    def lock(writer):
        writer.encrypt("secreta", "dueño", algorithm="RC4-128")

    with pytest.raises(FileProtected):
        read_file(put(changed(with_font(TEXT), lock)))
