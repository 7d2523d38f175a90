"""Faults of outputs: each kind of collapse is seen, what the references do as well is none, inventions are counted."""

import csv
import json
from pathlib import Path

import pytest

from poetas.data.storage.samples import sample
from poetas.evaluation.metrics.registry import score_texts
from poetas.evaluation.output_faults import Collapse, output_faults
from poetas.evaluation.report import EvaluationData, report, scored
from poetas.evaluation.sentences import sentences

PLACES = (
    "Salta",
    "Jujuy",
    "Tilcara",
    "Humahuaca",
    "Cachi",
    "Iruya",
    "Yavi",
    "Molinos",
    "Orán",
    "Tafí",
    "Añatuya",
    "Goya",
)
SOURCES = [f"El lunes llovió sin parar en {place}. La ruta {n} quedó cortada." for n, place in enumerate(PLACES)]
REFERENCES = [f"Se cortó la ruta {n} en {place} por la lluvia." for n, place in enumerate(PLACES)]
SOUND = [f"En {place}, la ruta {n} se cortó." for n, place in enumerate(PLACES)]


def faults(outputs, references=REFERENCES):
    return output_faults(outputs, references, SOURCES, score_texts(outputs, references, SOURCES))


@pytest.mark.parametrize(
    ("outputs", "kind"),
    [
        ([source.split(". ")[0] + "." for source in SOURCES], Collapse.FIRST_SENTENCE),
        ([source.split(". ")[0].lower()[:-3] for source in SOURCES], Collapse.FIRST_SENTENCE),
        (["Se cortó la ruta por la lluvia."] * 12, Collapse.SAME),
        (["Hubo lluvia y viento en toda la provincia."] * 7 + SOUND[7:], Collapse.SAME),
        (["Salta"] * 12, Collapse.WORD),
        ([f"{place} {place} {place} {place}" for place in PLACES], Collapse.WORD),
        ([f"{place} la ruta la ruta la ruta la ruta la ruta" for place in PLACES], Collapse.WORD),
        ([""] * 7 + SOUND[7:], Collapse.EMPTY),
        (SOURCES, Collapse.ECHO),
        ([f"Texto: {source} Resumen:" for source in SOURCES], Collapse.ECHO),
        ([source.split(". ")[1] for source in SOURCES], Collapse.SENTENCES),
        ([source.split(". ")[1][:-4] for source in SOURCES], Collapse.SENTENCES),
        ([""] * 4 + ["de de de"] * 4 + SOUND[8:], Collapse.MIXED),
        ([""] * 3 + ["Se cortó la ruta."] * 3 + SOUND[6:], Collapse.MIXED),
        ([""] * 2 + SOURCES[2:5] + ["Salta"] + SOUND[6:], Collapse.MIXED),
        ([""] * 3 + [source.split(". ")[1] for source in SOURCES[3:10]] + SOUND[10:], Collapse.MIXED),
        ([""] * 2 + ["de de de"] * 2 + ["Se cortó la ruta."] * 2 + SOUND[6:], None),
        (SOUND, None),
        (["Se cortó la ruta."] * 3 + SOUND[3:], None),
        (SOUND[:2], None),
        (["Nada."] * 4, None),
    ],
)
def test_each_collapse_is_seen_and_nothing_else(outputs, kind):
    count = len(outputs)
    result = output_faults(
        outputs, REFERENCES[:count], SOURCES[:count], score_texts(outputs, REFERENCES[:count], SOURCES[:count])
    )
    assert result.collapse is kind
    assert result.collapsed <= count


def test_what_the_references_do_as_well_is_no_collapse():
    firsts = [source.split(". ")[0] + "." for source in SOURCES]
    assert faults(firsts, firsts).collapse is None
    assert faults(["Lluvia."] * 12, ["Lluvia."] * 12).collapse is None


def test_what_is_invented_is_counted_and_the_worst_are_to_be_read():
    lie = "Según dijo Elvira Sosa, se cortaron 99 rutas."
    outputs = [lie if index % 2 else sound for index, sound in enumerate(SOUND)]
    outputs[4] = "En Cachi se cortaron 77 rutas."
    result = faults(outputs)
    assert (result.inventing, result.often) == (7, True)
    assert result.read == (1, 3, 5)
    assert faults(SOUND).read == ()
    assert not faults(SOUND).often


@pytest.mark.parametrize("name", ["Ricardo", "Mafalda", "Don Ricardo"])
def test_an_invented_protagonist_is_seen_where_the_name_opens_each_summary(name):
    outputs = [f"{name} contó que se cortó la ruta {n} en {place}." for n, place in enumerate(PLACES)]
    assert faults(outputs).often
    judged = result(outputs)
    assert judged["verdict"]["kind"] == "mixed"
    assert judged["best"] == []


def result(tuned, cut=(), base=("No sé.",) * 12):
    texts = {"base": list(base), "tuned": tuned}
    exam = EvaluationData(SOURCES, REFERENCES, texts, cut={"tuned": cut} if cut else {})
    return report(exam, scored(exam))


def test_a_collapse_that_scores_better_than_the_base_is_no_improvement():
    judged = result([source.split(". ")[0] + "." for source in SOURCES])
    assert judged["difference"]["rouge1"]["low"] > 0, "the score alone would say that it improved"
    assert judged["verdict"]["kind"] == "collapsed"


FIRST = [source.split(". ")[0] + "." for source in SOURCES]
POOR = [f"Vino gente de {place} a cantar {n} coplas." for n, place in enumerate(PLACES)]


@pytest.mark.parametrize(
    ("tuned", "base", "kind", "start"),
    [
        (POOR, FIRST, "worse", "que el modelo como vino, que tampoco resumía. El modelo como vino copiaba la primera"),
        (POOR, ["Se cortó la ruta por la lluvia."] * 12, "worse", "El modelo como vino escribía lo mismo"),
        (SOUND, ["No sé."] * 12, "improved", "El modelo como vino escribía lo mismo, o casi, para 12 de 12 textos."),
        (FIRST, FIRST, "collapsed", "no hace falta un modelo. El modelo como vino hacía lo mismo con 12 de 12."),
        (["Sí."] * 12, FIRST, "collapsed", "El modelo como vino copiaba la primera oración en 12 de 12."),
    ],
)  # fmt: skip
def test_of_a_base_that_collapsed_the_words_say_it_and_not_of_the_tuned_model(tuned, base, kind, start):
    judged = result(tuned, base=base)["verdict"]
    assert judged["kind"] == kind
    assert start in judged["headline"]
    assert "antes del ajuste resumía mejor" not in judged["headline"]
    assert ("copia la primera" in judged["headline"]) is (tuned is FIRST)
    sound = result(POOR, base=SOUND)["verdict"]
    assert sound["headline"].startswith("No, empeoró: antes del ajuste resumía mejor.")
    assert "El modelo como vino" not in sound["headline"]


@pytest.mark.parametrize(("system", "kind"), [("prompted", "collapsed"), ("tuned", "improved")])
def test_what_gemma_wrote_is_judged_as_a_reader_would(system, kind):
    """Recorded of gemma3-270m in an exam of the sample: with two examples in its prompt it wrote one of their summaries
    for 11 of 15 texts, after 20 steps of training one of its own for each."""
    recorded = json.loads(Path(__file__).with_name("gemma_summaries.json").read_text("utf-8"))
    rows = list(csv.DictReader(sample("noticias").path.read_text("utf-8").splitlines(keepends=True)))
    sources, references = ([rows[text["row"]][column] for text in recorded] for column in ("texto", "resumen"))
    exam = EvaluationData(sources, references, {"base": ["No sé."] * 15, "tuned": [text[system] for text in recorded]})
    judged = report(exam, scored(exam))
    assert judged["difference"]["rouge1"]["low"] > 0, "the score alone would say of both that they improved"
    assert judged["verdict"]["kind"] == kind


@pytest.mark.parametrize("garnish", ["Este texto cuenta que {}.", "{}, según contaron los vecinos de la zona."])
def test_a_first_sentence_with_a_fixed_garnish_is_no_summary(garnish):
    rows = list(csv.DictReader(sample("noticias").path.read_text("utf-8").splitlines(keepends=True)))[:44]
    sources, references = ([row[column] for row in rows] for column in ("texto", "resumen"))
    tuned = [garnish.format(next(iter(sentences(source))).rstrip(".")) for source in sources]
    exam = EvaluationData(sources, references, {"base": ["No sé."] * 44, "tuned": tuned})
    assert report(exam, scored(exam))["verdict"]["kind"] == "collapsed"


def test_none_of_the_best_invents_or_breaks_off():
    tuned = list(REFERENCES)
    tuned[0] = "Se cortó la ruta 0 en Salta por la lluvia, dijo Elvira Sosa."
    cut = [index == 1 for index in range(12)]
    tuned[6:] = ["En otro lado."] * 6
    judged = result(tuned, cut)
    assert judged["texts"][0]["systems"]["tuned"]["unsupported"]
    assert judged["best"] == [2, 3, 4]
    assert judged["read"] == [0]
    assert result(["En Salta, Elvira cortó 99 rutas."] * 12)["best"] == []
