"""Windows: no word is lost, none is longer than asked, they end at sentences or verses, with any tokenizer."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from poetas.tokens.special_token_guard import plain_ids
from poetas.tokens.truncation import kept_lengths
from poetas.tokens.windows import windows
from tests.tiny_model import train_tokenizer
from tests.unit.tokens.test_truncation import TEXTS

PROSE = "La gata durmió. El río creció durante la tarde, y nadie volvió. ¿Y la Dra. Paz? «Se fue», dijo."
VERSES = "\n\n".join("\n".join(f"verso {n} del estribillo {stanza}," for n in range(4)) for stanza in range(5))
INDENTED = "cae la tarde\n    sobre el río\n        despacio\n" * 6


@pytest.fixture(scope="module")
def tiny():
    return train_tokenizer()


def parts(tokenizer, text, longest):
    return [text[window.start : window.end] for window in windows(tokenizer, text, longest)]


@settings(max_examples=40, deadline=None)
@given(text=TEXTS, longest=st.integers(1, 30))
@example(text="👩‍👩‍👧‍👦👩‍👩‍👧‍👦", longest=1)
@example(text="cafe\u0301" * 9, longest=2)
@example(text=INDENTED, longest=16)
@example(text="0\n 0", longest=1)
@example(text=PROSE, longest=12)
def test_every_word_is_in_a_window_once_and_no_window_is_longer_than_asked(pair, text, longest):
    _here, there = pair
    text = text.strip()
    if not text:
        return
    made = windows(there, text, longest)
    between = [text[window.end : after.start] for window, after in pairwise(made)]
    assert (made[0].start, made[-1].end) == (0, len(text))
    assert not "".join(between).strip()
    assert [window.last for window in made] == [False] * (len(made) - 1) + [True]
    for window in made:
        part = text[window.start : window.end]
        assert part.strip()
        character = set(kept_lengths(part, [(n, n + 1) for n in range(len(part))]).tolist()) == {0, len(part)}
        assert len(plain_ids(there, part)) <= longest or character


def test_prose_ends_at_a_sentence_wherever_one_fits(tiny):
    assert all(part.endswith((".", "?")) for part in parts(tiny, PROSE * 3, 40))
    assert "".join("".join(parts(tiny, PROSE * 3, 40)).split()) == "".join((PROSE * 3).split())


def test_verse_ends_at_a_verse_and_rather_at_a_stanza(tiny):
    stanzas = parts(tiny, VERSES, 75)
    for longest in (25, 37, 43):
        assert all(part.endswith(",") and part.startswith("verso") for part in parts(tiny, VERSES, longest)), longest
    assert [part.count("\n") for part in stanzas] == [3] * 5
    assert "\n\n".join(stanzas) == VERSES


def test_the_indentation_of_a_verse_stays_with_it(tiny):
    made = parts(tiny, INDENTED.strip(), 40)
    assert "\n".join(made) == INDENTED.strip()
    assert any(part.startswith("    ") for part in made)


def test_a_sentence_that_is_too_long_ends_at_a_word_and_a_word_inside(tiny):
    assert all(part.startswith("palabra") and part.endswith("palabra") for part in parts(tiny, "palabra " * 50, 10))
    assert "".join(parts(tiny, "a" * 90 + "ñ", 7)) == "a" * 90 + "ñ"


def test_a_text_that_fits_or_has_no_limit_is_one_window(tiny):
    assert parts(tiny, PROSE, 0) == parts(tiny, PROSE, 1000) == [PROSE]
