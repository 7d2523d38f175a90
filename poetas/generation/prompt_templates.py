"""Prompt templates in words, for each kind of model: the only place where a request to a model is worded.

Three kinds of model are asked in three ways. A ``plain`` model only goes on writing, so the prompt is the beginning
of a page whose next line is a summary. A ``chat`` model follows instructions, given through its own template. A
``seq2seq`` model (mT5) reads a text and writes another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # brings the catalogue and its sources, 28 ms of a page that has no model yet
    from poetas.models.entry import ModelEntry

Example = tuple[str, str]  # (text, summary)

# Written for the model, not for the learner: not translated with the page.
ASKED: dict[tuple[str, str], tuple[str, str]] = {
    ("plain", "es"): ("Texto:\n", "\n\nResumen en una oración:"),
    ("plain", "en"): ("Text:\n", "\n\nSummary in one sentence:"),
    ("chat", "es"): ("Resumí el texto que sigue en una sola oración, sin agregar nada que no diga.\n\n", ""),
    ("chat", "en"): ("Summarise the following text in a single sentence, adding nothing that it does not say.\n\n", ""),
    ("seq2seq", "es"): ("resumir: ", ""),
    ("seq2seq", "en"): ("summarize: ", ""),
}

# A question of fact: (before the text, before the question, after it); without a text its part is left out.
QUESTION: dict[tuple[str, str], tuple[str, str, str]] = {
    ("plain", "es"): ("Texto:\n", "Pregunta: ", "\nRespuesta:"),
    ("plain", "en"): ("Text:\n", "Question: ", "\nAnswer:"),
    ("chat", "es"): ("Texto:\n", "Respondé en una sola oración: ", ""),
    ("chat", "en"): ("Text:\n", "Answer in a single sentence: ", ""),
    ("seq2seq", "es"): ("contexto: ", "pregunta: ", ""),
    ("seq2seq", "en"): ("context: ", "question: ", ""),
}


@dataclass(frozen=True, slots=True)
class PromptStyle:
    """How to ask a model: its kind, and the language of the instruction.

    >>> PromptStyle.of("chat", "en")
    PromptStyle(kind='chat', language='en')
    """

    kind: Literal["plain", "chat", "seq2seq"] = "plain"
    language: Literal["es", "en"] = "es"

    @classmethod
    def of(cls, model: ModelEntry | PromptStyle | str, language: str = "") -> PromptStyle:
        """Find the style of a model's entry, or of a kind's name; ``language`` (of the texts) wins over the model's."""
        if isinstance(model, PromptStyle):
            kind, spoken = model.kind, model.language
        elif isinstance(model, str):
            kind, spoken = _kind(model), "es"
        else:
            kind = "seq2seq" if model.architecture == "seq2seq" else _kind(model.prompt_style)
            spoken = "es" if model.writes("es") else "en"
        return cls(kind, "en" if (language or spoken) == "en" else "es")


def _kind(name: str) -> Literal["plain", "chat", "seq2seq"]:
    match name:
        case "plain" | "chat" | "seq2seq":
            return name
    raise ValueError(f"unknown prompt style: {name}")


def summary_prompt(model: ModelEntry | PromptStyle | str, text: str, examples: Sequence[Example] = ()) -> str:
    """The request to summarise as a person reads it (a chat's turns are joined, its template is not shown).

    >>> print(summary_prompt("plain", "Llovió."))
    Texto:
    Llovió.
    <BLANKLINE>
    Resumen en una oración:
    """
    style = PromptStyle.of(model)
    before, after = ASKED[style.kind, style.language]
    blank = " " if style.kind == "plain" else "\n\n"
    shown = [f"{before}{example.strip()}{after}{blank}{summary.strip()}" for example, summary in examples]
    return "\n\n".join([*shown, f"{before}{text.strip()}{after}"])


def question_prompt(style: PromptStyle, text: str, question: str) -> str:
    r"""Return the request as a person reads it.

    >>> question_prompt(PromptStyle("plain", "es"), "", "¿Cuántos libros?")
    'Pregunta: ¿Cuántos libros?\nRespuesta:'
    """
    before_text, before, after = QUESTION[style.kind, style.language]
    shown = f"{before_text}{text.strip()}\n\n" if text.strip() else ""
    return f"{shown}{before}{question.strip()}{after}"


def choice_prompt(style: PromptStyle, text: str, question: str, labels: Sequence[str]) -> str:
    r"""Return the request to choose a label: what comes before it. question: one line, such as ``Tema``.

    >>> choice_prompt(PromptStyle("plain"), "Llovió.", "Tema", ["clima", "arte"])
    'Llovió.\n\nTema:'
    """
    after = f"{question.strip()}: {', '.join(labels)}?" if style.kind == "chat" else f"{question.strip()}:"
    return f"{text}\n\n{after}"


def style_prompt(text: str, lines: int = 1) -> str:
    r"""The beginning of a text, which the model is to go on from: its first lines, the line break included.

    >>> style_prompt("Uno.\nDos.\nTres."), style_prompt("Uno.")
    ('Uno.\n', 'Uno.\n')
    """
    return "\n".join(text.strip().splitlines()[:lines]).rstrip() + "\n"
