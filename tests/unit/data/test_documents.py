"""Documents: what is text, what is left and said, where paragraphs, titles and pages begin, in each format."""

import io
import time

import pytest

from poetas.data.errors import ArchiveUnsafe, BookLocked, FileEmpty, FileProtected
from poetas.data.formats.documents import docx, epub, html_page, odt, rtf
from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.formats.documents.html_text import read_markup
from poetas.data.formats.xml_limits import XmlLimit
from poetas.data.pipeline.limits import DEFAULT, Limits
from poetas.data.pipeline.reading import read_file
from poetas.errors import PoetasError
from tests.unit import odd_files
from tests.unit.data import document_files
from tests.unit.data.document_files import p, r

PAGE = '<w:r><w:br w:type="page"/></w:r>'
INSERTED = '<w:ins w:id="1" w:author="a">{}</w:ins>'
CONTENTS = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
DELETED = '<w:del w:id="2" w:author="a"><w:r><w:delText>{}</w:delText></w:r></w:del>'


def drawn(lines):
    """Lines with their marks: # a title, ^ a new page, ¶ the begin of a paragraph."""
    return [f"{line.text}{'#' * line.heading}{'¶' * line.paragraph}{'^' * line.page}" for line in lines]


def counts_of(document):
    return document.omissions.counts


def word(put, body, **options):
    return docx.gather(put("a.docx", document_files.docx_of(body, **options)), DEFAULT)


def box(text, tag="w:drawing"):
    inner = f"<w:txbxContent>{p(text)}</w:txbxContent>"
    return f"<{tag}><wps:txbx>{inner}</wps:txbx></{tag}>" if tag == "w:drawing" else f"<{tag}>{inner}</{tag}>"


def either(choice):
    fallback = box("caja", "w:pict")
    choices = f"<mc:Choice Requires='wps'>{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>"
    return f"<w:r><mc:AlternateContent>{choices}</mc:AlternateContent></w:r>"


def control(content, properties=""):
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize(
    ("body", "lines", "counts"),
    [
        (p("uno", INSERTED.format(r(" dos")), DELETED.format("no")), ["uno dos¶"], {"insertion": 1, "deletion": 1}),
        (
            p("<w:moveFrom>" + r("no") + "</w:moveFrom>") + p("<w:moveTo>" + r("sí") + "</w:moveTo>"),
            ["¶", "sí¶"],
            {"insertion": 1, "deletion": 1},
        ),
        (p("uno ", properties='<w:rPr><w:del w:id="3"/></w:rPr>') + p("y dos"), ["uno y dos¶"], {"deletion": 1}),
        (p(INSERTED.format(DELETED.format("no")), "sí"), ["sí¶"], {"insertion": 1, "deletion": 1}),
        (
            f"<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{p('uno')}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>",
            ["uno¶"],
            {},
        ),
        (
            p("<w:smartTag>" + r("a") + '</w:smartTag><w:fldSimple w:instr="X">' + r("b") + "</w:fldSimple>"),
            ["ab¶"],
            {},
        ),
        (
            p(
                "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
                + r("Haga clic")
                + "</w:sdtContent></w:sdt>",
                "uno",
            ),
            ["uno¶"],
            {"placeholder": 1},
        ),
        (p("uno") + p(PAGE) + p("dos", "<w:r><w:br/><w:t>tres</w:t></w:r>"), ["uno¶", "¶", "dos¶^", "tres"], {}),
        (p("uno", PAGE) + p("dos") + p("tres", properties="<w:pageBreakBefore/>"), ["uno¶", "dos¶^", "tres¶^"], {}),
        (
            p("uno", properties="<w:sectPr/>")
            + p("dos", properties='<w:sectPr><w:type w:val="continuous"/></w:sectPr>')
            + p("tres"),
            ["uno¶", "dos¶^", "tres¶"],
            {},
        ),
        (
            p("Uno", properties='<w:pStyle w:val="Heading1"/>')
            + p("Dos", properties='<w:pStyle w:val="Title"/>')
            + p("c", properties='<w:outlineLvl w:val="0"/>'),
            ["Uno#¶", "Dos#¶", "c#¶"],
            {},
        ),
        (
            p(
                "uno",
                "<w:r><w:footnoteReference/></w:r>",
                "<w:r><w:endnoteReference/></w:r>",
                "<w:r><w:commentReference/></w:r>",
            ),
            ["uno¶"],
            {"note": 2, "comment": 1},
        ),
        (
            p("texto", f"<w:r>{box('caja')}{box('otra', 'w:pict')}</w:r>") + p("sigue"),
            ["texto¶", "¶", "caja¶", "¶", "otra¶", "¶", "sigue¶"],
            {},
        ),
        (
            p(either(box("caja"))),
            ["caja¶"],
            {},
        ),
        (
            p(either("<w:drawing/>")),
            ["caja¶"],
            {},
        ),
        (p('<w:r><w:pict><v:shape><v:textpath string="LETRAS"/></v:shape></w:pict></w:r>'), ["LETRAS¶"], {}),
        (p('<w:r><w:sym w:font="Wingdings" w:char="F04A"/><w:sym w:char="00F1"/></w:r>'), ["�ñ¶"], {"symbol": 1}),
        (p("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>"), ["x+1¶"], {}),
        (
            control(p("Uno 1") + p("Dos 2"), CONTENTS) + p("uno"),
            ["uno¶"],
            {"contents-entry": 2},
        ),
        (p("a\nb"), ["a b¶"], {}),
        (p("a", properties='<w:numPr><w:numId w:val="1"/></w:numPr>'), ["a¶"], {"list-mark": 1}),
        ("<w:altChunk/>" + p("uno"), ["uno¶"], {"embedded-part": 1}),
    ],
)
def test_what_a_word_document_holds(put, body, lines, counts):
    document = word(put, body)
    assert drawn(document.lines) == lines
    assert counts_of(document) == counts


def test_rows_and_cells_of_a_word_table_in_controls_and_with_changes(put):
    def cell(text, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"

    rows = [
        f"<w:tr>{cell('a')}<w:sdt><w:sdtContent>{cell('b')}</w:sdtContent></w:sdt></w:tr>",
        f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr>{cell('no')}{cell('no')}</w:tr>",
        f"<w:tr><w:trPr><w:ins/></w:trPr>{cell('c')}{cell('no', '<w:cellDel/>')}{cell('d', '<w:cellIns/>')}</w:tr>",
    ]
    body = control(f"<w:tbl>{rows[0]}{control(rows[1] + rows[2])}</w:tbl>")
    document = word(put, body)
    assert document.tables[0].rows.kept == [["a", "b"], ["c", "d"]]
    assert counts_of(document) == {"deletion": 2}


def test_a_table_in_a_cell_and_one_that_only_frames_the_text(put):
    inner = "<w:tbl>" + "".join(f"<w:tr><w:tc>{p(text)}</w:tc></w:tr>" for text in ("dos", "tres")) + "</w:tbl>"
    path = put(
        "a.docx", document_files.docx_of(f"<w:tbl><w:tr><w:tc>{p('uno')}{inner}{p('cuatro')}</w:tc></w:tr></w:tbl>")
    )
    reading = read_file(path, division="lines")
    assert list(reading.table["texto"]) == ["uno", "dos", "tres", "cuatro"]
    assert reading.notices == ()


def test_the_paragraphs_around_a_table_are_left_and_named(put):
    rows = "".join(f"<w:tr><w:tc>{p('celda larga ' * 9)}</w:tc><w:tc>{p('otra')}</w:tc></w:tr>" for _ in range(3))
    reading = read_file(
        put("a.docx", document_files.docx_of(p("uno") + p("dos") + p("") + f"<w:tbl>{rows}</w:tbl>" + p("tres")))
    )
    assert [(note.code, note.count) for note in reading.notices if note.code == "paragraphs-left"] == [
        ("paragraphs-left", 3)
    ]
    assert [part.where for part in reading.left_out] == ["párrafos 1 a 2", "párrafo 3"]


def test_a_document_of_deletions_says_what_it_holds_instead_of_text(put):
    with pytest.raises(FileEmpty, match="vacío") as caught:
        read_file(put("a.docx", document_files.docx_of(p(DELETED.format("todo")))))
    assert "control de cambios" in caught.value.explanation.why


def style(name, *, rest="", properties=""):
    inner = f"<style:paragraph-properties {properties}/>" if properties else ""
    return f'<style:style style:family="paragraph" style:name="{name}" {rest}>{inner}</style:style>'


CHANGES = (
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>no</text:p></text:deletion>"
    "</text:changed-region><text:changed-region><text:insertion/></text:changed-region></text:tracked-changes>"
)
LIST = "<text:list><text:list-item><text:number>1.</text:number><text:p>a</text:p></text:list-item></text:list>"
NOTE = "<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note>"
STYLES = style("Heading_20_1", rest='style:default-outline-level="1"') + style("Title")
AUTOMATIC = (
    style("P1", rest='style:parent-style-name="Title"')
    + style("P2", properties='fo:break-before="page"')
    + style("P3", properties='fo:break-after="page"')
    + style("P4", rest='style:master-page-name="Standard"')
)


@pytest.mark.parametrize(
    ("body", "lines", "counts"),
    [
        (
            '<text:h text:outline-level="1">Uno</text:h><text:p text:style-name="P1">Dos</text:p><text:p>tres</text:p>',
            ["Uno#¶", "Dos#¶", "tres¶"],
            {},
        ),
        (
            "".join(
                f'<text:p text:style-name="P{number}">{text}</text:p>'
                for number, text in ((3, "a"), (0, "b"), (2, "c"), (4, "d"))
            ),
            ["a¶", "b¶^", "c¶^", "d¶^"],
            {},
        ),
        (
            '<text:p>\n  <text:s text:c="4"/>a<text:line-break/>b<text:tab/><text:span>c  c</text:span></text:p>',
            ["    a¶", "b\tc c"],
            {},
        ),
        (
            f"{CHANGES}<text:p>a<text:change/><text:change-start/> b<text:change-end/></text:p>",
            ["a b¶"],
            {"insertion": 1, "deletion": 1},
        ),
        (
            f"<text:p>a{NOTE}<office:annotation><text:p>c</text:p></office:annotation> b</text:p>",
            ["a b¶"],
            {"note": 1, "comment": 1},
        ),
        (
            "<text:p>a<draw:frame><draw:text-box><text:p>caja</text:p></draw:text-box><svg:desc>no</svg:desc></draw:frame></text:p><text:p>b</text:p>",
            ["a¶", "¶", "caja¶", "¶", "b¶"],
            {},
        ),
        (
            "<text:p><draw:g><draw:custom-shape><text:p>caja</text:p></draw:custom-shape></draw:g></text:p>",
            ["caja¶"],
            {},
        ),
        (
            f"{LIST}<text:section><text:p>b</text:p></text:section>",
            ["a¶", "b¶"],
            {"list-mark": 1},
        ),
        (
            "<text:table-of-content><text:p>Uno 1</text:p></text:table-of-content><text:p>a</text:p>",
            ["a¶"],
            {"contents-entry": 1},
        ),
    ],
)
def test_what_a_libreoffice_document_holds(put, body, lines, counts):
    document = odt.gather(put("a.odt", document_files.odt(body, styles=STYLES, automatic=AUTOMATIC)), DEFAULT)
    assert drawn(document.lines) == lines
    assert counts_of(document) == counts


def test_a_libreoffice_table_with_merged_and_repeated_cells_and_a_header(put):
    def cell(text, twice=""):
        rest = f'table:number-{twice}="2"' if twice else ""
        return f"<table:table-cell {rest}><text:p>{text}</text:p></table:table-cell>"

    body = (
        f"<table:table><table:table-header-rows><table:table-row>{cell('a', 'rows-spanned')}"
        f"{cell('b', 'columns-repeated')}</table:table-row></table:table-header-rows>"
        f"<table:table-row><table:covered-table-cell/>{cell('c')}{cell('d')}</table:table-row></table:table>"
    )
    header = "<style:header><text:p>Mi libro</text:p></style:header><style:footer><text:p>3</text:p></style:footer>"
    document = odt.gather(put("a.odt", document_files.odt(body, headers=header)), DEFAULT)
    assert document.tables[0].rows.kept == [["a", "b", "b"], ["a", "c", "d"]]
    assert counts_of(document) == {"header": 1, "merged-cell": 1}


RTF_HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset2 Wingdings;}{\f2\fcharset238 B;}}"
    r"{\stylesheet{\ql Normal;}{\s1 heading 1;}{\s2\outlinelevel0 Propio;}}"
)


@pytest.mark.parametrize(
    ("body", "lines", "counts"),
    [
        (
            r"\pard\s1 T\'edtulo\par\s2 Otro\par\pard uno\line dos\par\par tres",
            ["Título#¶", "Otro#¶", "uno¶", "dos", "¶", "tres¶"],
            {},
        ),
        (r"a \u8212?\u-10179?\u-8704?\uc2\u241 xxb {\f2\'b9}\~\emdash\rquote", ["a —😀ñb ą\xa0—’¶"], {}),
        (r"{\f1 J}\u-3913?", ["��¶"], {"symbol": 2}),
        (r"a{\deleted no\par}{\revised b}\par", ["ab¶"], {"deletion": 1, "insertion": 1}),
        (r"a{\super\chftn}{\footnote\pard nota\par}{\*\annotation c}\par", ["a¶"], {"note": 1, "comment": 1}),
        (r"{\header\pard Mi libro\par}{\footer\pard 3\par}a", ["a¶"], {"header": 1}),
        (
            r"a\page b\par\pagebb c\par\pard d\sect\sectd\sbknone e\sect\sectd f",
            ["a¶", "b¶^", "c¶^", "d¶", "e¶", "f¶^"],
            {},
        ),
        (
            r"{\shp{\*\shpinst{\sp{\sn x}}{\shptxt\pard caja\par}}{\shprslt{\*\do{\dptxbxtext\pard caja\par}}}}\par a",
            ["caja¶", "¶", "a¶"],
            {},
        ),
        (
            r"a{\*\x no}{\field{\*\fldinst LINK}{\fldrslt b}}{\upr{no}{\*\ud{\u241?}}}{\pict 00ff}{\bin3 }}}}c",
            ["abñc¶"],
            {},
        ),
        (r"{\listtext\pard 1.\tab}a\par", ["a¶"], {"list-mark": 1}),
        (r"a\{b\}\\c\_d\-e", [r"a{b}\c-de¶"], {}),
    ],
)
def test_what_an_rtf_document_holds(put, body, lines, counts):
    document = rtf.gather(put("a.rtf", (RTF_HEAD + body + "}").encode("latin-1")), DEFAULT)
    assert drawn(document.lines) == lines
    assert counts_of(document) == counts


def test_an_rtf_table_and_an_rtf_document_that_is_cut(put):
    body = r"\trowd\cellx1\clvmrg\cellx2\pard\intbl a\cell b\par c\cell\row\intbl d\cell\cell\row\pard fin\par"
    document = rtf.gather(put("a.rtf", RTF_HEAD + body), DEFAULT)
    assert document.tables[0].rows.kept == [["a", "b\nc"], ["d", "b\nc"]]
    assert drawn(document.lines) == ["fin¶"]
    assert counts_of(document) == {"cut-end": 1, "merged-cell": 1}
    body = r"\trowd\cellx1\cellx2 a\par b\cell c\cell\row\trowd\cellx1\cellx2 d\cell e\cell\row dos\par tres\par"
    document = rtf.gather(put("b.rtf", RTF_HEAD + body + "}"), DEFAULT)  # as programs that reset nothing write it
    assert document.tables[0].rows.kept == [["a\nb", "c"], ["d", "e"]]
    assert drawn(document.lines) == ["dos¶", "tres¶"]


def page(markup):
    document = DocumentText(DEFAULT)
    read_markup(html_page.as_html(markup), document, XmlLimit("a.html", 10_000))
    return document


@pytest.mark.parametrize(
    ("markup", "lines", "counts"),
    [
        (
            "<title>no</title><style>no</style><script>if (a<b) no</script><h1>Uno <i>dos</i></h1><p>tres\n  cuatro",
            ["Uno dos#¶", "tres cuatro¶"],
            {},
        ),
        (
            "<p>a &amp; b&nbsp;&ntilde; &#8212; &lt;c&gt;<br>d<br/></p><p>&nbsp;</p>e",
            ["a & b\xa0ñ — <c>¶", "d", "\xa0¶", "e¶"],
            {},
        ),
        ("a<br><br>b", ["a¶", "", "b"], {}),
        ("<pre>\n  a\n    b\n\nc</pre>", ["  a¶", "    b", "", "c"], {}),
        (
            "<nav>Inicio</nav>a<footer>pie de</footer><p role=search>x</p><article>b<footer>c</footer></article>",
            ["a¶", "b¶", "c¶"],
            {"navigation-word": 4},
        ),
        ('<p>a<p style="display:none">no<p hidden>no</p><noscript>no</noscript>', ["a¶"], {"hidden-word": 3}),
        ('<div class="stanza"><p>a<p>b</div><div class="stanza"><p>c</div>', ["a¶", "b¶", "¶", "c¶"], {}),
        ("<p>a<hr><p>b<p style='page-break-before: always'>c", ["a¶", "b¶^", "c¶^"], {}),
        (
            "<p>a<a role=doc-noteref>1</a></p>\n<p epub:type='footnote'>n</p><div role=doc-endnotes><li>x<li>y</div>",
            ["a¶"],
            {"note": 3},
        ),
        (
            "<?xml version='1.0'?><html><head><title/><script src='x'/></head><p/><p>a<![CDATA[<b>]]></p></html>",
            ["a<b>¶"],
            {},
        ),
        ("<ul><li>a<li>b</ul><q>c</q> su&shy;rco <del>no</del>", ["a¶", "b¶", "“c” surco¶"], {"deletion": 1}),
        ("<p>a<!-- no --><b>b", ["ab¶"], {}),
    ],
)
def test_what_a_page_shows(markup, lines, counts):
    document = page(markup)
    assert drawn(document.lines) == lines
    assert counts_of(document) == counts


def test_tables_of_a_page():
    document = page("<table><caption>T</caption><tr><th rowspan=2>a<th colspan=2>b<tr><td>c<p>d<td>e</table>z")
    assert document.tables[0].rows.kept == [["a", "b", ""], ["a", "c\nd", "e"]]
    assert drawn(document.lines) == ["T¶", "z¶"]
    nested = page("<table><tr><td>menú<td>a<br><br>b<table><tr><td>c</table></table>")
    assert drawn(nested.flat()) == ["menú¶", "a¶", "", "b", "c¶"]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ('<meta charset="iso-8859-1"><p>año “sí”'.encode("cp1252"), "Windows-1252"),
        (
            '<meta http-equiv=Content-Type content="text/html; charset=windows-1252"><p>año “sí”'.encode("cp1252"),
            "Windows-1252",
        ),
        ('<meta charset="iso-8859-1"><p>año “sí”'.encode(), "UTF-8"),  # it declares what it is not
        ("\ufeff<p>año “sí”".encode("utf-16-le"), "UTF-16"),
        ("<p>año “sí”".encode(), "UTF-8"),
    ],
)
def test_the_encoding_of_a_page(put, data, encoding):
    reading = read_file(put("a.html", data))
    assert reading.table["texto"][0] == "año “sí”"
    assert reading.encoding == encoding


def test_a_book_is_read_in_the_order_of_its_spine_without_what_is_no_text(put):
    rights = "<p>© 2020 Fulana. Todos los derechos reservados. ISBN 1</p>"
    book = document_files.epub(
        {
            "b.xhtml": "<h1>Dos</h1><p>segundo</p>",
            "a.xhtml": "<h1>Uno</h1><p>primero&nbsp;y</p>",
            "portada.xhtml": "<p>Mi libro</p>",
            "derechos.xhtml": rights,
            "toc.xhtml": "<ul><li><a>Uno</a></li><li><a>Dos</a></li><li><a>Tres</a></li></ul>",
            "nav.xhtml": "<nav epub:type='toc'><a>Uno</a></nav>",
            "tapa2.xhtml": "<section epub:type='titlepage'>Fulana</section>",
            "aparte.xhtml": "<p>respuestas</p>",
            "falta.xhtml": None,
        },
        spine=[
            (name, "")
            for name in ("portada.xhtml", "derechos.xhtml", "nav.xhtml", "toc.xhtml", "tapa2.xhtml", "a.xhtml")
        ]
        + [("b.xhtml", ""), ("aparte.xhtml", ' linear="no"'), ("falta.xhtml", ""), ("a.xhtml", "")],
        properties={"nav.xhtml": "nav"},
    )
    document = epub.gather(put("a.epub", book), DEFAULT)
    assert drawn(document.lines) == ["Uno#¶^", "primero\xa0y¶", "Dos#¶^", "segundo¶"]
    assert counts_of(document) == {"cover": 2, "licence-page": 1, "contents-page": 2, "aside-page": 1, "chapter": 1}
    assert document.omissions.places["licence-page"] == ["derechos.xhtml"]


@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf", "epub", "html"])
@pytest.mark.parametrize(
    "content", [b"", b" \n", b"no soy eso", b"\x00\x01\x02" * 900, b"PK\x03\x04" + bytes(range(256)), b"%PDF-1.4 x"]
)
def test_a_document_that_is_none_is_refused(put, suffix, content):
    if suffix == "html" and content.startswith(b"no soy"):
        assert len(read_file(put("a.html", content)).table) == 1  # a browser shows it
        return
    with pytest.raises(PoetasError) as caught:
        read_file(put(f"a.{suffix}", content))
    assert caught.value.explanation.code in {"file-empty", "file-unreadable", "not-text"}


def whole(suffix):
    poem = "<p>Cae el sendero azul y se apaga, y otra campana vuelve al amanecer.</p>" * 40
    if suffix == "odt":
        return document_files.odt(poem.replace("<p>", "<text:p>").replace("</p>", "</text:p>"))
    return (
        document_files.epub({"a.xhtml": poem}) if suffix == "epub" else document_files.docx_of(p("uno dos tres") * 50)
    )


@pytest.mark.parametrize("suffix", ["docx", "odt", "epub"])
def test_a_document_that_is_cut_or_changed_or_locked_is_refused(put, suffix):
    content = whole(suffix)
    assert len(read_file(put(f"sano.{suffix}", content)).table)
    for broken in (content[: len(content) // 2], content[:-30], odd_files.locked(content)):
        with pytest.raises(PoetasError) as caught:
            read_file(put(f"a.{suffix}", broken))
        assert caught.value.explanation.code in {"file-unreadable", "file-protected"}


def test_books_and_documents_with_a_password_or_rights_management(put):
    method = '<e><EncryptionMethod Algorithm="{}"/></e>'
    fonts = {"META-INF/encryption.xml": method.format("http://www.idpf.org/2008/embedding")}
    assert len(read_file(put("a.epub", document_files.epub({"a.xhtml": "<p>uno</p>"}, extra=fonts))).table) == 1
    locked = {"META-INF/encryption.xml": method.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}
    with pytest.raises(BookLocked) as caught:  # no password of the reader's opens it
        read_file(put("b.epub", document_files.epub({"a.xhtml": "<p>uno</p>"}, extra=locked)))
    assert "contraseña" not in str(caught.value.explanation)
    with pytest.raises(FileProtected):
        read_file(put("b.odt", document_files.odt("", extra={"META-INF/manifest.xml": "<m><encryption-data/></m>"})))


BOMB = '<!DOCTYPE x [<!ENTITY a "ja"><!ENTITY b "&a;&a;&a;">]>'


def test_entities_of_books_and_pages_are_not_expanded(put):
    page = f"<?xml version='1.0'?>{BOMB}<html><body><p>uno &b;</p></body></html>"
    assert "jaja" not in read_file(put("a.html", page)).table["texto"][0]
    assert "jaja" not in read_file(put("a.epub", document_files.epub({"a.xhtml": page}))).table["texto"][0]
    packed = document_files.odt("<text:p>&b;</text:p>")

    with pytest.raises(PoetasError) as caught:
        read_file(put("a.odt", odd_files.with_member(packed, "content.xml", lambda xml: BOMB.encode() + xml)))
    assert caught.value.explanation.code == "archive-unsafe"


def test_a_book_of_which_a_name_leaves_its_folder_is_refused(put):
    with pytest.raises(ArchiveUnsafe):
        read_file(put("a.epub", document_files.epub({"../../a.xhtml": "<p>a</p>", "../../../b.xhtml": "<p>b</p>"})))


def test_python_docx_and_reader_agree_on_a_plain_document(put):
    import docx as library

    document = library.Document()
    document.add_heading("Poemas", 0)
    document.add_paragraph("uno\ndos\ttres")
    document.add_page_break()
    document.add_paragraph("cuatro")
    out = io.BytesIO()
    document.save(out)
    read = docx.gather(put("a.docx", out.getvalue()), DEFAULT)
    assert drawn(read.lines) == ["Poemas#¶", "uno¶", "dos\ttres", "¶", "cuatro¶^"]


BLANK = b'<text:s text:c="999999"/>'
HOSTILE = {
    "deep.html": lambda: "<div>" * 100_000 + "fin",
    "tables.html": lambda: "<table><tr><td>" * 20_000 + "fin",
    "breaks.html": lambda: "<p>" + "a<br>" * 100_000 + "fin",
    "data.html": lambda: "<?xml version='1.0'?>" + "<![CDATA[" * 200_000 + "<p>fin",
    "spans.html": lambda: "<table>" + "<tr><td rowspan=60000 colspan=60000>a" * 1_500 + "</table>",
    "groups.rtf": lambda: r"{\rtf1 " + "{" * 200_000 + "fin" + "}" * 200_000 + "}",
    "words.rtf": lambda: r"{\rtf1 " + r"\b1" * 250_000 + " fin}",
    "blanks.odt": lambda: odd_files.little_shrunk(
        document_files.odt("<text:p>fin"), "content.xml", b"</office:text>", BLANK * 150_000 + b"</text:p>"
    ),
    "rows.odt": lambda: document_files.odt(
        '<table:table><table:table-row table:number-rows-repeated="999999"><table:table-cell '
        'table:number-columns-repeated="999999"><text:p>fin</text:p></table:table-cell></table:table-row></table:table>'
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_take_no_time(put, name):
    path = put(name, HOSTILE[name]())
    start = time.process_time()
    gather = {"html": _gather_page, "rtf": rtf.gather, "odt": odt.gather}[name.rpartition(".")[2]]
    document = gather(path, DEFAULT)
    assert time.process_time() - start < 6
    lines = [line for table in document.tables for line in table.layout] + document.lines
    assert any("fin" in line.text for line in lines) or document.tables[0].rows.kept


def _gather_page(path, limits):
    document = DocumentText(limits)
    read_markup(html_page.as_html(path.read_text("utf-8")), document, XmlLimit(path.name, limits.marks))
    return document


@pytest.mark.parametrize(
    ("name", "code", "limits"),
    [
        ("a.html", "too-many-pieces", {"markup_marks": 5}),
        ("a.html", "file-too-large", {"markup_bytes": 20}),
        ("a.epub", "too-many-pieces", {"markup_marks": 30}),
        ("a.epub", "file-too-large", {"markup_bytes": 200}),
        ("a.odt", "too-many-pieces", {"text_marks": 30}),
        ("a.rtf", "too-many-pieces", {"marks": 5}),
        ("a.docx", "too-many-pieces", {"marks": 30}),
    ],
)
def test_documents_beyond_the_limits_are_refused(put, name, code, limits):
    pages = {"html": "<p>uno dos tres</p>" * 9, "rtf": r"{\rtf1 " + r"uno\par dos\par " * 9 + "}"}
    suffix = name.rpartition(".")[2]
    path = put(name, pages.get(suffix) or whole(suffix))
    assert len(read_file(path).table)
    with pytest.raises(PoetasError) as caught:
        read_file(path, limits=Limits(**limits))
    assert caught.value.explanation.code == code


def test_a_document_that_changes_while_it_is_read_is_read_or_refused(put, monkeypatch):
    path = put("a.docx", whole("docx"))
    parsed = docx.refuse_entities

    def truncate(*arguments):
        members = parsed(*arguments)
        path.write_bytes(whole("docx")[:500])
        return members

    monkeypatch.setattr(docx, "refuse_entities", truncate)
    with pytest.raises(PoetasError) as caught:
        read_file(path)
    assert caught.value.explanation.code == "file-being-written"


HEADING = '<w:pStyle w:val="Heading1"/>'
BOLD = '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'


def bold_poems(title):
    verses = ["Anoche la gotera", "marcó el compás.", "", "Cenamos con esa música.", "El más chico preguntó.", ""]
    return "".join(p(title.format(name)) + "".join(map(p, verses)) for name in ("La gotera", "Siesta", "Oficio"))


def test_a_short_bold_line_above_its_verses_is_the_title_of_a_poem(put):
    poems = read_file(put("a.docx", document_files.docx_of(bold_poems(BOLD))))
    assert poems.sentence == "Leí 3 poemas, 3 con título"
    assert poems.table["texto"][1].split("\n")[:2] == ["Siesta", "Anoche la gotera"]
    plain = read_file(
        put("b.docx", document_files.docx_of(bold_poems('<w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>{}</w:t></w:r>')))
    )
    assert len(plain.table) == 6


LOOKS = {
    "italic": p("<w:r><w:rPr><w:i/></w:rPr><w:t>{}</w:t></w:r>"),
    "larger": p('<w:r><w:rPr><w:sz w:val="36"/></w:rPr><w:t>{}</w:t></w:r>'),
    "centred": p("{}", properties='<w:jc w:val="center"/>'),
    "underlined": p('<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>{}</w:t></w:r>'),
    "a style that is bold": p("{}", properties='<w:pStyle w:val="Fuerte"/>'),
    "a style of its own": p("{}", properties='<w:pStyle w:val="Poema"/>'),
    "letters of a style": p('<w:r><w:rPr><w:rStyle w:val="Fuerte"/></w:rPr><w:t>{}</w:t></w:r>'),
}
LOOK_STYLES = (
    b'<w:style w:styleId="Poema"><w:name w:val="Poema"/></w:style>'
    b'<w:style w:styleId="Fuerte"><w:name w:val="Fuerte"/><w:rPr><w:b/></w:rPr></w:style></w:styles>'
)


def looking(body):
    def styled(xml):
        return xml.replace(b"</w:styles>", LOOK_STYLES)

    return odd_files.with_member(document_files.docx_of(body), "word/styles.xml", styled)


def poems_of(title, titles=("La gotera", "Siesta", "Oficio")):
    verses = ["anoche la gotera", "marcó el compás.", "", "cenamos con esa música.", "el más chico preguntó.", ""]
    return "".join(title.format(name) + "".join(map(p, verses)) for name in titles)


@pytest.mark.parametrize("look", LOOKS)
def test_a_line_above_its_verses_that_alone_looks_so_is_the_title_of_a_poem(put, look):
    reading = read_file(put("a.docx", looking(poems_of(LOOKS[look]))))
    assert reading.sentence == "Leí 3 poemas, 3 con título"
    assert [text.split("\n")[0] for text in reading.table["texto"]] == ["La gotera", "Siesta", "Oficio"]


def test_a_foreword_may_stand_before_the_first_title(put):
    said = [f"Palabra {n} de quien hizo el libro" for n in ("uno", "dos", "tres", "cuatro", "cinco")]
    quoted = " y que cuenta, por si hace falta, dónde estaba cuando hizo cada uno:"
    foreword = [*(f"{line}." for line in said), *(line + quoted for line in said), "Ana Paz", "Salta, 1984"]
    poems = poems_of(LOOKS["italic"])
    title_page = looking("".join(map(p, ["Cosas del agua", "Fulana Inventada", ""])) + poems)
    assert sum(line.heading for line in titled(put("a.docx", title_page))) == 3
    reading = read_file(put("a.docx", looking("".join(map(p, [*foreword, ""])) + poems)))
    assert [text.split("\n")[0] for text in reading.table["texto"]] == [foreword[0], "La gotera", "Siesta", "Oficio"]


def test_a_title_in_small_letters_is_shorter_than_a_verse_or_of_a_class_of_titles(put):
    for title, names in (("<p><i>{}</i></p>", ("siesta", "oficio", "río")), ('<p class="titulo">{}</p>', FIRST)):
        verses = (
            "<p>anoche la gotera</p><p>marcó el compás.</p><p>&nbsp;</p><p>nadie la oyó</p><p>caer.</p><p>&nbsp;</p>"
        )
        page = "".join(title.format(name) + verses for name in names)
        assert read_file(put("a.html", page)).sentence == "Leí 3 poemas, 3 con título"


def test_a_bold_title_in_the_paragraph_of_its_verses_is_a_title(put):
    poem = p("<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t><w:br/></w:r>" + r("uno,</w:t><w:br/><w:t>dos."))
    poem += p("tres.")
    reading = read_file(put("a.docx", document_files.docx_of("".join(map(poem.format, ("Siesta", "Oficio", "Río"))))))
    assert reading.sentence == "Leí 3 poemas, 3 con título"
    assert reading.table["texto"][1] == "Oficio\nuno,\ndos.\n\ntres."


FIRST = ("llueve sobre el galpón", "nadie cierra la canilla", "Vuelve el agua.")  # verses, and a sentence


NO_TITLES = (
    "verses",
    "dedications",
    "a bold stanza",
    "first verses",
    "in bold",
    "under titles",
    "couplets",
    "words",
    "prose",
)


@pytest.mark.parametrize("kind", NO_TITLES)
def test_what_looks_so_elsewhere_is_no_title(put, kind):
    italic = LOOKS["italic"]
    heading = p("{}", properties=HEADING)
    long = p("Anoche la gotera marcó el compás de toda la cena, y el más chico preguntó quién tocaba el piano.")
    body = {
        # The text does not begin with one; and each is followed by verse.
        "verses": "".join(map(p, ["uno", "dos", ""])) * 3 + poems_of(italic),
        # Under titles that a blank line sets apart.
        "dedications": poems_of(p("{0}") + p("") + italic.replace("{}", "A {0}")),
        # Of two lines each is one; each goes on in the next; prose.
        "couplets": "".join(
            italic.format(name) + p("anoche la gotera") + p("") for name in ("Siesta", "Oficio", "Río")
        ),
        "words": poems_of(italic, ("Digo,", "Vuelvo,", "Callo,")),
        "prose": "".join(italic.format(name) + long * 3 + p("") for name in ("Siesta", "Oficio", "Río")),
        "a bold stanza": poems_of(p("<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t><w:br/><w:t>otra vez</w:t></w:r>")),
        # In italics, or in bold under a title of a style: where each stanza begins so, and where some do.
        "first verses": poems_of(italic, FIRST),
        "in bold": heading.replace("{}", "Siesta") + p("") + poems_of(p(BOLD), FIRST),
        "under titles": poems_of(heading) + poems_of(p(BOLD), ("Riego", "Acequia")),
    }[kind]
    headings = {"in bold": 1, "under titles": 3}.get(kind, 0)
    assert sum(line.heading for line in titled(put("a.docx", looking(body)))) == headings


def titled(path):
    document = docx.gather(path, DEFAULT)
    document.set_titles()
    return document.lines


def test_of_poems_with_a_style_or_bold_for_their_titles_each_has_its_title_but_prose_keeps_its_headings(put):
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    titles = [BOLD.format("La gotera"), f"{style}<w:r><w:t>Siesta</w:t></w:r>", BOLD.format("Oficio")]
    verses = ["Anoche la gotera", "marcó el compás.", "", "Cenamos con esa música.", ""]
    poems = "".join(p(title) + "".join(map(p, verses)) for title in titles)
    assert read_file(put("a.docx", document_files.docx_of(poems))).sentence == "Leí 3 poemas, 3 con título"
    long = (
        "Anoche la gotera marcó el compás de toda la cena, y el más chico preguntó quién tocaba el piano en el techo."
    )
    versicles = "".join(p(titles[1]) + p(long) + p("") + p(long) for _ in range(6))
    assert read_file(put("c.docx", document_files.docx_of(versicles))).sentence == "Leí 6 textos, 6 con título"
    novel = "".join(p(titles[1]) + p(long) * 30 for _ in range(3))
    assert read_file(put("d.docx", document_files.docx_of(novel))).sentence == "Leí 90 párrafos"
    chapters = "".join(p(title) + p(long) + p("") for title in (titles[1], *titles) * 3)
    assert read_file(put("b.docx", document_files.docx_of(chapters))).divisions["titles"] == 6


ODT_LOOK = """<style:style style:name="{}" style:family="{}" {}><style:text-properties {}/></style:style>"""
ODT_LOOKS = "".join(
    ODT_LOOK.format(*look)
    for look in (
        ("T1", "text", "", 'fo:font-weight="bold"'),
        ("T2", "text", "", 'fo:font-weight="normal"'),
        ("T3", "text", "", 'fo:font-style="italic"'),
        ("T4", "text", 'style:parent-style-name="Inclinada"', 'fo:font-style="normal"'),
        ("P1", "paragraph", "", 'fo:font-weight="700"'),
        ("P2", "paragraph", "", 'fo:font-size="18pt"'),
        ("P3", "paragraph", "", 'style:text-underline-style="solid"'),
        ("P4", "paragraph", 'style:parent-style-name="Poema"', ""),
    )
) + style("P5", properties='fo:text-align="center"')
ODT_TITLES = {
    "odt, its stretch": '<text:p><text:span text:style-name="T1">{}</text:span></text:p>',
    "odt, its style": '<text:p text:style-name="P1">{}</text:p>',
    "odt, italic": '<text:p><text:span text:style-name="T3">{}</text:span></text:p>',
    "odt, larger": '<text:p text:style-name="P2">{}</text:p>',
    "odt, underlined": '<text:p text:style-name="P3">{}</text:p>',
    "odt, a style of its own": '<text:p text:style-name="P4">{}</text:p>',
    "odt, centred": '<text:p text:style-name="P5">{}</text:p>',
    "odt, light again": '<text:p text:style-name="P1"><text:span text:style-name="T2">{}</text:span></text:p>',
    "odt, one word": '<text:p><text:span text:style-name="T3">{}</text:span> y nada</text:p>',
}

HTML_SHEET = "<style>.i {font-style: italic} p.g {font-size: 1.4em} .c {text-align: center} .m {margin: 0}</style>"
HTML_TITLES = {
    "html": "<p><b>{}</b></p>",
    "html, a tag": "<p><em>{}</em></p>",
    "html, its style": '<p style="font-weight: 600">{}</p>',
    "html, italic": '<p><span class="i">{}</span></p>',
    "html, larger": '<p class="g">{}</p>',
    "html, centred": '<p class="c">{}</p>',
    "html, a class for titles": '<p class="poema-titulo">{}</p>',
    "html, another class": '<p class="m">{}</p>',
    "html, one word": "<p><i>{}</i> y nada</p>",
}

RTF_TITLES = {
    "rtf, larger": r"\fs36 {}\par\fs24 ",
    "rtf, italic": r"\i {}\i0\par ",
    "rtf, underlined": r"\ul {}\ulnone\par ",
    "rtf, centred": r"\pard\qc {}\par\pard ",
    "rtf, one word": r"{{\b {}}} y nada\par ",
    "rtf, a style": r"\pard\s7 {}\par\pard ",
}


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (kind, 6 if kind.endswith(("one word", "light again", "another class")) else 3)
        for kind in ("rtf", *ODT_TITLES, *RTF_TITLES, *HTML_TITLES)
    ],
)
def test_a_line_that_looks_so_is_a_title_in_other_formats_too(put, kind, rows):
    title = (ODT_TITLES | RTF_TITLES | HTML_TITLES).get(kind, r"{{\b {}}}\par ")
    verse = {"odt": "<text:p>{}</text:p>", "rtf": r"{}\par ", "html": "<p>{}</p>"}[kind[:4].strip(",")]
    blank = "<p>&nbsp;</p>" if kind.startswith("html") else verse.format("")
    verses = ["anoche la gotera", "marcó el compás.", "", "cenamos con esa música.", "el más chico preguntó.", ""]
    body = "".join(
        title.format(name) + "".join(verse.format(line) if line else blank for line in verses)
        for name in ("La gotera", "Siesta", "Oficio")
    )
    name, content = {
        "odt": lambda: ("a.odt", document_files.odt(body, automatic=ODT_LOOKS)),
        "rtf": lambda: ("a.rtf", (RTF_HEAD + body + "}").encode("latin-1")),
        "html": lambda: ("a.html", f"<html><head>{HTML_SHEET}</head><body>{body}</body></html>"),
    }[kind[:4].strip(",")]()
    reading = read_file(put(name, content))
    assert len(reading.table) == rows, reading.sentence
    assert reading.table["texto"][1].startswith("Siesta\n") == (rows == 3)


@pytest.mark.parametrize("suffix", ["html", "odt"])
def test_a_title_that_looks_so_in_the_paragraph_of_its_verses_is_a_title(put, suffix):
    poem = {
        "html": "<p><i>{}</i><br>uno,<br>dos.</p><p>tres.</p>",
        "odt": '<text:p><text:span text:style-name="T3">{}</text:span><text:line-break/>uno,<text:line-break/>dos.'
        "</text:p><text:p>tres.</text:p>",
    }[suffix]
    body = "".join(map(poem.format, ("Siesta", "Oficio", "Río")))
    content = body if suffix == "html" else document_files.odt(body, automatic=ODT_LOOKS)
    assert read_file(put(f"a.{suffix}", content)).table["texto"].tolist() == [
        f"{title}\nuno,\ndos.\n\ntres." for title in ("Siesta", "Oficio", "Río")
    ]


@pytest.mark.parametrize(
    "sheet",
    [
        "p {margin: 0} .e {margin-top: 1em}",
        ".v {margin: 0 0 0 0 !important} .e {margin-top: 12pt; margin-bottom: 0}",
        "* {margin: 0} body p.u {margin: 0 0 .8em}",
    ],
)
def test_stanzas_that_a_style_sets_apart_are_stanzas(put, sheet):
    """Their first verse, or the last, has a margin; titles are only a class."""
    lines = (("v e", "anoche la gotera"), ("v", "marcó el compás"), ("v u", "del pan"))
    stanza = "".join(f'<p class="{name}">{text}</p>' for name, text in lines)
    poems = "".join(f'<p class="t">{title}</p>{stanza * 2}' for title in ("La gotera", "Siesta", "Oficio"))
    css = sheet + ".t {font-weight: bold; margin: 2em 0 1em}"
    book = document_files.epub({"c.xhtml": poems}, extra={"OEBPS/e.css": css})
    verses = "anoche la gotera\nmarcó el compás\ndel pan"
    assert read_file(put("a.epub", book)).table["texto"].tolist() == [
        f"{title}\n\n{verses}\n\n{verses}" for title in ("La gotera", "Siesta", "Oficio")
    ]


def test_a_paragraph_of_nothing_but_a_height_is_a_blank_line(put):
    """So Google Docs writes a blank line of a document, as a page and as a book."""
    lines = ["*Siesta", "uno,", "dos.", "", "tres,", "seis.", ""]
    looks = [("" if line else " c3", "c1" if line.startswith("*") else "c2", line.strip("*")) for line in lines]
    spans = "".join(f'<p class="c0{high}"><span class="{bold}">{text}</span></p>' for high, bold, text in looks)
    css = ".c0 {margin: 0; height: auto} .c1 {font-weight: 700} .c2 {font-weight: 400} .c3 {height: 11pt}"
    body = "".join(spans.replace("Siesta", title) for title in ("Siesta", "Oficio", "Río"))
    for name, content in (
        ("a.html", f"<style>{css}</style>{body}"),
        ("a.epub", document_files.epub({"c.xhtml": body}, extra={"OEBPS/e.css": css})),
    ):
        assert read_file(put(name, content)).table["texto"].tolist() == [
            f"{title}\nuno,\ndos.\n\ntres,\nseis." for title in ("Siesta", "Oficio", "Río")
        ]


def test_paragraphs_that_are_all_set_apart_alike_are_no_stanzas(put):
    """As browsers set each; and a table stays where it is."""
    prose = "<p>Anoche la gotera marcó el compás de la cena entera.</p><div>Cenamos con esa música de a ratos.</div>"
    table = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    document = page(prose * 4 + table + prose)
    document.set_stanzas()
    assert [line.text == "" for line in document.lines] == [False] * 10
    stanza = "<p class=e>a</p><p>b</p><p>c</p>"
    document = page(f"<style>p {{margin: 0}} .e {{margin-top: 1em}}</style>{stanza * 2}{table}")
    document.set_stanzas()
    assert [line.text for line in document.lines] == ["a", "b", "c", "", "a", "b", "c"]
    assert document.tables[0].place == 7
    document = page(f"<style>p {{margin: 0}} .e {{margin-top: 3pt}}</style>{stanza * 2}")
    document.set_stanzas()
    assert [line.text for line in document.lines] == ["a", "b", "c"] * 2, "a printer's correction is no stanza"
    couplets = "<h2>Par</h2>" + "<p class=e>a</p><p>b</p>" * 2
    document = page(f"<style>p {{margin: 0}} .e {{margin-top: 1em}}</style>{couplets * 2}")
    document.set_stanzas()
    assert "\n".join(line.text for line in document.lines).count("a\nb\n\na\nb") == 2


def test_titles_by_their_look_are_known_where_a_margin_sets_stanzas_apart(put):
    """And a sheet in the page holds for what comes after it, whatever was read of its class before."""
    stanza = '<p class="e">{}</p><p>anoche la gotera</p><p>marcó el compás</p>'
    poem = stanza.format('<span class="t">{}</span>') + stanza.format("cenamos con ella")
    margins, italic = "<style>p {margin: 0} .e {margin-top: 1em}</style>", "<style>.t {font-style: italic}</style>"
    before = f'{margins}<p><span class="t">Cosas</span></p>{italic}'
    reading = read_file(put("a.html", before + "".join(map(poem.format, ("La gotera", "Siesta", "Oficio")))))
    assert [text.split("\n")[0] for text in reading.table["texto"]][-2:] == ["Siesta", "Oficio"]
    assert "con título" in reading.sentence


def test_bold_titles_of_a_books_chapters_are_titles(put):
    chapter = "<p><b>{}</b></p><p>Anoche la gotera</p><p>marcó el compás.</p><p>&#160;</p><p>Cenamos.</p>"
    book = document_files.epub(
        {f"{n}.xhtml": chapter.format(name) for n, name in enumerate(("La gotera", "Siesta", "Oficio"))}
    )
    reading = read_file(put("a.epub", book))
    assert reading.sentence == "Leí 3 poemas, 3 con título"


def test_a_bold_verse_and_a_text_in_bold_are_no_titles(put):
    once = (
        p("Vino la tarde") + p(BOLD.format("y nadie")) + p("la quiso.") + p("") + p(BOLD.format("Nadie")) + p("vino.")
    )
    assert not any(line.heading for line in word(put, once * 3).lines)
    assert not any(
        line.heading for line in word(put, "".join(p(BOLD.format(f"verso {n}")) + p("") for n in range(9))).lines
    )


STEPS = [0, 4, 8, 0]  # columns


def stepped_files():
    verses = ["cae la tarde", "sobre el río", "nadie", "mira"]
    word = "".join(
        p(verse, properties=f'<w:ind w:left="{step * 180}"/>' if step != 4 else '<w:ind w:firstLine="720"/>')
        for step, verse in zip(STEPS, verses, strict=True)
    )
    rtf_text = "".join(rf"\pard\li{step * 180} {verse}\par" for step, verse in zip(STEPS, verses, strict=True))
    rtf_text = rtf_text.replace("í", r"\'ed")
    styles = "".join(
        f'<style:style style:name="A{step}" style:family="paragraph"><style:paragraph-properties '
        f'fo:margin-left="{step * 1.25 / 4}cm"/></style:style>'
        for step in (4, 8)
    )
    writer = "".join(
        f'<text:p text:style-name="A{step}">{verse}</text:p>' for step, verse in zip(STEPS, verses, strict=True)
    )
    spans = "<br>".join(
        f'<span style="margin-left:{step * 0.75}em">{verse}</span>' for step, verse in zip(STEPS, verses, strict=True)
    )
    blocks = "".join(
        f'<div style="padding-left: {step * 9}pt">{verse}</div>' for step, verse in zip(STEPS, verses, strict=True)
    )
    sheet = "p.i1, .n {text-indent: 3em} /* x */ div.poema p.i2 { color: red; margin-left:6em }"
    within = f"<head><title>v</title><style>{sheet}</style></head>"
    classes = "".join(f'<p class="v i{step // 4}">{verse}</p>' for step, verse in zip(STEPS, verses, strict=True))
    styled = f"<html>{within}<body>{f'{classes}<p>&#160;</p><p>&#160;</p>' * 8}</body></html>"
    return {
        "a.docx": document_files.docx_of((word + p("") + p("")) * 8),
        "a.rtf": rf"{{\rtf1\ansi {(rtf_text + chr(92) + 'par' + chr(92) + 'par ') * 8}}}",
        "b.rtf": r"{\rtf1\ansi{\stylesheet{\s0 Normal;}{\s1\li720\sbasedon0 Verso;}{\s2\sbasedon1\li1440 Adentro;}}"
        + r"\pard\s0 cae la tarde\par\pard\s1 sobre el r\'edo\par\pard\s2 nadie\par\pard mira\par\par\par " * 8
        + "}",
        "a.epub": document_files.epub(
            {"c.xhtml": f"{classes}<p>&#160;</p><p>&#160;</p>" * 8},
            extra={"OEBPS/e.css": sheet},
        ),
        "b.epub": document_files.epub({"c.xhtml": f"<!DOCTYPE html>{styled}"}),
        "a.odt": document_files.odt((writer + "<text:p/><text:p/>") * 8, automatic=styles),
        "a.html": f"<html><body>{f'<p>{spans}</p>' * 8}</body></html>",
        "c.html": styled,
        "d.html": styled.replace(">cae la tarde<", "><i>cae la tarde</i><").replace(
            ">sobre el río<", "><b>sobre</b> el río<"
        ),
        "b.html": f"<html><body>{f'{blocks}<p>&#160;</p><p>&#160;</p>' * 8}</body></html>",
    }


@pytest.mark.parametrize("name", stepped_files())
def test_verse_that_steps_by_the_indents_of_its_paragraphs_keeps_its_steps(put, name):
    path = put(name, stepped_files()[name])
    texts = read_file(path).table.iloc[:, 0].tolist()
    assert [[len(line) - len(line.lstrip()) for line in text.split("\n")] for text in texts] == [STEPS] * 8
    assert texts[0].split() == ["cae", "la", "tarde", "sobre", "el", "río", "nadie", "mira"]
    assert "\n " not in read_file(path, indentation=False).table.iloc[0, 0]


def test_the_indents_of_prose_lists_and_cells_are_no_part_of_the_text(put):
    indent = '<w:ind w:left="720" w:firstLine="360"/>'
    prose = "".join(p(f"El heladero pintó la bolsa número {n}. " * 4, properties=indent) for n in range(6))
    assert not read_file(put("a.docx", document_files.docx_of(prose))).table.iloc[0, 0].startswith(" ")
    cell = f"<w:tc>{p('uno', properties=indent)}{p('dos', properties=indent)}</w:tc>"
    row = f"<w:tr>{cell}{cell}</w:tr>"
    assert read_file(put("b.docx", document_files.docx_of(f"<w:tbl>{row * 3}</w:tbl>"))).table.iloc[0, 0] == "uno\ndos"


def test_hidden_text_is_left_and_said(put):
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>muy SECRETO</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>visible</w:t></w:r>'
    document = word(put, p(r("uno "), hidden, shown) + f"<w:tbl><w:tr><w:tc>{p(hidden)}</w:tc></w:tr></w:tbl>")
    assert "".join(line.text for line in document.flat()) == "uno visible"
    assert counts_of(document) == {"hidden-word": 4}
    gathered = rtf.gather(put("a.rtf", r"{\rtf1 uno {\v muy SECRETO} dos\v\u237? no\v0  tres\par}"), DEFAULT)
    assert drawn(gathered.lines) == ["uno  dos tres¶"]
    assert counts_of(gathered) == {"hidden-word": 3}
