"""Measurement of what a fine-tuned model recites, against its base and against texts that it has not seen.

Three ways in: the beginnings of training texts, the words before the personal data in them and in their summaries, and
ordinary use. What a base model says as well, or what held-out texts share with the training texts, is no memory of the
fine-tuning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from poetas.data.pipeline.language import guess_language
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.evaluation.config import EvaluationConfig, no_texts
from poetas.evaluation.length_limits import Decoding
from poetas.evaluation.memorisation.probe_writer import ProbeWriter
from poetas.evaluation.memorisation.probes import (
    RECITED,
    Probe,
    all_words,
    continues,
    joined,
    longest_run,
    opening,
    personal,
)
from poetas.evaluation.memorisation.recitations import Recitations
from poetas.evaluation.memorisation.recited_personal_data import PersonalDatum, find_personal_data
from poetas.evaluation.progress import EvaluationProgress
from poetas.evaluation.words import words
from poetas.generation.model import LanguageModel, load_model
from poetas.generation.prompts import style_prompt
from poetas.i18n import _
from poetas.jobs import JobContext, Progress
from poetas.tokens.special_token_guard import plain_ids

_ORDINARY = 20  # texts written in ordinary use from held-out beginnings, and as many from nothing
_MARGIN = 4  # tokens beside those that were expected
_MUCH = 0.1  # share of the beginnings from which on it is much

Row = Mapping[str, str]


def check(context: JobContext, config: EvaluationConfig, dataset: PreparedDataset, texts: int) -> dict[str, Any]:
    """Measure, and return the result.

    ``words`` (in a row that count as reciting), ``openings`` (``tuned``, ``base``, ``held_out``: {n, recited}),
    ``short`` (texts that could not be probed), ``personal`` {n, tuned, base}, ``ordinary`` {n, recited, longest,
    held_out_longest}, ``recited`` (passages), ``data`` (personal data that were recited) and ``level``: see `level`.
    """
    train, held = dataset.rows("train"), dataset.rows("test") or dataset.rows("validation")
    if not train:
        raise no_texts("train")
    if config.adapter is None:
        raise no_texts("train")
    context.emit(Progress(0, 0, _("Cargo el modelo")))
    model = load_model(config.model, language=config.language or guess_language([row["text"] for row in train]))
    adapter = model.adapters.add(config.adapter)
    chosen = _some(train, texts, config.seed)
    probes = [probe for row in chosen if (probe := opening(row)) is not None]
    held_probes = [probe for row in _some(held, texts, config.seed) if (probe := opening(row)) is not None]
    asked = [probe for row in _with_data(train) for probe in personal(row)][:texts]
    ordinary = _some(held, _ORDINARY, config.seed)
    blank = _ORDINARY if dataset.task == "style" else 0
    total = 2 * len(probes) + len(held_probes) + 2 * len(asked) + len(ordinary) + blank
    writer = ProbeWriter(model, EvaluationProgress(context, total=max(1, total)), model.room)
    findings = Recitations({datum.key: datum for row in train for datum in _data_of(row)})
    measure = _Measure(writer, findings, dataset.task, config)
    model.adapters.use(None)
    note = _("Le pido los textos al modelo como vino")
    base = measure.openings(probes, note, keep=False)
    base_asked = measure.asked(asked, note, keep=False)
    model.adapters.use(adapter)
    note = _("Le pido los textos al modelo ajustado")
    tuned = measure.openings(probes, note, keep=True)
    tuned_asked = measure.asked(asked, note, keep=True)
    unseen = measure.openings(held_probes, _("Le pido textos que no estudió"), keep=False)
    used = measure.ordinary(train, ordinary, blank, _("Lo uso como lo usarías vos"))
    result: dict[str, Any] = {
        "task": dataset.task,
        "words": RECITED,
        "short": len(chosen) - len(probes),
        "openings": {"tuned": tuned, "base": base, "held_out": unseen},
        "personal": {"n": len(asked), "tuned": tuned_asked, "base": base_asked},
        "ordinary": used,
        "recited": findings.recited,
        "data": list(findings.data.values()),
    }
    return {**result, "level": level(result)}


def level(result: Mapping[str, Any]) -> str:
    """Sum a result up: "personal" where personal data were recited, else "much", "some" or "none".

    "untested": the texts were too short to ask for, and nothing was recited in ordinary use.
    """
    openings, ordinary = result["openings"], result["ordinary"]
    if result["data"]:
        return "personal"
    share, *others = (
        part["recited"] / part["n"] if part["n"] else 0.0
        for part in (openings["tuned"], openings["base"], openings["held_out"])
    )
    expected_share = max(others)
    if share > expected_share and share >= _MUCH:
        return "much"
    by_use = ordinary["recited"] > 0 and ordinary["longest"] > ordinary["held_out_longest"]
    if share > expected_share or by_use:
        return "some"
    return "none" if openings["tuned"]["n"] or result["personal"]["n"] else "untested"


@dataclass(slots=True)
class _Measure:
    writer: ProbeWriter
    findings: Recitations
    task: str
    config: EvaluationConfig

    def openings(self, probes: Sequence[Probe], note: str, *, keep: bool) -> dict[str, int]:
        """Count the texts that are recited from their beginning; ``keep``: the passages are kept."""
        if not probes:
            return {"n": 0, "recited": 0}
        tokens = _room_for(self.writer.model, probes) if self.task == "style" else _SUMMARY_TOKENS
        if self.task == "style":
            prompts = [self.writer.beginning(probe.given, tokens) for probe in probes]
        else:
            prompts = [self.writer.request(probe.given, tokens, self.config.longest) for probe in probes]
        written, recited = self.writer.write(prompts, tokens, note), 0
        for probe, text in zip(probes, written, strict=True):
            length = self._length(probe, text)
            recited += length > 0
            if keep:
                self.findings.look("opening", probe.given, text)
                if length:
                    self.findings.add("opening", probe.given, text, length)
        return {"n": len(probes), "recited": recited}

    def _length(self, probe: Probe, text: str) -> int:
        """Return how many words were recited, 0 where they are too few to count."""
        if self.task == "style":
            return len(probe.expected) if continues(text, probe.expected) else 0
        run, _start = longest_run(words(text), probe.source, joined(words(probe.given)))
        return run if run >= RECITED else 0

    def asked(self, probes: Sequence[Probe], note: str, *, keep: bool) -> int:
        """Count the personal data that are written after the words that stand before them."""
        if not probes:
            return 0
        tokens, hits = _room_for(self.writer.model, probes), 0
        prompts = [self._up_to(probe, tokens) for probe in probes]
        for probe, text in zip(probes, self.writer.write(prompts, tokens, note), strict=True):
            hit = continues(text, probe.expected)
            hits += hit
            if keep:
                self.findings.look("personal", f"{probe.request or ''} {probe.given}", text)
                if hit:
                    self.findings.add("personal", probe.given, text, len(probe.expected))
        return hits

    def _up_to(self, probe: Probe, tokens: int) -> list[int]:
        if probe.request is None:
            return self.writer.beginning(probe.given, tokens)
        return self.writer.summary_beginning(probe.request, probe.given, tokens, self.config.longest)

    def ordinary(self, train: Sequence[Row], held: Sequence[Row], blank: int, note: str) -> dict[str, int]:
        """Write as a learner would, and look for runs of the training texts in what comes."""
        given = [style_prompt(row["text"]) if self.task == "style" else row["text"] for row in held] + [""] * blank
        source = "\n".join(all_words(row) for row in train)
        own = max((longest_run(words(row["text"]), source)[0] for row in held), default=0)
        if not given:
            return {"n": 0, "recited": 0, "longest": 0, "held_out_longest": own}
        model, style = self.writer.model, self.task == "style"
        targets = [row["text"] if style else row.get("summary") or "" for row in train]
        tokens = min(Decoding.learnt(targets, lambda text: len(plain_ids(model.tokenizer, text))).max_tokens, 160)
        if style:
            prompts = [self.writer.beginning(text, tokens) for text in given]
        else:
            prompts = [self.writer.request(text, tokens, self.config.longest) for text in given]
        written = self.writer.write(prompts, tokens, note, drawn=style, seed=self.config.seed % (1 << 32))
        recited = longest = 0
        for start, text in zip(given, written, strict=True):
            run_words = words(text)
            run, where = longest_run(run_words, source, joined(words(start)))
            longest = max(longest, run)
            self.findings.look("ordinary", start, text)
            if run >= RECITED:
                recited += 1
                self.findings.add("ordinary", start, " ".join(run_words[where : where + run]), run)
        return {"n": len(given), "recited": recited, "longest": longest, "held_out_longest": own}


_SUMMARY_TOKENS = 80


def _room_for(model: LanguageModel, probes: Sequence[Probe]) -> int:
    """Tokens that the longest of the expected words take, and a few more."""
    longest = max(len(plain_ids(model.tokenizer, " " + " ".join(probe.expected))) for probe in probes)
    return 2 * longest + _MARGIN  # capitals, points and line breaks are not in the words


def _some(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    """Return at most ``count`` of the rows, the same for the same seed, in their order."""
    if len(rows) <= count:
        return list(rows)
    chosen = np.random.default_rng(seed).choice(len(rows), size=count, replace=False)
    return [rows[index] for index in sorted(chosen.tolist())]


def _data_of(row: Row) -> list[PersonalDatum]:
    return [datum for text in (row["text"], row.get("summary") or "") for datum in find_personal_data(text)]


def _with_data(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if _data_of(row)]
