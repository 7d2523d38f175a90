"""The generation service: what a page may ask of the model. Runs in its own process, without network.

Each page is a session. A session may have a fine-tuning (adapter) of its own; the base model is shared. Nothing that
one session sent, loaded or was answered is kept for another.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.data.pipeline.language import guess_language
from poetas.generation.encoding import plain_ids
from poetas.generation.errors import no_room
from poetas.generation.label_scoring import encode_choice
from poetas.generation.model import LanguageModel
from poetas.generation.model_cache import Loan
from poetas.generation.model_session import OWN, ModelSession
from poetas.generation.prompts import Prompt, Style, encode_beginning, encode_prompt
from poetas.generation.sampling import Settings, likeliest, softmax
from poetas.generation.scoring import log_likelihoods, summed
from poetas.generation.streaming import next_logits, tell
from poetas.services.session import Session

LIKELIEST = 200  # tokens whose texts are sent with the logits


class Generation(ModelSession):
    """Methods take a session first, then keyword arguments; see `poetas.services.socket_server.serve`.

    model: an id of the catalogue ("" = the one this session loaded last). adapter: a folder in the workspace with a
    fine-tuning, absolute or relative to the workspace ("" = the session's, None = the base alone).
    """

    def load(self, session: Session, model: str, adapter: str | None = None) -> dict[str, Any]:
        """Load a model, with a fine-tuning or without, for this session's further calls; say what was loaded.

        Raises ModelNotReady, UnknownModel, OutOfMemory (before reading the weights), BadAdapter.
        """
        with self._lend(session, model, adapter) as loan:
            session["model"], session["adapter"] = model, adapter
            one = loan.language_model
            return {
                "model": model,
                "title": one.title,
                "style": one.style.kind,
                "device": one.device.type,
                "dtype": str(one.dtype).removeprefix("torch."),
                "vocabulary": int(one.model.config.get_text_config().vocab_size),
                "room": one.room,
            }

    def next_token(
        self,
        session: Session,
        text: str,
        guess: str = "",
        longest: int = 0,
        model: str = OWN,
        adapter: str | None = OWN,
    ) -> dict[str, Any]:
        """What could come after a text.

        longest: tokens that are read, from the text's end (0 = all that fit). Returns logits: float32[vocabulary]. ids:
        int64[200], likeliest first, and pieces, their texts. prompt_pieces: the text cut into its tokens, without those
        that were not read. truncated: tokens cut from its beginning. guess, where one was
        given: the log-likelihood in nats of that whole word coming next.
        """
        with self._lend(session, model, adapter) as loan:
            one = loan.language_model
            prompt = encode_beginning(one.tokenizer, one.style, text, room=min(one.room, longest or one.room))
            wanted = guess.strip()
            blank = "" if not text or text[-1].isspace() else " "
            word = plain_ids(one.tokenizer, f"{blank}{wanted}") if wanted else []
            logits, total = self._model_cache.compute(session, next_logits, loan, prompt.input_ids, word)
            ids = likeliest(logits, LIKELIEST)
            answer = {
                "logits": logits,
                "ids": ids,
                "pieces": [one.pieces.text(int(token)) for token in ids],
                "prompt_pieces": one.pieces.cut(text)[prompt.truncated :],
                "truncated": prompt.truncated,
            }
            return {**answer, "guess": total} if wanted else answer

    def piece(self, session: Session, id: int, model: str = OWN) -> str:  # noqa: A002 - what the thing is called
        """Text of one token."""
        with self._lend(session, model, None) as loan:
            return loan.language_model.pieces.text(id)

    def generate(
        self,
        session: Session,
        text: str,
        settings: Mapping[str, Any] | None = None,
        model: str = OWN,
        adapter: str | None = OWN,
    ) -> Generator[str, None, dict[str, Any]]:
        """Go on from a text; stream what is written.

        settings: as `sampling.Settings`. Returns ``{"text", "tokens", "complete", "seconds", "truncated"}``.
        """
        chosen = Settings.read(settings)
        with self._lend(session, model, adapter) as loan:
            one = loan.language_model
            prompt = encode_beginning(one.tokenizer, one.style, text, room=_room(one, chosen))
            told = yield from tell(self._model_cache, session, loan, prompt.input_ids, chosen)
            return {**told, "truncated": prompt.truncated}

    def summarise(
        self,
        session: Session,
        text: str,
        examples: Sequence[Sequence[str]] = (),
        settings: Mapping[str, Any] | None = None,
        longest: int = 0,
        language: str = "",
        model: str = OWN,
        adapter: str | None = OWN,
    ) -> Generator[str, None, dict[str, Any]]:
        """Summarise a text in one sentence; stream what is written.

        examples: pairs of text and summary to show first. longest: tokens of the text that are read (0 = all that
        fit). language: ``es`` or ``en``, of the texts ("" = guessed from them, as training does). Returns what
        `generate` returns; truncated counts the tokens cut from the text's end. Raises NoRoom where the examples
        leave none.
        """
        chosen = Settings.read(settings)
        with self._lend(session, model, adapter) as loan:
            one = loan.language_model
            shown = [(str(first), str(second)) for first, second in examples]
            style = Style.of(one.style, language or guess_language([text, *(first for first, _second in shown)]))
            room = _room(one, chosen)
            try:
                prompt = encode_prompt(one.tokenizer, style, text, longest=longest, room=room, examples=shown)
            except ValueError as error:
                raise no_room(str(error)) from error
            stop = "\n" if style.kind == "plain" else ""
            told = yield from tell(self._model_cache, session, loan, prompt.input_ids, chosen, stop=stop)
            return {**told, "truncated": prompt.truncated}

    def score(
        self,
        session: Session,
        prefix: str,
        continuations: Sequence[str],
        model: str = OWN,
        adapter: str | None = OWN,
    ) -> dict[str, Any]:
        """How likely each continuation is after the prefix.

        Returns total and mean: float64[n], log-likelihoods in nats (mean: for each token); tokens: int64[n];
        truncated: tokens cut from the prefix's beginning. Blanks at the prefix's end are scored with the
        continuations, to whose first tokens they belong.
        """
        with self._lend(session, model, adapter) as loan:
            one = loan.language_model
            bare, half = prefix.rstrip(" "), one.room // 2
            begin = encode_beginning(one.tokenizer, one.style, bare, room=half)
            answers = [plain_ids(one.tokenizer, prefix[len(bare) :] + text)[:half] for text in continuations]
            return {**summed(self._score(session, loan, begin, answers)), "truncated": begin.truncated}

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
        Holtzman et al. 2021, DC-PMI); total, mean, tokens as `score`; truncated.
        """
        with self._lend(session, model, adapter) as loan:
            one = loan.language_model
            prompt, answers = encode_choice(one.tokenizer, one.style, text, question, labels, room=one.room - 64)
            empty, _ = encode_choice(one.tokenizer, one.style, "", question, labels)
            with_text = summed(self._score(session, loan, prompt, answers))
            without = summed(self._score(session, loan, empty, answers))
            shares = softmax(with_text["total"] - without["total"])
            return {**with_text, "shares": shares, "truncated": prompt.truncated}

    def _score(
        self, session: Session, loan: Loan, prompt: Prompt, answers: Sequence[Sequence[int]]
    ) -> list[NDArray[np.float64]]:
        return self._model_cache.compute(
            session, log_likelihoods, loan.language_model, prompt.input_ids, answers, adapter=loan.adapter
        )


def _room(language_model: LanguageModel, settings: Settings) -> int:
    return max(1, language_model.room - settings.max_tokens)
