"""What is said of a number of texts at the door is what the split, the exam and the verdict say later."""

import pytest

from poetas.data.pipeline.pipeline_errors import TooFewRows
from poetas.data.pipeline.splitting import SplitPlan, split
from poetas.dataset_size import Enough, enough_for, exam_texts, level_of, texts_for
from poetas.exam_size import few_texts

WORDS = "río sol luna pan gata noche feria puente lluvia canto gallo trigo viento mar piedra".split()  # noqa: SIM905


def distinct(count):
    return [" ".join(f"{word}{(n * k) % 97}" for k, word in enumerate(WORDS, 1)) + f" {n}" for n in range(count)]


@pytest.mark.parametrize("count", [2, 3, 12, 37, 38, 40, 91, 92, 157, 160])
@pytest.mark.parametrize("style", [False, True])
def test_the_sentence_at_the_door_is_true_at_the_split_and_the_exam(count, style):
    level = level_of(count, style=style)
    if level is Enough.NOTHING:
        with pytest.raises(TooFewRows):
            split(distinct(count), SplitPlan(), style=style)
        return
    parts = split(distinct(count), SplitPlan(), style=style)
    codes = {notice.code for notice in parts.notices}
    assert parts.counts["test"] == exam_texts(count)
    assert ("few-test" in codes) == bool(few_texts(parts.counts["test"], style=style))
    assert (level is Enough.ANY) == (not codes & {"few-test", "few-train"})
    no_verdict = "no se puede afirmar nada" in few_texts(parts.counts["test"], style=style)
    assert no_verdict == (level < Enough.LARGE)


def test_more_texts_are_never_enough_for_less():
    for style in (False, True):
        levels = [level_of(count, style=style) for count in range(200)]
        assert levels == sorted(levels)
        assert levels[0] is Enough.NOTHING
        assert levels[-1] is Enough.ANY
        for level in Enough:
            assert 0 <= texts_for(level, style=style) - levels.index(level) <= 2


def test_one_text_is_said_in_the_singular():
    assert enough_for(1).startswith("Con 1 texto no alcanza: hacen falta 3")
