"""Broken, hostile and unsuitable files: each gets its card, quickly, and nothing is lost, evaluated or left behind."""

import functools
import io
import json
import os
import random
import socket
import struct
import subprocess
import sys
import time
import zipfile

import pytest

from poetas.data.errors import DataError
from poetas.data.formats.xml_limits import LimitedStream, XmlLimit
from poetas.data.formats.xml_stream import elements
from poetas.data.formats.zip_guard import escapes
from poetas.data.pipeline.limits import Limits
from poetas.data.pipeline.reading import read_file
from poetas.errors import PoetasError
from tests.unit import odd_files
from tests.unit.odd_files import TABLE

CSV = odd_files.delimited(TABLE)
LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ja">' + "".join(
    f'<!ENTITY {chr(98 + number)} "{f"&{chr(97 + number)};" * 10}">' for number in range(9)
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">'


def refused(path, code, **options):
    """Read a file that must be refused, and look at its card."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(PoetasError) as caught:
        read_file(path, **options)
    card = caught.value.explanation
    assert card.code == code
    assert card.what
    assert card.why
    assert card.remedy
    assert card.action
    for sentence in (card.what, card.why, card.remedy):
        assert "Traceback" not in sentence
        assert "Error" not in sentence
        assert str(path.parent) not in sentence
    if before is not None:
        assert path.read_bytes() == before
    return card


@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt", "json", "jsonl", "xlsx", "ods", "docx", "pdf", "zip"])
def test_a_file_of_nothing(put, suffix):
    refused(put(f"a.{suffix}", b""), "file-empty")


@pytest.mark.parametrize("suffix", ["csv", "txt", "json", "jsonl"])
def test_a_file_of_blanks(put, suffix):
    refused(put(f"a.{suffix}", b" \n\n\t \r\n"), "file-empty")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "texto,resumen\n"),
        ("a.json", "[]"),
        ("a.json", '{"data": []}'),
        ("a.xlsx", odd_files.xlsx({"A": [], "B": [[None, ""]]})),
        ("a.ods", odd_files.ods({"A": [[""]]})),
        ("a.docx", odd_files.docx(["", " "])),
    ],
)
def test_a_file_with_a_frame_and_no_texts(put, name, content):
    card = refused(put(name, content), "file-empty")
    assert card.action == "choose-file"


@pytest.mark.parametrize(
    ("inside", "why", "remedy"),
    [
        ({}, "No encontré ningún archivo adentro.", "Guardalos así"),
        ({"foto.jpg": b"\xff\xd8\xff"}, "Hay 1 archivo que no es texto: «foto.jpg».", "Guardalos así"),
        (
            {"a.jpg": b"\xff\xd8", "b.pdf": b"%PDF-"},
            "2 archivos que no son texto: «a.jpg», «b.pdf»",
            "están en «b.pdf»",
        ),
        ({"a.txt": b" \n", "b.txt": b""}, "Hay 2 archivos de texto vacíos.", "Guardalos así"),
        ({"a.txt": b"\x00\x01" * 99, "b.md": b""}, "no es texto: «a.txt». Hay 1 archivo de texto vacío.", "Guardalos"),
    ],
    ids=["nothing", "a picture", "a document", "blanks", "no letters"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_folder_without_texts_says_what_it_holds(put, tmp_path, inside, why, remedy, packed):
    if packed:
        path = put("a.zip", odd_files.zipped(inside))
    else:
        path = tmp_path / "carpeta"
        path.mkdir()
        for name, content in inside.items():
            (path / name).write_bytes(content)
    card = refused(path, "no-texts-inside")
    assert why in card.why
    assert remedy in card.remedy


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are Unix's")
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a"])
@pytest.mark.parametrize("kind", ["FIFO", "socket", "dispositivo"])
@pytest.mark.timeout(20)
def test_what_is_no_file_is_refused_at_once_without_waiting(tmp_path, monkeypatch, name, kind):
    """Opening a pipe without a writer blocks; a device may never end."""
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    if kind == "FIFO":
        os.mkfifo(name)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as item:
            item.bind(name)
    else:
        (tmp_path / name).symlink_to("/dev/zero")
    assert kind in refused(tmp_path / name, "not-a-file").why


@pytest.mark.parametrize("suffix", ["xlsb", "doc", "pages", "png", "exe", ""])
def test_a_format_without_a_reader_lists_those_that_have_one(put, suffix):
    card = refused(put(f"a.{suffix}" if suffix else "a", b"algo"), "format-unknown")
    assert "CSV" in card.why
    if suffix in {"xlsb", "doc"}:
        assert f".{suffix[:3]}x" in card.remedy


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + os.urandom(2000),
        b"\x7fELF" + os.urandom(2000),
        odd_files.pdf([[["hola"]]]),
        odd_files.xlsx({"A": TABLE}),
        os.urandom(5000),
        bytes(5000),
        b"texto" + b"\x00\x01\x02\x03" * 500,
    ],
)
@pytest.mark.parametrize("suffix", ["txt", "csv", "json", "jsonl"])
def test_a_binary_with_the_name_of_a_text(put, suffix, content):
    refused(put(f"a.{suffix}", content), "not-text")


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "docx", "pdf", "zip"])
@pytest.mark.parametrize("content", [b"no soy eso", os.urandom(3000), CSV.encode(), b"PK\x03\x04" + os.urandom(100)])
def test_a_document_that_is_none(put, suffix, content):
    refused(put(f"a.{suffix}", content), "file-unreadable")


def damaged():
    whole = {
        "xlsx": odd_files.xlsx({"A": TABLE * 40}),
        "ods": odd_files.ods({"A": TABLE * 40}),
        "docx": odd_files.docx(["Hola, che."] * 50),
        "zip": odd_files.zipped({f"{index}.txt": "hola " * 50 for index in range(20)}),
    }
    for suffix, content in whole.items():
        yield pytest.param(suffix, content[: len(content) * 2 // 3], id=f"{suffix} cut short")
        yield pytest.param(suffix, scratched(content, READ_PARTS[suffix]), id=f"{suffix} scratched")


READ_PARTS = {
    "xlsx": "xl/worksheets/sheet1.xml",
    "ods": "content.xml",
    "docx": "word/document.xml",
    "zip": "10.txt",
}


def scratched(archive: bytes, name: str) -> bytes:
    """Return the archive with other bytes in a part that a reader needs: its data follow 30 bytes and the name."""
    start = zipfile.ZipFile(io.BytesIO(archive)).getinfo(name).header_offset + 30 + len(name)
    return archive[:start] + random.Random(1).randbytes(60) + archive[start + 60 :]


@pytest.mark.parametrize(("suffix", "content"), list(damaged()))
def test_damaged_archives(put, suffix, content):
    refused(put(f"a.{suffix}", content), "file-unreadable")


def test_damaged_pdf(put):
    whole = odd_files.pdf([[["Una línea de texto bastante larga para leerla."]]] * 5)
    refused(put("a.pdf", whole[:200]), "file-unreadable")


def test_pages_of_a_pdf_that_unpack_to_minutes_of_work_are_passed_over_and_said(put):
    first, last = [["El río creció toda la noche en Iruya."]], [["La gata de Elvira duerme en el galpón."]]
    whole = read_file(put("sano.pdf", odd_files.pdf([first, last])))
    mixed = read_file(put("mapa.pdf", odd_files.pdf([first, [["peso"] * 90_000], last])))
    assert list(mixed.table["texto"]) == list(whole.table["texto"])
    assert [notice.code for notice in mixed.notices] == ["pages-failed"]
    start = time.monotonic()
    bomb = odd_files.pdf_of_one_stream(b"BT /F1 9 Tf 9 9 Td " + b"(a)' " * 4_000_000 + b"ET", pages=300)
    assert len(bomb) < 200_000
    refused(put("bomba.pdf", bomb), "file-unreadable")
    assert time.monotonic() - start < 10
    many = odd_files.pdf_of_one_stream(b"BT /F1 9 Tf 9 9 Td " + b"(Un verso)' " * 5_000 + b"ET", pages=300)
    cut = read_file(put("muchas.pdf", many), limits=Limits(drawn_bytes=250_000))
    assert [notice.code for notice in cut.notices] == ["pages-cut"]


def pdf_with_broken_pages(opening, closing, count, filter_=b"/ASCIIHexDecode"):
    """A PDF with a readable first and last page, and pages between them whose instructions cannot be unpacked."""
    whole = odd_files.pdf([[[opening]], *[[["XX"]]] * count, [[closing]]])
    plain, as_hex = b"<< /Length ", b"<< /Filter %s /Length " % filter_  # which the instructions are not
    head, first, *broken, last = whole.split(plain)
    return head + plain + first + b"".join(as_hex + page for page in broken) + plain + last


@pytest.mark.parametrize("filter_", [b"/Desconocido", b"/JBIG2Decode", b"/LZWDecode"])
def test_a_page_with_an_unknown_filter_is_the_only_one_lost(put, filter_):
    path = put("rara.pdf", pdf_with_broken_pages("El río creció en Iruya.", "La gata duerme.", 1, filter_))
    read = read_file(path)
    assert "La gata duerme." in read.table["texto"].iloc[-1]
    assert [notice.code for notice in read.notices] == ["pages-failed"]


def test_a_page_of_a_pdf_that_cannot_be_unpacked_costs_as_much_as_the_largest(put):
    """Else a file of nothing but broken pages would be worked at to its end."""
    path = put("rotas.pdf", pdf_with_broken_pages("El río creció en Iruya.", "La gata duerme.", 9))
    patient = read_file(path, limits=Limits(page_bytes=1_000, drawn_bytes=20_000))
    assert "La gata duerme." in patient.table["texto"].iloc[-1]
    assert [notice.code for notice in patient.notices] == ["pages-failed"]
    spent = read_file(path, limits=Limits(page_bytes=1_000, drawn_bytes=5_000))
    assert list(spent.table["texto"]) == ["El río creció en Iruya."]
    assert [(item.code, item.sentence) for item in spent.notices] == [
        ("pages-cut", "El PDF es muy largo: quedaron 5 páginas sin leer."),
        ("pages-failed", "No pude leer 5 páginas."),
    ]


def test_a_pdf_is_read_page_by_page_until_its_letters_are_enough(put):
    """What is beyond is left and said; without it the whole file would be refused as too large."""
    path = put("largo.pdf", odd_files.pdf([[[f"Una noche larga, la número {page}, en Iruya."]] for page in range(5)]))
    cut = read_file(path, limits=Limits(characters=150))
    assert [notice.code for notice in cut.notices] == ["pages-cut"]
    assert "la número 0" in cut.table["texto"].iloc[0]
    assert not cut.table["texto"].str.contains("la número 4").any()


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_with_broken_or_missing_parts(put, part):
    book = odd_files.xlsx({"A": TABLE})
    refused(put("a.xlsx", odd_files.with_member(book, part, lambda xml: xml[: len(xml) // 2])), "file-unreadable")
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        rest = {name: source.read(name) for name in source.namelist() if name != part}
    refused(put("b.xlsx", odd_files.zipped(rest)), "file-unreadable")


@pytest.mark.parametrize("doctype", [LAUGHS, OUTSIDE], ids=["bomb", "outside"])
@pytest.mark.parametrize(
    ("name", "part", "make"),
    [
        ("a.xlsx", "xl/worksheets/sheet1.xml", lambda: odd_files.xlsx({"A": TABLE})),
        ("a.xlsx", "xl/styles.xml", lambda: odd_files.xlsx({"A": TABLE})),
        ("a.ods", "content.xml", lambda: odd_files.ods({"A": TABLE})),
        ("a.docx", "word/document.xml", lambda: odd_files.docx(["Hola, che."])),
    ],
)
def test_xml_entities_are_harmless(put, name, part, make, doctype):
    entity = "&j;" if doctype is LAUGHS else "&f;"

    def poison(xml):
        head, mark, body = xml.partition(b"?>") if xml.startswith(b"<?xml") else (b"", b"", xml)
        return head + mark + f"{doctype}]>".encode() + body.replace(b"Hola", entity.encode(), 1)

    start = time.perf_counter()
    card = refused(put(name, odd_files.with_member(make(), part, poison)), "archive-unsafe")
    assert card.remedy.startswith("No lo descomprimas")
    assert time.perf_counter() - start < 5


def test_a_poisoned_part_under_another_name_is_seen_as_well(put):
    book = odd_files.xlsx({"A": TABLE})
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    parts["xl/worksheets/sheet1.bin"] = f"{LAUGHS}]>".encode() + sheet.replace(b"Llovi", b"&j;", 1)
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"sheet1.xml", b"sheet1.bin")
    refused(put("a.xlsx", odd_files.zipped(parts)), "archive-unsafe")


def test_entities_behind_another_encoding_are_seen_as_well(put):
    def poison(xml):
        text = xml.decode()
        return (
            '<?xml version="1.0" encoding="UTF-16"?>' + "<!-- " + "x" * 90_000 + " -->" + LAUGHS + "]>" + text
        ).encode("utf-16")

    book = odd_files.with_member(odd_files.xlsx({"A": TABLE}), "xl/worksheets/sheet1.xml", poison)
    refused(put("a.xlsx", book), "archive-unsafe")


def test_a_bomb_in_a_zip_is_not_unpacked(put):
    path = put("a.zip", odd_files.zipped({"a.txt": b"a" * 30_000_000}))  # a larger one: `HOSTILE`
    assert refused(path, "archive-unsafe").remedy.startswith("No lo descomprimas")


def test_many_small_bombs_meet_the_cap_on_all_of_them(put):
    content = ("hola " + os.urandom(8).hex()) * 1000
    path = put("a.zip", odd_files.zipped({f"{index}.txt": content for index in range(100)}))
    refused(path, "file-too-large", limits=Limits(unpacked_bytes=1_000_000))
    assert refused(path, "archive-unsafe", limits=Limits(members=50)).remedy.startswith("No lo descomprimas")


def test_a_bomb_in_an_office_file(put):
    bomb = odd_files.zipped({"content.xml": b"<a>" + b" " * 250_000_000 + b"</a>"})
    for suffix in ("xlsx", "docx", "ods"):
        path = put(f"a.{suffix}", bomb)
        start = time.perf_counter()
        refused(path, "archive-unsafe")
        assert time.perf_counter() - start < 5


def test_a_zip_that_lies_about_its_sizes_gives_no_more_than_it_declares(put):
    data = bytearray(odd_files.zipped({"a.txt": b"a" * 5_000_000}))
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(sign) + place, 100)
    refused(put("a.zip", bytes(data)), "file-unreadable")


@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "C:\\a.txt", "x/../../a.txt", "..\\a.txt"])
def test_names_that_leave_their_folder(put, tmp_path, name):
    assert escapes(name)
    refused(put("a.zip", odd_files.zipped({name: "hola", "b.txt": "che"})), "archive-unsafe")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.zip"]


def test_links_in_a_zip(put):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("a.txt")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    refused(put("a.zip", out.getvalue()), "archive-unsafe")


def test_a_zip_in_a_zip_is_left_closed(put):
    inner = odd_files.zipped({"a.txt": "adentro"})
    refused(put("a.zip", odd_files.zipped({"otro.zip": inner})), "no-texts-inside")
    reading = read_file(put("b.zip", odd_files.zipped({"otro.zip": inner, "b.txt": "hola"})))
    assert reading.table["texto"].tolist() == ["hola"]
    assert [notice.code for notice in reading.notices] == ["files-left"]


def test_passwords(put):
    refused(put("a.zip", odd_files.locked(odd_files.zipped({"a.txt": "hola"}))), "file-protected")
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    for suffix in ("xlsx", "docx"):
        refused(put(f"a.{suffix}", office), "file-protected")
    manifest = {"content.xml": os.urandom(50), "META-INF/manifest.xml": "<m><encryption-data/></m>"}
    refused(put("a.ods", odd_files.zipped(manifest)), "file-protected")


def test_an_old_office_file_with_a_new_name_says_what_it_is(put):
    card = refused(put("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)), "file-unreadable")
    assert "2007" in card.why


def pdf_with_password(user):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(
        clone_from=PdfReader(io.BytesIO(odd_files.pdf([[["Un texto bien guardado, de varias palabras."]]])))
    )
    writer.encrypt(user, "dueño", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_with_a_password_and_one_that_only_forbids_printing(put):
    refused(put("a.pdf", pdf_with_password("secreta")), "file-protected")
    assert "bien guardado" in read_file(put("b.pdf", pdf_with_password(""))).table["texto"][0]


def test_a_scanned_pdf(put):
    card = refused(put("a.pdf", odd_files.pdf([[], [], []])), "pdf-scanned")
    assert "3 páginas" in card.why


def test_broken_json_says_where(put):
    card = refused(put("a.json", '[\n{"texto": "a"},\n{"texto" "b"}\n]'), "file-unreadable")
    assert "línea 3" in card.why
    refused(put("b.json", '{"a": 1, "b": {"c": [1, {"d": 2}]}}'), "file-unreadable")
    refused(put("c.json", "[" * 100_000 + "]" * 100_000), "file-unreadable")
    refused(put("d.json", '{"a":' * 5000), "file-unreadable")
    refused(put("a.jsonl", "esto no es\nJSON\n"), "file-unreadable")


def test_caps_on_files_and_on_tables(put):
    refused(put("a.csv", CSV), "file-too-large", limits=Limits(file_bytes=50))
    refused(put("a.json", '[{"texto": "a"}]'), "file-too-large", limits=Limits(document_bytes=5))
    refused(put("b.csv", CSV * 100), "file-too-large", limits=Limits(characters=2000))


def test_an_office_file_in_an_encoding_that_no_office_program_writes(put):
    """Its pieces could not be counted before it is parsed, since a ``<`` may be any other byte; expat reads none."""
    book = odd_files.xlsx_shared("<si><t>a</t></si>" * 2)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    for codec in ("cp037", "utf-7"):
        part = f'<?xml version="1.0" encoding="{codec}"?>{strings}'.encode("ascii" if codec == "utf-7" else codec)
        changed = odd_files.with_member(book, "xl/sharedStrings.xml", lambda _xml, part=part: part)
        refused(put("a.xlsx", changed), "file-unreadable")


@pytest.mark.parametrize("suffix", ["xlsx", "ods"], ids=["in no sheet", "a sheet each"])
def test_what_stands_between_the_rows_of_a_sheet_is_freed(suffix):
    """Else what is held would be more than what is counted, which begins again with each row."""
    row = "<row/>" if suffix == "xlsx" else "<table><row/><x/></table>"
    xml = f"<a>{'<b/>' * 100}{(row + '<b/>' * 100) * 2_000}</a>".encode()
    meter = XmlLimit("a", 100_000)
    source = LimitedStream(io.BytesIO(xml), meter)
    held = []
    root = None
    for _event, element in elements(source, meter, "row", around="a"):
        root = element if root is None else root
        held.append(sum(1 for _ in root.iter()))
    assert len(held) == 2_002
    assert max(held) < 20_000  # of 200,000: as many as the parser builds ahead


def test_empty_cells_beyond_measure_end_a_sheet_and_it_is_said(put):
    book = put("a.xlsx", odd_files.xlsx({"A": [["uno", *[None] * 9, "dos"]] * 50}))
    assert len(read_file(book, limits=Limits(cells=100_000)).table) == 50
    cut = read_file(book, limits=Limits(cells=44))
    assert "rows-cut" in [notice.code for notice in cut.notices]


def test_a_cell_that_a_sheet_repeats_for_ever(put):
    def repeat(xml):
        return xml.replace(b"<table:table-row", b'<table:table-row table:number-rows-repeated="1048576"')

    book = odd_files.with_member(odd_files.ods({"A": [["hola " * 2000]]}), "content.xml", repeat)
    refused(put("a.ods", book), "file-too-large")


def test_a_missing_file(tmp_path):
    refused(tmp_path / "no.csv", "file-missing")


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(DataError):
        read_file(tmp_path / "a.csv")


def test_no_permission(put):
    path = put("a.csv", CSV)
    path.chmod(0)
    code = "from poetas.data.pipeline.reading import read_file; from poetas.errors import explain; import sys, os\n"
    code += "os.setuid(65534) if os.getuid() == 0 else None\n"
    code += "try: read_file(sys.argv[1])\nexcept Exception as error: print(explain(error).code)\n"
    for folder in (path.parent, *path.parents):  # the user "nobody" may enter, but not read
        if folder.stat().st_uid == os.getuid() and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    seen = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert seen.stdout.strip() == "no-permission", seen.stderr


@pytest.mark.parametrize("codec", ["utf-8-sig", "ascii", "no-existe"])
def test_a_wrong_encoding_chosen_by_the_learner(put, codec):
    refused(put("a.csv", "texto\ncañón y ñandú\n".encode("latin-1")), "file-unreadable", encoding=codec)


KEYS = [{f"k{number}": "x"} for number in range(12_000)]
BLANKS = "<table:table-row><table:table-cell><text:p>a" + "".join(
    f'<text:s text:c="{1000 + blanks * 7919 % 9000}"/>' for blanks in range(100_000)
)
CELL = b"<w:tc><w:p><w:r><w:t>hola</w:t></w:r></w:p></w:tc>"
DOCUMENT = functools.partial(odd_files.little_shrunk, odd_files.docx(["Hola, che."]), "word/document.xml", b"<w:sectPr")
STRINGS = functools.partial(
    odd_files.little_shrunk, odd_files.xlsx_shared("<si><t>a</t></si>" * 2), "xl/sharedStrings.xml", b"</sst>"
)
SHEET = functools.partial(odd_files.little_shrunk, odd_files.xlsx({"A": TABLE}), "xl/worksheets/sheet1.xml")
ODS = functools.partial(odd_files.little_shrunk, odd_files.ods({"A": TABLE}), "content.xml")
# Eight million pieces of 100 bytes and more, once parsed, are far beyond the memory that the test below allows.
HOSTILE = {
    "paragraphs.docx": (lambda: DOCUMENT(b"<w:p/>" * 8_000_000), "too-many-pieces"),
    "cells.docx": (
        lambda: DOCUMENT(b"<w:tbl>" + (b"<w:tr>" + CELL * 150 + b"</w:tr>") * 7_000 + b"</w:tbl>"),
        "too-many-pieces",
    ),
    "table.docx": (lambda: DOCUMENT(b"<w:tbl>" + (b"<w:tr>" + CELL * 100 + b"</w:tr>") * 3_500 + b"</w:tbl>"), ""),
    "attributes.docx": (
        lambda: DOCUMENT(b"<w:p" + b"".join(b' a%d=""' % number for number in range(4_000_000)) + b"/>"),
        "too-many-pieces",
    ),
    "strings.xlsx": (lambda: STRINGS(b"<si><t>a</t></si>" * 2_500_000), "too-many-pieces"),
    "one-string.xlsx": (lambda: STRINGS(b"<si>" + b"<r/>" * 8_000_000 + b"</si>"), "too-many-pieces"),
    "row.xlsx": (lambda: SHEET(b"</sheetData>", b"<row>" + b"<c/>" * 8_000_000 + b"</row>"), "too-many-pieces"),
    "paragraphs.ods": (
        lambda: ODS(
            b"</table:table>",
            b"<table:table-row><table:table-cell>"
            + b"<text:p/>" * 8_000_000
            + b"</table:table-cell></table:table-row>",
        ),
        "too-many-pieces",
    ),
    "cell.ods": (lambda: odd_files.ods_repeated("hola " * 2000, 1_048_576, 1), "file-too-large"),
    "bomb.zip": (lambda: odd_files.zipped({"a.txt": b"a" * 300_000_000}), "archive-unsafe"),
    "keys.json": (lambda: json.dumps(KEYS), "columns-cut"),
    "keys.jsonl": (lambda: "\n".join(map(json.dumps, KEYS)), "columns-cut"),
    "lists.json": (
        lambda: json.dumps({f"k{number}": ["x"] * (1 if number else 50_000) for number in range(12_000)}),
        "columns-cut",
    ),
    "objects.json": (lambda: "[" + "{}," * 3_000_001 + "{}]", "file-unreadable"),
    "span.docx": (lambda: odd_files.docx_with_span("hola mundo, qué tal", 300_000_000), ""),
    "repeated.ods": (lambda: odd_files.ods_repeated("hola mami", 100_000, 200), "rows-cut"),
    "endless.ods": (lambda: odd_files.ods_repeated("hola mami", "9" * 5000, "9" * 5000), "rows-cut"),
    "blanks.ods": (
        lambda: odd_files.ods_of(f"{BLANKS}</text:p></table:table-cell></table:table-row>" * 3),
        "cells-cut",
    ),
    "wide.csv": (lambda: "texto,resumen\n" + "," * 3_000_000, "file-unreadable"),
    "wide-quoted.csv": (lambda: "texto,resumen\n" + ('"\n"' + "," * 500_000) * 6, "quotes-open"),
    "square.csv": (lambda: (",x" * 300 + "\n") * 16_000, "rows-cut"),
    "lines.txt": (lambda: "ab\n" * 4_000_000, "rows-cut"),
    "broken.jsonl": (lambda: "x\n" * 4_000_000, "file-unreadable"),
}
# Reads each file that it is given in a fork of its own, of a process that has imported what reading needs: the peak of
# a fork begins with that. Prints what came of it, seconds of a processor, and kilobytes.
READ = """
import json, os, sys, time
from pathlib import Path
from poetas.data.pipeline.reading import read_file
from poetas.errors import PoetasError

def read(path):
    start = time.process_time()
    try:
        outcome = " ".join(notice.code for notice in read_file(path).notices)
    except PoetasError as error:
        outcome = error.code
    peak = next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
    print(json.dumps([outcome, time.process_time() - start, int(peak)]), flush=True)

for plain in sys.argv[1:]:
    read_file(plain)
for line in sys.stdin:
    if os.fork() == 0:
        read(line.strip())
        os._exit(0)
    status = os.wait()[1]
    if status:
        print(json.dumps([f"ended with {status}", 0, 0]), flush=True)
"""
PLAIN = {
    "a.csv": CSV,
    "a.txt": "El río creció.",
    "a.json": '[{"texto": "Llovió."}]',
    "a.xlsx": odd_files.xlsx({"A": TABLE}),
    "a.ods": odd_files.ods({"A": TABLE}),
    "a.docx": odd_files.docx(["Hola, che."]),
    "a.zip": odd_files.zipped({"a.txt": "hola"}),
}


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_hostile_files_take_no_memory_and_no_time(put):
    """Reading small files made to be large takes little more than reading anything does (pandas alone is 120 MB)."""
    plain = [str(put(name, content)) for name, content in PLAIN.items()]
    command = [sys.executable, "-c", READ, *plain]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        for name, (make, code) in HOSTILE.items():
            path = put(name, make())
            print(path, file=reader.stdin, flush=True)
            outcome, seconds, kilobytes = json.loads(reader.stdout.readline())
            path.unlink()
            assert code in outcome, (name, outcome)
            assert not outcome.startswith("ended with"), name
            assert seconds < 12, name  # of a processor; most take one
            assert kilobytes < 450_000, name


def renamed(data, *changes):
    """An office file in which these bytes stand for others in every part."""
    members = zipfile.ZipFile(io.BytesIO(data))
    out = {}
    for name in members.namelist():
        content = members.read(name)
        for old, new in changes:
            content = content.replace(old, new)
        out[name] = content
    return odd_files.zipped(out)


@pytest.mark.parametrize(
    ("name", "data"), [("a.docx", odd_files.docx(["uno", "dos"])), ("a.xlsx", odd_files.xlsx({"A": odd_files.TABLE}))]
)
def test_a_strict_file_or_one_with_macros_is_not_called_damaged(put, name, data):
    strict = (b"http://schemas.openxmlformats.org/officeDocument/2006", b"http://purl.oclc.org/ooxml/officeDocument")
    why = refused(put(name, renamed(data, strict)), "file-unreadable").why
    assert "Open XML estricto" in why
    assert "Guardar como" in why
    macros = (b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main")
    if name == "a.docx":
        assert "tiene macros" in refused(put(name, renamed(data, macros)), "file-unreadable").why
