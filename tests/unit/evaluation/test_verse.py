"""Scansion and the metrics of verse: what they count, and where they stay silent."""

import random

import pytest

from poetas.data.storage.samples import sample
from poetas.evaluation.metrics.metre import STYLE_METRIC as METRE
from poetas.evaluation.metrics.recited_verses import STYLE_METRIC as RECITED
from poetas.evaluation.metrics.rhyme import STYLE_METRIC as RHYME
from poetas.evaluation.metrics.style_metric import StyleWriting
from poetas.evaluation.scansion import metre_of, rhyme, verse
from poetas.evaluation.style_report import style_report

COPLAS = sample("coplas").path.read_text("utf-8").strip().split("\n\n")
LINES = [line for stanza in COPLAS for line in stanza.split("\n")]
PROSE = "El municipio abrió la licitación para reparar la ruta que une los dos pueblos del valle"


@pytest.mark.parametrize(
    ("line", "syllables", "assonance"),
    [
        ("Volverán las oscuras golondrinas", 11, "ia"),
        ("En tanto que de rosa y azucena", 11, "ea"),
        ("Caminante, no hay camino,", 8, "io"),
        ("se hace camino al andar.", 8, "a"),
        ("hoy es marino en Noruega", 8, "ea"),
        ("con sus pétalos", 4, "eo"),
        ("«¿Y el huevo?»", 3, "eo"),
        ("Aquí me pongo a cantar", 8, "a"),
        ("—¡Qué pingüino!", 4, "io"),
        ("cielito lindo, ay ay ay", 8, "a"),
    ],
)
def test_syllables_are_counted_as_a_poet_does(line, syllables, assonance):
    scanned = verse(line)
    assert (scanned.syllables, scanned.assonance) == (syllables, assonance)


@pytest.mark.parametrize("line", ["", "—", "* * *", "Compró 12 gatos", "привет", "猫", "yy"])
def test_what_is_no_verse_is_not_counted_and_breaks_nothing(line):
    assert verse(line) is None


def test_the_coplas_are_octosyllables_and_their_even_lines_rhyme():
    assert sum(verse(line).syllables == 8 for line in LINES) >= 521
    assert metre_of(LINES) == (8,)
    for stanza in COPLAS:
        _first, second, _third, fourth = map(verse, stanza.split("\n"))
        assert rhyme(second, fourth), stanza


def test_two_alternating_measures_are_a_metre_and_chopped_prose_is_none():
    silva = ["Volverán las oscuras golondrinas", "en tu balcón sus nidos"] * 4
    assert metre_of(silva) == (7, 11)
    words = " ".join(LINES).split()
    rng = random.Random(3)
    chopped = [" ".join(words[start : start + rng.choice([2, 3, 4, 5, 6, 7, 8])]) for start in range(0, 400, 5)]
    assert metre_of(chopped) == ()


def writing(system, texts, training=tuple(COPLAS), beginnings=(), cut=(), losses=(3.0,) * 12):
    return StyleWriting(system, texts, training, () if system == "human" else losses, "es", beginnings, cut)


FREE = ["Verso libre y\nmuy\nde otro largo que este"] * 9
STARTS = [stanza.split("\n")[0] + "\n" for stanza in COPLAS[:12]]
RESTS = [stanza.split("\n", 1)[1] for stanza in COPLAS[:12]]


def test_held_out_coplas_have_the_metre_and_the_rhyme_and_prose_has_not():
    own = writing("human", RESTS, beginnings=STARTS)
    assert len(METRE.values(own)) == len(RHYME.values(own)) == 36
    assert sum(METRE.values(own)) >= 35
    assert 20 <= sum(RHYME.values(own)) <= 30, "two of each four lines, of which three are judged, and some by chance"
    prose = writing("tuned", [PROSE] * 12, beginnings=STARTS)
    assert sum(METRE.values(prose)) == 0
    assert sum(RHYME.values(prose)) <= 3


def test_a_line_that_breaks_off_is_not_judged_and_a_line_left_open_is():
    whole = "y nunca tuvo dos frenos:\nel otro freno era un mol"
    assert len(METRE.values(writing("tuned", [whole], beginnings=["Mi bicicleta era negra\n"]))) == 2
    assert METRE.values(writing("tuned", [whole], beginnings=["Mi bicicleta era negra\n"], cut=[True])) == [1.0]
    assert METRE.values(writing("tuned", ["era negra"], beginnings=["Mi bicicleta "])) == [1.0]


@pytest.mark.parametrize(
    "training",
    [[PROSE] * 20, [f"{PROSE}\n{PROSE} y más allá"] * 20, FREE, []],
)
def test_prose_and_free_verse_have_no_metre_to_be_judged_by(training):
    assert not METRE.values(writing("tuned", RESTS, training, STARTS))


def test_verse_in_english_is_not_scanned_as_if_it_were_spanish():
    english = StyleWriting("tuned", RESTS, COPLAS, (), "en", STARTS)
    assert not METRE.values(english)
    assert not RHYME.values(english)


def test_whole_verses_of_the_training_texts_are_counted():
    tuned = writing(
        "tuned", [RESTS[0], "y nunca tuvo tres ruedas\nel otro freno era un MOLLE,"], COPLAS[:1], STARTS[:2]
    )
    assert RECITED.values(tuned) == [1.0, 1.0, 1.0, 0.0, 0.0]
    assert not RECITED.values(writing("tuned", [PROSE], [PROSE], STARTS[:1]))


def test_the_result_of_a_style_holds_them_and_its_verdict_says_them():
    training = COPLAS[12:]
    writings = [
        writing("human", RESTS, training, STARTS),
        writing("base", [PROSE] * 12, training, STARTS, losses=(4.0,) * 12),
        writing("tuned", RESTS, training, STARTS),
    ]
    result = style_report(writings, STARTS, 1)
    rows = {row["system"]: row["scores"] for row in result["rows"]}
    assert rows["tuned"]["metre"] > 0.9 > rows["base"]["metre"] == 0
    assert rows["human"]["recited"] == 0
    assert "versos son octosílabos; antes, 0 de 12; en tu conjunto, 36." in result["verdict"]["headline"]
    assert "El modelo como vino seguía con lo mismo, o casi, 12 de 12 comienzos." in result["verdict"]["headline"]
    same = [*writings[:2], writing("tuned", [RESTS[0]] * 12, training, STARTS)]
    assert style_report(same, STARTS, 1)["verdict"]["kind"] == "collapsed"
