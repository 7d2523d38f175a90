"""Sentences that components say: agreement in number, percentages with their article."""

import numpy as np
import pytest

from poetas.jobs import Sample
from widgets.prepare.lengths.truncation_preview import TruncationPreview
from widgets.train.sample_history import FilmStrip


@pytest.mark.parametrize(
    ("lost", "said"),
    [(1, "va a leer menos del 0,1\N{NO-BREAK SPACE}% de"), (500, "va a leer el 5,0\N{NO-BREAK SPACE}% de")],
)
def test_a_percentage_has_its_article_and_a_tiny_one_has_none(lost, said):
    answer = {"words": 10_000, "words_lost": lost, "kept": "Llueve ", "lost": "mucho", "tokens": 9}
    preview = TruncationPreview(lambda _index, _longest, done: done(answer))
    preview.look(np.array([3, 900]), 512)
    assert said in preview.words.value


def test_a_single_text_that_is_cut_is_not_one_of_one():
    preview = TruncationPreview(None)
    preview.look(np.array([900]), 512)
    assert "Tu texto se corta." in preview.words.value


@pytest.mark.parametrize(("step", "said"), [(1, "(va 1 paso)"), (8, "(van 8 pasos)")])
def test_one_step_is_singular_and_the_reference_is_nobodys(step, said):
    film = FilmStrip()
    film.add([Sample(step=step, index=0, source="Llovió.", text="Llueve.", reference="Llovió anoche.")])
    assert said in film.value
    assert "resumen de referencia" in film.value
    assert "una persona" not in film.value
