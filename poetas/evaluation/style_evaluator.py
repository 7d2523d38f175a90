"""Loss of held-out texts of a style under a model, and samples that continue their beginnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import groupby

from poetas.evaluation.generated_texts import StoredText, TextStore, request_key
from poetas.evaluation.length_limits import Decoding
from poetas.evaluation.progress import EvaluationProgress
from poetas.generation.batch_generation import ROWS, generate_texts
from poetas.generation.log_likelihood import log_likelihoods
from poetas.generation.model import LanguageModel
from poetas.generation.prompts import encode_beginning
from poetas.generation.sampling import STYLE_TEMPERATURE, STYLE_TOP_P, GenerationSettings
from poetas.jobs import Stopping
from poetas.training.label_masking import (
    IGNORE_INDEX,
    EncodedExample,
    encode_style_example,
    encode_style_windows,
)

_AT_ONCE = 16  # texts whose loss is computed together


@dataclass(slots=True)
class StyleEvaluator:
    """A loaded model that is measured. decoding: how long a sample may be. longest: tokens of a text that are read.

    parted: whether a longer text is read in windows of that length.
    """

    model: LanguageModel
    decoding: Decoding
    store: TextStore
    progress: EvaluationProgress
    longest: int
    seed: int
    parted: bool = False

    def losses(self, texts: Sequence[str], note: str, going_on: Container[int] = ()) -> list[float]:
        """Return the mean loss of each text in nats a token, its end included where it is read.

        going_on: texts, by their index, that end in another row. Raises Stopping.
        """
        self.progress.begin(note)
        scores: list[list[float]] = [[] for _text in texts]
        pairs = [
            (*self._pair(window), index)
            for index, text in enumerate(texts)
            for window in self._examples(text, ends=index not in going_on)
        ]
        left = Counter(index for _prefix, _target, index in pairs)
        for prefix, group in groupby(pairs, key=lambda pair: pair[0]):
            same = list(group)
            for start in range(0, len(same), _AT_ONCE):
                self._listen()
                part = same[start : start + _AT_ONCE]
                targets = [target for _prefix, target, _index in part]
                scored = log_likelihoods(self.model, prefix, targets, adapter=self.model.adapters.active)
                for (_prefix, _target, index), values in zip(part, scored, strict=True):
                    scores[index] += values.tolist()
                    left[index] -= 1
                    if not left[index]:
                        self.progress.ended()
        return [-sum(values) / len(values) if values else 0.0 for values in scores]

    def _examples(self, text: str, *, ends: bool) -> list[EncodedExample]:
        """Encode a text as in training: cut, or in windows."""
        encode = encode_style_windows if self.parted else encode_style_example
        made = encode(self.model.tokenizer, self.model.style, text, longest=self.longest, ends=ends)
        return made if isinstance(made, list) else [made]

    def _pair(self, encoded: EncodedExample) -> tuple[list[int], list[int]]:
        """Return what is given and what is asked for, as token ids."""
        if self.model.seq2seq:
            return encoded.input_ids, encoded.labels
        # A tokenizer without a token for the beginning gives nothing: then the first token is given, not asked for.
        given = max(1, sum(label == IGNORE_INDEX for label in encoded.labels))
        return encoded.input_ids[:given], encoded.input_ids[given : self.model.room]

    def samples(self, system: str, beginnings: Sequence[str], weights: str, note: str) -> list[StoredText]:
        """Return how the active model continues each beginning; what is kept is not written again.

        weights: checksum of the adapter, or "base". Raises Stopping where a stop was asked for.
        """
        model, rules = self.model, self.decoding
        room = max(1, model.room - rules.max_tokens)
        prompts = [encode_beginning(model.tokenizer, model.style, start, room=room).input_ids for start in beginnings]
        settings = GenerationSettings(
            temperature=STYLE_TEMPERATURE,
            top_p=STYLE_TOP_P,
            max_tokens=rules.max_tokens,
            seed=self.seed % (1 << 32),
        )
        keys = [request_key(prompt, weights, repr(settings), rules.stop) for prompt in prompts]
        missing = [index for index, key in enumerate(keys) if self.store.get(system, index, key) is None]
        self.progress.begin(note, held=len(prompts) - len(missing))
        written = generate_texts(
            model,
            prompts,
            settings,
            stop=rules.stop,
            indices=missing,
            progress=self.progress.ended,
            stopping=lambda: self.progress.step(min(len(missing), ROWS), rules.max_tokens, len(missing)),
        )
        for generated in written:
            index, tokens, complete = generated.index, generated.tokens, generated.complete
            self.store.add(StoredText(system, index, keys[index], generated.text, tokens, complete, not complete))
            self.progress.written(system, index, beginnings[index], generated.text, cut=not complete)
        self._listen()
        stored = [self.store.get(system, index, key) for index, key in enumerate(keys)]
        return [sample for sample in stored if sample is not None]

    def _listen(self) -> None:
        if self.progress.context.stop_requested():
            raise Stopping
