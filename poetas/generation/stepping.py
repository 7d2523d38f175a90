"""Writing token by token with a batch of prompts: read them once, then one step a token, dropping rows that ended.

Prompts of different length are padded on the left, so that every row writes its next token at the right edge; the
mask and the positions hide the padding. Keys and values of what was read are kept (the cache), never computed twice.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch
from transformers import DynamicCache, EncoderDecoderCache

from poetas.generation.errors import no_sense
from poetas.generation.model import LanguageModel

_ACTIVE = "the one at work"


class Writing:
    """A batch of texts in the making.

    logits: float32 [rows, vocabulary], for the next token of each row. A caller picks one token a row, calls
    `step`, and calls `keep` with the rows that go on. Use inside `torch.inference_mode()`.
    """

    logits: torch.Tensor

    def __init__(
        self, language_model: LanguageModel, prompts: Sequence[Sequence[int]], *, adapter: str | None = _ACTIVE
    ) -> None:
        """Read the prompts (token ids, none empty). adapter: which one writes all of it (default: that at work)."""
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
            self._cache = DynamicCache(config=self._model.config)
            self._positions = (self._mask.cumsum(-1) - 1).clamp(min=0)
        self.logits = self._forward(ids, 1)[:, -1]
        self._check(self.logits)

    @property
    def rows(self) -> int:
        """How many texts are being written."""
        return self._mask.shape[0]

    def step(self, tokens: Sequence[int]) -> None:
        """Write one token in every row and compute the logits of the next."""
        self.logits = self._more([[token] for token in tokens])[:, -1]
        self._check(self.logits)

    def read(self, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
        """Go on with given tokens, equally many in every row; return float32 [rows, tokens, vocabulary]."""
        logits = self._more(tokens)
        self._check(logits)
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

    @staticmethod
    def _check(logits: torch.Tensor) -> None:
        # a maximum is NaN if anything is, and is infinite if something overflowed
        if not bool(torch.isfinite(logits.amax(-1)).all()):
            raise no_sense("logits are not finite")
