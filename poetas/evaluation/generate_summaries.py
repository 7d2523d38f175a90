"""Generation of a summary for every test text by base, base with examples, and tuned, under the same limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from poetas.evaluation.cost_meter import CostMeter
from poetas.evaluation.generated_texts import StoredText, TextStore, request_key
from poetas.evaluation.length_limits import Decoding
from poetas.evaluation.progress import EvaluationProgress
from poetas.evaluation.systems import BASE_EXAMPLES, TUNED, title
from poetas.generation.batch_generation import ROWS, generate_texts
from poetas.generation.device import free_memory
from poetas.generation.errors import prompt_too_long
from poetas.generation.model import LanguageModel
from poetas.generation.prompts import Prompt, encode_prompt
from poetas.generation.sampling import GenerationSettings
from poetas.i18n import ngettext, number
from poetas.jobs import Stopping

_PER_TOKEN = 80_000  # bytes that a token of a batch takes: keys, values, activations (seen: gemma3-270m in bf16)
_MEMORY = 0.5  # share of the free memory that a batch may take
_SHARE = 4  # with examples, a text and each example take at most this part of the model's room


@dataclass(slots=True)
class SummaryWriter:
    """A loaded model that writes for the evaluation, keeping what it wrote.

    adapter: name of the tuning among the model's adapters, None without one. weights: checksum of the adapter, so
    that stored texts of another one are not reused. longest: tokens of each text that are read (0 = all
    that fit). costs: what each system took in this process. truncated: texts that were not read whole. shortened:
    places of these among the texts that were written last.
    """

    language_model: LanguageModel
    decoding: Decoding
    store: TextStore
    adapter: str | None = None
    weights: str = ""
    longest: int = 0
    costs: CostMeter = field(default_factory=CostMeter)
    truncated: int = 0
    shortened: list[int] = field(default_factory=list)
    _keys: dict[str, list[str]] = field(default_factory=dict)

    def write(
        self, system: str, texts: Sequence[str], progress: EvaluationProgress, examples: Sequence[tuple[str, str]] = ()
    ) -> list[StoredText]:
        """Return what ``system`` writes for each text, in their order; what is kept is not written again.

        Raises Stopping where a stop was asked for (finished batches are kept), PromptTooLong where no text fits.
        """
        shown = examples if system == BASE_EXAMPLES else ()
        encoded = [self._prompt(text, shown) for text in texts]
        prompts = [prompt.input_ids for prompt in encoded]
        self.shortened = [place for place, prompt in enumerate(encoded) if prompt.truncated > 0]
        self.truncated += 0 if shown else len(self.shortened)
        rules = str(sorted(self.decoding.as_dict().items()))
        keys = [request_key(prompt, rules, self.weights if system == TUNED else "base") for prompt in prompts]
        self._keys[system] = keys
        missing = [index for index, key in enumerate(keys) if self.store.get(system, index, key) is None]
        note = ngettext("{system}: resume {n} texto", "{system}: resume {n} textos", len(texts))
        progress.begin(note.format(system=title(system), n=number(len(texts))), held=len(texts) - len(missing))
        self.language_model.adapters.use(self.adapter if system == TUNED else None)
        with self.costs.measure(system, len(missing), device=self.language_model.device.type):
            self._generate(system, texts, prompts, missing, keys, progress)
        if progress.context.stop_requested():
            raise Stopping
        return [stored for stored in self.stored(system) if stored is not None]

    def stored(self, system: str) -> list[StoredText | None]:
        """Return what is kept of the texts that were asked for last, in their order, None where a stop came first."""
        return [self.store.get(system, index, key) for index, key in enumerate(self._keys.get(system, ()))]

    def _generate(
        self,
        system: str,
        texts: Sequence[str],
        prompts: Sequence[list[int]],
        missing: Sequence[int],
        keys: Sequence[str],
        progress: EvaluationProgress,
    ) -> None:
        rules = self.decoding
        rows = self._rows(max(map(len, prompts), default=1))
        written = generate_texts(
            self.language_model,
            prompts,
            GenerationSettings(temperature=rules.temperature, max_tokens=rules.max_tokens),
            stop=rules.stop,
            rows=rows,
            unrepeated=rules.unrepeated,
            indices=missing,
            progress=progress.ended,
            stopping=lambda: progress.step(min(len(missing), rows), rules.max_tokens, len(missing)),
        )
        for generated in written:
            text, cut = rules.finished(generated.text, complete=generated.complete)
            index, tokens, complete = generated.index, generated.tokens, generated.complete
            self.store.add(StoredText(system, index, keys[index], text, tokens, complete, cut))
            progress.written(system, index, texts[index], text, cut=cut)

    def _rows(self, longest: int) -> int:
        """How many texts are written side by side: halved until a small machine holds them.

        Not as many as just fit: in bfloat16 the last digits depend on it, and with them now and then a word.
        """
        free = _MEMORY * free_memory(self.language_model.device)
        rows = ROWS
        while rows > 1 and rows * (longest + self.decoding.max_tokens) * _PER_TOKEN > free:
            rows //= 2
        return rows

    def _prompt(self, text: str, examples: Sequence[tuple[str, str]]) -> Prompt:
        room = self.language_model.room - self.decoding.max_tokens
        share = max(1, room // _SHARE)
        longest = min(self.longest or share, share) if examples else self.longest
        model = self.language_model
        try:
            return encode_prompt(
                model.tokenizer, model.style, text, longest=longest, room=max(1, room), examples=examples
            )
        except ValueError as error:
            raise prompt_too_long(str(error)) from error
