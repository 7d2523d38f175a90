"""Writing one text quickly: transformers reads the prompt, further tokens go through a decoding step of our own.

It rounds otherwise than `KVCacheDecoder`, so that what it writes differs now and then from what a batch does: it is for
texts that nothing is compared with (`stream_text`). Where there is no such step (another architecture or device, a
processor or a torch that does not multiply bytes, too little memory), `KVCacheDecoder` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from poetas.generation.decoder_weights import Array, DecoderWeights, read_decoder
from poetas.generation.decoding_step import Layer, RescoredHead
from poetas.generation.device import SPARE, free_memory
from poetas.generation.int8_matrix import multiplies_int8
from poetas.generation.kv_cache_decoding import KVCacheDecoder, check_finite
from poetas.generation.model import LanguageModel
from poetas.generation.prompt_lookup import DRAFTED, PromptLookup

_GROWTH = 256  # tokens by which the room for keys and values grows; beyond it is some for what is drafted


class SingleRowModel:
    """A decoder's weights, made ready for a few vectors: beside the model's own, half as large.

    nbytes: of the weights that a step reads.
    """

    def __init__(self, weights: DecoderWeights) -> None:
        self.weights = weights
        self.layers = [Layer(block, weights) for block in weights.blocks]
        self.head = RescoredHead(weights.head)
        self.nbytes = self.head.nbytes + sum(part.nbytes for layer in self.layers for part in layer.products)
        half = weights.size // 2
        self._scales = torch.stack([layer.head_scales() for layer in self.layers])
        self._turned_scales = self._scales.roll(half, -1) * torch.tensor([-1.0, 1.0]).repeat_interleave(half)

    def turns(self, cosines: torch.Tensor, sines: torch.Tensor) -> Iterator[tuple[Array, Array]]:
        """What each layer's queries and keys are turned by, their scales included: float32[tokens, heads, size], twice.

        cosines, sines: float32[tokens, layers, 1, size].
        """
        turned = (cosines * self._scales).transpose(0, 1).numpy(), (sines * self._turned_scales).transpose(0, 1).numpy()
        return zip(*turned, strict=True)

    def embedded(self, tokens: Sequence[int]) -> Array:
        """The vectors that tokens begin as: float32[tokens, width]."""
        vectors: Array = (self.weights.embedding[list(tokens)].float() * self.weights.embedding_scale).numpy()
        return vectors


class _KeysAndValues:
    """What one layer keeps of a text; of the tokens before its window nothing is looked at.

    count: tokens that are kept; the last ones are forgotten where it is lowered.
    """

    def __init__(self, kept: Any, window: int | None, group: int) -> None:
        """Take over a layer of transformers' cache. group: query heads of a key head."""
        self._window, self._group = window, group
        self.count = kept.keys.shape[2]
        self._both = self._roomier(torch.stack([kept.keys[0], kept.values[0]]).float())

    def __call__(self, keys: Array, values: Array) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
        more = len(keys)
        before, self.count = self.count, self.count + more
        if self.count > self._both.shape[2]:
            self._both = self._roomier(self._both)
        self._array[0, :, before : self.count] = keys.swapaxes(0, 1)
        self._array[1, :, before : self.count] = values.swapaxes(0, 1)
        seen = self.count if self._window is None else min(self.count, self._window + more - 1)
        both = self._both.narrow(2, self.count - seen, seen)
        return both[:1], both[1:], None if more == 1 else _mask(more, seen, self._window, self._group)

    def _roomier(self, both: torch.Tensor) -> torch.Tensor:
        heads, size = both.shape[1], both.shape[3]
        roomier = torch.cat([both, both.new_empty(2, heads, _GROWTH + max(DRAFTED), size)], 2)
        self._array = roomier.numpy()  # the same memory
        return roomier


@lru_cache(maxsize=8)  # the layers of a step share theirs
def _mask(more: int, seen: int, window: int | None, group: int) -> torch.Tensor:
    """Which of the keys each query sees, the queries of a group one after the other: bool[more * group, seen]."""
    ages = torch.arange(seen - more, seen)[:, None] - torch.arange(seen)
    mask = ages >= 0 if window is None else (ages >= 0) & (ages < window)
    return mask.repeat_interleave(group, 0)


class SingleRowDecoder:
    """One text in the making: as a `KVCacheDecoder` of one row, for `logits` and `step`.

    A step reads with its token some that a `PromptLookup` drafted. Where the caller writes these, their logits are
    there already; where it writes another, what was read of them is forgotten.
    """

    def __init__(self, model: SingleRowModel, read: KVCacheDecoder, prompt: Sequence[int]) -> None:
        """Go on after what a decoder of one row has read: the tokens of ``prompt``."""
        self._model = model
        self.logits = read.logits
        blocks, group = model.weights.blocks, model.weights.heads // model.weights.key_heads
        self._kept = [
            _KeysAndValues(layer, block.window, group) for layer, block in zip(read.cache.layers, blocks, strict=True)
        ]
        self._position = self._first = read.length
        self._rotations = self._rotated()
        self._lookup = PromptLookup(prompt)
        self._drafted: list[int] = []
        self._logits_ahead: Callable[[int], torch.Tensor]
        self._used = 0  # drafted tokens that the caller has written

    def step(self, tokens: Sequence[int]) -> None:
        """Write one token and compute the logits of the next. Raises NotFinite."""
        [token] = tokens
        self._lookup.add(token)
        if self._drafted[self._used : self._used + 1] == [token]:
            self._used += 1
        else:
            self._read(token)
        self._position += 1
        with np.errstate(all="ignore"):  # what is not a number is found below
            self.logits = self._logits_ahead(self._used)[None]
        check_finite(self.logits)

    def _read(self, token: int) -> None:
        """Read a token, and those that are drafted to follow it."""
        unused = len(self._drafted) - self._used
        for kept in self._kept:
            kept.count -= unused
        self._drafted, self._used = self._lookup.draft(), 0
        new = [token, *self._drafted]
        model = self._model
        if self._position - self._first >= _GROWTH:
            self._first = self._position
            self._rotations = self._rotated()
        place = self._position - self._first
        turns = model.turns(*(part[place : place + len(new)] for part in self._rotations))
        vectors, norm = model.embedded(new), model.weights.norm
        with np.errstate(all="ignore"):
            for layer, turn, kept in zip(model.layers, turns, self._kept, strict=True):
                vectors = layer(vectors, turn, kept)
            self._logits_ahead = model.head(vectors * norm.scale * norm.factors(vectors)[:, None])

    def _rotated(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self._model.weights.rotations(torch.arange(self._first, self._first + _GROWTH + max(DRAFTED)))


def quicker(
    language_model: LanguageModel, read: KVCacheDecoder, prompt: Sequence[int]
) -> SingleRowDecoder | KVCacheDecoder:
    """Return what goes on quickly after the prompt that was read, by the base model alone; else ``read`` itself."""
    model = single_row_model(language_model)
    return read if model is None else SingleRowDecoder(model, read, prompt)


def single_row_model(language_model: LanguageModel) -> SingleRowModel | None:
    """A model made ready for single rows, once; None where there is no decoding step for it, or no room."""
    if language_model.single_row is None and multiplies_int8():
        weights = read_decoder(language_model.model)
        if weights is not None and free_memory(language_model.device) >= _bytes_taken(language_model) + SPARE:
            language_model.single_row = SingleRowModel(weights)
    made: SingleRowModel | None = language_model.single_row
    return made


def _bytes_taken(language_model: LanguageModel) -> int:
    """While they are laid out, the head's bytes are there twice: two a weight, as the layers have."""
    return sum(2 * weight.numel() for weight in language_model.model.parameters())
