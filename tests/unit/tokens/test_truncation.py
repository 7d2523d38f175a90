"""Truncation: what app 2 shows as kept is what training encodes, for any text, limit, tokenizer and prompt style."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from poetas.data.service import token_payloads
from poetas.generation.prompt_templates import PromptStyle
from poetas.generation.prompts import summary_prompt
from poetas.tokens.special_token_guard import backend_of, plain_ids
from poetas.tokens.token_lengths import TokenLengths
from poetas.tokens.truncation import kept_lengths
from poetas.training.label_masking import IGNORE_INDEX
from poetas.training.row_encoding import encode_rows
from poetas.util.text_normalize import composed
from tests.unit.tokens.test_tokens import HARD

ROOM = 100_000
WORDS = (
    "niña",
    "café",
    "cafe\u0301",
    "vos",
    "¿qué?",
    "🧉",
    "👩‍👩‍👧‍👦",
    "👋🏽",
    "don't",
    "1234",
    "<eos>",
    "漢字",
    "Ñandú,",
)
BLANKS = (" ", "  ", "\n", "\n\n", " \n", "\t", "\u00a0", "")
STANZAS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(BLANKS)), max_size=14).map(
    lambda parts: "".join(word + blank for word, blank in parts)
)
TEXTS = st.one_of(st.text(max_size=40), STANZAS)


def shown_as_kept(tokenizer, text, limit):
    """The words of the kept side of app 2's X-ray that are whole, and how many it counts as lost."""
    lengths = TokenLengths.measure(tokenizer, [text])
    answer = token_payloads.cut(tokenizer, lengths, [text], limit, 0)
    assert answer["kept"] + answer["lost"] == text
    words = answer["kept"].split()
    if answer["kept"] and answer["lost"] and not answer["kept"][-1].isspace() and not answer["lost"][0].isspace():
        words = words[:-1]  # only a part of that word is kept
    assert answer["words_lost"] == answer["text_words_lost"] == len(text.split()) - len(words)
    return answer["kept"], words


def trained_on(tokenizer, text, limit):
    """The token ids of a style example: those of the text that training keeps, and how many tokens it dropped."""
    examples = encode_rows(
        tokenizer, PromptStyle("plain", "es"), [{"text": text}], task="style", longest=limit, room=ROOM
    )
    [item] = examples.items
    ids = [label for label in item.labels if label != IGNORE_INDEX]
    if not examples.lost:  # the end of a cut text is not known
        assert ids.pop() == tokenizer.eos_token_id
    return ids, examples.lost


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, limit=st.integers(1, 30))
@example(text="cafe\u0301 solo", limit=3)
@example(text="👋🏽👋🏽", limit=5)
@example(text="uno\n\ndos", limit=1)
def test_the_words_shown_as_kept_are_those_whose_tokens_training_keeps(pair, text, limit):
    here, there = pair
    text = composed(text.strip())  # as every cell of a prepared dataset
    if not text:
        return
    kept, words = shown_as_kept(here, text, limit)
    ids, lost = trained_on(there, text, limit)
    assert ids == plain_ids(there, kept.rstrip())
    assert len(ids) <= limit
    assert len(ids) + lost == len(plain_ids(there, text))
    whole = [word for word in kept.split() if word]
    assert whole[: len(words)] == words
    summary = encode_rows(
        there, PromptStyle("plain", "es"), [{"text": text, "summary": "s"}], task="summary", longest=limit, room=ROOM
    ).items[0]
    asked = summary_prompt(PromptStyle("plain", "es"), kept.rstrip())
    prompt = [number for number, label in zip(summary.input_ids, summary.labels, strict=True) if label == IGNORE_INDEX]
    assert prompt[-len(plain_ids(there, asked)) :] == plain_ids(there, asked)


@pytest.mark.parametrize("text", [text for text in HARD if text])
def test_kept_lengths_never_shrink_and_end_with_the_whole_text(pair, text):
    kept = kept_lengths(text, backend_of(pair[1]).encode(text, add_special_tokens=False).offsets)
    assert kept[-1] == len(text)
    assert (kept[1:] >= kept[:-1]).all()
