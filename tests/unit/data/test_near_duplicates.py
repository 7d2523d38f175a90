"""Near-identical texts are found, against a plain comparison of every pair, and fast for many."""

import random
import time

import numpy as np
import pytest
from rapidfuzz import fuzz

from poetas.data.pipeline import minhash
from poetas.data.pipeline.minhash import shingles
from poetas.data.pipeline.near_duplicates import ALL_PAIRS, Pairs, _by_shingles, groups, near_pairs, repeated
from poetas.data.pipeline.reading import read_file
from poetas.data.storage.samples import sample
from poetas.util.text_normalize import letters_only

NEWS = list(read_file(sample("noticias").path).table["texto"])
VOCABULARY = sorted({word for text in NEWS for word in text.split()})


def mixed(chance):
    """A text like those of the sample, of their words and phrases, and unlike each of them."""
    source = " ".join(chance.sample(NEWS, 2)).split()
    start = chance.randrange(len(source) // 2)
    return " ".join(
        word if chance.random() < 0.6 else chance.choice(VOCABULARY) for word in source[start : start + 100]
    )


def edited(text, chance, share):
    """The same text with a share of its words replaced."""
    words = text.split()
    for index in chance.sample(range(len(words)), max(1, round(share * len(words)))):
        words[index] = chance.choice(VOCABULARY)
    return " ".join(words)


def plainly(texts, least):
    """Every pair that is so much alike, the slow way: oracle."""
    bare = [letters_only(text) for text in texts]
    return {
        (item, other)
        for other in range(len(bare))
        for item in range(other)
        if fuzz.ratio(bare[item], bare[other]) >= 100 * least
    }


@pytest.mark.parametrize("count", [120, ALL_PAIRS + 150])
def test_every_pair_that_a_plain_comparison_finds_is_found(count):
    chance = random.Random(count)
    texts = [mixed(chance) for _ in range(count)]
    for index in range(0, count, 8):
        texts[index] = edited(chance.choice(texts), chance, chance.choice([0.01, 0.03, 0.06, 0.09]))
    pairs = near_pairs(texts)
    result = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    expected = plainly(texts, 0.9)
    assert len(expected) > count / 20
    assert expected <= result
    assert pairs.complete
    # What was found beyond the oracle shares nearly all of its shingles.
    for item, other in result - expected:
        left, right = (
            set(shingles(letters_only(texts[item])).tolist()),
            set(shingles(letters_only(texts[other])).tolist()),
        )
        assert len(left & right) >= 0.9 * min(len(left), len(right))


def test_case_punctuation_and_blanks_make_no_difference():
    pairs = near_pairs(["El río creció, anoche.", "EL RÍO  CRECIÓ anoche!!", "El pan subió de precio."])
    assert (pairs.first.tolist(), pairs.second.tolist(), pairs.alike.tolist()) == ([0], [1], [1.0])


@pytest.mark.parametrize(("kept", "taken"), [(82, 18), (27, 6), (99, 22)], ids=["0.901", "0.9", "0.9, longer"])
def test_letters_taken_out_all_over_a_text_leave_it_alike_up_to_the_last_one(kept, taken):
    """No letter stands twice in it, so that each that goes takes as many pairs of letters along as one can."""
    text = [chr(code) for code in random.Random(4).sample(range(0x4E00, 0x9000), kept + taken)]
    fewer = [letter for index, letter in enumerate(text) if index % 2 == 0 or index >= 2 * taken]
    result = near_pairs(["".join(text), "".join(fewer)], alike=0.9)
    assert result.alike.tolist() == [pytest.approx(2 * kept / (2 * kept + taken))]


def test_what_minhash_estimates_too_low_is_compared_all_the_same():
    """An estimate from 180 orders is off by 0.03 and more; nine tenths of another must not be lost to that."""
    chance = np.random.default_rng(2)
    sets = []
    for _ in range(100):
        drawn = chance.integers(2**64, size=440, dtype=np.uint64)
        sets += [np.sort(drawn[:400]), np.sort(drawn[40:])]
    signatures = np.stack([minhash.signature(one) for one in sets])
    first = np.arange(0, 200, 2)
    jaccard, inside = _by_shingles(sets, signatures, first, first + 1, 0.9)
    assert inside.tolist() == [0.9] * 100
    assert jaccard.tolist() == [360 / 440] * 100


def test_moved_paragraphs_and_added_ones_are_found():
    one, two, three = NEWS[:3]
    moved = near_pairs([f"{one} {two}", f"{two} {one}"])
    assert moved.alike[0] > 0.95, "by edits they are half alike: it is the shingles that tell"
    pairs = near_pairs([f"{one} {two}", f"{two} {one}", three, f"{three} Y un final distinto que nadie esperaba."])
    assert set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == {(0, 1), (2, 3)}


def test_different_texts_of_one_kind_are_not_alike():
    assert len(near_pairs(NEWS).first) == 0
    assert len(near_pairs(list(read_file(sample("coplas").path).table["texto"])).first) == 0


def test_groups_are_linked_through_others_and_repeats_keep_the_first():
    pairs = near_pairs(["a" * 100, "b" * 5 + "a" * 96, "b" * 10 + "a" * 91, "otra cosa"])
    assert set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) >= {(0, 1), (1, 2)}
    assert groups(4, pairs).tolist() == [0, 0, 0, 3]
    assert repeated(4, pairs, 0.9)[0] == 1
    both = Pairs(np.array([0, 1]), np.array([2, 2]), np.ones(2), np.zeros(2))
    assert groups(3, both).tolist() == [0, 0, 0], "alike to the same third text"


def test_nothing_and_one_text_have_no_pairs():
    for texts in ([], ["solo"], ["", ""], ["¿?", "!"]):
        assert len(near_pairs(texts).first) <= 1
    assert len(near_pairs(["¿?", "!", "♥ ♥", "—"]).first) == 0, "nothing but signs is no reason to be the same"


def test_how_alike_and_how_much_within_the_other_are_asked_for_apart():
    half = len(NEWS[0]) // 2
    pairs = near_pairs([NEWS[0], NEWS[0][:half] + NEWS[1][: half // 3]], alike=1, contained=0.7)
    assert 0.7 < pairs.contained[0] < 0.8


@pytest.mark.parametrize("longer", [1.2, 3])
def test_a_short_verse_within_a_longer_text_is_chance_and_a_paragraph_is_not(longer):
    verse, paragraph = "Ay, palomita del monte, ay, sol", NEWS[0]
    assert len(near_pairs([verse, f"{verse} {NEWS[1][: round(longer * len(verse))]}"]).first) == 0
    assert len(near_pairs([paragraph, f"{paragraph} {(NEWS[1] * 5)[: round(longer * len(paragraph))]}"]).first) == 1


def test_the_same_texts_give_the_same_pairs():
    chance = random.Random(3)
    texts = [mixed(chance) for _ in range(ALL_PAIRS + 50)] * 2
    one, two = near_pairs(texts), near_pairs([*texts])
    assert np.array_equal(one.first, two.first)
    assert len(one.first) >= ALL_PAIRS + 50


def test_twenty_thousand_texts_take_less_than_a_minute():
    chance = random.Random(5)
    texts = [mixed(chance) for _ in range(19_000)]
    copies = [edited(texts[index], chance, 0.04) for index in range(1_000)]
    start = time.process_time()
    pairs = near_pairs(texts + copies)
    seconds = time.process_time() - start
    result = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    assert all((index, 19_000 + index) in result for index in range(1_000))
    assert seconds < 60


def test_masses_of_boilerplate_end_in_time():
    """Every text shares three quarters of itself with every other: the worst case for banding."""
    chance = random.Random(6)
    common = " ".join(NEWS[:1])
    texts = [f"{common} {' '.join(chance.choices(VOCABULARY, k=25))}" for _ in range(2_000)]
    start = time.process_time()
    pairs = near_pairs(texts)
    assert time.process_time() - start < 60
    assert not pairs.complete
