"""The n-gram model of a small text: its counts are exact, it backs off, repeats its draws, and is quick."""

import random
import time
import tracemalloc
from collections import Counter

import pytest

from poetas.data.storage.samples import sample
from poetas.generation.ngram_model import LINE_END, NGramModel, divided, shown, words_of

HOSTILE = {
    "one word": "hola",
    "right to left": "السلام عليكم\nالسلام لكم",
    "combining marks": "हिन्दी में हिन्दी\nहिन्दी की",
    "tags": "<b>la</b> <script>alert(1)</script>\nla casa",
    "nul": "la\0casa\nla\x07luna",
    "one word, very often": "a " * 25_000,
    "one very long word": "x" * 50_000 + "\nla casa",
    "no blank at all": "漢字" * 10_000 + "\n漢字",
}


@pytest.fixture(scope="module")
def coplas():
    return NGramModel.of_text(sample("coplas").path.read_text("utf-8"))


def test_its_counts_are_those_of_nltk(coplas):
    from nltk.lm import NgramCounter  # here: with all that nltk imports it takes a second
    from nltk.util import everygrams

    counter = NgramCounter()
    for lines in coplas.texts:
        words = [LINE_END, *(word for line in lines for word in (*line, LINE_END))]
        counter.update([everygrams(words, max_len=4)])
    contexts = 0
    for length in (1, 2, 3):
        for context, expected in counter[length + 1].items():
            seen = coplas.next_words(context, longest=3)
            assert seen.context == context
            assert dict(seen.counts) == dict(expected)
            contexts += 1
    assert contexts > 5000
    assert len(coplas) == sum(count for word, count in counter.unigrams.items() if word != LINE_END)


def test_a_context_never_seen_gives_way_to_a_shorter_one_and_the_last_is_none(coplas):
    assert coplas.next_words(["semáforo", "carta"], longest=3).context == ("carta",)
    assert coplas.next_words(["y", "la", "carta"], longest=1).context == ("carta",)
    assert coplas.next_words(["carta", "semáforo"], longest=3).context == ()
    nothing = coplas.next_words(["semáforo"], longest=3)
    assert nothing.total == len(coplas) + sum(len(lines) for lines in coplas.texts)


def test_a_draw_follows_the_counts_and_its_seed():
    model = NGramModel.of_text("la luna\nla luna\nla luna\nla sal")
    draws = [model.draw(["la"], random.Random(seed), longest=1) for seed in range(2000)]
    assert Counter(draw.word for draw in draws)["luna"] == pytest.approx(1500, abs=100)
    assert {draw.ticket for draw in draws if draw.word == "sal"} == {4}
    assert model.draw(["la"], random.Random(5), longest=1) == draws[5]


def test_a_longer_context_copies_more(coplas):
    shares = []
    for longest in (1, 2, 3):
        written = coplas.write([], random.Random(3), longest=longest, lines=40, most=400)
        runs = [len(coplas.copied(written[start : start + 12])) for start in range(0, len(written) - 12, 12)]
        shares.append(sum(runs) / len(runs) / 12)
    assert shares[0] < shares[1] < shares[2]
    assert shares[2] > 0.7


def test_what_is_copied_is_found_within_one_text_only():
    model = NGramModel.of_text("el mar\ny la sal\n\nla luna")
    assert model.copied(["ay", "mar", LINE_END, "y", "la", "luna"]) == range(1, 5)
    assert len(model.copied(["sal", LINE_END, "la"])) == 2
    assert model.copied(["ajo"]) == range(0)


def test_leaving_out_the_texts_with_a_word_leaves_the_counts_of_the_others():
    model = NGramModel.of_text("la luna\nla sal\n\nla luna sola\n\nla sal")
    assert dict(model.without("luna").next_words(["la"], longest=1).counts) == {"sal": 1}
    assert dict(model.next_words(["la"], longest=1).counts) == {"luna": 2, "sal": 2}
    assert not len(model.without("la"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_is_read_and_continued_in_little_time_and_memory(text):
    tracemalloc.start()
    began = time.process_time()
    model = NGramModel.of_text(text)
    assert len(model)
    for longest in (1, 2, 3):
        written = model.write([], random.Random(1), longest=longest, lines=2)
        assert "\0" not in shown(written)
        assert "<" not in shown(written)
        model.copied(written)
    assert time.process_time() - began < 2
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()


@pytest.mark.parametrize("text", ["", " \n\n", "🌙🌙 🌊", "\0\0", "... ¡!"])
def test_a_text_without_words_has_no_model(text):
    assert divided(text) == []
    assert not len(NGramModel.of_text(text))


def test_words_of_any_script_keep_their_marks_and_lose_their_punctuation():
    assert words_of("«L’été», re-tira: ¡Ñandú!") == ["l’été", "re-tira", "ñandú"]
    assert words_of("שָׁלוֹם עולם") == ["שָׁלוֹם", "עולם"]


def test_ten_thousand_words_take_less_than_two_seconds():
    rng = random.Random(0)
    vocabulary = [f"palabra{index}" for index in range(2000)]
    verses = [" ".join(rng.choices(vocabulary, k=5)) for _ in range(2000)]
    text = "\n".join(verse + "\n" * (index % 4 == 3) for index, verse in enumerate(verses))
    began = time.perf_counter()
    model = NGramModel.of_text(text)
    for longest in (1, 2, 3):
        model.copied(model.write(["palabra7"], random.Random(1), longest=longest, lines=4))
    assert len(model) == 10_000
    assert time.perf_counter() - began < 2
