"""Catalogue entry of a model: title, languages, size, licence, sources, prompt style, memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poetas.i18n import ngettext, number
from poetas.models.sources.base import Source

_MOST = 10**15  # weights or bytes: far beyond any model, and estimates made of it stay numbers
PROMPT_STYLES = ("plain", "chat")
ARCHITECTURES = ("causal", "seq2seq")


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the catalogue, of a folder, or of the Hub.

    id: the catalogue's name, or ``owner/name`` on the Hub. title, summary: for the card, in the learner's language.
    languages: ISO 639-1 codes, best first. parameters: how many weights (0 = not known yet). licence: its name;
    licence_url, licence_version: where its text is, and which text. must_accept: whether a click is asked for.
    gated: whether the Hub asks for an account's permission. sources: tried in order. prompt_style: ``plain`` (goes on
    writing) or ``chat`` (follows instructions through its template). architecture: ``causal`` or ``seq2seq``.
    memory_use, memory_train: bytes of a whole process that writes, or trains (LoRA), with it. download_size: bytes.
    """

    id: str
    title: str
    languages: tuple[str, ...]
    parameters: int
    licence: str
    licence_url: str
    must_accept: bool
    gated: bool
    sources: tuple[Source, ...]
    prompt_style: str
    architecture: str
    memory_use: int
    memory_train: int
    download_size: int
    summary: str
    licence_version: str = ""

    def writes(self, language: str) -> bool:
        """Tell whether the model is said to write a language; one that says nothing of its languages may write any.

        >>> ModelEntry.from_dict({"id": "casa/mini", "languages": ["en"]}).writes("es")
        False
        """
        return not self.languages or language in self.languages

    def as_dict(self) -> dict[str, Any]:
        """Return the description as JSON-ready values, without the sources (a model on this machine needs none)."""
        return {
            "id": self.id,
            "title": self.title,
            "languages": list(self.languages),
            "parameters": self.parameters,
            "licence": self.licence,
            "licence_url": self.licence_url,
            "licence_version": self.licence_version,
            "must_accept": self.must_accept,
            "gated": self.gated,
            "prompt_style": self.prompt_style,
            "architecture": self.architecture,
            "memory_use": self.memory_use,
            "memory_train": self.memory_train,
            "download_size": self.download_size,
            "summary": self.summary,
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any], *, sources: tuple[Source, ...] = ()) -> ModelEntry:
        """Read a description back, checking every field. Raises ValueError where one is missing or of a wrong kind.

        >>> entry = ModelEntry.from_dict({"id": "casa/mini", "parameters": 1_000_000, "architecture": "causal"})
        >>> entry.title, entry.prompt_style, entry.memory_use > 0
        ('mini', 'plain', True)
        """
        if not isinstance(value, Mapping):
            raise ValueError("a model's description is a table")  # noqa: TRY004 - a file's content, not a caller's type
        name = _text(value, "id")
        if not name:
            raise ValueError("a model's description needs an id")
        parameters = _count(value, "parameters", 0)
        return cls(
            id=name,
            title=_text(value, "title") or name.rsplit("/", maxsplit=1)[-1],
            languages=_texts(value, "languages"),
            parameters=parameters,
            licence=_text(value, "licence"),
            licence_url=_text(value, "licence_url"),
            licence_version=_text(value, "licence_version"),
            must_accept=_flag(value, "must_accept"),
            gated=_flag(value, "gated"),
            sources=sources,
            prompt_style=_one_of(value, "prompt_style", PROMPT_STYLES),
            architecture=_one_of(value, "architecture", ARCHITECTURES),
            memory_use=_count(value, "memory_use", memory_to_use(parameters)),
            memory_train=_count(value, "memory_train", memory_to_train(parameters)),
            download_size=_count(value, "download_size", 0),
            summary=_text(value, "summary"),
        )


def format_parameters(count: int) -> str:
    """Write a number of parameters in millions, for a card.

    >>> format_parameters(268_098_176), format_parameters(1_200_000)
    ('268 millones de parámetros', '1 millón de parámetros')
    """
    millions = max(1, round(count / 1e6))
    sentence = ngettext("{n} millón de parámetros", "{n} millones de parámetros", millions)
    return sentence.format(n=number(millions))


def memory_to_use(parameters: int) -> int:
    """Estimate the bytes of a process that writes with a model: libraries, plus two bytes a weight and a margin.

    >>> memory_to_use(0) // 10**6
    450
    """
    return 450_000_000 + int(2.3 * parameters)


def memory_to_train(parameters: int) -> int:
    """Estimate the bytes of a process that trains a LoRA adapter in bf16, batches of 4 texts of 256 tokens.

    The line through what was measured with the two embedded models (2.26 GB and 3.3 GB).

    >>> memory_to_train(500_000_000) > memory_to_use(500_000_000)
    True
    """
    return 1_400_000_000 + 7 * parameters


def _text(value: Mapping[str, Any], key: str) -> str:
    text = value.get(key, "")
    if not isinstance(text, str):
        raise ValueError(f"{key} is not a text")  # noqa: TRY004 - a file's content is wrong, not a caller's type
    return text


def _texts(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = value.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{key} is not a list of texts")
    return tuple(texts)


def _count(value: Mapping[str, Any], key: str, fallback: int) -> int:
    number = value.get(key, fallback)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _MOST:
        raise ValueError(f"{key} is not a count")
    return number


def _flag(value: Mapping[str, Any], key: str) -> bool:
    flag = value.get(key, False)
    if not isinstance(flag, bool):
        raise ValueError(f"{key} is neither true nor false")  # noqa: TRY004 - as above
    return flag


def _one_of(value: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
    choice = value.get(key, known[0])
    if choice not in known:
        raise ValueError(f"{key} is none of {', '.join(known)}")
    return str(choice)
