"""Titles of poems among lines that look like them: the author's name, speeches, numerals, contents lists."""

import pytest

from poetas.data.pipeline.reading import read_file
from tests import own_files
from tests.unit.data.document_files import docx_of, p

POEMS = list(own_files.POEMS.items())
NAMES = [f"{name} {family}" for name in ("Ana", "Beto", "Carla") for family in ("Paz", "Sosa", "Luna", "Vera")]


def texts(reading):
    return reading.table.iloc[:, 0].tolist()


BYLINES = (
    "{title}\n{name}\n\n{poem}",
    "{title}\n{name}\n{poem}",
    "{title}\n\n{name}\n\n{poem}",
    "{name}\n{title}\n\n{poem}",
    "{name}\n\n{title}\n\n{poem}",
    "{title}\n({name})\n\n{poem}",
)


@pytest.mark.parametrize("form", BYLINES)
@pytest.mark.parametrize("capitals", [False, True])
@pytest.mark.parametrize("names", [["Marta Ledesma"] * 12, NAMES])
@pytest.mark.parametrize("between", ["\n\n", "\n\n\n"])
def test_the_authors_name_beside_each_title_stays_with_it(put, form, capitals, names, between):
    titles = [title.upper() if capitals else title for title, _poem in POEMS]
    own = [
        form.format(title=title, name=name, poem=poem)
        for title, name, (_title, poem) in zip(titles, names, POEMS, strict=True)
    ]
    reading = read_file(put("poemas.txt", between.join(own)))
    assert texts(reading) == own
    assert reading.sentence == "Leí 12 poemas, 12 con título"


def test_a_word_that_is_the_same_under_each_title_signs_it_and_a_refrain_does_not(put):
    signed = [f"{title}\n\nMarta\n\n{poem}" for title, poem in POEMS]
    assert texts(read_file(put("a.txt", "\n\n".join(signed)))) == signed
    book = "\n\n".join(["Cosas del agua\n\nFulana Inventada", *signed])
    assert texts(read_file(put("b.txt", book))) == signed
    sung = "\n\n".join(f"Vuelve la luna\nAy amor\n{poem}" for _title, poem in POEMS)
    assert "con título" not in read_file(put("c.txt", sung)).sentence


STANZAS = [stanza for _title, poem in POEMS for stanza in poem.split("\n\n")]


@pytest.mark.parametrize("under", ["\n", "\n\n"])
@pytest.mark.parametrize("capitals", [False, True])
def test_a_refrain_that_is_called_so_is_within_its_poem(put, under, capitals):
    own = []
    for title, poem in POEMS:
        first, last = poem.split("\n\n")
        head = title.upper() if capitals else title
        own.append("\n\n".join([head, first, f"ESTRIBILLO{under}Ay, la lluvia,\nque no para", last]))
    assert texts(read_file(put("a.txt", "\n\n".join(own)))) == own
    less = [text if n % 3 == 0 else text.replace("ESTRIBILLO", "Otra vez,") for n, text in enumerate(own)]
    if capitals:
        assert len(read_file(put("b.txt", "\n\n".join(less))).table) == len(own)


@pytest.mark.parametrize("under", ["\n", "\n\n"])
def test_who_speaks_in_a_play_heads_no_poem(put, under):
    names = ["DON JULIO", "ELVIRA"]
    play = "\n\n".join(f"{names[n % 2]}{under}{text}" for n, text in enumerate(STANZAS))
    assert texts(read_file(put("a.txt", play))) == [play]
    scenes = [f"ESCENA {n}\n\n{play}" for n in ("I", "II")]
    assert texts(read_file(put("b.txt", "\n\n".join(scenes)))) == scenes


def test_titles_in_capitals_of_which_some_are_the_same_are_titles(put):
    own = [f"{'SIN TÍTULO' if n % 4 == 1 else title.upper()}\n\n{poem}" for n, (title, poem) in enumerate(POEMS)]
    assert texts(read_file(put("a.txt", "\n\n".join(own)))) == own


BOOK = '<w:pStyle w:val="Heading1"/>'
LOOKS = ["<w:i/>", '<w:sz w:val="32"/>', '<w:u w:val="single"/>', "<w:b/>"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("book", [False, True])
@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("dedicated", [(), (1, 4), range(12)])
def test_titles_by_their_look_under_a_books_title_and_with_dedications_of_the_same_look(
    put, look, book, blank, dedicated
):
    run = f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{{}}</w:t></w:r>'
    body = p("Cosas del agua", properties=BOOK) if book else ""
    for n, (title, poem) in enumerate(POEMS):
        body += p("", run.format(title)) + (p("", run.format("a mi madre")) if n in dedicated else "")
        body += "".join(map(p, [*[""] * (blank and not dedicated), *poem.split("\n"), ""]))
    reading = read_file(put("a.docx", docx_of(body)))
    assert [text.split("\n")[0].replace("Cosas del agua", POEMS[0][0]) for text in texts(reading)] == [
        title for title, _poem in POEMS
    ]


@pytest.mark.parametrize("tag", ["i", "u", "big", "b"])
def test_titles_by_their_look_under_the_only_heading_of_a_page(put, tag):
    stanzas = [f"<p><{tag}>{title}</{tag}></p><p>{poem}</p>" for title, poem in POEMS]
    body = "".join(stanzas).replace("\n\n", "</p><p>").replace("\n", "<br>")
    reading = read_file(put("a.html", f"<html><body><h1>Cosas del agua</h1>{body}</body></html>"))
    assert len(reading.table) == len(POEMS)
