"""Tasks of the bench: their names, the sample texts in either language, and how each request reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poetas.generation.prompt_templates import PromptStyle, choice_prompt, question_prompt, summary_prompt
from poetas.i18n import _

SUMMARISE, CONTINUE, CLASSIFY, ANSWER = "summarise", "continue", "classify", "answer"


def task_options() -> list[tuple[str, str]]:
    """Return the tasks as (title, name), in the order in which they are offered."""
    return [
        (_("Que resuma"), SUMMARISE),
        (_("Que siga"), CONTINUE),
        (_("Que elija el tema"), CLASSIFY),
        (_("Que conteste"), ANSWER),
    ]


def description(task: str) -> str:
    """Say what the model is asked to do."""
    return {
        SUMMARISE: _("Lee tu texto y escribe una oración con lo más importante."),
        CONTINUE: _("Sigue tu texto como le parezca, jugando un poco al azar."),
        CLASSIFY: _("No escribe: comparamos cuánto le gusta cada tema como respuesta, después de leer tu texto."),
        ANSWER: _("Contesta una pregunta sobre tu texto. También podés no mostrárselo, y ver si se calla."),
    }[task]


@dataclass(frozen=True, slots=True)
class BenchSample:
    """What is in the boxes at first. question: one that the text answers. topics: separated by commas."""

    text: str
    question: str
    topics: str
    topic: str  # the question before the topics, written for the model


# Written for the model in its language, so not translated with the page.
SAMPLES = {
    "es": BenchSample(
        "La banda de música de Colonia Rauch ensayó el viernes por primera vez en su sala nueva, un galpón del "
        "ferrocarril que llevaba veintiséis años cerrado. Son diecinueve músicos y hay instrumentos para catorce, así "
        "que las trompetas se turnan. «Antes tocábamos en mi cocina», contó Nélida Barrios, que dirige la banda desde "
        "2011 y arregla los clarinetes con alambre.",
        "¿Quién dirige la banda?",
        "música, deportes, economía, tránsito",
        "Tema",
    ),
    "en": BenchSample(
        "The brass band of Harrow Creek rehearsed on Friday in its new hall for the first time, a railway shed that "
        "had been closed for twenty-six years. There are nineteen players and instruments for fourteen, so the "
        'trumpets take turns. "We used to play in my kitchen," said Nelly Barrow, who has led the band since 2011 '
        "and mends clarinets with wire.",
        "Who leads the band?",
        "music, sports, economy, traffic",
        "Topic",
    ),
}


def request_words(task: str, style: PromptStyle, text: str, question: str, topic: str, topics: Sequence[str]) -> str:
    """Return the request as the model gets it, for the learner to read; a chat's template is not shown."""
    if task == SUMMARISE:
        return summary_prompt(style, text)
    if task == ANSWER:
        return question_prompt(style, text, question)
    if task == CLASSIFY:
        return choice_prompt(style, text, topic, topics)
    return text


def split_topics(words: str) -> list[str]:
    """Return the different topics of a line, separated by commas or semicolons.

    >>> split_topics("música, deportes; , Música,arte")
    ['música', 'deportes', 'arte']
    """
    topics: dict[str, str] = {}
    for topic in words.replace(";", ",").split(","):
        if name := " ".join(topic.split()):
            topics.setdefault(name.casefold(), name)
    return list(topics.values())
