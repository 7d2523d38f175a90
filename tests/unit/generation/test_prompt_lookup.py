"""Draft tokens: what followed the longest run of last tokens before, and nothing where they were never there."""

from hypothesis import given
from hypothesis import strategies as st

from poetas.generation.prompt_lookup import DRAFTED, PromptLookup


def test_a_longer_run_decides_before_a_shorter_one():
    lookup = PromptLookup([1, 2, 3, 9, 2, 4, 5, 1, 2])
    assert lookup.draft() == [3, 9, 2, 4, 5, 1, 2]  # after "1 2"; a lone 2 would give the same, "9 2" does not end it
    lookup = PromptLookup([8, 2, 3, 9, 2, 4, 5, 9, 2])
    assert lookup.draft()[:2] == [4, 5]


def test_a_text_that_goes_round_is_drafted_round():
    assert PromptLookup([1, 2, 3, 1, 2, 3, 1, 2, 3]).draft() == [1, 2, 3, 1, 2, 3]


@given(st.lists(st.integers(0, 4), max_size=30))
def test_a_draft_is_what_followed_the_last_tokens_elsewhere(tokens):
    draft = PromptLookup(tokens).draft()
    assert len(draft) <= max(DRAFTED)
    follows = {
        tuple(tokens[place : place + len(draft)]) for place in range(1, len(tokens)) if tokens[place - 1] == tokens[-1]
    }
    assert tuple(draft) in follows if draft else tokens[-1:] not in [[token] for token in tokens[:-1]]
