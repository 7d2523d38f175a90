"""Handler of the generation service: the calls that a page may make. Runs in its own process, without network.

Each page is a session. A session may have a fine-tuning (adapter) of its own; the base model is shared. Nothing that
one session sent, loaded or was answered is kept for another.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.data.pipeline.language import guess_language
from poetas.evaluation.length_limits import Decoding, dataset_rules
from poetas.generation.bench_calls import BenchCalls
from poetas.generation.context_probes import ContextProbes
from poetas.generation.errors import prompt_too_long
from poetas.generation.label_scoring import encode_choice
from poetas.generation.log_likelihood import log_likelihoods, summed
from poetas.generation.model import LanguageModel
from poetas.generation.model_cache import LoadedModel
from poetas.generation.model_session import OWN
from poetas.generation.prompts import (
    Prompt,
    PromptStyle,
    encode_beginning,
    encode_prompt,
    encode_summary_beginning,
)
from poetas.generation.sampling import GenerationSettings, likeliest, softmax
from poetas.generation.streaming import kept_pieces, next_logits, stream_text
from poetas.services.session import Session
from poetas.tokens.special_token_guard import plain_ids
from poetas.util.text_normalize import composed

LIKELIEST = 200  # tokens whose texts are sent with the logits
_EXACT = 4  # bytes of a float32


class Generation(ContextProbes, BenchCalls):
    """Methods take a session first, then keyword arguments; see `poetas.services.socket_server.serve`.

    model: an id of the catalogue ("" = the one this session loaded last). adapter: a folder in the workspace with a
    fine-tuning, absolute or relative to the workspace ("" = the session's, None = the base alone).
    """

    def load(self, session: Session, model: str, adapter: str | None = None) -> dict[str, Any]:
        """Load a model, with a fine-tuning or without, for this session's further calls; say what was loaded.

        Raises ModelNotReady, UnknownModel, OutOfMemory (before reading the weights), BadAdapter.
        """
        with self._acquire(session, model, adapter) as loaded:
            session["model"], session["adapter"] = model, adapter
            language_model = loaded.language_model
            return {
                "model": model,
                "title": language_model.title,
                "style": language_model.style.kind,
                "device": language_model.device.type,
                "dtype": str(language_model.dtype).removeprefix("torch."),
                "vocabulary": int(language_model.model.config.get_text_config().vocab_size),
                "room": language_model.room,
            }

    def next_token(
        self,
        session: Session,
        text: str,
        guess: str = "",
        longest: int = 0,
        model: str = OWN,
        adapter: str | None = OWN,
        source: str = "",
        language: str = "",
    ) -> dict[str, Any]:
        """What could come after a text.

        longest: tokens that are read, from the text's end (0 = all that fit). source: a text whose summary begins with
        ``text``, in this language; then ``longest`` counts its tokens, and prompt_pieces are of ``text`` alone.
        Returns logits: float32[vocabulary]. ids: int64[200], likeliest first, and pieces, their texts. prompt_pieces:
        the text cut into its tokens, without those that were not read. truncated: tokens cut from its beginning.
        guess, where one was given: the log-likelihood in nats of that whole word coming next. rounded: whether the
        weights have fewer digits than float32, so that the logits are a little off.
        """
        text, guess = composed(text), composed(guess)  # the pieces below are cut from the text that is encoded
        with self._acquire(session, model, adapter) as loaded:
            language_model = loaded.language_model
            prompt = _next_prompt(language_model, text, source, longest, language)
            guessed = guess.strip()
            blank = "" if not text or text[-1].isspace() else " "
            word = plain_ids(language_model.tokenizer, f"{blank}{guessed}") if guessed else []
            logits, total = self._model_cache.compute(session, next_logits, loaded, prompt.input_ids, word)
            ids = likeliest(logits, LIKELIEST)
            answer = {
                "logits": logits,
                "ids": ids,
                "pieces": [language_model.pieces.text(int(token)) for token in ids],
                "prompt_pieces": language_model.pieces.cut(text)[0 if source else prompt.truncated :],
                "truncated": prompt.truncated,
                "rounded": language_model.dtype.itemsize < _EXACT,
            }
            return {**answer, "guess": total} if guessed else answer

    def generate(
        self,
        session: Session,
        text: str,
        settings: Mapping[str, Any] | None = None,
        model: str = OWN,
        adapter: str | None = OWN,
        dataset: str = "",
        *,
        quick: bool = False,
    ) -> Generator[str, None, dict[str, Any]]:
        """Go on from a text; stream what is written.

        settings: as `sampling.GenerationSettings`. dataset: folder of a prepared one, whose training texts then say how
        long the text may be (`length_limits`), as in the evaluation; "" = as long as ``settings`` say. quick: as
        `stream_text` says. Returns ``{"text", "tokens", "complete", "seconds", "cut", "truncated"}``; cut: it breaks
        off at the limit.
        """
        chosen = GenerationSettings.read(settings)
        with self._acquire(session, model, adapter) as loaded:
            language_model = loaded.language_model
            if dataset:
                chosen = replace(chosen, max_tokens=_rules(session, language_model, dataset)[0].max_tokens)
            prompt = encode_beginning(
                language_model.tokenizer, language_model.style, text, room=_room(language_model, chosen)
            )
            result = yield from stream_text(self._model_cache, session, loaded, prompt.input_ids, chosen, quick=quick)
            return {**result, "cut": not result["complete"], "truncated": prompt.truncated}

    def summarise(  # noqa: PLR0917 - a page gives them by name
        self,
        session: Session,
        text: str,
        examples: Sequence[Sequence[str]] = (),
        settings: Mapping[str, Any] | None = None,
        longest: int = 0,
        language: str = "",
        model: str = OWN,
        adapter: str | None = OWN,
        dataset: str = "",
        *,
        sentences: int = 0,
        quick: bool = False,
    ) -> Generator[str, None, dict[str, Any]]:
        """Summarise a text; stream what is written.

        examples: pairs of text and summary to show first. longest: tokens of the text that are read (0 = all that
        fit). language: ``es`` or ``en``, of the texts ("" = guessed from them, as training does). dataset: folder of a
        prepared one, whose training summaries then say where a text ends (`length_limits`), as in the evaluation; "" =
        where ``settings`` and the kind of model say, and then ``sentences`` of it are kept (0 = all). quick: as
        `stream_text` says. Returns what `generate` returns;
        truncated counts the tokens cut from the text's end. Raises PromptTooLong where the examples leave no room for
        the text.
        """
        chosen = GenerationSettings.read(settings)
        with self._acquire(session, model, adapter) as loaded:
            language_model = loaded.language_model
            rules = None
            if dataset:
                rules, studied = _rules(session, language_model, dataset)
                chosen, language = replace(chosen, max_tokens=rules.max_tokens), language or studied
            shown = [(str(first), str(second)) for first, second in examples]
            style = PromptStyle.of(
                language_model.style, language or guess_language([text, *(first for first, _second in shown)])
            )
            room = _room(language_model, chosen)
            try:
                prompt = encode_prompt(
                    language_model.tokenizer, style, text, longest=longest, room=room, examples=shown
                )
            except ValueError as error:
                raise prompt_too_long(str(error)) from error
            stop = "\n" if style.kind == "plain" else ""
            if rules is None and sentences:
                rules = Decoding(chosen.max_tokens, sentences, stop)
            stop = stop if rules is None else rules.stop
            writing = stream_text(self._model_cache, session, loaded, prompt.input_ids, chosen, stop=stop, quick=quick)
            result = yield from writing if rules is None else kept_pieces(writing, rules)
            return {"cut": not result["complete"], **result, "truncated": prompt.truncated}

    def label_preview(self, session: Session, config: Mapping[str, Any], index: int, part: int = 0) -> dict[str, Any]:  # noqa: ARG002
        """Return how a training text is encoded, see `preview_labels`; no model is loaded."""
        from poetas.training.label_preview import preview_labels  # noqa: PLC0415  (only one step of one app asks)

        return preview_labels(config, index, part)

    def classify(
        self,
        session: Session,
        text: str,
        labels: Sequence[str],
        question: str = "Tema",
        model: str = OWN,
        adapter: str | None = OWN,
    ) -> dict[str, Any]:
        """Which label the model finds likeliest as the answer to a question about a text.

        Returns shares: float64[n], summing to 1: each label's probability if all were equally likely before the text
        was read (likelihood after the text over that after none, so that a common word does not always win;
        Holtzman et al. 2021, DC-PMI); total and mean (for each token): float64[n], log-likelihoods in nats; tokens:
        int64[n]; truncated: tokens cut from the text.
        """
        with self._acquire(session, model, adapter) as loaded:
            language_model = loaded.language_model
            prompt, answers = encode_choice(
                language_model.tokenizer, language_model.style, text, question, labels, room=language_model.room - 64
            )
            empty, _ = encode_choice(language_model.tokenizer, language_model.style, "", question, labels)
            with_text = summed(self._score(session, loaded, prompt, answers))
            without = summed(self._score(session, loaded, empty, answers))
            shares = softmax(with_text["total"] - without["total"])
            return {**with_text, "shares": shares, "truncated": prompt.truncated}

    def _score(
        self, session: Session, loaded: LoadedModel, prompt: Prompt, answers: Sequence[Sequence[int]]
    ) -> list[NDArray[np.float64]]:
        return self._model_cache.compute(
            session, log_likelihoods, loaded.language_model, prompt.input_ids, answers, adapter=loaded.adapter
        )


def _next_prompt(language_model: LanguageModel, text: str, source: str, longest: int, language: str) -> Prompt:
    """Encode what a next token follows: a text, or a summary that has begun. Raises PromptTooLong."""
    tokenizer, room = language_model.tokenizer, language_model.room
    if not source:
        return encode_beginning(tokenizer, language_model.style, text, room=min(room, longest or room))
    style = PromptStyle.of(language_model.style, language or guess_language([source]))
    try:
        return encode_summary_beginning(tokenizer, style, source, text, longest=longest, room=room)
    except ValueError as error:
        raise prompt_too_long(str(error)) from error


def _rules(session: Session, language_model: LanguageModel, dataset: str) -> tuple[Decoding, str]:
    """Return a dataset's length limits and its language, read once a session. Raises DatasetBroken."""
    key, known = (dataset, str(language_model.folder)), session.setdefault("rules", {})
    if key not in known:
        tokenizer = language_model.tokenizer
        known[key] = dataset_rules(Path(dataset), lambda text: len(plain_ids(tokenizer, text)))
    rules: tuple[Decoding, str] = known[key]
    return rules


def _room(language_model: LanguageModel, settings: GenerationSettings) -> int:
    return max(1, language_model.room - settings.max_tokens)
