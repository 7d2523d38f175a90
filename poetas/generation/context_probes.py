"""Next-token probabilities under changed contexts: each word left out in turn, and only the last tokens read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.model import LanguageModel
from poetas.generation.model_cache import LoadedModel
from poetas.generation.model_session import OWN, ModelSession
from poetas.generation.prompts import encode_beginning
from poetas.generation.sampling import likeliest, log_softmax, softmax
from poetas.generation.word_removal import WORDS, last_words, without, word_spans
from poetas.services.session import Session
from poetas.tokens.special_token_guard import frame, plain_ids
from poetas.util.text_normalize import composed

ROWS = 16  # variants read side by side: 16 MB of logits with a vocabulary of 262,144
READ = 256  # tokens of a text that are read, from its end: as many as the bars' own call reads
TOP = 10  # tokens of a window that are sent
WINDOWS = 48  # tokens in the longest window


class ContextProbes(ModelSession):
    """Calls that read variants of one text; for the arguments they share with others, see `handler.Generation`."""

    def word_weights(
        self, session: Session, text: str, token: int, model: str = OWN, adapter: str | None = OWN
    ) -> dict[str, Any]:
        """How much the log-probability of one next token depends on each word of a text: leave one out.

        token: id of the next token asked about. Returns read: the end of the text that was read. spans: int64[n, 2],
        the words in it that were left out, the last `WORDS`. whole: log-probability of the token after all of it,
        nats. lacking: float64[n], the same without each word. favourites: the likeliest token's text without each.
        """
        text = composed(text)
        with self._acquire(session, model, adapter) as loaded:
            language_model = loaded.language_model
            tokenizer, room = language_model.tokenizer, min(READ, language_model.room)
            first, last = frame(tokenizer)
            read = last_words(text, room - len(first) - len(last), lambda part: len(plain_ids(tokenizer, part)))
            spans = word_spans(read)[-WORDS:]
            variants = [read, *(without(read, span) for span in spans)]
            prompts = [
                encode_beginning(tokenizer, language_model.style, part, room=room).input_ids for part in variants
            ]
            values, favourites = [], []
            for logits in self._next_logits(session, loaded, prompts):
                values.append(float(log_softmax(logits)[token]))
                favourites.append(language_model.pieces.text(int(logits.argmax())))
        return {
            "read": read,
            "spans": np.array(spans, dtype=np.int64).reshape(-1, 2),
            "whole": values[0],
            "lacking": np.array(values[1:], dtype=np.float64),
            "favourites": favourites[1:],
        }

    def context_windows(
        self, session: Session, text: str, model: str = OWN, adapter: str | None = OWN
    ) -> dict[str, Any]:
        """The likeliest next tokens where only the last tokens of a text are read: one, two, … up to `WINDOWS`.

        Returns prompt_pieces: the tokens of the text, those before `READ` left out. truncated: how many these are.
        sizes: int64[k], tokens in each window, 1 to k. ids: int64[k, 10], shares: float64[k, 10] (exact softmax) and
        pieces, their texts: the likeliest next tokens after each.
        """
        with self._acquire(session, model, adapter) as loaded:
            language_model = loaded.language_model
            begin, body, end, truncated = _parts(language_model, text)
            sizes = range(1, min(WINDOWS, len(body)) + 1)
            prompts = [begin + body[len(body) - size :] + end for size in sizes]
            ids, shares = [], []
            for logits in self._next_logits(session, loaded, prompts):
                top = likeliest(logits, TOP)
                ids.append(top)
                shares.append(softmax(logits)[top])
            piece = language_model.pieces.text
            return {
                "prompt_pieces": [piece(token) for token in body],
                "truncated": truncated,
                "sizes": np.array(sizes, dtype=np.int64),
                "ids": np.array(ids, dtype=np.int64).reshape(-1, TOP),
                "shares": np.array(shares, dtype=np.float64).reshape(-1, TOP),
                "pieces": [[piece(int(token)) for token in row] for row in ids],
            }

    def _next_logits(
        self, session: Session, loaded: LoadedModel, prompts: Sequence[Sequence[int]]
    ) -> Iterator[NDArray[np.float32]]:
        """Yield the logits after each prompt, read `ROWS` at a time; other calls and Stop come in between."""
        for batch in _batches(prompts):
            yield from self._model_cache.compute(session, _batch_logits, loaded, batch)


def _batches(prompts: Sequence[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """Group prompts, in their order, in batches of at most `ROWS` and of similar length: padding is read as well.

    >>> [len(batch) for batch in _batches([[0] * size for size in (2, 9, 30, 65, 66, 256)])]
    [3, 2, 1]
    """
    batch: list[Sequence[int]] = []
    for prompt in prompts:
        if batch and (len(batch) == ROWS or len(prompt) > 2 * max(ROWS, len(batch[0]))):
            yield batch
            batch = []
        batch.append(prompt)
    if batch:
        yield batch


@torch.inference_mode()
def _batch_logits(loaded: LoadedModel, prompts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """Logits after each prompt, all read in one batch: float32[prompts, vocabulary]."""
    logits: NDArray[np.float32] = (
        KVCacheDecoder(loaded.language_model, prompts, adapter=loaded.adapter).logits.cpu().numpy()
    )
    return logits


def _parts(language_model: LanguageModel, text: str) -> tuple[list[int], list[int], list[int], int]:
    """Encode a text's end: tokens that every prompt begins with, those of the text, those that end it; tokens cut."""
    room = min(READ, language_model.room)
    prompt = encode_beginning(language_model.tokenizer, language_model.style, text, room=room)
    first, last = frame(language_model.tokenizer)
    end = last if language_model.seq2seq else []
    if not plain_ids(language_model.tokenizer, composed(text)):
        return first, [], end, 0
    return first, prompt.input_ids[len(first) : len(prompt.input_ids) - len(end)], end, prompt.truncated
