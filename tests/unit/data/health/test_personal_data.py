"""Personal data: precision and recall on a written set, masks that leave the text readable, hostile texts."""

import re
import sys
import time
from pathlib import Path

import pytest

from poetas.data.health.email_addresses import find_emails
from poetas.data.health.html_markup import strip_html
from poetas.data.health.identity_documents import find_documents
from poetas.data.health.mojibake import repair_encoding
from poetas.data.health.payment_numbers import find_accounts, find_cards
from poetas.data.health.personal_data import mask
from poetas.data.health.phone_numbers import find_phones
from poetas.data.health.url_tokens import find_secret_urls

LINES = [
    line
    for line in Path(__file__).with_name("personal_data.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
MARK = re.compile(r"\{(\w+):([^}]*)\}")
FINDERS = {"email": find_emails, "document": find_documents, "card": find_cards, "phone": find_phones}


def marked(line, kind):
    """A line without its marks, and the stretches marked as of a kind."""
    plain, expected, here = "", set(), 0
    for match in MARK.finditer(line):
        plain += line[here : match.start()]
        if match[1] == kind:
            expected.add((len(plain), len(plain) + len(match[2])))
        plain += match[2]
        here = match.end()
    return plain + line[here:], expected


def figures(kind):
    right = missed = wrong = 0
    faults = []
    for line in LINES:
        plain, expected = marked(line, kind)
        seen = set(FINDERS[kind](plain))
        hit = {span for span in expected if any(start < span[1] and span[0] < end for start, end in seen)}
        false = {span for span in seen if not any(start < span[1] and span[0] < end for start, end in expected)}
        right, missed, wrong = right + len(hit), missed + len(expected - hit), wrong + len(false)
        faults += [line] * bool(false or expected - hit)
    return right / max(1, right + wrong), right / max(1, right + missed), right + missed, faults


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Pagá con 4539 1488\n0343 6467, dale.", "Pagá con [tarjeta], dale."),
        ("la 5465-4990-\n  9514-5471", "la [tarjeta]"),
        *((f"4539{gap}1488{gap}0343{gap}6467", "[tarjeta]") for gap in "\t\u202f\u2009"),
        ("45391488\n03436467", "[tarjeta]"),
        ("3764 527720\n40563", "[tarjeta]"),
        ("4539 1488 0343\n6467 10/27", "[tarjeta] 10/27"),
        ("4539\n1488\n0343\n6467", "[tarjeta]"),
        ("4539\u00a01488\n0343\u00a06467", "[tarjeta]"),
        ("> 4539 1488 0343\n> 6467", "> [tarjeta]"),
        ("4539 1488\n0343 6468", None),
        ("12 4539 1488\n0343 6467", None),
        ("1,4539 1488\n0343 6467", None),
        ("4539\n1488\n0343\n6467\n2001", None),
        ("años 4539 1488\n0343 6467 2001", None),
        ("tel:(011)4382.7755", "tel:[teléfono]"),
        ("Tel.(0351)422-1188, de tarde", "Tel.[teléfono], de tarde"),
        ("sumó (12)34 y (56)78", None),
    ],
)
def test_cards_over_two_lines_and_phones_that_stick_to_their_area(text, masked):
    bare = mask(text, find_cards(text), "tarjeta")
    assert mask(bare, find_phones(bare), "teléfono") == (masked or text)


@pytest.mark.parametrize(
    "text",
    [
        "Para sacar el DNI juntaron 10.500.000 pesos entre todas.",
        "Hicieron el DNI 12.345.678 personas ese año.",
        "Por el DNI le cobraron USD 12.345.678, y pagó.",
    ],
)
def test_an_amount_after_the_word_dni_is_no_document(text):
    assert find_documents(text) == []


def test_what_a_web_page_does_not_show_is_cut_out_with_its_content():
    page = (
        "Uno.<script type='x'>if (a<b) robar()</script> Dos.<STYLE>p {color: red}</STYLE> Tres."
        "<!-- nota <b>interna</b> --> Cuatro."
    )
    assert strip_html(page) == "Uno. Dos. Tres. Cuatro."


def test_the_set_is_large_and_half_of_it_are_traps():
    traps = [line for line in LINES if not MARK.search(line)]
    assert len(LINES) >= 300
    assert len(traps) >= len(LINES) * 0.5


def say(kind, precision, recall, count, capsys):
    with capsys.disabled():
        sys.stdout.write(f"\n{kind}: precision {precision:.3f}, recall {recall:.3f}, {count} in {len(LINES)} lines\n")


@pytest.mark.parametrize("kind", ["email", "document", "card"])
def test_precision_and_recall_are_at_least_95_of_100(kind, capsys):
    precision, recall, count, faults = figures(kind)
    say(kind, precision, recall, count, capsys)
    assert precision >= 0.95, faults
    assert recall >= 0.95, faults


def test_phones_are_found_where_they_are_said_to_be_phones(capsys):
    precision, recall, count, faults = figures("phone")
    say("phone", precision, recall, count, capsys)
    assert min(precision, recall) >= 0.9, faults


@pytest.mark.parametrize(
    ("find", "text", "numbers"),
    [
        (find_documents, "Le pagaron a Ana Paz USD 23.456.789", []),
        (find_documents, "Por la Ruta Nacional 23.456.789km", []),
        (find_documents, "Paz, Ana, 23.456.789", ["23.456.789"]),
        (find_documents, "DNI 23.456.789, 24.567.890 y 25.678.901", ["23.456.789", "24.567.890", "25.678.901"]),
        (find_documents, "documento 23.456.789 y el de su hermana 24.567.890", ["23.456.789", "24.567.890"]),
        (find_phones, "llamó el 12-03-1976 y el 1976-03-12, del teléfono 4382-1234", ["4382-1234"]),
        (find_phones, "contacto: 12.03.76", []),
        (find_phones, "llamó 20240312 a la noche", []),
        (find_phones, "llamá al 20240312", ["20240312"]),
        (find_phones, "llamó por el código 3782 822463 10005 de su tarjeta", []),
        (find_cards, "0000 0000 0000 0000", []),
    ],
)
def test_what_follows_a_number_or_stands_before_it_tells_what_it_is(find, text, numbers):
    assert [text[start:end] for start, end in find(text)] == numbers


def test_masks_leave_the_text_readable():
    words = "Escribime a ana@correo.ar; DNI 23.456.789, CBU 2850590940090418135201."
    words = mask(words, find_accounts(words), "cuenta")
    words = mask(words, find_documents(words), "documento")
    assert mask(words, find_emails(words), "correo") == "Escribime a [correo]; DNI [documento], CBU [cuenta]."


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("https://a.ar/nota-larga-sobre-el-río-de-1976 y www.b.ar/?p=2", []),
        ("Entrá a https://a.ar/x?session=9f8a7b6c.", ["https://a.ar/x?session=9f8a7b6c"]),
        ("https://ana:secreto@servidor.ar/carpeta", ["https://ana:secreto@servidor.ar/carpeta"]),
        ("(https://chat.whatsapp.com/AbCdEfGh123)", ["https://chat.whatsapp.com/AbCdEfGh123"]),
        ("https://docs.x.com/d/1aB2cD3eF4gH5iJ6kL7mN8oP/edit", ["https://docs.x.com/d/1aB2cD3eF4gH5iJ6kL7mN8oP/edit"]),
        ("https://zoom.us/j/12345?pwd=Xy12", ["https://zoom.us/j/12345?pwd=Xy12"]),
    ],
)
def test_only_addresses_with_a_secret_are_masked(text, secrets):
    assert [text[start:end] for start, end in find_secret_urls(text)] == secrets


LONG = 200_000
HOSTILE = {
    "letters": "a" * LONG,
    "digits": "1" * LONG,
    "digits apart": "1 " * (LONG // 2),
    "digits and dots": "1." * (LONG // 2),
    "groups": "123 " * (LONG // 4),
    "signs": "@" * LONG,
    "addresses": "a@a." * (LONG // 4),
    "capitals": "Ab Cd " * (LONG // 6),
    "names and commas": "Ab, Cd, 12.345.678 " * (LONG // 19),
    "DNI": "DNI " * (LONG // 4),
    "tags": "<a " * (LONG // 3),
    "scripts": "<script>" * (LONG // 8),
    "comments": "<!--" * (LONG // 4),
    "ampersands": "&" * LONG,
    "references": "&amp;" * (LONG // 5),
    "addresses of pages": "https://a/?a=" * (LONG // 13),
    "one address": "https://a.ar/" + "a1B" * (LONG // 3),
    "blanks": " " * LONG,
    "emoji": "\N{GRINNING FACE}" * LONG,
    "NUL": "\0" * LONG,
    "mojibake": "Ã±" * (LONG // 2),
    "tel": "tel " * (LONG // 4),
    "dashes": "12-" * (LONG // 3),
    "parentheses": "(1" * (LONG // 2),
    "arroba": "a arroba a punto " * (LONG // 17),
}
FUNCTIONS = (
    find_emails, find_documents, find_cards, find_accounts, find_phones, find_secret_urls, strip_html, repair_encoding,
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_cell_of_200_000_characters_is_looked_through_in_seconds(name):
    started = time.process_time()
    for function in FUNCTIONS:
        function(HOSTILE[name])
    assert time.process_time() - started < 8, name
