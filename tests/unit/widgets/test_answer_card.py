"""AnswerCard: numbers that the source does not hold are marked by the words of the source's language."""

from widgets.train.try_it.answer_card import answer_card

SOURCE = (
    "The mayor said that the new bridge over the river will open in the spring, and that it cost less than it should."
)


def test_a_number_in_words_is_checked_in_the_language_of_the_text():
    card = answer_card("tuned", "The bridge cost seven million.", source=SOURCE, answer={"complete": True})
    assert "Subrayado:" in card
    assert "seven million" in card.replace("<u", "\x00").split("\x00", 1)[1]


def test_a_number_that_the_text_holds_is_not_marked():
    card = answer_card(
        "tuned", "It took twelve years.", source=f"{SOURCE} It took 12 years.", answer={"complete": True}
    )
    assert "Subrayado:" not in card
