"""Achievements in an app: a project's state and folders in, sentences with the learner's own figures out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from poetas.course.app_steps import IN_EVERY_APP, app_steps
from poetas.course.course_record import Part, course_entries
from poetas.course.made_bets import made_bets
from poetas.course.own_text import first_line, own_text
from poetas.course.question_bank import current_bank
from poetas.data.storage.dataset_summary import summary_of
from poetas.data.storage.state_scopes import StateOwner, value_at
from poetas.i18n import _, ngettext, number
from poetas.jobs import Job, JobState
from poetas.util.excerpt import shortened
from poetas.workspace import Project

State = Mapping[str, Any]
LINE = 80  # characters of a verse that are quoted


def achievements(app: str, project: Project, state: State) -> list[str]:
    """Return a sentence for each thing that was done in an app, in the order of the page.

    state: of the project, with what is not on the disk yet. Raises KeyError for an unknown app.
    """
    return [*_steps(app, state), *_OF_APP[app](project, state), *_bets(app, state), *_exercises(app, state)]


def farewell(app: str) -> str:
    """Return the sentence that an app ends with."""
    return {
        "conocer": _(
            "Entraste oyendo hablar de los modelos de lenguaje, y ahora a uno le viste las cartas. "
            "La próxima vez que alguno te conteste algo redondo, vas a saber de qué está hecho."
        ),
        "preparar": _(
            "Miraste tus textos letra por letra, como pocas veces se miran. "
            "Lo que el modelo aprenda va a salir de ese cuidado."
        ),
        "entrenar": _(
            "Empezaste con un modelo de todos y terminás con uno que leyó lo tuyo. "
            "Todavía se equivoca, y ahora sabés cómo darte cuenta."
        ),
    }[app]


def _steps(app: str, state: State) -> Iterator[str]:
    steps = [step for step in app_steps(app) if step not in IN_EVERY_APP]
    finished = state.get("steps")
    done = len(set(steps) & {step for step in finished if isinstance(step, str)}) if isinstance(finished, list) else 0
    if done:
        words = ngettext("Hiciste {n} paso de esta página.", "Hiciste {n} pasos de esta página.", done)
        yield words.format(n=number(done))


def _met(_project: Project, state: State) -> Iterator[str]:
    words = len(own_text(state).split())
    if words:
        made = ngettext("Hiciste un modelo con {n} palabra tuya.", "Hiciste un modelo con {n} palabras tuyas.", words)
        yield made.format(n=number(words))


def _prepared(_project: Project, state: State) -> Iterator[str]:
    summary = summary_of(state)
    if summary is None:
        return
    counts = summary.counts
    total = sum(counts.values())
    words = ngettext(
        "En «{name}» hay {n} texto: {train} para estudiar, {validation} para el simulacro y {test} para el examen.",
        "En «{name}» hay {n} textos: {train} para estudiar, {validation} para el simulacro y {test} para el examen.",
        total,
    )
    yield words.format(name=summary.name, n=number(total), **{part: number(count) for part, count in counts.items()})


def _trained(project: Project, state: State) -> Iterator[str]:
    summary = summary_of(state)
    ended = [job for job in Job.all(project.jobs) if job.state is JobState.FINISHED]
    runs = [job for job in ended if job.kind == "train"]
    if runs:
        words = ngettext("Entrenaste {n} vez.", "Entrenaste {n} veces.", len(runs))
        yield words.format(n=number(len(runs)))
    ours = sum(summary.started(job.config) for job in runs) if summary is not None else 0
    if ours and summary is not None:
        learnt = summary.counts["train"]
        words = ngettext(
            "El modelo estudió {n} texto de «{name}».", "El modelo estudió {n} textos de «{name}».", learnt
        )
        yield words.format(n=number(learnt), name=summary.name)
    if exams := sum(job.kind == "evaluate" for job in ended):
        words = ngettext("Le tomaste {n} examen.", "Le tomaste {n} exámenes.", exams)
        yield words.format(n=number(exams))
    if line := _followed(state):
        words = _("«{line}», que pegaste en la app 1, lo siguieron los dos: el modelo como vino y el que estudió.")
        yield words.format(line=shortened(line.rstrip(" ,;:"), LINE))


def _followed(state: State) -> str:
    """Return the first line of her own text of app 1, if both models went on from it in «Probalo»; else ""."""
    summary = summary_of(state)
    line = first_line(own_text(state)) if summary is not None and summary.task == "style" else ""
    chosen = (str(state.get(part) or "") for part in ("dataset", "model", "training"))
    trial = value_at(state, StateOwner.of(*chosen).path("trial")) if line else None
    if not isinstance(trial, Mapping) or not isinstance(trial.get("answers"), Mapping):
        return ""
    both = {"base", "tuned"} <= set(trial["answers"])
    return line if both and str(trial.get("text")).strip() == line else ""


def _bets(app: str, state: State) -> Iterator[str]:
    made = [bet for bet in made_bets(state) if bet.row.app == app]
    won = sum(bet.won is True for bet in made)
    compared = sum(bet.won is not None for bet in made)
    if compared:
        words = ngettext("Hiciste {n} apuesta", "Hiciste {n} apuestas", compared).format(n=number(compared))
        hits = ngettext("y acertaste {n}.", "y acertaste {n}.", won).format(n=number(won))
        yield f"{words} {hits if won else _('y ninguna salió: de ahí se aprende.')}"


def _exercises(app: str, state: State) -> Iterator[str]:
    kept = course_entries(state, Part.EXERCISES)
    dataset = summary_of(state)
    exercises = current_bank().exercises_of(app, dataset.task if dataset is not None else "")
    ours = [kept.get(exercise.id) for exercise in exercises]
    solved = sum(isinstance(entry, Mapping) and entry.get("solved") is True for entry in ours)
    if solved:
        words = ngettext("Resolviste {n} ejercicio de {all}.", "Resolviste {n} ejercicios de {all}.", solved)
        yield words.format(n=number(solved), all=number(len(ours)))


_OF_APP: Mapping[str, Callable[[Project, State], Iterator[str]]] = {
    "conocer": _met,
    "preparar": _prepared,
    "entrenar": _trained,
}
