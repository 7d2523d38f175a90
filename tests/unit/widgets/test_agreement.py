"""Agreement in number: each function that makes a sentence from a count, walked with 0, 1 and 2."""

import re

import numpy as np
import pytest

from poetas.data.formats.sheets import _formulas
from poetas.data.pipeline.clean_table import _squared
from poetas.demo.following import _evaluated, _step
from poetas.environment import Place
from poetas.evaluation.verdict_kind import too_few
from poetas.exam_size import few_texts
from poetas.i18n import duration, duration_count, number
from poetas.jobs import Evaluated, Step
from poetas.models.entry import format_parameters
from poetas.training.encoded_dataset import EncodedDataset, dataset_notices
from poetas.training.row_encoding import Examples
from poetas.util.cli_arguments import translate_message
from widgets.controls.job_progress import progress_message
from widgets.controls.previews import xray
from widgets.explore.next_token.sampling_controls import draw_sentence
from widgets.explore.next_token.token_html import CHIPS, tokens_read
from widgets.prepare.lengths.truncation_preview import TruncationPreview
from widgets.prepare.split.split_drawing import bar, together
from widgets.prepare.tokenizer_view.tokenized_text import counted
from widgets.train.evaluation.style_viewer import StyleViewer
from widgets.train.evaluation.verdict_box import verdict_box
from widgets.train.training_messages import learnt
from widgets.train.try_it.answer_card import answer_card

PLURAL = r"(?!más\b|menos\b)[a-záéíóúñ]{2,}s\b"  # a word in the plural
AFTER_ONE = re.compile(rf"(?<![\d.,])1 {PLURAL}")  # «1 textos»
AFTER_MANY = re.compile(r"(?<![\d.,])[02] (?!de |no |y |para |min\b)[a-záéíóúñ]{3,}(?<!s)(?<!más)\b")  # «2 texto»


class Line(list):
    """What the demo prints, instead of a terminal's line."""

    live = True
    show = keep = list.append


def printed(show, event):
    line = Line()
    show(event, line)
    return line[0]


def chosen_cut(count):
    preview = TruncationPreview(None)
    preview.show(np.array([9] * count + [3]), 4)
    return preview.message.value


def beginnings(count):
    viewer = StyleViewer()
    run = {"text": "la la la la la", "copied": {"length": 4 + count, "start": 0, "end": 2}}
    viewer.show({"n": count + 1, "samples": [{"beginning": "Ay", "tuned": run}] * max(1, count)})
    return viewer.place.value + viewer.words.value


def notices(count):
    train = Examples((), (), count, count, count)
    return " ".join(notice.text for notice in dataset_notices(EncodedDataset(train, train, [], "summary", "es")))


def short_rows(count):
    rows = [[str(row), "b", "c"] for row in range(9)] + [["corta"]] * count
    return " ".join(notice.sentence for notice in _squared(rows, 3, titled=True, first=1)[1])


def verdict_of(count):
    difference = {"rouge1": {"mean": 0.1, "low": 0.1, "high": 0.1}}
    return verdict_box({"verdict": {"headline": ""}, "n": count, "difference": difference})


SENTENCES = {
    "demo-step": lambda n: printed(_step, Step(n, 9, 0.1, 2.0, 1e-4, 10.0, 60.0 * n)),
    "demo-evaluated": lambda n: printed(_evaluated, Evaluated(n, 0.1, 2.0)),
    "verdict-few": too_few,
    "exam-size": few_texts,
    "exam-size-style": lambda n: few_texts(n, style=True),
    "parameters": lambda n: format_parameters(n * 10**6),
    "before-training": notices,
    "short-rows": short_rows,
    "formulas": lambda n: _formulas(n).sentence,
    "job": lambda n: progress_message(0.5, 60.0 * n),
    "x-ray": lambda n: xray("Llovió ", "mucho", n),
    "draw": lambda n: draw_sentence(n, 9, 0.5),
    "read": lambda n: tokens_read(["a"] * (CHIPS + n), n),
    "cut": chosen_cut,
    "split": lambda n: bar({"train": n, "validation": n, "test": n}),
    "groups": together,
    "tokens": lambda n: counted(" ".join("a" * n), n),
    "style": beginnings,
    "verdict": verdict_of,
    "trained": lambda n: learnt({"steps": n, "seconds": n}),
    "unread-end": lambda n: answer_card("base", "Sí.", source="Sí.", answer={"complete": True, "truncated": n}),
    "unread-start": lambda n: answer_card(
        "base", "Sí.", source="Sí.", beginning="Sí.", answer={"complete": True, "truncated": n}
    ),
}


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_agrees_with_its_count(name, count):
    said = re.sub(r"<[^>]+>", " ", SENTENCES[name](count))
    wrong = (AFTER_ONE if count == 1 else AFTER_MANY).search(said)
    assert wrong is None, (wrong[0], said)


@pytest.mark.parametrize(("count", "said"), [(1, "la leí como texto"), (2, "las leí como texto")])
def test_a_pronoun_agrees_with_what_it_stands_for(count, said):
    assert f": {said}" in _formulas(count).sentence
    assert f": {said.split()[0]} completé" in short_rows(count)


@pytest.mark.parametrize(("names", "said"), [("MODELO", "falta: MODELO"), ("A, B", "faltan: A, B")])
def test_missing_arguments_are_one_or_many(names, said):
    assert translate_message(f"the following arguments are required: {names}") == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "faltan 0 s"), (1, "falta 1 s"), (2, "faltan 2 s"), (60, "falta 1 min"), (61, "faltan 1 min 1 s")],
)
def test_the_verb_before_a_time_agrees_with_it(seconds, said):
    assert said.split()[0] == ("falta" if duration_count(seconds) == 1 else "faltan")
    assert said.endswith(duration(seconds))
    if seconds:
        assert f"{said}." in progress_message(0.5, seconds)


@pytest.mark.parametrize("where", Place)
def test_a_page_may_be_closed_where_its_machine_stays_on_without_it(monkeypatch, where):
    monkeypatch.setenv("POETAS_PLACE", where)
    stays = where in {Place.LOCAL, Place.SERVER}
    for seconds, share in ((0, 0.5), (9, 0.5), (0, 1.0)):
        assert ("Podés cerrar la página" in progress_message(share, seconds)) == stays
        assert ("No cierres la página" in progress_message(share, seconds)) != stays


@pytest.mark.parametrize(("hidden", "said"), [(1, "El que no se ve acá se lleva"), (2, "Los que no se ven acá")])
def test_the_tokens_that_are_not_shown_are_one_or_many(hidden, said):
    assert said in draw_sentence(10 + hidden, 99, 0.1, hidden=hidden)
    assert number(99) in draw_sentence(10 + hidden, 99, 0.1, hidden=hidden)


def test_what_was_not_read_is_the_end_of_a_text_and_the_start_of_a_beginning():
    answer = {"complete": True, "truncated": 3}
    assert "los últimos 3 tokens" in answer_card("base", "Sí.", source="Sí.", answer=answer)
    continued = answer_card("base", "Sí.", source="Sí.", beginning="Sí.", answer=answer)
    assert "sus primeros 3 tokens" in continued
    assert "últimos" not in continued
