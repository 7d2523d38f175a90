"""Generation of a few validation texts during training, written again after evaluations as `Sample` events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median

import torch

from poetas.evaluation.length_limits import end_of_summaries, ends_inside_sentence
from poetas.generation.batch_generation import generate_texts
from poetas.generation.model import LanguageModel
from poetas.generation.prompts import encode_beginning, encode_prompt, style_prompt
from poetas.generation.sampling import STYLE_TEMPERATURE, STYLE_TOP_P, GenerationSettings
from poetas.jobs.events import Event, Sample
from poetas.tokens.special_token_guard import plain_ids
from poetas.training.label_only_forward import autocast_products

SHORTEST, LONGEST = 24, 96  # tokens written for a sample
ROOM_FOR_MORE = 1.5  # times the usual length of a summary
SEED = 7  # of the samples of a style


class SampleGeneration:
    """The validation texts that are generated again after evaluations, as `Sample` events."""

    def __init__(
        self,
        model: LanguageModel,
        rows: Sequence[Mapping[str, str]],
        chosen: Sequence[int],
        *,
        task: str,
        longest: int,
        emit: Callable[[Event], None],
        stopping: Callable[[], bool],
        autocast: torch.dtype | None = None,
    ) -> None:
        self._autocast = autocast
        self._model, self._emit, self._stopping = model, emit, stopping
        self._rows = {index: rows[index] for index in chosen if index < len(rows)}
        self._style = task == "style"
        lengths = [len(plain_ids(model.tokenizer, row.get("summary") or row["text"])) for row in rows[:100]]
        usual = median(lengths) if lengths else 0
        self._stop = "" if self._style else end_of_summaries(row.get("summary") or "" for row in rows)
        self._most = max(SHORTEST, min(LONGEST, round(ROOM_FOR_MORE * usual)))
        # A style is drawn, as before the training and in the exam: from one seed, so that only the model changes.
        temperature, top_p = (STYLE_TEMPERATURE, STYLE_TOP_P) if self._style else (0.0, 1.0)
        self._settings = GenerationSettings(temperature=temperature, top_p=top_p, max_tokens=self._most, seed=SEED)
        self._prompts = [
            encode_beginning(model.tokenizer, model.style, style_prompt(row["text"]), room=longest).input_ids
            if self._style
            else encode_prompt(
                model.tokenizer, model.style, row["text"], longest=longest, room=model.room - self._most
            ).input_ids
            for row in self._rows.values()
        ]

    def __len__(self) -> int:
        """How many texts are written."""
        return len(self._prompts)

    def write(self, step: int) -> None:
        """Generate the texts with the model as it is now, and emit them."""
        if not self._prompts:
            return
        indices = list(self._rows)
        settings = self._settings
        with autocast_products(self._model.device, self._autocast):
            for text in generate_texts(self._model, self._prompts, settings, stop=self._stop, stopping=self._stopping):
                row = self._rows[indices[text.index]]
                cut = ends_inside_sentence(text.text, complete=text.complete)
                self._emit(Sample(step, indices[text.index], row["text"], row.get("summary") or "", text.text, cut))
