"""The verdict: every branch, and every number in its words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.fault_words import base_collapsed
from poetas.evaluation.metrics.style_metric import StyleComparison
from poetas.evaluation.output_faults import Collapse, OutputFaults
from poetas.evaluation.style_verdict import style_verdict
from poetas.evaluation.systems import BASELINES, SYSTEMS, action, joined, title
from poetas.evaluation.verdict import VerdictKind, verdict

WORDS, PAIRS = "palabras en común (ROUGE-1)", "pares de palabras en común (ROUGE-2)"
ORDER, LETTERS = "palabras en el mismo orden (ROUGE-L)", "letras en común (chrF)"
BETTER, WORSE, UNSURE, BEHIND = (9.31, 6.04, 12.5), (-4.0, -7.1, -0.9), (1.2, -1.0, 3.4), (-1.2, -3.4, 1.0)


def intervals(count: int = 44, **differences: tuple[float, float | None, float | None]) -> dict[str, Interval]:
    return {system: Interval(mean, low, high, count) for system, (mean, low, high) in differences.items()}


@pytest.mark.parametrize(
    ("differences", "kind", "headline"),
    [
        (intervals(base=BETTER), VerdictKind.IMPROVED, "Sí, mejoró: le gana al modelo como vino."),
        (
            intervals(base=BETTER, lead1=BETTER, lead3=(2.0, 0.1, 4.0)),
            VerdictKind.IMPROVED,
            "Sí, mejoró: le gana a copiar las tres primeras oraciones, que era lo más difícil de superar.",
        ),
        (
            intervals(base=BETTER, lead1=WORSE),
            VerdictKind.IMPROVED,
            "Sí, mejoró, pero copiar la primera oración sigue siendo mejor.",
        ),
        (
            intervals(base=BETTER, lead1=WORSE, lead3=WORSE),
            VerdictKind.IMPROVED,
            "Sí, mejoró, pero copiar la primera oración y copiar las tres primeras oraciones siguen siendo mejores.",
        ),
        (
            intervals(20, base=BETTER, extractive=UNSURE),
            VerdictKind.IMPROVED,
            "Sí, mejoró, pero con 20 textos no se sabe si le gana a elegir la oración más central.",
        ),
        (
            intervals(base=BETTER, extractive=BEHIND),
            VerdictKind.IMPROVED,
            "Sí, mejoró, pero no se nota que le gane a elegir la oración más central: en promedio quedó abajo.",
        ),
        (
            intervals(base=BETTER, lead1=UNSURE, lead3=UNSURE, extractive=BEHIND, base_examples=BEHIND),
            VerdictKind.IMPROVED,
            (
                "Sí, mejoró, pero con 44 textos no se sabe si les gana a copiar la primera oración y copiar las tres "
                "primeras oraciones. No se nota que les gane a elegir la oración más central y darle dos ejemplos al "
                "modelo como vino: en promedio quedó abajo."
            ),
        ),
        (
            intervals(base=BETTER, lead1=UNSURE, extractive=BEHIND),
            VerdictKind.IMPROVED,
            (
                "Sí, mejoró, pero con 44 textos no se sabe si le gana a copiar la primera oración. No se nota que le "
                "gane a elegir la oración más central: en promedio quedó abajo."
            ),
        ),
        (
            intervals(base=BETTER, lead1=WORSE, base_examples=UNSURE),
            VerdictKind.IMPROVED,
            (
                "Sí, mejoró, pero copiar la primera oración sigue siendo mejor. Con 44 textos no se sabe si le gana a "
                "darle dos ejemplos al modelo como vino."
            ),
        ),
        (
            intervals(20, base=UNSURE),
            VerdictKind.UNCLEAR,
            f"No se sabe si mejoró: pudo ganar hasta 3,4 puntos de {WORDS} o perder hasta 1,0.",
        ),
        (
            intervals(500, base=BEHIND),
            VerdictKind.UNCLEAR,
            (
                f"No se nota que haya mejorado: en estos 500 textos perdió 1,2 puntos de {WORDS}; en otros pudo perder "
                "hasta 3,4 o ganar hasta 1,0."
            ),
        ),
        (
            intervals(20, base=(0.0, 0.0, 0.0)),
            VerdictKind.UNCLEAR,
            f"No cambió: en {WORDS} saca lo mismo que antes del ajuste.",
        ),
        (
            intervals(20, base=UNSURE, lead1=WORSE),
            VerdictKind.UNCLEAR,
            (
                f"No se sabe si mejoró: pudo ganar hasta 3,4 puntos de {WORDS} o perder hasta 1,0. Además, copiar la "
                "primera oración es mejor."
            ),
        ),
        (
            intervals(1500, base=UNSURE),
            VerdictKind.UNCLEAR,
            f"No se sabe si mejoró: pudo ganar hasta 3,4 puntos de {WORDS} o perder hasta 1,0.",
        ),
        (intervals(base=WORSE), VerdictKind.WORSE, "No, empeoró: antes del ajuste resumía mejor."),
        (
            intervals(base=WORSE, lead1=WORSE, lead3=WORSE),
            VerdictKind.WORSE,
            (
                "No, empeoró: antes del ajuste resumía mejor. Además, copiar la primera oración y copiar "
                "las tres primeras oraciones son mejores."
            ),
        ),
        (intervals(9, base=BETTER), VerdictKind.TOO_FEW, "9 textos no alcanzan para saber si mejoró o empeoró."),
        (
            intervals(1, base=(5.0, None, None)),
            VerdictKind.TOO_FEW,
            "1 texto no alcanza para saber si mejoró o empeoró.",
        ),
        (intervals(10, base=BETTER), VerdictKind.IMPROVED, "Sí, mejoró: le gana al modelo como vino."),
        (intervals(10, base=WORSE), VerdictKind.WORSE, "No, empeoró: antes del ajuste resumía mejor."),
    ],
)
def test_the_headline_says_what_came_out(differences: dict[str, Interval], kind: VerdictKind, headline: str) -> None:
    result = verdict(differences)
    assert (result.kind, result.headline) == (kind, headline)


def test_every_baseline_that_was_not_beaten_is_named_with_its_interval() -> None:
    result = verdict(intervals(base=BETTER, lead1=WORSE, lead3=UNSURE, extractive=BETTER, base_examples=UNSURE))
    assert result.not_beaten == ("lead1",)
    assert result.unclear == ("lead3", "base_examples")
    assert result.beaten == ("extractive", "base")
    unsure = "(entre −1,0 y +3,4)"
    for system, interval in (("lead1", "(entre −7,1 y −0,9)"), ("lead3", unsure), ("base_examples", unsure)):
        assert action(system) in result.headline
        assert interval in next(line for line in result.sentences if f"Contra {action(system)}" in line)
    assert result.sentences[1] == "Contra copiar la primera oración: −4,0 puntos (entre −7,1 y −0,9). Pierde."
    assert result.sentences[0] == (
        f"Comparo texto por texto, en puntos de {WORDS}, que van de 0 a 100. "
        "Lo más difícil de superar es copiar la primera oración."
    )
    assert any("+9,3 puntos (entre +6,0 y +12,5). Le gana." in line for line in result.sentences)
    assert result.text.startswith(result.headline)
    assert "no ve si lo que dice es cierto" in result.text


def test_another_score_that_contradicts_is_heard() -> None:
    others = {"rouge2": intervals(base=BETTER, lead3=UNSURE), "chrf": intervals(base=BETTER, lead3=WORSE)}
    result = verdict(intervals(base=BETTER, lead3=BETTER), others=others)
    assert (
        result.headline
        == f"Sí, mejoró: en {WORDS} les gana a todos los puntos de comparación, pero en {LETTERS} pierde contra alguno."
    )
    sentence = next(line for line in result.sentences if "no coincide" in line)
    assert sentence == (
        f"Otra medida, {LETTERS}, no coincide: ahí el ajustado pierde contra copiar las tres primeras oraciones "
        "(−4,0 puntos; entre −7,1 y −0,9)."
    )
    agreed = verdict(intervals(base=BETTER, lead3=BETTER), others={"chrf": intervals(base=BETTER, lead3=UNSURE)})
    assert "no coincide" not in agreed.text
    # What ROUGE-1 itself did not call beaten needs no contradiction.
    assert "no coincide" not in verdict(intervals(base=BETTER, lead3=WORSE), others=others).text
    assert "no coincide" not in verdict(intervals(5, base=BETTER, lead3=BETTER), others=others).text
    objections = {"rouge2": intervals(lead1=WORSE), "chrf": intervals(lead1=WORSE, lead3=WORSE)}
    headline = verdict(intervals(base=BETTER, lead1=BETTER, lead3=BETTER), others=objections).headline
    assert headline.endswith(f"pero en {PAIRS} y {LETTERS} pierde contra alguno.")


def test_another_score_that_contradicts_does_not_hide_what_the_texts_cannot_tell() -> None:
    result = verdict(intervals(base=BETTER, lead1=BETTER, lead3=UNSURE), others={"chrf": intervals(lead1=WORSE)})
    assert result.headline == (
        "Sí, mejoró, pero con 44 textos no se sabe si le gana a copiar las tres primeras oraciones."
    )
    assert f"Otra medida, {LETTERS}, no coincide" in result.text


@pytest.mark.parametrize(
    ("differences", "headline"),
    [
        (
            intervals(base=BETTER),
            f"Sí y no: mejoró en {WORDS}, pero empeoró en {LETTERS}.",
        ),
        (
            intervals(base=BETTER, lead1=WORSE),
            f"Sí y no: mejoró en {WORDS}, pero empeoró en {LETTERS}. Además, copiar la primera oración es mejor.",
        ),
        (
            intervals(base=BETTER, extractive=UNSURE),
            (
                f"Sí y no: mejoró en {WORDS}, pero empeoró en {LETTERS}. Con 44 textos no se sabe si le gana a "
                "elegir la oración más central."
            ),
        ),
        (
            intervals(base=BETTER, lead1=WORSE, extractive=UNSURE),
            (
                f"Sí y no: mejoró en {WORDS}, pero empeoró en {LETTERS}. Además, copiar la primera oración es mejor. "
                "Con 44 textos no se sabe si le gana a elegir la oración más central."
            ),
        ),
    ],
)
def test_what_got_better_in_one_score_and_worse_in_another_is_not_reported_as_an_improvement(
    differences: dict[str, Interval], headline: str
) -> None:
    result = verdict(differences, others={"rouge2": intervals(base=UNSURE), "chrf": intervals(base=WORSE)})
    assert (result.kind, result.headline) == (VerdictKind.MIXED, headline)
    assert "base" in result.beaten
    assert result.text.startswith(f"Sí y no: mejoró en {WORDS}, pero empeoró en {LETTERS}.")
    # With too few texts nothing is claimed in any score.
    assert verdict(intervals(5, base=BETTER), others={"chrf": intervals(5, base=WORSE)}).kind is VerdictKind.TOO_FEW


def test_all_scores_that_got_worse_are_named() -> None:
    others = {name: intervals(base=WORSE) for name in ("rouge2", "rougeL", "chrf")}
    result = verdict(intervals(base=BETTER), others=others)
    assert result.headline == f"Sí y no: mejoró en {WORDS}, pero empeoró en {PAIRS}, {ORDER} y {LETTERS}."


def test_another_score_names_all_that_it_puts_above_the_tuned_model() -> None:
    others = {"chrf": intervals(lead1=WORSE, base=WORSE)}
    text = verdict(intervals(base=BETTER, lead1=BETTER), others=others).text
    assert (
        "pierde contra copiar la primera oración (−4,0 puntos; entre −7,1 y −0,9); y contra el modelo como vino ("
        in text
    )
    assert (
        "pierde contra el modelo como vino ("
        in verdict(intervals(base=BETTER), others={"chrf": intervals(base=WORSE)}).text
    )


def test_the_confidence_that_is_shown_is_that_of_the_interval() -> None:
    result = verdict({"base": Interval(9.0, 6.0, 12.0, 44, confidence=0.9)})
    assert "Los intervalos son del 90\N{NO-BREAK SPACE}% de confianza." in result.text


def test_few_texts_claim_nothing_even_where_the_interval_excludes_zero() -> None:
    result = verdict(intervals(5, base=BETTER, lead1=WORSE))
    assert result.beaten == result.not_beaten == ()
    assert result.unclear == ("lead1", "base")
    assert "Con menos de 10 textos" in result.text
    assert "gana" not in result.text


def test_one_text_has_no_interval_to_show() -> None:
    text = verdict(intervals(1, base=(5.0, None, None))).text
    assert "Contra el modelo como vino: +5,0 puntos." in text
    assert "entre" not in text


def test_a_verdict_needs_the_base_and_names_its_metric() -> None:
    with pytest.raises(ValueError, match="base"):
        verdict(intervals(lead1=BETTER))
    assert f"puntos de {LETTERS}" in verdict(intervals(base=BETTER), key="chrf").text


def test_a_verdict_travels_as_json() -> None:
    result = verdict(intervals(base=BETTER, lead1=WORSE)).as_dict()
    again = json.loads(json.dumps(result))
    assert again["kind"] == "improved"
    assert again["not_beaten"] == ["lead1"]
    assert again["text"].startswith("Sí, mejoró, pero")


def test_every_system_has_a_title_and_a_phrase() -> None:
    assert set(BASELINES) < set(SYSTEMS)
    assert len({title(system) for system in SYSTEMS}) == len(SYSTEMS)
    assert joined([]) == ""
    assert joined(["base"]) == "el modelo como vino"
    assert joined(SYSTEMS).count(" y ") == 1


COPIED = OutputFaults(Collapse.FIRST_SENTENCE, 40, 0, often=False, read=(), n=44)


@pytest.mark.parametrize(
    ("faults", "kind", "headline"),
    [
        (
            COPIED,
            VerdictKind.COLLAPSED,
            "No: copia la primera oración del texto en 40 de 44. Para eso no hace falta un modelo.",
        ),
        (
            OutputFaults(Collapse.SAME, 44, 3, often=False, read=(1, 5, 7), n=44),
            VerdictKind.COLLAPSED,
            (
                "No: escribió lo mismo, o casi, para 44 de 44 textos. Así no resume ninguno. Ojo: puede mentir (3 de "
                "44 dicen nombres o números que su texto no tiene); leé estos tres."
            ),
        ),
        (
            OutputFaults(Collapse.WORD, 30, 0, often=False, read=(), n=44),
            VerdictKind.COLLAPSED,
            "No: para 30 de 44 textos repite una palabra o dos, una y otra vez. Así no resume ninguno.",
        ),
        (
            OutputFaults(Collapse.EMPTY, 44, 0, often=False, read=(), n=44),
            VerdictKind.COLLAPSED,
            "No: no escribió nada para 44 de 44 textos.",
        ),
        (
            OutputFaults(None, 0, 30, often=True, read=(1, 5, 7), n=44),
            VerdictKind.MIXED,
            (
                "Sí y no: sus resúmenes se parecen más a los de referencia, pero 30 de 44 dicen nombres o números que "
                "su texto no tiene. Ojo: puede mentir; leé estos tres."
            ),
        ),
        (
            OutputFaults(None, 0, 1, often=False, read=(1,), n=44),
            VerdictKind.IMPROVED,
            (
                "Sí, mejoró: le gana al modelo como vino. Ojo: puede mentir (1 de 44 dice nombres o números que su "
                "texto no tiene); leé este."
            ),
        ),
    ],
)
def test_what_collapsed_or_invents_did_not_simply_improve(faults, kind, headline) -> None:
    result = verdict(intervals(base=BETTER), faults=faults)
    assert (result.kind, result.headline) == (kind, headline)


def test_a_collapse_is_seen_in_few_texts_too_and_names_what_is_better() -> None:
    result = verdict(intervals(9, base=BETTER), faults=replace(COPIED, collapsed=9, n=9))
    assert result.kind is VerdictKind.COLLAPSED
    worse = verdict(intervals(base=WORSE, lead1=WORSE), faults=COPIED)
    assert worse.headline.endswith("Además, copiar la primera oración es mejor.")


@pytest.mark.parametrize("floor", [UNSURE, WORSE])
def test_what_does_not_beat_the_summary_of_another_text_did_not_improve(floor) -> None:
    result = verdict(intervals(base=BETTER, lead1=BETTER, other=floor))
    assert result.kind is VerdictKind.MIXED
    assert result.headline == (
        "Todavía no: cambió, pero no se nota que sus resúmenes se parezcan a los de referencia más que el resumen "
        "de otro texto."
    )
    beaten = verdict(intervals(base=BETTER, lead1=BETTER, other=BETTER))
    assert beaten.headline == ("Sí, mejoró: le gana a copiar la primera oración, que era lo más difícil de superar.")


def style(
    difference: Interval,
    *,
    copied: int = 3,
    human_copied: int = 4,
    repetition: float = 0.0,
    human_repetition: float = 0.0,
) -> dict[str, StyleComparison]:
    return {
        "loss": StyleComparison(4.0, 4.0 + difference.mean, None, difference),
        "copied": StyleComparison(3, copied, human_copied),
        "repetition": StyleComparison(0.0, repetition, human_repetition),
    }


@pytest.mark.parametrize(
    ("difference", "kind", "start"),
    [
        (
            Interval(-0.5, -0.6, -0.4, 30),
            VerdictKind.IMPROVED,
            "Sí, mejoró: los textos del examen lo sorprenden menos.",
        ),
        (Interval(0.5, 0.4, 0.6, 30), VerdictKind.WORSE, "No, empeoró:"),
        (
            Interval(-0.1, -0.3, 0.1, 30),
            VerdictKind.UNCLEAR,
            "No se sabe si mejoró: lo que cambió con estos 30 textos puede ser suerte.",
        ),
        (
            Interval(0.1, -0.1, 0.3, 300),
            VerdictKind.UNCLEAR,
            "No se nota que haya mejorado: estos 300 textos lo sorprenden algo más; otros, quizá menos.",
        ),
        (
            Interval(-0.01, -0.05, 0.03, 500),
            VerdictKind.UNCLEAR,
            "No se sabe si mejoró: lo que cambió con estos 500 textos puede ser suerte.",
        ),
        (Interval(-0.5, -0.6, -0.4, 6), VerdictKind.TOO_FEW, "6 textos no alcanzan para saber si mejoró o empeoró."),
        (Interval(-0.5, None, None, 1), VerdictKind.TOO_FEW, "1 texto no alcanza para saber si mejoró o empeoró."),
        (
            Interval(-0.5, -0.6, -0.4, 10),
            VerdictKind.IMPROVED,
            "Sí, mejoró: los textos del examen lo sorprenden menos.",
        ),
    ],
)
def test_a_style_is_judged_by_its_loss(difference: Interval, kind: VerdictKind, start: str) -> None:
    result = style_verdict(style(difference))
    assert result.kind is kind
    assert result.headline.startswith(start)
    assert (result.beaten == ("base",)) == (kind is VerdictKind.IMPROVED)
    assert (result.not_beaten == ("base",)) == (kind is VerdictKind.WORSE)
    assert f"su pérdida pasó de 4,00 a {4 + difference.mean:.2f}".replace(".", ",") in result.text.replace(".", ",")
    assert "recita" not in result.text
    assert ("Con menos de 10 textos, ni el intervalo es de fiar." in result.text) == (kind is VerdictKind.TOO_FEW)


def test_reciting_is_named_only_beyond_what_people_do() -> None:
    better = Interval(-0.5, -0.6, -0.4, 30)
    assert "recita" in style_verdict(style(better, copied=12, human_copied=5)).headline
    assert "recita" not in style_verdict(style(better, copied=12, human_copied=12)).headline
    assert "recita" in style_verdict(style(better, copied=8, human_copied=2)).headline
    assert "recita" not in style_verdict(style(better, copied=7, human_copied=2)).headline
    assert "son 12 palabras" in style_verdict(style(better, copied=12)).text


def test_stuttering_is_named_only_beyond_what_people_do() -> None:
    better = Interval(-0.5, -0.6, -0.4, 30)
    text = style_verdict(style(better, repetition=0.4, human_repetition=0.05)).text
    assert "Se repite: vuelve a decir el 40\N{NO-BREAK SPACE}% de lo que escribe; los textos del examen, el 5" in text
    assert "Se repite" not in style_verdict(style(better, repetition=0.4, human_repetition=0.35)).text


VERSES = {"sizes": (40, 40, 40), "form": (8,)}


def verses(base: float, tuned: float, human: float = 0.95, **fields) -> StyleComparison:
    return StyleComparison(base, tuned, human, **{**VERSES, **fields})


def test_a_style_is_judged_as_a_poet_would_in_words() -> None:
    better = Interval(-0.5, -0.6, -0.4, 30)
    result = style_verdict({**style(better), "metre": verses(9 / 40, 31 / 40), "rhyme": verses(0.1, 0.5, 0.55)})
    assert result.kind is VerdictKind.IMPROVED
    assert result.headline == (
        "Sí, mejoró: los textos del examen lo sorprenden menos. "
        "31 de 40 versos son octosílabos; antes, 9; en tu conjunto, 38."
    )
    assert "20 de 40 versos riman con otro de su estrofa; antes, 4; en tu conjunto, 22." in result.sentences
    uneven = style_verdict({**style(better), "metre": verses(0.5, 0.5, 1.0, sizes=(10, 40, 12), form=(7, 11))})
    assert "20 de 40 versos son heptasílabos o endecasílabos; antes, 5 de 10; en tu conjunto, 12 de 12." in uneven.text


@pytest.mark.parametrize(
    "against",
    [
        {"metre": verses(0.9, 0.5)},
        {"rhyme": verses(0.5, 0.2)},
        {"recited": verses(0.0, 0.3, 0.0)},
        {"repetition": StyleComparison(0.0, 0.5, 0.1)},
    ],
)
def test_what_surprises_it_less_and_is_worse_verse_did_not_simply_improve(against) -> None:
    result = style_verdict({**style(Interval(-0.5, -0.6, -0.4, 30)), **against})
    assert result.kind is VerdictKind.MIXED
    assert result.headline.startswith(
        "Sí y no: los textos del examen lo sorprenden menos, pero no todo lo que escribe mejoró."
    )
    assert result.beaten == ("base",)
    worse = style_verdict({**style(Interval(0.5, 0.4, 0.6, 30)), **against})
    assert worse.kind is VerdictKind.WORSE


def test_whole_verses_recited_are_counted() -> None:
    result = style_verdict({**style(Interval(-0.5, -0.6, -0.4, 30)), "recited": verses(0.0, 2 / 40, 0.0)})
    assert "Pero recita: 2 de 40 versos están enteros en los textos con los que aprendió." in result.headline
    assert result.kind is VerdictKind.IMPROVED
    refrains = style_verdict({**style(Interval(-0.5, -0.6, -0.4, 30)), "recited": verses(0.0, 2 / 40, 0.1)})
    assert "recita" not in refrains.text


@pytest.mark.parametrize(
    ("collapse", "words"),
    [
        (Collapse.SAME, "No: de 24 comienzos, a 20 los sigue con lo mismo, o casi."),
        (Collapse.WORD, "No: de 24 comienzos, en 20 repite una palabra o dos, una y otra vez."),
        (Collapse.EMPTY, "No: de 24 comienzos, dejó 20 sin seguir."),
    ],
)
def test_a_style_whose_samples_collapsed_did_not_improve_whatever_its_loss(collapse, words) -> None:
    result = style_verdict(style(Interval(-0.5, -0.6, -0.4, 30)), collapse=(collapse, 20), samples=24)
    assert (result.kind, result.headline) == (VerdictKind.COLLAPSED, words)
    both = style_verdict(style(Interval(0.5, 0.4, 0.6, 30)), collapse=(collapse, 20), before=(collapse, 19), samples=24)
    assert both.headline == f"{words} El modelo como vino hacía lo mismo con 19 de 24."


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (Collapse.WORD, "repetía una palabra o dos en 19 de 24 comienzos."),
        (Collapse.EMPTY, "dejaba 19 de 24 comienzos sin seguir."),
        (Collapse.MIXED, "no escribía nada, repetía palabras o seguía con lo mismo en 19 de 24 comienzos."),
    ],
)
def test_of_two_styles_that_collapsed_otherwise_each_is_said_as_it_is(before, words) -> None:
    judged = style_verdict(
        style(Interval(0.5, 0.4, 0.6, 30)), collapse=(Collapse.SAME, 20), before=(before, 19), samples=24
    )
    assert judged.headline.endswith(f"a 20 los sigue con lo mismo, o casi. El modelo como vino {words}")


def test_of_a_base_that_collapsed_nothing_is_said_that_only_the_tuned_model_did():
    said = base_collapsed(Collapse.MIXED, 30, 44, None)
    assert said.startswith("El modelo como vino no resumía en 30 de 44")
