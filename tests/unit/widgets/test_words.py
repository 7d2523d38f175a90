"""Sentences that components say: agreement in number, percentages with their article."""

import numpy as np
import pytest

from poetas.data.storage.samples import samples
from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.verdict import VerdictKind, verdict
from poetas.exam_size import ENOUGH, few_texts
from widgets.prepare.file_picker.sample_picker import SamplePicker
from widgets.prepare.lengths.truncation_preview import TruncationPreview
from widgets.prepare.split.split_drawing import cards
from widgets.train.sample_history.sample_history import FilmStrip


@pytest.mark.parametrize(
    ("lost", "said"),
    [(1, "va a leer menos del 0,1\N{NO-BREAK SPACE}% de"), (500, "va a leer el 5,0\N{NO-BREAK SPACE}% de")],
)
def test_a_percentage_has_its_article_and_a_tiny_one_has_none(lost, said):
    answer = {"words": 10_000, "words_lost": lost, "kept": "Llueve ", "lost": "mucho", "tokens": 9}
    preview = TruncationPreview(lambda _index, _longest, done: done(answer))
    preview.show(np.array([3, 900]), 512)
    assert said in preview.message.value


def test_a_single_text_that_is_cut_is_not_one_of_one():
    preview = TruncationPreview(None)
    preview.show(np.array([900]), 512)
    assert "Tu texto se corta." in preview.message.value


def test_the_reference_of_the_film_is_nobodys():
    assert FilmStrip().words["reference"] == "El resumen de referencia"


def test_a_sample_says_who_wrote_it_and_shows_its_card_whole():
    picker = SamplePicker(lambda _path: None)
    grid, whole = picker.children
    for sample, card in zip(samples(), grid.children, strict=True):
        assert "los escribió un modelo de lenguaje" in card.children[0].value
        assert f"La ficha de «{sample.title}»" in whole.value
    assert whole.value.count("CC0 1.0") == len(samples())
    assert "<h1" not in whole.value
    assert 'lang="en"' in whole.value


def test_an_exam_that_can_be_taken_again_is_not_said_to_be_taken_once():
    drawn = cards({}, 0)
    assert "cuantas menos veces se toma, mejor mide" in drawn
    assert "una sola vez" not in drawn


@pytest.mark.parametrize("count", [3, 9, 10, 39, 40])
def test_app_2_and_the_verdict_agree_on_how_many_texts_an_exam_needs(count):
    known = verdict({"base": Interval(5.0, 4.0, 6.0, count)}).kind is not VerdictKind.TOO_FEW
    assert known == ("no se puede afirmar nada" not in few_texts(count))
    assert (few_texts(count) == "") == (count >= ENOUGH)
    assert (few_texts(count, style=True) == "") == known  # a loss differs little from text to text
