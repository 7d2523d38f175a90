"""Files as people and attackers make them, written for the tests of reading: none of them is kept in the repository."""

import io
import zipfile

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
        at = data.find(sign)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(sign, at + 4)
    return bytes(data)


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
        for at, row in enumerate(rows):
            for place, text in enumerate(row):
                table.cell(at, place).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
