"""Streamed generation of one text: token by token, in whole characters, with other calls in between."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from poetas.evaluation.length_limits import Decoding
from poetas.generation.incremental_detokenizer import IncrementalDetokenizer
from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.log_likelihood import scores_after
from poetas.generation.model_cache import LoadedModel, ModelCache
from poetas.generation.no_repeat_ngram import repeating_tokens
from poetas.generation.sampling import GenerationSettings, distribution
from poetas.generation.single_row_decoding import SingleRowDecoder, quicker
from poetas.services.session import Session

Decoder = SingleRowDecoder | KVCacheDecoder


def stream_text(
    model_cache: ModelCache,
    session: Session,
    loaded: LoadedModel,
    prompt: Sequence[int],
    settings: GenerationSettings,
    *,
    stop: str = "",
    quick: bool = False,
) -> Generator[str, None, dict[str, Any]]:
    """Write a text and yield it in pieces; return ``{"text", "tokens", "complete", "seconds"}``.

    prompt: token ids. stop: a single character at whose first appearance, after something was written, the text ends
    without it; blanks around the text are then left out, as `generate_texts` does. complete: whether it ended
    by itself. quick: write with `single_row_decoding` where it has a step for the model, and no fine-tuning is used; it
    rounds otherwise than a batch, so that now and then it writes another text than an exam would. The same seed and
    settings give the same text.
    """
    began = time.monotonic()
    language_model = loaded.language_model
    rng = np.random.default_rng(settings.seed)
    going_on = not (language_model.seq2seq or stop)
    streamed = IncrementalDetokenizer(language_model.tokenizer, prompt[-1] if going_on else None)
    decoder: Decoder = model_cache.compute(session, _begin, loaded, prompt)
    text, complete = "", False
    written: list[int] = []
    while len(written) < settings.max_tokens and not complete:
        token = model_cache.compute(session, _pick, decoder, settings, rng, written)
        session.check()
        complete = token in language_model.ends
        if complete:
            break
        written.append(token)
        piece, complete = _until(stop, text, streamed.push(token))
        if piece:
            text += piece
            yield piece
        if not complete and len(written) < settings.max_tokens:
            if quick and len(written) == 1:  # its making takes a second: there is a word to read by then
                decoder = model_cache.compute(session, _quicker, loaded, decoder, prompt)
            model_cache.compute(session, _step, decoder, token)
    if not stop and (piece := streamed.rest()):
        text += piece
        yield piece
    text = text.strip() if stop else text
    return {"text": text, "tokens": len(written), "complete": complete, "seconds": time.monotonic() - began}


def kept_pieces(writing: Generator[str, None, dict[str, Any]], rules: Decoding) -> Generator[str, None, dict[str, Any]]:
    """Yield of a text's pieces what its length limits keep; return its result with the kept ``text`` and ``cut``.

    cut: whether the text breaks off at the limit.
    """
    text = shown = ""
    while True:
        try:
            text += next(writing)
        except StopIteration as end:
            kept, cut = rules.finished(end.value["text"], complete=end.value["complete"])
            return {**end.value, "text": kept, "cut": cut}
        kept = rules.trimmed(text)
        if kept.startswith(shown) and len(kept) > len(shown):  # what was shown stays, until the text is finished
            yield kept[len(shown) :]
            shown = kept


@torch.inference_mode()
def next_logits(
    loaded: LoadedModel, prompt: Sequence[int], word: Sequence[int] = ()
) -> tuple[NDArray[np.float32], float]:
    """Logits of the token after a prompt, float32[vocabulary], and the log-likelihood of a word there, in nats."""
    decoder = KVCacheDecoder(loaded.language_model, [prompt], adapter=loaded.adapter)
    logits: NDArray[np.float32] = decoder.logits[0].cpu().numpy()
    return logits, float(scores_after(decoder, [word])[0].sum())


def likeliest_token(decoder: Decoder) -> int:
    """Return the likeliest next token of the one text of a decoder (of those that are level, the smaller id)."""
    return int(decoder.logits[0].cpu().numpy().argmax())  # numpy's takes a tenth of torch's time


def _until(stop: str, text: str, piece: str) -> tuple[str, bool]:
    r"""Cut a new piece at the stop, and leave out blanks in front of everything; tell whether the stop was there.

    >>> _until("\n", "Llovió", " mucho.\n\nOtro"), _until("\n", "", "\n ")
    ((' mucho.', True), ('', False))
    """
    if not stop:
        return piece, False
    new = piece if text else piece.lstrip()
    before, separator, _ = new.partition(stop)
    return before, bool(separator)


@torch.inference_mode()
def _begin(loaded: LoadedModel, prompt: Sequence[int]) -> KVCacheDecoder:
    return KVCacheDecoder(loaded.language_model, [prompt], adapter=loaded.adapter)


@torch.inference_mode()
def _quicker(loaded: LoadedModel, read: Decoder, prompt: Sequence[int]) -> Decoder:
    if loaded.adapter is None and isinstance(read, KVCacheDecoder):
        return quicker(loaded.language_model, read, prompt)
    return read


@torch.inference_mode()
def _step(decoder: Decoder, token: int) -> None:
    decoder.step([token])


def _pick(decoder: Decoder, settings: GenerationSettings, rng: np.random.Generator, written: list[int]) -> int:
    barred = repeating_tokens(written, settings.unrepeated)
    if settings.temperature == 0 and not barred:
        return likeliest_token(decoder)
    logits = decoder.logits[0].cpu().numpy()
    if barred:
        logits = logits.copy()
        logits[barred] = -np.inf
    if settings.temperature == 0:
        return int(logits.argmax())
    return distribution(logits, settings.temperature, settings.top_k, settings.top_p).draw(rng)
