"""Results of a class as rows of one table, for a spreadsheet: what was measured, of how many, value and interval."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from poetas.course.answers_folder import ExcludedAnswers
from poetas.course.app_steps import step_label
from poetas.course.class_result_types import AppResults, ClassResults, Gain
from poetas.course.class_words import app_title, bet_title
from poetas.course.feedback_scales import scale_of
from poetas.course.question_items import QuestionBank
from poetas.data.storage.spreadsheet_export import Row, write_spreadsheet
from poetas.evaluation.bootstrap import Interval
from poetas.i18n import _

_DECIMALS = 4


def write_class_table(
    path: Path, results: ClassResults, left_out: tuple[ExcludedAnswers, ...], bank: QuestionBank
) -> None:
    """Write the table as CSV or XLSX, as the path ends; no text runs as a formula. Raises KeyError, OSError."""
    columns = [_("parte"), _("app"), _("qué"), _("medida"), _("n"), _("valor"), _("desde"), _("hasta"), _("texto")]
    write_spreadsheet(path, columns, list(class_rows(results, left_out, bank)))


def class_rows(results: ClassResults, left_out: tuple[ExcludedAnswers, ...], bank: QuestionBank) -> Iterator[Row]:
    """Give the rows, as many cells each as the table has columns."""
    yield _row(_("clase"), "", _("personas"), "", results.people, None)
    yield _row(_("clase"), "", "", _("prepararon textos propios"), results.own_texts.n, results.own_texts.count)
    for app in results.apps:
        yield from _app_rows(app, app_title(app.app), bank)
    for exercise in results.exercises:
        part, n, title = _("ejercicios"), exercise.solved.n, app_title(exercise.exercise.app)
        yield _row(part, title, exercise.exercise.title, _("lo resolvieron"), n, exercise.solved.value)
        yield _row(part, title, exercise.exercise.title, _("pistas por persona"), n, exercise.hints)
        yield _row(part, title, exercise.exercise.title, _("miraron la respuesta"), n, exercise.answer_seen)
    for error in results.errors:
        yield _row(_("avisos de error"), "", error.code, _("veces"), error.people, error.count)
    for file in left_out:
        yield _row(_("archivos que quedaron afuera"), "", file.name, "", None, None, text=file.reason)


def _app_rows(app: AppResults, title: str, bank: QuestionBank) -> Iterator[Row]:
    yield from _gain_rows(_("cuestionario"), title, _("todas las preguntas"), app.gain)
    for gain in app.concepts:
        yield from _gain_rows(_("concepto"), title, bank.concepts.get(gain.name, gain.name), gain)
    for gain in app.items:
        yield from _gain_rows(_("pregunta"), title, gain.name, gain, text=bank.items[gain.name].stem)
    for question in app.questions:
        name, stem = question.item.id, question.item.stem
        first = question.first
        yield _row(_("pregunta al paso"), title, name, _("bien a la primera"), first.n, first.value, text=stem)
        yield _row(_("pregunta al paso"), title, name, _("opciones probadas"), first.n, question.tries, text=stem)
    for scale in app.scales:
        if scale.mean is not None:
            name = scale_of(scale.scale).question
            yield _row(_("opinión"), title, name, _("promedio de 1 a 5"), scale.mean.n, scale.mean.mean, scale.mean)
            for mark, count in enumerate(scale.counts, start=1):
                yield _row(_("opinión"), title, name, _("cuántos pusieron {n}").format(n=mark), scale.mean.n, count)
    for step in app.steps:
        part, name = _("tiempo"), step_label(app.app, step.step)
        yield _row(part, title, name, _("lo terminaron"), step.finished.n, step.finished.value)
        low, middle, high = step.seconds
        cells = [round(seconds / 60, 2) for seconds in (middle, low, high)]
        yield [part, title, name, _("minutos: mediana y cuartos"), step.n, *(cells if step.n else [None] * 3), ""]
    for bet, share in app.bets:
        yield _row(_("apuestas"), title, bet_title(bet), _("acertaron"), share.n, share.value)
    for comment in app.comments:
        yield _row(_("comentarios"), title, "", "", None, None, text=comment)


def _gain_rows(part: str, app: str, name: str, gain: Gain, *, text: str = "") -> Iterator[Row]:
    for measure, share in ((_("bien antes"), gain.before), (_("bien después"), gain.after)):
        yield _row(part, app, name, measure, share.n, share.value, text=text)
    if gain.difference is not None:
        change = gain.difference
        yield _row(part, app, name, _("diferencia"), change.n, change.mean, change, text=text)


def _row(
    part: str,
    app: str,
    name: str,
    measure: str,
    n: int | None,
    value: float | None,
    interval: Interval | None = None,
    *,
    text: str = "",
) -> Row:
    ends = (interval.low, interval.high) if interval is not None else (None, None)
    return [
        part,
        app,
        name,
        measure,
        n,
        *(None if end is None else round(end, _DECIMALS) for end in (value, *ends)),
        text,
    ]
