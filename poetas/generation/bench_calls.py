"""Calls of the generation service for «¿Qué puede hacer, y dónde falla?» and «¿Es justo?»: a question, pairs."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

import numpy as np

from poetas.data.pipeline.language import guess_language
from poetas.generation.errors import PairNotComparable, pair_not_comparable, prompt_too_long
from poetas.generation.model_session import OWN, ModelSession
from poetas.generation.paired_scoring import encode_pair, pair_batches, score_pairs
from poetas.generation.prompt_templates import PromptStyle
from poetas.generation.question_prompt import encode_question
from poetas.generation.sampling import GenerationSettings
from poetas.generation.streaming import stream_text
from poetas.i18n import _
from poetas.services.session import Session

PAIRS_TOGETHER = 4  # pairs that are read together: 8 rows; 48 pairs took 2.4 s on two idle cores (gemma3-270m)
MOST_PAIRS = 500


class BenchCalls(ModelSession):
    """Methods of `handler.Generation`; the arguments that its other methods have are described there."""

    def answer(
        self,
        session: Session,
        question: str,
        text: str = "",
        settings: Mapping[str, Any] | None = None,
        language: str = "",
        model: str = OWN,
        adapter: str | None = OWN,
    ) -> Generator[str, None, dict[str, Any]]:
        """Answer a question, about a text where one is given; stream what is written.

        language: ``es`` or ``en``, of the request ("" = guessed from both). Returns what `generate` returns; truncated
        counts the tokens cut from the text's end. No exam asks this, so that it is always written in the quick way
        (`stream_text`). Raises PromptTooLong.
        """
        chosen = GenerationSettings.read(settings)
        with self._acquire(session, model, adapter) as loaded:
            language_model = loaded.language_model
            style = PromptStyle.of(language_model.style, language or guess_language([text, question]))
            room = max(1, language_model.room - chosen.max_tokens)
            try:
                prompt = encode_question(language_model.tokenizer, style, text, question, room=room)
            except ValueError as error:
                raise prompt_too_long(str(error)) from error
            stop = "\n" if style.kind == "plain" else ""
            writing = stream_text(self._model_cache, session, loaded, prompt.input_ids, chosen, stop=stop, quick=True)
            result = yield from writing
            return {**result, "cut": not result["complete"], "truncated": prompt.truncated}

    def compare_pairs(
        self,
        session: Session,
        pairs: Sequence[Sequence[str]],
        model: str = OWN,
        adapter: str | None = OWN,
    ) -> Generator[dict[str, Any], None, dict[str, Any]]:
        """Compute how likely continuations are after either of two beginnings; stream the progress (`WorkDone`).

        pairs: (first beginning, second beginning, continuation). Returns compared: int64[n], the indices of the pairs
        that can be compared (`paired_scoring.encode_pair`), and first, second: float64[n], the log-likelihoods of their
        continuations in nats. Raises PairNotComparable where none can be.
        """
        if not 0 < len(pairs) <= MOST_PAIRS:
            raise pair_not_comparable("empty")
        with self._acquire(session, model, adapter) as loaded:
            language_model = loaded.language_model
            if language_model.seq2seq:
                raise pair_not_comparable("seq2seq")
            encoded, compared, refused = [], [], pair_not_comparable("empty")
            for index, (first, second, continuation) in enumerate(pairs):
                try:
                    encoded.append(encode_pair(language_model.tokenizer, first, second, continuation))
                    compared.append(index)
                except PairNotComparable as error:
                    refused = error
            if not encoded:
                raise refused
            scores, done = np.empty((len(encoded), 2)), 0
            for indices in pair_batches(encoded, PAIRS_TOGETHER):
                yield {"note": _("Comparando frases"), "done": done / len(encoded)}
                batch = [encoded[index] for index in indices]
                scores[indices] = self._model_cache.compute(
                    session, score_pairs, language_model, batch, adapter=loaded.adapter
                )
                session.check()
                done += len(indices)
            return {
                "compared": np.array(compared, dtype=np.int64),
                "first": scores[:, 0].copy(),
                "second": scores[:, 1].copy(),
            }
