"""Incremental decoding with a KV cache: a batch of prompts in, one token a row and step out; ended rows leave.

Prompts of different length are padded on the left, so that every row writes its next token at the right edge; the
mask and the positions hide the padding. Keys and values of what was read are kept (the cache), never computed twice.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import DynamicCache, EncoderDecoderCache

from poetas.generation.errors import not_finite
from poetas.generation.model import LanguageModel

_ACTIVE = "the active adapter"
READ = 4_096  # tokens of prompts, padding included, read at a time: bounds the memory of what a layer computes
_WORTH = 32  # tokens that prompts must share for reading them once to be worth the copying


@dataclass(frozen=True, slots=True)
class _SharedBeginning:
    """Keys and values of the tokens that all prompts begin with, read once. padding: of each row, on its left."""

    layers: Sequence[tuple[torch.Tensor, torch.Tensor]]
    padding: Sequence[int]

    def cache(self, rows: slice) -> DynamicCache:
        """Return a cache of its own for some rows."""
        made, padding = DynamicCache(), self.padding[rows]
        for index, (keys, values) in enumerate(self.layers):
            made.update(shifted(keys, padding), shifted(values, padding), index)
        return made


class KVCacheDecoder:
    """A batch of texts in the making.

    logits: float32 [rows, vocabulary], for the next token of each row. A caller picks one token a row, calls
    `step`, and calls `keep` with the rows that go on. Use inside `torch.inference_mode()`.
    """

    logits: torch.Tensor

    def __init__(
        self, language_model: LanguageModel, prompts: Sequence[Sequence[int]], *, adapter: str | None = _ACTIVE
    ) -> None:
        """Read the prompts (token ids, none empty). adapter: which one writes all of it (default: the active one)."""
        self._model = language_model.model
        self._adapters = language_model.adapters
        self._adapter = self._adapters.active if adapter == _ACTIVE else adapter
        self._seq2seq = language_model.seq2seq
        self._device = language_model.device
        self._keeps_last = "logits_to_keep" in inspect.signature(self._model.forward).parameters
        ids, self._mask = self._padded(prompts, language_model.tokenizer.pad_token_id)
        self._cache: Any
        if self._seq2seq:
            self._adapters.use(self._adapter)
            self._read = self._model.get_encoder()(input_ids=ids, attention_mask=self._mask)
            self._cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
            begin = self._model.generation_config.decoder_start_token_id or self._model.config.decoder_start_token_id
            ids = torch.full((len(prompts), 1), begin or 0, device=self._device)
        else:
            self._positions = (self._mask.cumsum(-1) - 1).clamp(min=0)
            shared = shared_prefix_length(prompts)
            begun = self._read_once(ids, shared) if shared else None
            ids = ids[:, shared:]
        self.logits = self._forward(ids, 1)[:, -1] if self._seq2seq else self._read_in_parts(ids, begun)
        check_finite(self.logits)

    @property
    def rows(self) -> int:
        """How many texts are being written."""
        return self._mask.shape[0]

    @property
    def length(self) -> int:
        """How many tokens were read, padding included."""
        return self._mask.shape[1]

    @property
    def cache(self) -> Any:
        """Keys and values of what was read, as transformers keeps them."""
        return self._cache

    def step(self, tokens: Sequence[int]) -> None:
        """Write one token in every row and compute the logits of the next."""
        self.logits = self._more([[token] for token in tokens])[:, -1]
        check_finite(self.logits)

    def read(self, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
        """Go on with given tokens, equally many in every row; return float32 [rows, tokens, vocabulary]."""
        logits = self._more(tokens)
        check_finite(logits)
        return logits

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only, in this order; a row may be taken several times."""
        chosen = torch.tensor(rows, dtype=torch.long, device=self._device)
        self._cache.batch_select_indices(chosen)
        self._mask = self._mask[chosen]
        self.logits = self.logits[chosen]
        if self._seq2seq:
            self._read.last_hidden_state = self._read.last_hidden_state[chosen]
        else:
            self._positions = self._positions[chosen]

    def _padded(self, prompts: Sequence[Sequence[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), pad, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(prompts):
            ids[row, width - len(prompt) :] = torch.tensor(prompt, dtype=torch.long)
            mask[row, width - len(prompt) :] = 1
        return ids.to(self._device), mask.to(self._device)

    def _read_once(self, ids: torch.Tensor, shared: int) -> _SharedBeginning:
        """Read the beginning that all prompts share once, for all of them.

        What is left has the same number of tokens in every row, since a shorter prompt reads the end of the shared
        part again. So padding stays on the left, where windows of attention leave it out.
        """
        padding = (1 - self._mask).sum(1).tolist()
        row = padding.index(0)
        mask, positions = self._mask, self._positions
        self._cache = DynamicCache()  # keeps everything, also for layers that see a window: rows begin elsewhere in it
        self._mask, self._positions = mask[row : row + 1, :shared], positions[row : row + 1, :shared]
        self._forward(ids[row : row + 1, :shared], 1)
        self._mask, self._positions = mask, positions[:, shared:]
        return _SharedBeginning([(layer.keys, layer.values) for layer in self._cache.layers], padding)

    def _read_in_parts(self, ids: torch.Tensor, begun: _SharedBeginning | None) -> torch.Tensor:
        """Read what is left of the prompts, a few rows at a time; return the logits of each row's next token.

        The cache of all rows is made once, and what a part's rows read is copied into it: so it is not there twice.
        """
        count, step = len(ids), max(1, READ // ids.shape[1])
        mask, positions = self._mask, self._positions
        logits: list[torch.Tensor] = []
        whole: list[tuple[torch.Tensor, torch.Tensor]] = []
        for start in range(0, count, step):
            part = slice(start, start + step)
            self._cache = DynamicCache(config=self._model.config) if begun is None else begun.cache(part)
            self._mask, self._positions = mask[part], positions[part]
            logits.append(self._forward(ids[part], 1)[:, -1])
            if step >= count:
                break
            for index, layer in enumerate(self._cache.layers):
                if not start:
                    sizes = (count, *layer.keys.shape[1:]), (count, *layer.values.shape[1:])
                    whole.append((layer.keys.new_empty(sizes[0]), layer.values.new_empty(sizes[1])))
                whole[index][0][part], whole[index][1][part] = layer.keys, layer.values
                layer.keys, layer.values = whole[index]
        self._mask, self._positions = mask, positions
        return torch.cat(logits)

    def _more(self, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
        ids = torch.tensor(tokens, dtype=torch.long, device=self._device)
        if not self._seq2seq:
            count = ids.shape[1]
            self._mask = torch.cat([self._mask, self._mask.new_ones(len(tokens), count)], dim=1)
            self._positions = self._positions[:, -1:] + torch.arange(1, count + 1, device=self._device)
        return self._forward(ids, ids.shape[1])

    def _forward(self, ids: torch.Tensor, last: int) -> torch.Tensor:
        """Run the model on new tokens and return the logits of the ``last`` ones, float32."""
        self._adapters.use(self._adapter)
        common = {"attention_mask": self._mask, "past_key_values": self._cache, "use_cache": True}
        if self._seq2seq:
            result = self._model(encoder_outputs=self._read, decoder_input_ids=ids, **common)
        else:
            kept = {"logits_to_keep": last} if self._keeps_last else {}
            result = self._model(input_ids=ids, position_ids=self._positions, **common, **kept)
        logits: torch.Tensor = result.logits[:, -last:].float()
        return logits


def check_finite(logits: torch.Tensor) -> None:
    """Raise NotFinite where the logits of a row are NaN or infinite."""
    # a maximum is NaN if anything is, and is infinite if something overflowed
    if not bool(torch.isfinite(logits.amax(-1)).all()):
        raise not_finite("logits are not finite")


def shared_prefix_length(prompts: Sequence[Sequence[int]]) -> int:
    """How many first tokens all prompts share and can be read once; 0 where that is not worth it.

    At least one token is left to each, and padding must fit into the shared part.

    >>> shared_prefix_length([[*range(40), 1, 2, 3], [*range(40), 9]]), shared_prefix_length([[1, 2], [1, 3]])
    (40, 0)
    """
    shortest, longest = min(prompts, key=len), max(prompts, key=len)
    if len(prompts) == 1 or len(shortest) <= _WORTH:
        return 0
    shared = len(shortest) - 1
    for prompt in prompts:
        shared = next((position for position in range(shared) if prompt[position] != shortest[position]), shared)
    return shared if shared >= max(_WORTH, len(longest) - len(shortest)) else 0


def shifted(kept: torch.Tensor, padding: Sequence[int]) -> torch.Tensor:
    """Repeat one row's keys or values [1, heads, tokens, size] for every row, each moved right by its padding.

    >>> shifted(torch.tensor([[[[1.0], [2.0], [3.0]]]]), [0, 1])[:, 0, :, 0].tolist()
    [[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]]
    """
    rows = kept.new_zeros(len(padding), *kept.shape[1:])
    for row, count in enumerate(padding):
        rows[row, :, count:] = kept[0, :, : kept.shape[2] - count]
    return rows
