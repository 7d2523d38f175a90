"""Documents as word processors, converters and attackers make them, written for the tests of reading."""

from tests.unit import odd_files

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
ODT_NAMES = " ".join(
    f'xmlns:{name}="{_OFFICE}{long}:1.0"'
    for name, long in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    )
)  # fmt: skip
DOCX_NAMES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in (
        ("mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"),
        ("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
        ("v", "urn:schemas-microsoft-com:vml"),
        ("m", "http://schemas.openxmlformats.org/officeDocument/2006/math"),
    )
)


def docx_of(body, **options):
    """A Word document whose body is this XML; what is a paragraph's text only needs ``<w:p>``."""

    def change(xml):
        end = xml.index(b"<w:sectPr")
        start = xml.index(b"<w:body>") + len(b"<w:body>")
        head = xml[:start]
        for name in DOCX_NAMES.encode().split():
            if name.partition(b"=")[0] + b"=" not in head:
                head = head.replace(b"<w:document ", b"<w:document " + name + b" ", 1)
        return head + body.encode() + xml[end:]

    return odd_files.with_member(odd_files.docx(**options), "word/document.xml", change)


def p(*runs, properties=""):
    """A paragraph of Word; runs are XML, or text."""
    written = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{written}</w:p>"


def r(text):
    """A run of Word."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def odt(body, *, styles="", automatic="", headers="", extra=None):
    """A LibreOffice document of this XML."""
    pages = f"<office:master-styles>{headers}</office:master-styles>"
    return odd_files.zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODT_NAMES}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {ODT_NAMES}><office:styles>{styles}</office:styles>{pages}"
            "</office:document-styles>",
            **(extra or {}),
        }
    )


def epub(chapters, *, spine=None, guide="", properties=None, extra=None):
    """A book of {name: XHTML of the body, or a whole document}."""
    properties = properties or {}
    items = "".join(
        f'<item id="i{index}" href="{name}" media-type="application/xhtml+xml"'
        f' properties="{properties.get(name, "")}"/>'
        for index, name in enumerate(chapters)
    )
    order = "".join(
        f'<itemref idref="i{list(chapters).index(name)}"{rest}/>'
        for name, rest in (spine or [(name, "") for name in chapters])
    )
    package = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest>'
    package += f"<spine>{order}</spine><guide>{guide}</guide></package>"
    pages = {
        f"OEBPS/{name}": body
        if body.startswith(("<?xml", "<!DOCTYPE")) or not body
        else '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'
        for name, body in chapters.items()
        if body is not None
    }
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    container += '<rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
    return odd_files.zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/content.opf": package,
            **pages,
            **(extra or {}),
        }
    )
