"""Writing one text quickly: transformers reads the prompt, each further token goes through a decoding step of our own.

It rounds otherwise than `KVCacheDecoder`, so that what it writes differs now and then from what a batch does: it is for
texts that nothing is compared with (`stream_text`). Where there is no such step (another architecture or device, a
processor or a torch that does not multiply bytes, too little memory), `KVCacheDecoder` writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from poetas.generation.decoder_weights import DecoderWeights, Vector, read_decoder
from poetas.generation.decoding_step import Layer, RescoredHead
from poetas.generation.device import SPARE, free_memory
from poetas.generation.int8_matrix import multiplies_int8
from poetas.generation.kv_cache_decoding import KVCacheDecoder, check_finite
from poetas.generation.model import LanguageModel

_GROWTH = 256  # tokens by which the room for keys and values grows


class SingleRowModel:
    """A decoder's weights, made ready for single vectors: beside the model's own, half as large. For one thread.

    nbytes: of the weights that a token reads.
    """

    def __init__(self, weights: DecoderWeights) -> None:
        self.weights = weights
        self.layers = [Layer(block, weights) for block in weights.blocks]
        self.head = RescoredHead(weights.head)
        self.nbytes = self.head.nbytes + sum(part.nbytes for layer in self.layers for part in layer.products)
        half = weights.size // 2
        self._scales = torch.stack([layer.head_scales() for layer in self.layers])
        self._turned_scales = self._scales.roll(half, -1) * torch.tensor([-1.0, 1.0]).repeat_interleave(half)

    def turns(self, cosines: torch.Tensor, sines: torch.Tensor) -> Iterator[tuple[Vector, Vector]]:
        """What each layer's queries and keys are turned by, their scales included: float32[heads, size], twice.

        cosines, sines: float32[layers, 1, size], of one position.
        """
        return zip((cosines * self._scales).numpy(), (sines * self._turned_scales).numpy(), strict=True)

    def embedded(self, token: int) -> Vector:
        """The vector that a token begins as: float32[width]."""
        vector: Vector = (self.weights.embedding[token].float() * self.weights.embedding_scale).numpy()
        return vector


class _KeysAndValues:
    """What one layer keeps of a text; of the tokens before its window nothing is looked at."""

    def __init__(self, kept: Any, window: int | None) -> None:
        self._window = window
        self._count = kept.keys.shape[2]
        self._both = self._roomier(torch.stack([kept.keys[0], kept.values[0]]).float())

    def __call__(self, key: Vector, value: Vector) -> tuple[torch.Tensor, torch.Tensor]:
        if self._count == self._both.shape[2]:
            self._both = self._roomier(self._both)
        self._array[0, :, self._count], self._array[1, :, self._count] = key, value
        self._count += 1
        seen = self._count if self._window is None else min(self._count, self._window)
        both = self._both.narrow(2, self._count - seen, seen)
        return both[:1], both[1:]

    def _roomier(self, both: torch.Tensor) -> torch.Tensor:
        heads, size = both.shape[1], both.shape[3]
        roomier = torch.cat([both, both.new_empty(2, heads, _GROWTH, size)], 2)
        self._array = roomier.numpy()  # the same memory
        return roomier


class SingleRowDecoder:
    """One text in the making: as a `KVCacheDecoder` of one row, for `logits` and `step`."""

    def __init__(self, model: SingleRowModel, read: KVCacheDecoder) -> None:
        """Go on after what a decoder of one row has read."""
        self._model = model
        self.logits = read.logits
        windows = [block.window for block in model.weights.blocks]
        self._kept = [_KeysAndValues(*pair) for pair in zip(read.cache.layers, windows, strict=True)]
        self._position = self._first = read.length
        self._rotations = self._rotated()

    def step(self, tokens: Sequence[int]) -> None:
        """Write one token and compute the logits of the next. Raises NotFinite."""
        [token] = tokens
        model = self._model
        if self._position - self._first == _GROWTH:
            self._first = self._position
            self._rotations = self._rotated()
        place = self._position - self._first
        turns = model.turns(*(part[place] for part in self._rotations))
        vector, norm = model.embedded(token), model.weights.norm
        with np.errstate(all="ignore"):  # what is not a number is found below
            for layer, turn, kept in zip(model.layers, turns, self._kept, strict=True):
                vector = layer(vector, turn, kept)
            self.logits = model.head(vector * norm.scale * np.float32(norm.factor(vector)))[None]
        self._position += 1
        check_finite(self.logits)

    def _rotated(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self._model.weights.rotations(torch.arange(self._first, self._first + _GROWTH))


def quicker(language_model: LanguageModel, read: KVCacheDecoder) -> SingleRowDecoder | KVCacheDecoder:
    """Return what goes on quickly after the prompt that was read, by the base model alone; else ``read`` itself."""
    model = single_row_model(language_model)
    return read if model is None else SingleRowDecoder(model, read)


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
