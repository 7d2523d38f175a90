"""Writing token by token with a batch of prompts: read them once, then one step a token, dropping rows that ended.

Prompts of different length are padded on the left, so that every row writes its next token at the right edge; the
mask and the positions hide the padding. Keys and values of what was read are kept (the cache), never computed twice.
"""

from __future__ import annotations

import inspect
from typing import Any

import torch
from transformers import DynamicCache, EncoderDecoderCache

from poetas.generation.errors import no_sense
from poetas.generation.model import LanguageModel


class Writing:
    """A batch of texts in the making.

    logits: float32 [rows, vocabulary], for the next token of each row. A caller picks one token a row, calls
    `step`, and calls `keep` with the rows that go on. Use inside `torch.inference_mode()`.
    """

    logits: torch.Tensor

    def __init__(self, language_model: LanguageModel, prompts: list[list[int]]) -> None:
        self._model = language_model.model
        self._seq2seq = language_model.seq2seq
        self._device = language_model.device
        pad = language_model.tokenizer.pad_token_id
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), pad, dtype=torch.long)
        self._mask = torch.zeros_like(ids)
        for row, prompt in enumerate(prompts):
            ids[row, width - len(prompt) :] = torch.tensor(prompt, dtype=torch.long)
            self._mask[row, width - len(prompt) :] = 1
        self._mask = self._mask.to(self._device)
        ids = ids.to(self._device)
        self._cache: Any
        if self._seq2seq:
            self._read = self._model.get_encoder()(input_ids=ids, attention_mask=self._mask)
            self._cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
            begin = self._model.generation_config.decoder_start_token_id or self._model.config.decoder_start_token_id
            self._forward(torch.full((len(prompts), 1), begin or 0, device=self._device))
        else:
            self._last = inspect.signature(self._model.forward).parameters
            self._cache = DynamicCache(config=self._model.config)
            self._positions = (self._mask.cumsum(-1) - 1).clamp(min=0)
            self._forward(ids)

    @property
    def rows(self) -> int:
        """How many texts are being written."""
        return self._mask.shape[0]

    def step(self, tokens: list[int]) -> None:
        """Write one token in every row and compute the logits of the next."""
        ids = torch.tensor(tokens, dtype=torch.long, device=self._device)[:, None]
        if not self._seq2seq:
            self._mask = torch.cat([self._mask, self._mask.new_ones(len(tokens), 1)], dim=1)
            self._positions = self._positions[:, -1:] + 1
        self._forward(ids)

    def keep(self, rows: list[int]) -> None:
        """Go on with these rows only, in this order."""
        chosen = torch.tensor(rows, dtype=torch.long, device=self._device)
        self._cache.batch_select_indices(chosen)
        self._mask = self._mask[chosen]
        self.logits = self.logits[chosen]
        if self._seq2seq:
            self._read.last_hidden_state = self._read.last_hidden_state[chosen]
        else:
            self._positions = self._positions[chosen]

    def _forward(self, ids: torch.Tensor) -> None:
        common = {"attention_mask": self._mask, "past_key_values": self._cache, "use_cache": True}
        if self._seq2seq:
            result = self._model(encoder_outputs=self._read, decoder_input_ids=ids, **common)
        else:
            last = {"logits_to_keep": 1} if "logits_to_keep" in self._last else {}
            result = self._model(input_ids=ids, position_ids=self._positions, **common, **last)
        self.logits = result.logits[:, -1].float()
        if not bool(torch.isfinite(self.logits.amax(-1)).all()):
            raise no_sense("logits are not finite")
