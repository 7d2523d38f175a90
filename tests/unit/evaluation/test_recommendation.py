"""Recommendation: each outcome from real paired differences, for summaries and for a style."""

import pytest

from poetas.evaluation.metrics.style_metric import StyleWriting
from poetas.evaluation.recommendation import RecommendationKind as Kind
from poetas.evaluation.recommendation import Way, recommend
from poetas.evaluation.recommendation_words import headline, reason
from poetas.evaluation.report import EvaluationData, report, scored
from poetas.evaluation.style_report import style_report

# Words of one reference each: what shares k of six of them with it scores k/6 of ROUGE-1, roughly.
PLACES = ["Salta", "Iruya", "Tilcara", "Humahuaca", "Purmamarca", "Cachi", "Molinos", "Cafayate", "Yavi", "Abra"]
WORDS = ["río", "puente", "molino", "horno", "campana", "patio"]
WORDS += ["vereda", "galpón", "acequia", "tapia", "parra", "higuera"]


def summary_exam(good, *, count=12, **systems):
    """An exam where each system shares so many words with every reference; ``good``: of the tuned model."""
    references = [f"{PLACES[n % 10]} {WORDS[n % 12]} uno dos tres cuatro" for n in range(count)]
    sources = [f"{reference} cinco seis." for reference in references]

    def writes(shared):
        shares = shared if isinstance(shared, list) else [shared] * count
        return [
            " ".join(reference.split()[:share] + FILLING[: 6 - share])
            for reference, share in zip(references, shares, strict=True)
        ]

    texts = {system: writes(shared) for system, shared in {"other": 0, **systems, "tuned": good}.items()}
    exam = EvaluationData(sources, references, texts)
    return {"task": "summary", **report(exam, scored(exam))}


FILLING = ["otra", "cosa", "dicha", "así", "nomás", "acá"]
CHEAP = {"lead1": 2, "second": 1, "lead3": 1, "extractive": 2, "base": 1, "base_examples": 2}
UNSTEADY = [1, 5] * 6  # in the mean 3 of 6, from text to text anything


@pytest.mark.parametrize(
    ("good", "systems", "kind", "way", "proven", "words"),
    [
        (5, CHEAP, Kind.FINE_TUNE, Way.FINE_TUNE, True, "Sí: ajustarlo"),
        (3, {**CHEAP, "lead1": 5}, Kind.SIMPLER, Way.COPY, True, "No te hace falta un LLM: copiar la primera"),
        (3, {**CHEAP, "lead1": 4, "lead3": 5}, Kind.SIMPLER, Way.EXTRACT, True, "copiar las tres primeras"),
        (3, {**CHEAP, "base_examples": 5}, Kind.SIMPLER, Way.PROMPT, True, "ajustarlo, no: darle dos ejemplos"),
        (UNSTEADY, {**CHEAP, "lead1": 3}, Kind.SIMPLER, Way.COPY, False, "Por ahora no: no se nota"),
        (UNSTEADY, {**CHEAP, "lead1": 0, "extractive": 0, "second": 0, "lead3": 0, "base_examples": 3},
         Kind.SIMPLER, Way.PROMPT, False, "Un LLM, quizás"),
        (4, {**CHEAP, "other": 4}, Kind.NOTHING_YET, None, False, "No, por ahora"),
    ],
)  # fmt: skip
def test_the_recommendation_follows_from_the_differences(good, systems, kind, way, proven, words):
    advice = recommend(summary_exam(good, **systems))
    assert (advice.kind, advice.way, advice.proven) == (kind, way, proven)
    assert words in headline(advice)
    assert advice.n == 12
    assert ("12 textos" in reason(advice)) is (kind is not Kind.NOTHING_YET)


def test_the_base_without_examples_stands_for_prompting_where_it_is_the_better_one():
    advice = recommend(summary_exam(5, **{**CHEAP, "base": 4}))
    assert advice.systems[Way.PROMPT] == "base"


def test_with_too_few_texts_nothing_is_recommended_however_good_it_looks():
    advice = recommend(summary_exam(6, count=4, **CHEAP))
    assert advice.kind is Kind.TOO_FEW
    assert "4 textos" in headline(advice)
    assert recommend(None).kind is Kind.NO_EXAM
    assert recommend({"n": 3, "rows": [], "verdict": None}).kind is Kind.NO_EXAM  # the base alone was looked at


def test_a_collapsed_model_is_not_recommended_whatever_it_scores():
    result = summary_exam(5, **CHEAP)
    result["verdict"]["kind"] = "collapsed"
    advice = recommend(result)
    assert advice.kind is Kind.COLLAPSED
    assert advice.way in {Way.COPY, Way.EXTRACT, Way.PROMPT}
    assert "lo que mejor salió" in reason(advice)


def test_a_model_that_invents_is_recommended_with_care():
    result = summary_exam(5, **CHEAP)
    result["verdict"]["kind"] = "mixed"
    advice = recommend(result)
    assert (advice.kind, advice.way) == (Kind.WITH_CARE, Way.FINE_TUNE)
    assert "leyendo todo" in headline(advice)


@pytest.mark.parametrize(
    ("base", "tuned", "kind", "way", "proven"),
    [
        ([4.0] * 12, [3.0, 3.2] * 6, Kind.FINE_TUNE, Way.FINE_TUNE, True),
        ([3.0] * 12, [4.0, 4.2] * 6, Kind.SIMPLER, Way.PROMPT, True),
        ([3.0] * 12, [2.0, 4.0] * 6, Kind.SIMPLER, Way.PROMPT, False),
        ([4.0] * 4, [3.0] * 4, Kind.TOO_FEW, Way.PROMPT, False),
    ],
)
def test_a_style_is_judged_by_its_loss(base, tuned, kind, way, proven):
    beginnings = [f"En el {word} de {place}" for word, place in zip(WORDS, PLACES * 2, strict=False)][: len(base)]
    rest = [f"cantaba {word} una tarde de enero" for word in WORDS][: len(base)]

    def writing(system, losses=()):
        texts = [f"{text} {system} {number}" for number, text in enumerate(rest)]
        return StyleWriting(system, texts, ["nada de esto"], losses, "es", beginnings)

    result = style_report([writing("human"), writing("base", base), writing("tuned", tuned)], beginnings, 7)
    advice = recommend({"task": "style", "n": len(base), **result})
    assert (advice.kind, advice.way, advice.proven) == (kind, way, proven)
    assert Way.COPY not in advice.systems
    assert headline(advice, style=True)
