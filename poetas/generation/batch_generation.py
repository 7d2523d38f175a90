"""Batch generation for evaluation: many texts with the same settings and the same limit for every system compared.

Greedy unless the settings say otherwise. Prompts of similar length share a batch, rows that ended leave it, and the
results are yielded as each text ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.model import LanguageModel
from poetas.generation.no_repeat_ngram import repeating_tokens
from poetas.generation.sampling import GenerationSettings, distribution
from poetas.util.heap_trim import give_back_heap

ROWS = 40  # texts in one batch
LEAVING = 0.25  # share of a batch that must have ended before it is dropped: dropping copies what is kept of the others
AREA = 16_384  # prompt tokens in one batch, padding included: bounds the memory of reading them


@dataclass(slots=True)
class _Row:
    """One text in the making. index: its place among the prompts."""

    index: int
    rng: np.random.Generator
    ids: list[int] = field(default_factory=list)
    ended: bool = False

    def take(self, token: int, language_model: LanguageModel, stop: str) -> bool:
        """Add a token, unless it ended before; tell whether it ends with this one."""
        if self.ended:
            return False
        if token in language_model.ends:
            self.ended = True
        else:
            self.ids.append(token)
            self.ended = _stopped(language_model.tokenizer, self.ids, stop)
        return self.ended


@dataclass(frozen=True, slots=True)
class GeneratedText:
    """A text that was written. index: of its prompt. tokens: how many it took. complete: ended by itself."""

    index: int
    text: str
    tokens: int
    complete: bool


def generate_texts(
    language_model: LanguageModel,
    prompts: Sequence[Sequence[int]],
    settings: GenerationSettings,
    *,
    stop: str = "\n",
    rows: int = ROWS,
    unrepeated: int = 0,
    indices: Collection[int] | None = None,
    progress: Callable[[int, int], None] | None = None,
    stopping: Callable[[], bool] | None = None,
) -> Iterator[GeneratedText]:
    """Write one text for each prompt and yield each as it ends, batches of the shortest prompts first.

    prompts: token ids, from `prompts.encode_prompt`. settings: temperature 0 is greedy; otherwise each text draws
    from its own generator, seeded with the seed and its index, whatever its batch. stop: a text ends where this appears
    after something was written ("" = nowhere). rows: texts a batch. unrepeated: length of token sequences that may
    not come twice (0 = any may). indices: of the texts to yield (None = all). progress(done, total): called as
    texts end. stopping: asked before each token; when it says yes, the iterator ends after what is finished.

    For one model, one machine, the same prompts and ``rows`` the result is always the same. So all prompts are given
    also where only some texts are asked for: in bfloat16 the last digits, and now and then a word, depend on what is
    beside a text in its batch. Batches of which nothing is asked for are passed over.
    """
    indices = frozenset(range(len(prompts)) if indices is None else indices)
    done = 0
    for batch in _batches(prompts, rows, settings.max_tokens):
        if indices.isdisjoint(batch):
            continue
        for row, complete in _write(language_model, prompts, batch, settings, stop, unrepeated, stopping):
            if row.index not in indices:
                continue
            done += 1
            if progress is not None:
                progress(done, len(indices))
            yield _text(language_model.tokenizer, row, stop, complete=complete)
        if stopping is not None and stopping():
            return


def _batches(prompts: Sequence[Sequence[int]], rows: int, added: int) -> Iterator[list[int]]:
    """Group indices of prompts of similar length so that a batch stays within ``rows`` and `AREA`."""
    batch: list[int] = []
    for index in sorted(range(len(prompts)), key=lambda position: (len(prompts[position]), position)):
        if batch and (len(batch) >= rows or (len(batch) + 1) * (len(prompts[index]) + added) > AREA):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _write(
    language_model: LanguageModel,
    prompts: Sequence[Sequence[int]],
    batch: list[int],
    settings: GenerationSettings,
    stop: str,
    unrepeated: int,
    stopping: Callable[[], bool] | None,
) -> Iterator[tuple[_Row, bool]]:
    """Write one batch; yield each row as it ends, with whether it ended by itself."""
    live = [_Row(index, np.random.default_rng([settings.seed, index])) for index in batch]
    give_back_heap()  # the batch before grew token by token, and left pieces that fit nothing of this one
    with torch.inference_mode():
        decoder = KVCacheDecoder(language_model, [prompts[index] for index in batch])
        for _ in range(settings.max_tokens):
            if stopping is not None and stopping():
                return
            for row, token in zip(live, _choose(decoder.logits, live, settings, unrepeated), strict=True):
                if row.take(token, language_model, stop):
                    yield row, True
            going = [position for position, row in enumerate(live) if not row.ended]
            if not going:
                return
            if len(going) <= (1 - LEAVING) * len(live):
                decoder.keep(going)
                live = [live[position] for position in going]
            decoder.step([row.ids[-1] if row.ids else 0 for row in live])
    for row in live:
        if not row.ended:
            yield row, False


def _choose(logits: torch.Tensor, live: list[_Row], settings: GenerationSettings, unrepeated: int) -> list[int]:
    """Pick the next token of every row."""
    for index, row in enumerate(live):
        banned = repeating_tokens(row.ids, unrepeated)
        if banned:
            logits[index, banned] = -torch.inf
    if settings.temperature == 0:
        greedy: list[int] = logits.argmax(-1).tolist()
        return greedy
    values = logits.cpu().numpy()
    return [
        distribution(values[index], settings.temperature, settings.top_k, settings.top_p).draw(row.rng)
        for index, row in enumerate(live)
    ]


def _stopped(tokenizer: Any, ids: list[int], stop: str) -> bool:
    """Tell whether the stop came with the last token, after something was written."""
    if not stop or stop not in tokenizer.decode(ids[-1:]):
        return False
    return stop in tokenizer.decode(ids, skip_special_tokens=True).lstrip()


def _text(tokenizer: Any, row: _Row, stop: str, *, complete: bool) -> GeneratedText:
    text = tokenizer.decode(row.ids, skip_special_tokens=True).strip()
    return GeneratedText(row.index, (text.split(stop)[0] if stop else text).strip(), len(row.ids), complete)
