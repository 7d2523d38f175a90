"""The metrics against their oracles: rouge_score, sacreBLEU, and counts made by hand."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import sacrebleu

from poetas.data.storage.samples import sample
from poetas.evaluation.metrics import chrf, compression, novelty, repetition, rouge
from poetas.evaluation.metrics.longest_copied_span import CopyIndex
from poetas.evaluation.metrics.registry import COMPARED, METRICS, highlight, metric, score_text, title
from poetas.evaluation.metrics.unsupported import FactKind, unsupported
from poetas.evaluation.sentences import sentences
from poetas.evaluation.words import WORD, words
from tests.forked_code import run_code
from tests.paths import ROOT

SPANISH = (
    ("La canción ganó el certamen en Ñuñoa.", "Ganó el certamen la canción de Ñuñoa."),
    ("¿Cuándo volverá?", "Volverá mañana, ¿no?"),
    ("Pingüinos, ñandúes y cóndores.", "Cóndores y ñandúes; pingüinos no."),
)


@pytest.fixture(scope="module")
def scorer():
    """Return what makes a scorer of rouge_score; imported here, for its nltk takes a second."""
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer


class UnicodeWords:
    """Lets rouge_score count over our words, so that only the counting is compared."""

    def tokenize(self, text: str) -> list[str]:
        return words(text)


def ascii_pairs(count: int) -> list[tuple[str, str]]:
    rng = random.Random(7)
    vocabulary = ["the", "cat", "sat", "on", "a", "mat", "while", "one", "dog", "22", "slept", "under", "it"]
    return [
        (" ".join(rng.choices(vocabulary, k=rng.randint(1, 25))), " ".join(rng.choices(vocabulary, k=12)))
        for _ in range(count)
    ]


def test_rouge_equals_rouge_score_on_ascii_text(scorer) -> None:
    oracle = scorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    for prediction, reference in ascii_pairs(60):
        expected = oracle.score(reference, prediction)
        for key, value in rouge.score(prediction, reference).items():
            assert value == pytest.approx(expected[key].fmeasure), (key, prediction, reference)


def test_rouge_equals_rouge_score_on_spanish_once_it_is_given_whole_words(scorer) -> None:
    oracle = scorer(["rouge1", "rouge2", "rougeL"], tokenizer=UnicodeWords())
    for prediction, reference in SPANISH:
        expected = oracle.score(reference, prediction)
        for key, value in rouge.score(prediction, reference).items():
            assert value == pytest.approx(expected[key].fmeasure), (key, prediction)


def test_rouge_does_not_split_words_at_their_accents(scorer) -> None:
    # rouge_score's own tokenizer sees "canci n" on both sides and finds a match in two words that differ.
    assert rouge.score("canción", "cancién")["rouge1"] == 0
    assert scorer(["rouge1"]).score("canción", "cancién")["rouge1"].fmeasure > 0


def test_scores_do_not_depend_on_how_accents_are_written() -> None:
    for prediction, reference in SPANISH:
        decomposed = unicodedata.normalize("NFD", prediction)
        assert score_text(decomposed, reference, reference) == score_text(prediction, reference, reference)


@pytest.mark.parametrize("empty", ["", "   ", "¿…?"])
def test_an_empty_summary_scores_zero_and_breaks_nothing(empty: str) -> None:
    scores = score_text(empty, "Llovió en Salta.", "Ayer llovió mucho en Salta.")
    assert {scores[key] for key in ("rouge1", "rouge2", "rougeL", "compression", "repetition", "novel2")} == {0.0}
    assert score_text("Llovió.", "", "")["rouge1"] == 0


def test_chrf_is_sacrebleus() -> None:
    for prediction, reference in SPANISH:
        expected = sacrebleu.sentence_chrf(prediction, [reference]).score
        assert chrf.score(prediction, reference)["chrf"] == pytest.approx(expected)
    assert sacrebleu.__version__ in chrf.signature()


def test_lengths_novelty_and_repetition_by_hand() -> None:
    source = "uno dos tres cuatro cinco"
    assert compression.compression("uno dos", source) == pytest.approx(2 / 5)
    assert novelty.novel_ngrams("uno dos seis", source, 1) == pytest.approx(1 / 3)
    assert novelty.novel_ngrams("uno dos seis", source, 2) == pytest.approx(1 / 2)
    assert novelty.novel_ngrams("uno", source, 2) == 0
    assert repetition.repetition("a b c a b c a b c") == pytest.approx(4 / 7)
    assert repetition.repetition("a b") == 0


SOURCE = (
    "La Dra. Ana Gómez, de la Universidad de Salta, contó que en 2019 vieron doce pumas y 1.250 guanacos. "
    "El trabajo costó 2,5 millones de pesos."
)


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Ana Gómez contó doce pumas en Salta en 2019.", []),
        ("Ana Gomez, de Salta, vio 12 pumas y 1250 guanacos.", []),
        ("El trabajo costó 2.500.000 pesos.", []),
        ("ANA GÓMEZ vio pumas.", []),
        ("Vieron trece pumas.", [("trece", FactKind.NUMBER)]),
        ("En 2021 vieron pumas en Jujuy.", [("2021", FactKind.NUMBER), ("Jujuy", FactKind.NAME)]),
        ("Juan Gómez vio pumas.", [("Juan", FactKind.NAME)]),
        ("Ayer Ana Gómez vio pumas.", []),
        ("Vio pumas. Nadie más. ¿Quién? «Nosotros».", []),
        ("Según la Dra. Pérez hubo pumas.", [("Pérez", FactKind.NAME)]),
        ("Murió Pérez Gómez.", [("Pérez", FactKind.NAME)]),
        ("MUCHOS PUMAS EN CATAMARCA", []),
        ("PUMAS EN JUJUY.", []),
        ("El Gran Viaje", []),
        ("Cruzaron en Jujuy.", [("Jujuy", FactKind.NAME)]),
        ("Cruzaron en Jujuy", [("Jujuy", FactKind.NAME)]),
        ("Murieron en Río Tercero.", [("Río", FactKind.NAME), ("Tercero", FactKind.NAME)]),
        ("Ricardo contó los pumas.", [("Ricardo", FactKind.NAME)]),
        ("RICARDO contó pumas.", [("RICARDO", FactKind.NAME)]),
        ("Hubo pumas. «Ricardo» los contó.", [("Ricardo", FactKind.NAME)]),
        ("Ricardo: contar pumas.", [("Ricardo", FactKind.NAME)]),
        ("Ayer Ricardo contó.", [("Ricardo", FactKind.NAME)]),
        ("Don Ricardo contó.", [("Ricardo", FactKind.NAME)]),
        ("Ayer Mafalda contó.", [("Mafalda", FactKind.NAME)]),
        ("Ricardo y Ana contaron.", [("Ricardo", FactKind.NAME)]),
        ("Mafalda contó pumas.", [("Mafalda", FactKind.NAME)]),
        ("Mafalda no quiso.", [("Mafalda", FactKind.NAME)]),
        ("Mafalda y Ana contaron.", [("Mafalda", FactKind.NAME)]),
        ("Rosa se quejó. Hubo pumas.", [("Rosa", FactKind.NAME)]),
        ("Rosa roja. Incendio destruyó pastos. Investigación reveló pumas. Finalmente llegó. Contar ayudó.", []),
        ("Universitaria contó guanacos.", []),  # "universidad" is in the source
        ("", []),
    ],
)
def test_names_and_numbers_without_support_are_found(summary: str, expected: list[tuple[str, FactKind]]) -> None:
    spans = unsupported(summary, SOURCE)
    assert [(span.text, span.kind) for span in spans] == expected
    assert all(summary[span.start : span.end] == span.text for span in spans)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Juan Gómez cantó con Ana Pérez.", "Juan Pérez"),
        ("Cantó JUAN GÓMEZ. Después, Juan durmió. La jueza Ana Pérez lo felicitó.", "Juan Pérez"),
        ("Juan Gómez cantó con Juan Carlos Pérez y Ana Pérez.", None),
        ("Juan y Ana Pérez cantaron con Juan Gómez.", None),
        ("Pérez, Juan; Gómez, Juan; Ana Pérez: la lista.", None),
        ("Juan cantó. La señora Pérez y su hijo bailaron.", None),
        ("Juan Gómez cantó. Pérez, el vecino, bailó.", None),
        ("Juan Carlos cantó con Ana Pérez, su hermana.", None),
    ],
)
def test_a_name_out_of_two_peoples_is_invented(source: str, name: str | None) -> None:
    said = "Ayer Juan Pérez cantó."
    assert [span.text for span in unsupported(said, source)] == ([name] if name else [])


@pytest.mark.parametrize(
    ("source", "name", "mixed"),
    [
        ("Ana Ríos habló con Juan de la Fuente.", "Ana de la Fuente", True),
        ("María Elena Ríos cantó con Juan Walsh.", "María Elena Walsh", True),
        ("María Ríos cantó con Elena Walsh.", "María Elena Walsh", True),
        ("Cantaron Ana Pérez, Juan Ríos y otros.", "Juan Pérez", True),
        ("Cantaron Juan Ríos, Ana Pérez y otros.", "Juan Pérez", True),
        ("Juan Ríos y Ana Pérez cantaron.", "Juan Pérez", True),
        ("Juan Ríos oyó cantar a Juan. Ana Pérez cantó.", "Juan Pérez", True),
        ("Pérez, Juan, llegó. Juan Ríos y Ana Pérez cantaron.", "Juan Pérez", False),
        ("Los hermanos Pérez, Ana y Juan, cantaron. Juan Ríos oyó a Luis Pérez.", "Juan Pérez", False),
        ("Juan, el hijo de Ana Pérez, cantó. Juan Ríos lo oyó.", "Juan Pérez", False),
        ("Juan, Luis y Ana Pérez cantaron con Juan Ríos.", "Juan Pérez", False),
    ],
)
def test_a_whole_name_is_mixed_unless_the_text_gives_the_family_name_to_that_person(source, name, mixed) -> None:
    said = f"Ayer {name} cantó."
    assert [span.text for span in unsupported(said, source)] == [name] * mixed


def test_an_institution_that_the_text_does_not_name_is_invented_also_in_a_headline() -> None:
    assert [span.text for span in unsupported("Debate en Congreso", "Los diputados discutieron.")] == ["Congreso"]
    assert unsupported("Debate en Congreso", "Hubo debate en el congreso.") == []


def test_unsupported_counts_in_english_too() -> None:
    spans = unsupported("In May, twenty cats met Bob.", "Twelve cats met in May.", "en")
    assert [span.text for span in spans] == ["twenty", "Bob"]
    spans = unsupported("Rain delayed the cats. Lily waited.", "The cats slept.", "en")
    assert [span.text for span in spans] == ["Lily"]


def test_what_people_wrote_of_the_sample_is_called_no_invention() -> None:
    """One of 184 summaries is marked, for "dos" excursionists whom its text lists by name."""
    rows = list(csv.DictReader(sample("noticias").path.read_text("utf-8").splitlines(keepends=True)))
    marked_rows = [row["resumen"] for row in rows if unsupported(row["resumen"], row["texto"])]
    assert len(marked_rows) <= len(rows) / 100
    alone = {
        sentence[span.start : span.end]
        for row in rows
        for sentence in sentences(row["texto"])
        for span in unsupported(sentence, "")
        if span.kind is FactKind.NAME and span.start == 0
    }
    ordinary = {word for row in rows for word in WORD.findall(f"{row['texto']} {row['resumen']}") if word.islower()}
    places = {"Bahía", "Colonia", "Defensa", "Médano", "Protección", "Puerto", "Villa"}
    assert {word for word in alone if word.lower() in ordinary} <= places | {"Abril", "Quinteros"}
    assert len(alone) > 30


def marked(text: str, spans: object) -> list[str]:
    return [text[span.start : span.end] for span in spans]  # type: ignore[attr-defined]


def test_matches_are_what_the_scores_count() -> None:
    prediction, reference = "El gato ve al gato negro", "Un gato negro ve el mar"
    single = highlight(prediction, reference, "rouge1")
    assert marked(prediction, single.prediction) == ["El", "gato", "ve", "negro"]
    assert marked(reference, single.reference) == ["gato", "negro", "ve", "el"]
    pairs = highlight(prediction, reference, "rouge2")
    assert marked(prediction, pairs.prediction) == ["gato", "negro"]
    assert pairs.prediction[0].start == 14  # the second "gato": it is the one beside "negro"
    order = highlight(prediction, reference, "rougeL")
    assert marked(prediction, order.prediction) == marked(reference, order.reference) == ["gato", "ve"]


@pytest.mark.parametrize("pair", ascii_pairs(20))
def test_as_many_words_match_as_rouge_counts(pair: tuple[str, str]) -> None:
    prediction, reference = pair
    total = len(words(prediction)) + len(words(reference))
    for key in ("rouge1", "rougeL"):
        highlighted = highlight(prediction, reference, key)
        assert len(highlighted.prediction) == len(highlighted.reference)
        assert 2 * len(highlighted.prediction) / total == pytest.approx(rouge.score(prediction, reference)[key])


def test_character_matches_forgive_endings_and_cross_blanks() -> None:
    prediction, reference = "las canciones nuevas", "la canción nueva"
    highlighted = highlight(prediction, reference, "chrf")
    assert marked(prediction, highlighted.prediction) == ["canci", "nueva"]
    assert marked(reference, highlighted.reference) == ["canci", "nueva"]
    whole = highlight("sol y luna", "sol y luna", "chrf")
    assert marked("sol y luna", whole.prediction) == ["sol y luna"]


def test_a_metric_that_compares_nothing_has_no_highlight() -> None:
    with pytest.raises(ValueError, match="compression"):
        highlight("a", "b", "compression")


def test_the_longest_copied_run_is_found_wherever_it_stands() -> None:
    library = CopyIndex(["Dijo el sapo a la luna", "no me mires así de frente", ""])
    copied = library.longest("Canta: ¡no me mires, así de lejos, dijo el sapo!")
    assert (copied.length, copied.source) == (5, 1)
    assert library.longest("nada en común").length == 0
    assert library.longest("la luna no me mires").length == 3  # a run never crosses from one text to the next
    assert CopyIndex([]).longest("algo").length == 0


def test_the_longest_copied_run_agrees_with_trying_every_run() -> None:
    rng = random.Random(3)
    texts = [" ".join(rng.choices("abcd", k=30)) for _ in range(4)]
    for _ in range(30):
        text = " ".join(rng.choices("abcd", k=20))
        items = text.split()
        runs = (items[i:j] for i in range(len(items)) for j in range(i + 1, len(items) + 1))
        longest = max(
            (len(run) for run in runs if any(f" {' '.join(run)} " in f" {held} " for held in texts)), default=0
        )
        assert CopyIndex(texts).longest(text).length == longest


def test_the_table_names_every_score_once_and_for_people() -> None:
    keys = [key for entry in METRICS for key in entry.keys]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(score_text("a", "b", "c"))
    assert all(title(key) and metric(key).points > 0 for key in keys)
    assert set(COMPARED) <= set(keys)
    with pytest.raises(KeyError):
        metric("bleu")


def test_evaluate_metrics_give_the_same_numbers_without_touching_disk_or_network(tmp_path: Path) -> None:
    """In a process of its own, where `evaluate` is imported: it reads then where its cache is.

    What it brings, torch above all, is there already.
    """
    program = """
import sys
sys.addaudithook(lambda event, given: (_ for _ in ()).throw(OSError(event)) if event == "socket.connect" else None)
assert "evaluate" not in sys.modules
import evaluate
from poetas.evaluation.metrics.evaluate_metrics import load
from poetas.evaluation.metrics.registry import METRICS, score_text
given = {"prediction": ["Llovió en Salta hoy", "Nada"], "reference": ["Llovió mucho en Salta", "Todo"],
         "source": ["Ayer llovió en Salta.", "Ana vino."]}
expected = [score_text(*texts) for texts in zip(given["prediction"], given["reference"], given["source"])]
for name in [entry.name for entry in METRICS]:
    ours = load(name)
    assert isinstance(ours, evaluate.Metric)
    sides = {f"{side}s": given[side] for side in ("prediction", *ours.entry.needs)}
    means, each = ours.compute(**sides), ours.compute(**sides, per_text=True)
    for key in ours.entry.keys:
        assert each[key] == [scores[key] for scores in expected], (name, key)
        assert abs(means[key] - sum(each[key]) / 2) < 1e-9
assert "version" in load("chrf").compute(predictions=["a"], references=["a"])["signature"]
print("done")
"""
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "HF_HOME": str(home), "HF_HUB_OFFLINE": "1", "PATH": "", "PYTHONPATH": str(ROOT)}
    out, err = run_code("heavy", program, environment)
    assert out.strip() == "done", err
    left = [path for path in home.rglob("*") if path.is_file() and b"Salta" in path.read_bytes()]
    assert left == []


def test_the_scores_are_light_enough_for_a_kernel() -> None:
    program = """
import sys
from poetas.evaluation import bootstrap, verdict, style_verdict
from poetas.evaluation.metrics import registry
registry.score_text("Llovió.", "Llovió.", "Llovió.")
for key in registry.COMPARED: registry.highlight("Llovió.", "Llovió.", key)
heavy = {"torch", "transformers", "evaluate", "datasets", "pandas", "scipy", "ipywidgets"} & set(sys.modules)
print(sorted(heavy))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
