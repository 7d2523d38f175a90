"""TextRank baseline: text in, its most central sentence out.

Source: R. Mihalcea and P. Tarau, "TextRank: Bringing Order into Texts", 2004, with the graph, the stop words and the
stemmer of the library `summa`. Two steps are ours. The sentences are cut by `poetas.evaluation.sentences`, because
summa's own cutter knows English abbreviations only. And the ranks come from power iteration: summa takes the first
eigenvector that LAPACK returns, which is not always the dominant one (seen: another sentence in 9 of 184 news items).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from poetas.evaluation.baselines.lead import lead
from poetas.evaluation.sentences import sentences

DAMPING = 0.85
_ROUNDS, _CLOSE = 200, 1e-10
_LANGUAGES = {"es": "spanish", "en": "english", "pt": "portuguese", "fr": "french", "it": "italian", "de": "german"}
_MARKS = re.compile(r"[.!?…\s]+")
_MOST = 400  # sentences: the graph grows with their square; of a longer text the first ones are ranked


def extract(text: str, language: str = "es") -> str:
    """Return the most central sentence of ``text``; of several equally central ones, the first.

    Falls back to the first sentence where no two sentences share a word worth counting (texts of one
    or two sentences, verses, languages that the library does not know).

    >>> extract("El gato come pescado. Hoy llueve. El gato negro come pescado fresco.")
    'El gato come pescado.'
    >>> extract("Una sola oración.")
    'Una sola oración.'
    """
    candidates = [" ".join(sentence.split()) for sentence in sentences(text)][:_MOST]
    named = _LANGUAGES.get(language)
    scores = _scores(candidates, named) if named and len(candidates) > 1 else None
    if scores is None:
        return lead(text, 1)
    return candidates[int(np.argmax(scores))]


def _scores(candidates: list[str], language: str) -> list[float] | None:
    """Return the PageRank of each sentence, 0 where it shares no word with another; None where none does."""
    from summa import commons, pagerank_weighted, summarizer  # noqa: PLC0415  # brings scipy: half a second
    from summa.preprocessing import textcleaner  # noqa: PLC0415

    lines = [_MARKS.sub(" ", sentence) for sentence in candidates]  # so that a line is a sentence to summa as well
    graph = summarizer.get_graph("\n".join(lines), language)
    tokens: list[str] = textcleaner.filter_words(lines)  # stems without stop words: the nodes of the graph
    seen = Counter(stem for token in set(tokens) for stem in set(token.split()))
    if not any(count > 1 for count in seen.values()):
        return None  # summa would link every sentence with every other, and rank them at random
    commons.remove_unreachable_nodes(graph)
    ranks = dict(zip(graph.nodes(), _ranks(pagerank_weighted.build_adjacency_matrix(graph)), strict=True))
    # Rounded, because equal ranks differ in their last digits, and rounding errors should not choose among them.
    return [round(ranks.get(token, 0.0), 6) for token in tokens]


def _ranks(links: Any) -> list[float]:
    """Return the PageRank of each node by power iteration. links: sparse float[n, n], each row adds up to 1."""
    count = links.shape[0]
    ranks = np.full(count, 1 / count)
    for _ in range(_ROUNDS):
        following = (1 - DAMPING) / count + DAMPING * (links.T @ ranks)
        close = np.abs(following - ranks).max() < _CLOSE
        ranks = following
        if close:
            break
    return [float(rank) for rank in ranks]
