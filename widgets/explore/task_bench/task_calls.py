"""Calls of the task bench: the form in, what starts the answer of the model that is chosen out."""

from __future__ import annotations

from collections.abc import Callable

from poetas.generation.generation_client import GeneratedAnswer, GenerationClient, LabelsAnswer
from poetas.services.call import Call
from widgets.explore.task_bench.bench_tasks import CONTINUE, SUMMARISE
from widgets.explore.task_bench.task_form import TaskForm

CAREFUL = {"temperature": 0.0, "max_tokens": 70}
PLAYFUL = {"temperature": 0.8, "top_p": 0.95, "max_tokens": 70, "seed": 7}


def written_call(
    form: TaskForm, model: str, generation: GenerationClient, unrepeated: int = 0
) -> Callable[[], Call[str, GeneratedAnswer]]:
    """Return what starts the call that writes, as the form is now. unrepeated: see `GenerationSettings`."""
    rule = {"unrepeated": unrepeated}
    careful = {**CAREFUL, **rule}
    task, words, question, language = form.task, form.shown, form.question, form.style.language

    def begin() -> Call[str, GeneratedAnswer]:
        if task == CONTINUE:
            return generation.generate(model, words, settings={**PLAYFUL, **rule}, quick=True)
        if task == SUMMARISE:
            return generation.summarise(model, words, settings=careful, language=language, sentences=1, quick=True)
        return generation.answer(model, question, text=words, settings=careful, language=language)

    return begin


def topics_call(form: TaskForm, model: str, generation: GenerationClient) -> Callable[[], Call[object, LabelsAnswer]]:
    """Return what starts the call that compares the topics, as the form is now."""
    words, topics, topic = form.text, form.topics, form.topic
    return lambda: generation.classify(model, words, topics, question=topic)
