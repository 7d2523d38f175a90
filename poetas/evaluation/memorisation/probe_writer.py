"""Writer of the memorisation check: prompts in, what one loaded model writes out, in batches, until a stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poetas.evaluation.progress import EvaluationProgress
from poetas.generation.batch_generation import ROWS, generate_texts
from poetas.generation.model import LanguageModel
from poetas.generation.prompts import PromptStyle, encode_beginning, encode_prompt, encode_summary_beginning
from poetas.generation.sampling import STYLE_TEMPERATURE, STYLE_TOP_P, GenerationSettings
from poetas.jobs import Stopping


@dataclass(slots=True)
class ProbeWriter:
    """Writes with one loaded model, and listens for the stop."""

    model: LanguageModel
    progress: EvaluationProgress
    room: int

    def write(
        self, prompts: Sequence[list[int]], tokens: int, note: str, *, drawn: bool = False, seed: int = 7
    ) -> list[str]:
        """Return what follows each prompt, at most ``tokens`` tokens. drawn: sampled, not greedy. Raises Stopping."""
        self.progress.begin(note)
        temperature, top_p = (STYLE_TEMPERATURE, STYLE_TOP_P) if drawn else (0.0, 1.0)  # as where a learner tries it
        settings = GenerationSettings(temperature=temperature, top_p=top_p, max_tokens=tokens, seed=seed)
        texts = [""] * len(prompts)
        written = generate_texts(
            self.model,
            prompts,
            settings,
            stop="",
            progress=self.progress.ended,
            stopping=lambda: self.progress.step(min(len(prompts), ROWS), tokens, len(prompts)),
        )
        for generated in written:
            texts[generated.index] = generated.text
        if self.progress.context.stop_requested():
            raise Stopping
        return texts

    def beginning(self, text: str, tokens: int) -> list[int]:
        """Return the prompt of a text to go on from, with room for ``tokens``."""
        room = max(1, self.model.room - tokens)
        return encode_beginning(self.model.tokenizer, self.model.style, text, room=room).input_ids

    def request(self, text: str, tokens: int, longest: int) -> list[int]:
        """Return the prompt that asks for a summary of a text, with room for ``tokens``."""
        room = max(1, self.model.room - tokens)
        return encode_prompt(self.model.tokenizer, self.model.style, text, longest=longest, room=room).input_ids

    def summary_beginning(self, text: str, beginning: str, tokens: int, longest: int) -> list[int]:
        """Return the prompt of a summary to go on from; a seq2seq model can only be asked for the whole."""
        model, room = self.model, max(1, self.model.room - tokens)
        if PromptStyle.of(model.style).kind == "seq2seq":
            return self.request(text, tokens, longest)
        return encode_summary_beginning(
            model.tokenizer, model.style, text, beginning, longest=longest, room=room
        ).input_ids
