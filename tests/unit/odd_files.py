"""Files as people and attackers make them, written for the tests of reading: none of them is kept in the repository."""

import base64
import io
import random
import zipfile

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

TABLE = [
    ["texto", "resumen"],
    ["Llovió en Iruya toda la noche y el río se llevó el puente.", "La lluvia se llevó un puente."],
    ["El año pasado la señora Ñáñez plantó un limonero; hoy da sombra.", "Un limonero da sombra."],
    ["¿Quién toca el bandoneón? Nadie lo sabe, pero todos escuchan.", "Alguien toca el bandoneón."],
]


def delimited(rows, delimiter=",", newline="\r\n"):
    """A table as text, cells quoted where they need it, as Excel does."""

    def cell(text):
        needs = any(sign in text for sign in (delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if needs else text

    return newline.join(delimiter.join(cell(text) for text in row) for row in rows) + newline


def pdf(pages, *, size=12, leading=16, gap=30):
    """A PDF by hand: each page is a list of paragraphs, each a list of lines; an empty page has a picture only."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for paragraphs in pages:
        drawn, y = [b"BT /F1 %d Tf" % size], 800
        for lines in paragraphs:
            for line in lines:
                escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
                drawn.append(b"1 0 0 1 60 %d Tm (%s) Tj" % (y, escaped))
                y -= leading
            y -= gap - leading
        drawn.append(b"ET")
        if not paragraphs:
            drawn = [b"q 0.5 g 50 50 400 600 re f Q"]
        stream = b"\n".join(drawn)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
        page += b"/Resources << /Font << /F1 3 0 R >> >> >>"
        objects.append(page % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, places = io.BytesIO(b""), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def pdf_of_one_stream(stream, *, pages):
    """A PDF whose pages all draw the same compressed instructions."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    drawn = StreamObject()
    drawn.set_data(stream)
    shared = writer._add_object(drawn.flate_encode(9))
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): named})
    for page in writer.pages:
        page[NameObject("/Contents")] = shared
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zipped(members, **options):
    """A zip of {name: bytes or text}."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def locked(data):
    """The same zip with every member marked as encrypted."""
    data = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = data.find(sign)
        while position >= 0:
            data[position + place] |= 1
            position = data.find(sign, position + 4)
    return bytes(data)


def little_shrunk(data, name, mark, pieces):
    """An office file with ``pieces`` before a mark of one part, and a comment of random letters before them.

    So it shrinks hardly more than any document, whatever the pieces add up to.
    """
    comment = b"<!--" + base64.b64encode(random.Random(7).randbytes(900_000)) + b"-->"
    return with_member(data, name, lambda xml: xml.replace(mark, comment + pieces + mark, 1))


def with_member(data, name, change):
    """An office file with one part changed by ``change(bytes) -> bytes``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.infolist():
            content = source.read(member)
            archive.writestr(member.filename, change(content) if member.filename == name else content)
    return out.getvalue()


def xlsx(sheets):
    """A workbook of {sheet: rows}."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_shared(strings, used=2):
    """A workbook as Excel writes it: its texts in a part of their own (XML), the first of them in a row each."""
    rows = "".join(f'<row r="{index + 1}"><c r="A{index + 1}" t="s"><v>{index}</v></c></row>' for index in range(used))
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{content_type}"/></Types>'.encode()
    book = with_member(xlsx({"A": []}), "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", override))
    sheet = f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
    book = io.BytesIO(with_member(book, "xl/worksheets/sheet1.xml", lambda _: sheet))
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{namespace}">{strings}</sst>')
    return book.getvalue()


def ods(sheets):
    """A LibreOffice workbook of {sheet: rows}, written by odfpy."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for text in row:
                formula = {"formula": f"of:{text}", "valuetype": "float", "value": "3"} if text.startswith("=") else {}
                cell = TableCell(**formula)
                for paragraph in ("3" if formula else text).split("\n"):
                    cell.addElement(P(text=paragraph))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def docx(paragraphs=(), tables=()):
    """A Word document: paragraphs, then tables of rows."""
    import docx as library

    document = library.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    for rows in tables:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for line, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_with_span(text, span):
    """A Word table of one cell that says that it is ``span`` columns wide."""
    name = "word/document.xml"
    return with_member(
        docx(tables=[[[text]]]),
        name,
        lambda xml: xml.replace(b"</w:tcPr>", b'<w:gridSpan w:val="%d"/></w:tcPr>' % span, 1),
    )


def ods_of(rows):
    """A LibreOffice workbook of one sheet, its rows as XML."""
    names = " ".join(
        f'xmlns:{item}="urn:oasis:names:tc:opendocument:xmlns:{item}:1.0"' for item in ("office", "table", "text")
    )
    return zipped(
        {
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="A">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        }
    )


def ods_repeated(text, rows, columns):
    """A sheet whose one cell is said to stand in ``columns`` columns and ``rows`` rows."""
    return ods_of(
        f'<table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}"><text:p>{text}</text:p></table:table-cell>'
        "</table:table-row>"
    )


def compressed_arrow(columns, codec="zstd"):
    """An Arrow stream of {column: texts} whose body is compressed, which `datasets` never writes."""
    import pyarrow as pa

    batch = pa.record_batch({name: pa.array(texts, pa.string()) for name, texts in columns.items()})
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, batch.schema, options=pa.ipc.IpcWriteOptions(compression=codec)) as stream:
        stream.write_batch(batch)
    return out.getvalue().to_pybytes()
