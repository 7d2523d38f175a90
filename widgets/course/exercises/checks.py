"""Checks of the exercises: the page's components in, whether an exercise is solved and what was seen out.

A check reads the traits of the components that the step card «Ejercicios» was given, by the name of their class.
Adding one is a function and a line in `CHECKS`; the item of the exercise names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from poetas.exam_size import SPLIT_SEED
from poetas.generation.sampling import distribution
from poetas.i18n import _, ngettext, number, percent, percent_phrase
from poetas.training.presets import PRESETS
from poetas.training.run_record import differing

CERTAIN, OPEN = 0.9, 0.1  # shares of the likeliest token
PIECES = 6  # tokens of one word
WHOLE = 0.9  # share of the texts that fit
SLACK = 0.05  # share of its length by which a cut may be longer than it must


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check saw. words: one or two sentences for the learner."""

    solved: bool
    words: str


class PartMissing(Exception):
    """The notebook's cell does not hand over a component that a check reads."""


class Components(dict[str, Any]):
    """The components of a page by the name of their class. Raises PartMissing for one that is not there."""

    def __missing__(self, name: str) -> Any:
        raise PartMissing(name)


Check = Callable[[Components], CheckResult | None]  # None: the step has nothing to look at yet


def nearly_certain(page: Components) -> CheckResult | None:
    """The likeliest next token has a share of at least `CERTAIN`."""
    share = _favourite(page)
    words = _("La favorita se lleva {share}.").format(share=percent_phrase(share))
    return CheckResult(share >= CERTAIN, words) if share else None


def wide_open(page: Components) -> CheckResult | None:
    """The likeliest next token has a share of at most `OPEN`, after a text that is not the page's sample."""
    share = _favourite(page)
    if not share:
        return None
    words = _("La favorita se lleva el {share}.").format(share=percent(share, 1))  # 9.7 is no 10 here
    if page["NextTokenChart"].box.is_sample:
        return CheckResult(False, _("Ese comienzo es el de muestra: probá con uno tuyo."))
    return CheckResult(share <= OPEN, words)


def single_candidate(page: Components) -> CheckResult | None:
    """One token is left to draw from, at a temperature above 0."""
    controls = page["SamplingControls"]
    if controls.chart.logits is None:
        return None
    settings = controls.knobs.settings
    if not settings["temperature"]:
        return CheckResult(False, _("Con temperatura 0 no hay sorteo: subila un poco y probá con las otras dos."))
    kept = int(distribution(controls.chart.logits, **settings).kept.sum())
    words = ngettext("Entra al sorteo {n} token.", "Entran al sorteo {n} tokens.", kept)
    return CheckResult(kept == 1, words.format(n=number(kept)))


def single_follower(page: Components) -> CheckResult | None:
    """In a toy model of the learner's texts, one word alone follows the verse, seen twice or more."""
    toy = page["ToyModel"]
    if not toy.corpus.own:
        return CheckResult(False, _("Todavía está hecho con las coplas: hacelo con tus textos y probá de nuevo."))
    seen = toy.following
    if not seen.context:
        return None
    if len(seen.counts) == 1 and seen.total > 1:
        return CheckResult(True, _("Después de «{words}» vino siempre la misma.").format(words=" ".join(seen.context)))
    words = ngettext("En la tabla hay {n} palabra distinta", "En la tabla hay {n} palabras distintas", len(seen.counts))
    times = ngettext("vista {n} vez en total.", "vistas {n} veces en total.", seen.total)
    return CheckResult(False, f"{words.format(n=number(len(seen.counts)))}, {times.format(n=number(seen.total))}")


def pieces_per_word(page: Components) -> CheckResult | None:
    """One word is cut into at least `PIECES` tokens by one of the tokenizers that are shown."""
    view = page["TokenizerView"]
    if not view.counts:
        return None
    if len(view.value.split()) != 1:
        return CheckResult(False, _("Dejá una sola palabra en el recuadro."))
    most = max(view.counts.values())
    words = ngettext("Quedó en {n} pedacito.", "Quedó en {n} pedacitos.", most).format(n=number(most))
    return CheckResult(most >= PIECES, words)


def tight_cut(page: Components) -> CheckResult | None:
    """The cut leaves `WHOLE` of the texts whole, and hardly any lower one would."""
    chart = page["LengthChart"]
    if chart.lengths is None or not len(chart.lengths):
        return None
    lengths = np.sort(chart.lengths)
    needed = int(lengths[max(0, int(np.ceil(WHOLE * len(lengths))) - 1)])
    share = float((lengths <= chart.value).mean())
    words = _("Con la línea en {n} entran enteros {share}.").format(n=number(chart.value), share=percent_phrase(share))
    if share >= WHOLE and chart.value > needed * (1 + SLACK) + 1:
        return CheckResult(False, words + " " + _("Todavía podés correrla a la izquierda."))
    return CheckResult(share >= WHOLE, words)


def other_seed(page: Components) -> CheckResult | None:
    """The texts are shuffled with another seed than the first one."""
    controls = page["SplitControls"]
    if not controls.split:
        return None
    if controls.value["seed"] == SPLIT_SEED:
        return CheckResult(False, _("La mezcla es la del comienzo: son los mismos textos."))
    return CheckResult(True, _("Son otros textos, y la misma cantidad en cada parte."))


def one_repair(page: Components) -> CheckResult | None:
    """A repair is applied, or nothing needs one."""
    health = page["HealthReport"]
    if not health.report:
        return None
    applied = sum(health.draft.repairs.values())
    if applied:
        words = ngettext("Hay {n} arreglo puesto.", "Hay {n} arreglos puestos.", applied)
        return CheckResult(True, words.format(n=number(applied)))
    if all(finding["light"] == "healthy" for finding in health.report["findings"]):
        return CheckResult(True, _("No hay nada que arreglar: tus textos están sanos."))
    return CheckResult(False, _("Todavía no hay ningún arreglo puesto."))


def same_steps(page: Components) -> CheckResult | None:
    """The batch is twice the balanced preset's, and the epochs are too."""
    config, first = page["Hyperparameters"].value, PRESETS["equilibrado"].config
    if config.batch_size != 2 * first.batch_size:
        words = _("La tanda es de {n} textos: buscá que sea de {target}.")
        return CheckResult(False, words.format(n=number(config.batch_size), target=number(2 * first.batch_size)))
    words = ngettext(
        "Con {n} vuelta hace {share} de las correcciones de «Equilibrado».",
        "Con {n} vueltas hace {share} de las correcciones de «Equilibrado».",
        config.epochs,
    )
    times = config.epochs / config.batch_size / (first.epochs / first.batch_size)
    solved = abs(times - 1) < 1e-9  # noqa: PLR2004 - equal but for rounding
    if solved:
        return CheckResult(True, _("La misma cantidad de correcciones, con el doble de lectura."))
    return CheckResult(False, words.format(n=number(config.epochs), share=percent_phrase(times)))


def one_difference(page: Components) -> CheckResult | None:
    """Two finished trainings of the dataset and model in use differ in one hyperparameter."""
    runs = [run for run in page["TrainingPanel"].runs.runs if run.usable]
    names = [differing(pair) for index, run in enumerate(runs) for pair in ((run, other) for other in runs[:index])]
    if any(len(different) == 1 for different in names):
        return CheckResult(True, _("Hay dos entrenamientos que se diferencian en una sola perilla."))
    if not names:
        return CheckResult(False, _("Hacen falta dos entrenamientos terminados de los mismos textos."))
    if any(names):
        return CheckResult(False, _("Los que hay se diferencian en más de una perilla."))
    return CheckResult(False, _("Los que hay se hicieron con las mismas perillas."))


def outside_text(page: Components) -> CheckResult | None:
    """Both models wrote for a text of the learner's that is not of the exam."""
    trial = page["TryIt"]
    if not {"base", "tuned"} <= {name for name, words in trial.answers.items() if words.strip()}:
        return None
    if trial.pair.known:
        return CheckResult(False, _("Ese texto es del examen: probá con uno de afuera."))
    if trial.is_sample:
        return CheckResult(False, _("Ese texto es el de muestra: probá con uno tuyo."))
    return CheckResult(True, _("Los dos escribieron para un texto de afuera."))


def exam_taken(page: Components) -> CheckResult | None:
    """The exam of the training in use has texts to read; only the learner knows that she read them."""
    result = page["Scoreboard"].value
    count = len(result.get("samples") or result.get("texts") or ())
    if not count:
        return None
    words = ngettext(
        "El examen tiene {n} ejemplo para leer. Que lo leíste, te creo.",
        "El examen tiene {n} ejemplos para leer. Que los leíste, te creo.",
        count,
    )
    return CheckResult(True, words.format(n=number(count)))


def _favourite(page: Components) -> float:
    """Share of the likeliest next token, 0 where no bars are shown."""
    logits = page["NextTokenChart"].logits
    return 0.0 if logits is None else float(distribution(logits).probabilities.max())


CHECKS: Mapping[str, Check] = {
    "nearly-certain": nearly_certain,
    "wide-open": wide_open,
    "single-candidate": single_candidate,
    "single-follower": single_follower,
    "pieces-per-word": pieces_per_word,
    "tight-cut": tight_cut,
    "other-seed": other_seed,
    "one-repair": one_repair,
    "same-steps": same_steps,
    "one-difference": one_difference,
    "outside-text": outside_text,
    "exam-taken": exam_taken,
}
