"""Near-identical texts are found, against a plain comparison of every pair, and fast for many."""

import random

import numpy as np
import pytest
from rapidfuzz import fuzz

from poetas.data.pipeline import near_duplicates, text_linking
from poetas.data.pipeline.minhash import shingles
from poetas.data.pipeline.near_duplicates import cluster, repeated
from poetas.data.pipeline.reading import read_file
from poetas.data.pipeline.text_linking import ALL_PAIRS, connected
from poetas.data.pipeline.text_similarity import comparable
from poetas.data.storage.samples import sample
from poetas.util.text_normalize import letters_only

NEWS = list(read_file(sample("noticias").path).table["texto"])
VOCABULARY = sorted({word for text in NEWS for word in text.split()})


def mixed(rng):
    """A text like those of the sample, of their words and phrases, and unlike each of them."""
    source = " ".join(rng.sample(NEWS, 2)).split()
    start = rng.randrange(len(source) // 2)
    return " ".join(word if rng.random() < 0.6 else rng.choice(VOCABULARY) for word in source[start : start + 100])


def edited(text, rng, share):
    """The same text with a share of its words replaced."""
    words = text.split()
    for index in rng.sample(range(len(words)), max(1, round(share * len(words)))):
        words[index] = rng.choice(VOCABULARY)
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


@pytest.mark.parametrize(("count", "all_pairs"), [(120, ALL_PAIRS), (300, 100)])
def test_every_pair_that_a_plain_comparison_finds_is_found(count, all_pairs, monkeypatch):
    monkeypatch.setattr(text_linking, "ALL_PAIRS", all_pairs)
    rng = random.Random(count)
    texts = [mixed(rng) for _ in range(count)]
    for index in range(0, count, 8):
        texts[index] = edited(rng.choice(texts), rng, rng.choice([0.01, 0.03, 0.06, 0.09]))
    pairs = cluster(texts)
    result = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    expected = plainly(texts, 0.9)
    assert len(expected) > count / 20
    assert all(pairs.group[item] == pairs.group[other] for item, other in expected)
    assert pairs.complete
    # What was found beyond the oracle shares nearly all of its shingles.
    for item, other in result - expected:
        left, right = (
            set(shingles(letters_only(texts[item])).tolist()),
            set(shingles(letters_only(texts[other])).tolist()),
        )
        assert len(left & right) >= 0.9 * min(len(left), len(right))


def test_case_punctuation_and_blanks_make_no_difference():
    pairs = cluster(["El río creció, anoche.", "EL RÍO  CRECIÓ anoche!!", "El pan subió de precio."])
    assert (pairs.first.tolist(), pairs.second.tolist(), pairs.alike.tolist()) == ([0], [1], [1.0])


@pytest.mark.parametrize(("kept", "taken"), [(82, 18), (27, 6), (99, 22)], ids=["0.901", "0.9", "0.9, longer"])
def test_letters_taken_out_all_over_a_text_leave_it_alike_up_to_the_last_one(kept, taken):
    """No letter stands twice in it, so that each that goes takes as many pairs of letters along as one can."""
    text = [chr(code) for code in random.Random(4).sample(range(0x4E00, 0x9000), kept + taken)]
    fewer = [letter for index, letter in enumerate(text) if index % 2 == 0 or index >= 2 * taken]
    result = cluster(["".join(text), "".join(fewer)], alike=0.9)
    assert result.alike.tolist() == [pytest.approx(2 * kept / (2 * kept + taken))]


def test_what_minhash_estimates_too_low_is_compared_all_the_same():
    """An estimate from 180 orders is off by 0.03 and more; nine tenths of another must not be lost to that."""
    rng = random.Random(2)
    texts = []
    for _ in range(100):
        words = rng.sample(VOCABULARY, 200)
        rng.shuffle(kept := words[:190])
        texts += [" ".join(words), " ".join(kept)]
    first = np.arange(0, 200, 2)
    ready = comparable(texts)
    sets = [set(shingles(letters_only(text)).tolist()) for text in texts]
    shares = np.array([len(sets[row] & sets[row + 1]) / len(sets[row + 1]) for row in first.tolist()])
    least = float(shares.min())
    _same, inside = ready.compare(first, first + 1, 2.0, least)
    assert inside.tolist() == shares.tolist()


def test_moved_paragraphs_and_added_ones_are_found():
    first_news, second_news, third_news = NEWS[:3]
    moved = cluster([f"{first_news} {second_news}", f"{second_news} {first_news}"])
    assert moved.alike[0] > 0.95, "by edits they are half alike: it is the shingles that tell"
    pairs = cluster(
        [
            f"{first_news} {second_news}",
            f"{second_news} {first_news}",
            third_news,
            f"{third_news} Y un final distinto que nadie esperaba.",
        ]
    )
    assert set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == {(0, 1), (2, 3)}


def test_different_texts_of_one_kind_are_not_alike():
    assert len(cluster(NEWS).first) == 0
    assert len(cluster(list(read_file(sample("coplas").path).table["texto"])).first) == 0


def test_groups_are_linked_through_others_and_repeats_keep_the_first():
    texts = ["a" * 100, "b" * 5 + "a" * 96, "b" * 10 + "a" * 91, "otra cosa"]
    assert cluster(texts).group.tolist() == [0, 0, 0, 3]
    assert repeated(texts, 0.9)[0] == 1
    assert connected(np.arange(3), [0, 1], [2, 2]).tolist() == [0, 0, 0], "alike to the same third text"


def test_nothing_and_one_text_have_no_pairs():
    for texts in ([], ["solo"], ["", ""], ["¿?", "!"]):
        assert len(cluster(texts).first) <= 1
    assert len(cluster(["¿?", "!", "♥ ♥", "—"]).first) == 0, "nothing but signs is no reason to be the same"


def test_how_alike_and_how_much_within_the_other_are_asked_for_apart():
    half = len(NEWS[0]) // 2
    pairs = cluster([NEWS[0], NEWS[0][:half] + NEWS[1][: half // 3]], alike=1, contained=0.7)
    assert 0.7 < pairs.contained[0] < 0.8


@pytest.mark.parametrize("longer", [1.2, 3])
def test_a_short_verse_within_a_longer_text_is_chance_and_a_paragraph_is_not(longer):
    verse, paragraph = "Ay, palomita del monte, ay, sol", NEWS[0]
    assert len(cluster([verse, f"{verse} {NEWS[1][: round(longer * len(verse))]}"]).first) == 0
    assert len(cluster([paragraph, f"{paragraph} {(NEWS[1] * 5)[: round(longer * len(paragraph))]}"]).first) == 1


def test_the_same_texts_give_the_same_pairs():
    rng = random.Random(3)
    texts = [mixed(rng) for _ in range(ALL_PAIRS // 2 + 50)] * 2
    pairs, repeated = cluster(texts), cluster([*texts])
    assert np.array_equal(pairs.first, repeated.first)
    assert len(pairs.first) >= ALL_PAIRS // 2 + 50


def test_copies_among_thousands_are_found_and_most_pairs_are_never_compared():
    rng = random.Random(5)
    texts = [mixed(rng) for _ in range(900)]
    copies = [edited(texts[index], rng, 0.04) for index in range(100)]
    work, pairs = compared(texts + copies)
    assert set(zip(range(100), range(900, 1_000), strict=True)) <= set(
        zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
    )
    assert work < 10 * len(texts)


def compared(texts):
    """How many pairs were compared, and the groups."""
    before = comparable(texts).compared
    result = cluster(texts)
    return comparable(texts).compared - before, result


def alike(rng, count):
    """One text, each time with another word in one of its places."""
    words = NEWS[0].split()
    return [
        " ".join([*words[:place], f"palabra{number}", *words[place + 1 :]])
        for number, place in enumerate(rng.choices(range(len(words)), k=count))
    ]


@pytest.mark.parametrize("count", [600, 1_800])
def test_a_mass_of_alike_texts_is_compared_a_few_times_each_and_is_one_group(count):
    work, result = compared(alike(random.Random(7), count))
    assert work <= 25 * count
    assert set(result.group.tolist()) == {0}
    assert result.complete
    assert result.missed == 0


def test_several_masses_are_several_groups_and_no_text_is_lost_from_its_own():
    rng = random.Random(8)
    texts = [edited(NEWS[number % 8], rng, 0.02) + f" {number}" for number in range(900)]
    work, result = compared(texts)
    assert work <= 60 * len(texts)
    assert result.group.tolist() == [number % 8 for number in range(900)]


def test_repeated_texts_of_a_mass_leave_one(monkeypatch):
    monkeypatch.setattr(near_duplicates, "_MASS", 10)
    texts = alike(random.Random(9), 300)
    assert repeated(texts, 0.95) == list(range(1, 300))


def test_all_with_all_and_one_by_one_drop_the_same_texts(monkeypatch):
    """Texts that are alike in different degrees: of a small group and of a mass the same ones are repeated."""
    rng = random.Random(10)
    texts = [edited(NEWS[0], rng, rng.choice([0.01, 0.03, 0.05])) for _ in range(60)]
    plain = repeated(texts, 0.95)
    monkeypatch.setattr(near_duplicates, "_MASS", 5)
    assert 0 < len(plain) < 59
    assert repeated(texts, 0.95) == plain


@pytest.mark.parametrize(("own", "twins"), [(25, False), (11, True)], ids=["a common footer", "nearly alike"])
def test_of_masses_of_boilerplate_a_sample_tells_whether_twins_were_missed(monkeypatch, own, twins):
    """Every text shares most of itself with every other, and is no twin of it, or of one in a hundred."""
    monkeypatch.setattr(text_linking, "_PER_TEXT", 4)
    monkeypatch.setattr(text_linking, "_CROWD", 10)
    monkeypatch.setattr(text_linking, "_AUDITED", 60)
    rng = random.Random(6)
    common = " ".join(NEWS[0].split()[:60])
    texts = [f"{common} {' '.join(rng.choices(VOCABULARY, k=own))}" for _ in range(600)]
    work, result = compared(texts)
    assert work <= 30 * len(texts)
    assert not result.complete
    assert (result.missed > 0.01) == twins
