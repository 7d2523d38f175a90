"""PDF files drawn by hand for the tests: words at given places, and fonts that lie about their letters."""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

LEFT, TOP, LEADING = 70, 760, 14


def width_of(text, font="Times-Roman", size=11):
    """How wide a string is drawn."""
    return stringWidth(text, font, size)


class Drawing:
    """Pages with text; each method draws and returns the next free height."""

    def __init__(self, size=A4):
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, pagesize=size, pageCompression=0)

    def text(self, x, y, text, *, font="Times-Roman", size=11, **options):
        """Draw one string. options: charSpace, wordSpace, mode (3: invisible), rise."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text, **options)

    def lines(self, lines, *, x=LEFT, y=TOP, leading=LEADING, **options):
        """Draw lines under one another; "" leaves a gap, blanks at the left indent."""
        for line in lines:
            indent = len(line) - len(line.lstrip())
            self.text(x + 5.5 * indent, y, line.strip(), **options)
            y -= leading
        return y

    def wrapped(
        self, text, *, x=LEFT, y=TOP, width=400, indent=14, leading=LEADING, font="Times-Roman", size=11, lowest=0
    ):
        """Draw a paragraph as a word processor wraps it, justified; return the height below and what did not fit."""
        words, first = text.split(), True
        while words and y >= lowest:
            room, line = width - (indent if first else 0), []
            while words and stringWidth(" ".join([*line, words[0]]), font, size) <= room:
                line.append(words.pop(0))
            spare = room - stringWidth(" ".join(line), font, size)
            spacing = spare / (len(line) - 1) if words and len(line) > 1 else 0
            self.text(x + (indent if first else 0), y, " ".join(line), font=font, size=size, wordSpace=spacing)
            y, first = y - leading, False
        return y, " ".join(words)

    def next_page(self):
        self.canvas.showPage()

    def bytes(self):
        self.canvas.save()
        return self._out.getvalue()


def with_font(content, *, to_unicode=None, differences=(), instructions=b""):
    """A PDF of one page whose font /F1 has a ToUnicode map {code: text} and names of glyphs."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = {"/Type": NameObject("/Font"), "/Subtype": NameObject("/Type1"), "/BaseFont": NameObject("/Times-Roman")}
    resource = DictionaryObject({NameObject(key): value for key, value in font.items()})
    if differences:
        items = [NumberObject(item) if isinstance(item, int) else NameObject(item) for item in differences]
        encoding = {NameObject("/Type"): NameObject("/Encoding"), NameObject("/Differences"): ArrayObject(items)}
        resource[NameObject("/Encoding")] = DictionaryObject(encoding)
    if to_unicode is not None:
        plain = {code: chr(code) for code in range(32, 127)} | to_unicode
        entries = "\n".join(f"<{code:02X}> <{text.encode('utf-16-be').hex()}>" for code, text in plain.items())
        stream = DecodedStreamObject()
        head = f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(plain)} beginbfchar\n"
        stream.set_data(f"{head}{entries}\nendbfchar".encode())
        resource[NameObject("/ToUnicode")] = writer._add_object(stream)
    stream = DecodedStreamObject()
    stream.set_data(instructions or b"BT /F1 12 Tf 60 780 Td 16 TL\n" + content + b"\nET")
    page[NameObject("/Contents")] = writer._add_object(stream)
    fonts = DictionaryObject({NameObject("/F1"): resource})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def turned(content, degrees):
    """The same file, its pages to be shown turned."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page in writer.pages:
        page.rotate(degrees)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
