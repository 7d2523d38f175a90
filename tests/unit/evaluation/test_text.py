"""Words, sentences, numbers: what every score rests on."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetas.evaluation.numerals import numerals
from poetas.evaluation.sentences import sentence_spans, sentences
from poetas.evaluation.words import WORD, is_word_of, located_words, ngrams, words

# Letters with accents, in both forms, marks that stack, jamo that compose without being combining, and blanks.
HARD_TEXT = st.text(alphabet="aAñÑéÉüİßoe\u0301\u0303\u0327 ,.¿ﬁ\u1100\u1161\u11a8가_9\n😀", max_size=40)


def test_a_spanish_word_is_one_word_however_its_accents_are_written() -> None:
    assert words("Canción, PINGÜINO y ñandú") == ["canción", "pingüino", "y", "ñandú"]
    assert words(unicodedata.normalize("NFD", "Canción, PINGÜINO y ñandú")) == ["canción", "pingüino", "y", "ñandú"]


@given(HARD_TEXT)
def test_located_words_are_the_words_and_stand_where_they_say(text: str) -> None:
    result = located_words(text)
    assert [word.text for word in result] == words(text)
    for word in result:
        assert words(text[word.start : word.end]) == [word.text]
    assert all(item.end <= other.start for item, other in itertools.pairwise(result))


@given(st.text(alphabet="aAñ\u0303\u0327 .¿가_9", min_size=1, max_size=2), HARD_TEXT)
def test_a_word_is_looked_for_as_if_the_text_were_taken_apart(word: str, text: str) -> None:
    assert is_word_of(word, text) == (word in WORD.findall(text))


def test_an_ngram_of_no_items_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ngrams(["a"], 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("El Sr. Paz y la Dra. Sol vinieron. Comieron.", ["El Sr. Paz y la Dra. Sol vinieron.", "Comieron."]),
        ("Pagó 1.200,50 pesos. Después 3.5 más.", ["Pagó 1.200,50 pesos.", "Después 3.5 más."]),
        ("¿Vienen? ¡Vengan! Bueno…  Otro día.", ["¿Vienen?", "¡Vengan!", "Bueno…", "Otro día."]),
        ("«¿Vamos?», preguntó Ana. «No», dijo él.", ["«¿Vamos?», preguntó Ana.", "«No», dijo él."]),
        ("“Se acabó.” Y se fue.", ["“Se acabó.”", "Y se fue."]),
        ("—¡Basta! —gritó Inés—. Era tarde.", ["—¡Basta! —gritó Inés—.", "Era tarde."]),
        ("J. L. Borges nació en 1899. Murió en 1986.", ["J. L. Borges nació en 1899.", "Murió en 1986."]),
        ("Vive en EE. UU. desde niño. Habla poco.", ["Vive en EE. UU. desde niño.", "Habla poco."]),
        ("Llegó a las 8 p. m. y durmió.", ["Llegó a las 8 p. m. y durmió."]),
        ("Leé la pág. 12. No. Mejor la 13.", ["Leé la pág. 12.", "No.", "Mejor la 13."]),
        ("1. Abrí la puerta. 2. Entrá.", ["1. Abrí la puerta.", "2. Entrá."]),
        ("Un título\n\nY el cuerpo,\nque sigue. Fin", ["Un título", "Y el cuerpo,\nque sigue.", "Fin"]),
        ("Mr. Smith paid $3.50. He left.", ["Mr. Smith paid $3.50.", "He left."]),
        ("sin punto final", ["sin punto final"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(max_size=200))
def test_no_letter_is_lost_between_sentences(text: str) -> None:
    spans = sentence_spans(text)
    kept = "".join(text[span.start : span.end] for span in spans)
    assert [char for char in kept if not char.isspace()] == [char for char in text if not char.isspace()]


def readings(text: str, language: str = "es") -> list[set[float]]:
    return [set(number.readings) for number in numerals(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.200 o 1,200", [{1200, 1.2}, {1200, 1.2}]),
        ("1,5 y 1.5", [{1.5}, {1.5}]),
        ("12.400,50 y 12,400.50", [{12400.5}, {12400.5}]),
        ("12 400 vecinos", [{12400}]),
        ("2,5 millones", [{2_500_000}]),
        ("a las 18:30", [{18.3}]),
        ("el 50 %", [{50}]),
        ("G20 y COVID-19", [{19}]),
        ("treinta y dos mil", [{32_000}]),
        ("mil doscientas personas", [{1200}]),
        ("trescientos cuarenta y cinco", [{345}]),
        ("veintidós, tres y cuatro", [{22}, {3}, {4}]),
        ("un gato y una casa", []),
        ("un millón", [{1_000_000}]),
    ],
)
def test_numbers_are_read_however_they_are_written(text: str, expected: list[set[float]]) -> None:
    assert readings(text) == expected


def test_english_numbers_are_english() -> None:
    assert readings("twenty-two cats and one hundred and five dogs, one day", "en") == [{22}, {105}]
    assert readings("once upon a time", "en") == []
    assert readings("once gatos") == [{11}]
