"""The points of comparison that need no model."""

from __future__ import annotations

import networkx as nx
import pytest

from poetas.evaluation.baselines.extractive import extract
from poetas.evaluation.baselines.lead import lead, second
from poetas.evaluation.baselines.prompt_examples import chosen_examples
from poetas.evaluation.baselines.registry import BASELINE_TEXTS
from poetas.evaluation.sentences import sentences

NEWS = (
    "La plaza San Martín cerró por obras. La Dra. Inés Paz, vecina de la plaza, se queja del ruido de las obras. "
    "Hace calor. Las obras de la plaza terminan en marzo, según la intendencia. Nadie sabe por qué tardan tanto."
)


def test_lead_takes_whole_sentences_and_no_more_than_there_are() -> None:
    assert lead(NEWS, 1) == "La plaza San Martín cerró por obras."
    assert lead(NEWS, 3).endswith("Hace calor.")
    assert lead("Una sola", 3) == "Una sola"
    assert lead("  Dos\n líneas. Y otra.", 1) == "Dos líneas."
    assert lead("", 3) == ""


def test_the_second_sentence_is_the_second_or_the_only_one() -> None:
    assert second(NEWS) == "La Dra. Inés Paz, vecina de la plaza, se queja del ruido de las obras."
    assert second("Una sola") == "Una sola"
    assert second("") == ""


def test_extraction_takes_the_sentence_that_textrank_puts_first() -> None:
    """The oracle is networkx's PageRank over the same graph of shared stems."""
    from summa import summarizer
    from summa.preprocessing import textcleaner

    graph = summarizer.get_graph("\n".join(part.rstrip(".").replace(".", "") for part in sentences(NEWS)), "spanish")
    oracle = nx.Graph()
    oracle.add_weighted_edges_from(
        (sentence, other, graph.edge_weight((sentence, other))) for sentence, other in graph.edges()
    )
    ranks = nx.pagerank(oracle, weight="weight", tol=1e-12, max_iter=1000)
    best = max(ranks, key=lambda node: ranks[node])
    extracted = extract(NEWS, "es")
    assert textcleaner.filter_words([extracted]) == [best]


def test_extraction_is_the_same_every_time() -> None:
    assert len({extract(NEWS, "es") for _ in range(5)}) == 1


@pytest.mark.parametrize(
    "text", ["", "Una.", "Sí. No.", "Hola mundo. Chau gato.", "😀. 😀.", "…", "A\n\nB", "Dr. Paz", "de la. de la."]
)
def test_short_or_odd_texts_fall_back_to_the_first_sentence(text: str) -> None:
    assert extract(text, "es") == lead(text, 1)


def test_an_unknown_language_falls_back_and_a_long_text_ends() -> None:
    assert extract(NEWS, "qu") == lead(NEWS, 1)
    long = " ".join(f"La plaza número {number} tiene árboles y bancos." for number in range(900))
    assert extract(long, "es").startswith("La plaza número")


def test_the_table_holds_what_needs_no_model() -> None:
    assert {name: bool(make(NEWS, "es")) for name, make in BASELINE_TEXTS.items()} == {
        "lead1": True,
        "second": True,
        "lead3": True,
        "extractive": True,
    }


def test_examples_are_usual_whole_and_always_the_same() -> None:
    usual = [
        (f"texto {number} " + "palabra " * (50 + number), "un resumen de seis palabras más") for number in range(9)
    ]
    odd = [("corto", "x"), ("palabra " * 900, "y " * 200), ("", "vacío"), ("texto " * 54, "")]
    examples = chosen_examples(odd + usual)
    assert len(examples) == 2
    assert all(pair in usual for pair in examples)
    assert examples == chosen_examples(odd + usual)
    assert chosen_examples([("", "")]) == []
    assert len(chosen_examples(usual[:1])) == 1
