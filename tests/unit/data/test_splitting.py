"""Dealing texts to study, rehearsal and exam: what is the same text in other clothes never stands on two sides."""

import pytest

from poetas.data.dataset_schema import PARTS
from poetas.data.pipeline import text_linking
from poetas.data.pipeline.pipeline_errors import TooFewRows
from poetas.data.pipeline.reading import read_file
from poetas.data.pipeline.splitting import SplitPlan, split
from poetas.data.storage.samples import sample

NEWS = list(read_file(sample("noticias").path).table["texto"])


def part_of(dealt):
    """Where each text went, by its position."""
    return {place: part for part in PARTS for place in dealt.parts[part].tolist()}


def changed(text, word):
    """The same text but for a word."""
    return text.replace(" ", f" {word} ", 1)


@pytest.mark.parametrize("seed", range(4))
def test_a_text_that_holds_another_whole_stays_with_it(seed):
    """By edits the two are two thirds alike: an excerpt beside its source, a text and its longer edition."""
    longer = [f"{NEWS[index]} {NEWS[index + 1]}" for index in range(20, 40, 2)]
    where = part_of(split(NEWS[:20] + longer + NEWS[20:40:2], SplitPlan(0.5, 0.25, 0.25, seed)))
    assert [where[index] for index in range(20, 30)] == [where[index] for index in range(30, 40)]


@pytest.mark.parametrize("seed", range(4))
def test_paragraphs_in_another_order_are_the_same_text(seed):
    texts = [f"{NEWS[index]} {NEWS[index + 1]}" for index in range(0, 40, 2)]
    moved = [f"{NEWS[index + 1]} {NEWS[index]}" for index in range(0, 40, 2)]
    where = part_of(split(texts + moved, SplitPlan(0.5, 0.25, 0.25, seed)))
    assert [where[index] for index in range(20)] == [where[index] for index in range(20, 40)]


def test_the_plan_says_from_what_likeness_on_texts_stay_together():
    texts = []
    for text in NEWS[:10]:
        texts += [text, " ".join(word if index % 5 else "zzzz" for index, word in enumerate(text.split()))]
    assert split(texts, SplitPlan(alike=0.9)).kept_together == 0
    strict = SplitPlan(alike=0.6)
    assert split(texts, strict).kept_together == 10
    assert SplitPlan(**strict.as_dict()) == strict


@pytest.mark.parametrize("seed", range(6))
def test_groups_are_dealt_before_single_texts_so_that_the_sizes_come_out(seed):
    pairs = [copy for text in NEWS[:10] for copy in (text, changed(text, "más"))]
    assert split(pairs + NEWS[10:14], SplitPlan(6, 1, 1, seed)).counts == {"train": 18, "validation": 3, "test": 3}


def test_no_part_stays_empty_though_there_are_as_few_groups_as_parts():
    texts = [copy for text in NEWS[:3] for copy in (text, changed(text, "más"))]
    assert split(texts, SplitPlan(0.7, 0.15, 0.15)).counts == {"train": 2, "validation": 2, "test": 2}


def test_copies_of_two_texts_are_two_texts_and_too_few():
    texts = [changed(text, word) for text in NEWS[:2] for word in ("más", "muy", "tan")]
    with pytest.raises(TooFewRows) as caught:
        split(texts, SplitPlan())
    assert caught.value.explanation.why.startswith("Hay 6 textos, pero se parecen tanto que cuentan como 2.")
    kept = split(texts, SplitPlan(allow_twins=True))
    assert kept.twins
    assert "twins" in {notice.code for notice in kept.notices}


def test_rows_of_one_text_are_in_one_part_also_where_twins_are_allowed():
    texts = [changed(NEWS[0], f"otra{index}") for index in range(10) for _summary in range(3)]
    dealt = split(texts, SplitPlan(allow_twins=True))
    parts = {part: {texts[row] for row in rows.tolist()} for part, rows in dealt.parts.items()}
    assert sum(map(len, parts.values())) == len(set(texts)) == 10


def test_sizes_that_copies_made_impossible_are_said():
    copies = [changed(NEWS[0], f"otra{index}") for index in range(30)]
    dealt = split([*copies, *NEWS[1:11]], SplitPlan(0.4, 0.3, 0.3))
    assert dealt.counts["train"] == 30
    assert "uneven" in {notice.code for notice in dealt.notices}


def test_as_many_texts_as_are_said_to_be_enough_are_enough():
    dealt = split(NEWS[:120], SplitPlan(3, 1, 2))
    assert dealt.counts == {"train": 60, "validation": 20, "test": 40}
    assert dealt.notices == ()


@pytest.fixture
def crowded(monkeypatch):
    """Thresholds for fewer texts than it takes, so that this takes no time."""
    monkeypatch.setattr(text_linking, "ALL_PAIRS", 10)
    monkeypatch.setattr(text_linking, "_CROWD", 1)
    monkeypatch.setattr(text_linking, "_FEW", 1)
    monkeypatch.setattr(text_linking, "_PER_TEXT", 0)
    monkeypatch.setattr(text_linking, "_NEAREST", 5)


def test_that_not_all_were_compared_is_said_and_that_there_may_be_twins(crowded):
    """Forms with one common part and another of their own, some of which are the same but for a word."""
    common = " ".join(NEWS[0].split()[:30])
    apart = [f"{common} {text[:120]}" for text in NEWS[1:31]]
    codes = {notice.code for notice in split(apart, SplitPlan()).notices}
    assert not codes & {"twins", "not-all-compared"}, "a sample had no twins: nothing is to be said"
    dealt = split([*apart, *(changed(text, "más") for text in apart)], SplitPlan())
    assert dealt.twins
    assert {"twins", "not-all-compared"} <= {notice.code for notice in dealt.notices}


def test_a_mass_of_alike_texts_is_in_one_part():
    texts = [changed(NEWS[0], f"otra{index}") for index in range(600)]
    dealt = split([*texts, *NEWS[1:61]], SplitPlan(0.9, 0.05, 0.05))
    where = part_of(dealt)
    assert {where[index] for index in range(600)} == {"train"}
    assert not dealt.twins
