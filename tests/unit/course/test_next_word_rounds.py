"""The recorded rounds of «¿Qué sigue?»: what the embedded model says of them, and that they can be played."""

import pytest

from poetas.course.next_word_rounds import model_title, next_word_rounds
from poetas.models.catalogue import Catalogue
from tests.embedded import embedded_model


def test_each_round_has_four_words_of_which_one_is_the_models_favourite():
    for played in next_word_rounds():
        assert len(played.options) == 4
        assert played.favourite in played.options
        assert played.likeliest_share == max(played.bets(8).values())
    assert model_title() == Catalogue.load().get("gemma3-270m").title


def test_the_rounds_go_from_a_sure_bet_to_one_where_several_are_good_to_a_stock_phrase():
    sure, open_, stock = next_word_rounds()
    assert sure.likeliest_share > 0.5
    assert open_.likeliest_share < 0.05
    assert min(list(open_.options.values())[1:]) > 0.5 * open_.likeliest_share
    assert sum(share for word, share in stock.options.items() if word != stock.favourite) < 0.05


@pytest.mark.embedded
def test_the_model_still_bets_what_was_recorded():
    from poetas.generation.record_next_word import measured, open_in_float32

    language_model = open_in_float32(embedded_model("gemma3-270m"))
    for played in next_word_rounds():
        again = measured(language_model, played)
        assert again.options == pytest.approx(dict(played.options), abs=1e-3)
        assert again.likeliest == pytest.approx(dict(played.likeliest), abs=1e-3)
