"""Titles of poems among lines that look like them: the author's name, speeches, numerals, contents lists."""

import pytest

from poetas.data.pipeline.reading import read_file
from tests import own_files

POEMS = list(own_files.POEMS.items())
NAMES = [f"{name} {family}" for name in ("Ana", "Beto", "Carla") for family in ("Paz", "Sosa", "Luna", "Vera")]


def texts(reading):
    return reading.table.iloc[:, 0].tolist()


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


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
