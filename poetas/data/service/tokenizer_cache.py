"""The tokenizers that the preparation service has open, and the lengths of a session's texts under each."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from poetas.data.service.session_state import Mapped
from poetas.models.cache import folder_name
from poetas.tokens.token_lengths import TokenLengths
from poetas.tokens.tokenizer import Tokenizer
from poetas.workspace import Workspace

AT_ONCE = 3  # tokenizers kept: as many as a page compares; Gemma's takes 300 MB


class TokenizerCache:
    """Tokenizers by model id, the least recently used put away first."""

    def __init__(self, models: Path | None = None) -> None:
        self._models = models
        self._open: OrderedDict[str, Tokenizer] = OrderedDict()
        self._changing = threading.Lock()

    def tokenizer(self, model: str) -> Tokenizer:
        """The tokenizer of a model. Raises UnknownModel, TokenizerMissing, TokenizerBroken."""
        with self._changing:
            if model not in self._open:
                models = self._models or Workspace.default().models
                self._open[model] = Tokenizer.open(models / folder_name(model))
            self._open.move_to_end(model)
            while len(self._open) > AT_ONCE:
                self._open.popitem(last=False)
            return self._open[model]

    def lengths(self, session: MutableMapping[str, Any], model: str, chosen: Mapped) -> TokenLengths:
        """Lengths of the session's present texts, measured once for each model."""
        table, known = session.get("lengths", (None, {}))
        if table is not chosen.table:  # other texts: what was measured is of no use any more
            known = {}
        if model not in known:
            known = {**known, model: TokenLengths.measure(self.tokenizer(model), chosen.texts)}
            session["lengths"] = (chosen.table, known)
        found: TokenLengths = known[model]
        return found
