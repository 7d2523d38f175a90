"""LRU cache of tokenizers by model id, and of the token lengths of a session's texts under each."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from poetas.data.service.session_state import SelectedColumns
from poetas.models.model_store import folder_name
from poetas.tokens.token_lengths import TokenLengths
from poetas.tokens.tokenizer import Tokenizer
from poetas.workspace import Workspace

SIZE = 3  # tokenizers: as many as a page compares; Gemma's takes 300 MB


class TokenizerCache:
    """Tokenizers by model id; beyond `SIZE` the least recently used one is dropped. Thread-safe."""

    def __init__(self, models: Path | None = None) -> None:
        self._models = models
        self._open: OrderedDict[str, Tokenizer] = OrderedDict()
        self._lock = threading.Lock()

    def tokenizer(self, model: str) -> Tokenizer:
        """The tokenizer of a model. Raises UnknownModel, TokenizerMissing, TokenizerBroken."""
        with self._lock:
            if model not in self._open:
                models = self._models or Workspace.default().models
                self._open[model] = Tokenizer.open(models / folder_name(model))
            self._open.move_to_end(model)
            while len(self._open) > SIZE:
                self._open.popitem(last=False)
            return self._open[model]

    def lengths(self, session: MutableMapping[str, Any], model: str, selected: SelectedColumns) -> TokenLengths:
        """Token lengths of the session's current texts, measured once for each model."""
        table, by_model = session.get("lengths", (None, {}))
        if table is not selected.table:  # measured of other texts
            by_model = {}
        if model not in by_model:
            by_model = {**by_model, model: TokenLengths.measure(self.tokenizer(model), selected.texts)}
            session["lengths"] = (selected.table, by_model)
        lengths: TokenLengths = by_model[model]
        return lengths
