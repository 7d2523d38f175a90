"""Class report as one self-contained HTML page: tables with a drawing in each row; what learners wrote is escaped."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from poetas.course.answers_folder import ExcludedAnswers
from poetas.course.app_steps import step_label
from poetas.course.class_drawings import interval_axis, interval_drawing, marks_drawing, time_drawing
from poetas.course.class_result_types import FEW, AppResults, ClassResults, Gain, Share
from poetas.course.class_words import (
    app_title,
    bet_title,
    gain_sentence,
    interval_words,
    people,
    persons_of,
    points,
    scope_sentences,
)
from poetas.course.feedback_scales import scale_of
from poetas.course.question_items import QuestionBank
from poetas.i18n import _, duration, ngettext, number, percent
from poetas.util.self_contained_page import self_contained_page


def class_report_page(results: ClassResults, left_out: tuple[ExcludedAnswers, ...], bank: QuestionBank) -> str:
    """Return the page."""
    parts = [_heading(results, len(left_out))]
    parts += [_app(app, bank) for app in results.apps if app.is_shown]
    parts += [_exercises(results), _errors(results), _left_out(left_out), _scope(results)]
    return self_contained_page(_("Informe de la clase"), _css(), "\n".join(part for part in parts if part))


def _heading(results: ClassResults, left_out: int) -> str:
    first, last = results.exported
    facts = [people(results.people)]
    if first:
        facts.append(_("archivos del {first} al {last}").format(first=_day(first), last=_day(last)))
    if results.own_texts.n:
        own = _("{n} de {all} prepararon textos propios")
        facts.append(own.format(n=number(results.own_texts.count), all=number(results.own_texts.n)))
    if left_out:
        files = ngettext("{n} archivo quedó afuera", "{n} archivos quedaron afuera", left_out)
        facts.append(files.format(n=number(left_out)))
    few = ""
    if results.people < FEW:
        few = _("Con menos de {n} personas, este informe sirve para mirar caso por caso y no para sacar conclusiones.")
        few = f'<p class="care">{escape(few.format(n=number(FEW)))}</p>\n'
    return (
        f'<header>\n<p class="over">LLMs para poetas</p>\n<h1>{escape(_("Informe de la clase"))}</h1>\n'
        f'<p class="facts">{escape(" · ".join(facts))}</p>\n{few}</header>'
    )


def _app(app: AppResults, bank: QuestionBank) -> str:
    inner = [
        f"<h2>{escape(app_title(app.app))}</h2>",
        f'<p class="claim">{escape(gain_sentence(app.gain, persons_of(app.gain, app.concepts)))}</p>',
        _concepts(app, bank),
        _items(app, bank),
        _questions(app),
        _scales(app),
        _times(app),
        _bets(app),
        _comments(app),
    ]
    return "<section>\n" + "\n".join(part for part in inner if part) + "\n</section>"


def _concepts(app: AppResults, bank: QuestionBank) -> str:
    rows = [
        _gain_cells(bank.concepts.get(gain.name, gain.name), gain, gain.before.n)
        for gain in app.concepts
        if gain.difference
    ]
    heads = [_("Tema"), _("Antes"), _("Después"), _("Diferencia, en puntos de cien"), interval_axis()]
    return _table(_("Tema por tema"), heads, rows, drawn=True)


def _items(app: AppResults, bank: QuestionBank) -> str:
    rows = [
        _gain_cells(
            f"{bank.items[gain.name].form} · {bank.items[gain.name].stem}", gain, min(gain.before.n, gain.after.n)
        )
        for gain in app.items
        if gain.before.n or gain.after.n
    ]
    heads = [_("Pregunta"), _("Antes"), _("Después"), _("Diferencia, en puntos de cien"), interval_axis()]
    note = _("A cada persona cada pregunta le tocó una sola vez: antes y después son personas distintas.")
    return _folded(_("Pregunta por pregunta"), f"<p>{escape(note)}</p>\n{_table('', heads, rows, drawn=True)}", rows)


def _gain_cells(name: str, gain: Gain, persons: int) -> list[str]:
    """Return the cells of a row. persons: in the smaller of the groups that are compared."""
    change = gain.difference
    if change is None:
        shown = f'<span class="soft">{escape(_("no alcanza"))}</span>'
    else:
        shown = f"<b>{escape(points(change.mean))}</b> {_soft(interval_words(change))}"
        if persons < FEW:
            shown += f' <span class="chip">{escape(_("muy pocas personas"))}</span>'
    drawing = interval_drawing(change, few=persons < FEW) if change is not None else ""
    return [escape(name), _share(gain.before), _share(gain.after), shown, drawing]


def _questions(app: AppResults) -> str:
    rows = [
        [escape(question.item.stem), _share(question.first), escape(number(question.tries, 1))]
        for question in app.questions
    ]
    heads = [_("Pregunta"), _("Bien a la primera"), _("Opciones probadas")]
    return _folded(_("Las preguntas al paso"), _table("", heads, rows), rows)


def _scales(app: AppResults) -> str:
    rows = []
    for scale in app.scales:
        if scale.mean is not None:
            asked = scale_of(scale.scale)
            ends = _soft(_("1: {low}; 5: {high}").format(low=asked.low, high=asked.high))
            name = f"{escape(asked.question)} {ends}"
            mean = f"<b>{escape(number(scale.mean.mean, 1))}</b>"
            if scale.mean.low is not None and scale.mean.high is not None and scale.mean.n >= FEW:
                reach = {"low": number(scale.mean.low, 1), "high": number(scale.mean.high, 1)}
                mean += " " + _soft(_("entre {low} y {high}").format(**reach))
            counts = [escape(number(count)) for count in scale.counts]
            rows.append([name, mean, *counts, marks_drawing(scale.counts)])
    heads = [_("Pregunta"), _("Promedio"), *(str(mark) for mark in range(1, 6)), _("De 1 (claro) a 5 (oscuro)")]
    return _table(_("Cómo les fue"), heads, rows, drawn=True)


def _times(app: AppResults) -> str:
    longest = max((step.seconds[2] for step in app.steps), default=0.0)
    rows = []
    for step in app.steps:
        low, middle, high = step.seconds
        time = escape(duration(middle)) if step.n else _soft(_("sin medir"))
        if step.n > 1:
            time += " " + _soft(_("la mitad, de {low} a {high}").format(low=duration(low), high=duration(high)))
        drawing = time_drawing(step.seconds, longest) if step.n else ""
        rows.append([escape(step_label(app.app, step.step)), _share(step.finished), time, drawing])
    heads = [_("Paso"), _("Lo terminaron"), _("Tiempo del medio"), ""]
    return _table(_("En qué se fue el tiempo"), heads, rows, drawn=True)


def _bets(app: AppResults) -> str:
    rows = [[escape(bet_title(bet)), _share(share)] for bet, share in app.bets]
    return _folded(_("Las apuestas"), _table("", [_("Apuesta"), _("Acertaron")], rows), rows)


def _comments(app: AppResults) -> str:
    if not app.comments:
        return ""
    quotes = "\n".join(f"<blockquote>{escape(_visible(text))}</blockquote>" for text in app.comments)
    return f"<h3>{escape(_('Lo que escribieron'))}</h3>\n{quotes}"


def _exercises(results: ClassResults) -> str:
    rows = [
        [escape(row.exercise.title), _share(row.solved), escape(number(row.hints, 1)), escape(number(row.answer_seen))]
        for row in results.exercises
    ]
    heads = [_("Ejercicio"), _("Lo resolvieron"), _("Pistas por persona"), _("Miraron la respuesta")]
    return _section(_("Ejercicios y pistas"), _table("", heads, rows), rows)


def _errors(results: ClassResults) -> str:
    rows = [
        [f"<code>{escape(row.code)}</code>", escape(number(row.count)), escape(people(row.people))]
        for row in results.errors
    ]
    return _section(_("Avisos de error"), _table("", [_("Aviso"), _("Veces"), _("A cuántas les tocó")], rows), rows)


def _left_out(left_out: tuple[ExcludedAnswers, ...]) -> str:
    rows = [[f"<code>{escape(_visible(file.name))}</code>", escape(file.reason)] for file in left_out]
    return _section(_("Archivos que quedaron afuera"), _table("", [_("Archivo"), _("Por qué")], rows), rows)


def _scope(results: ClassResults) -> str:
    sentences = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in scope_sentences(results))
    return f"<section>\n<h2>{escape(_('Qué dice este informe, y qué no'))}</h2>\n{sentences}\n</section>"


def _section(title: str, inner: str, rows: list[list[str]]) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{inner}\n</section>" if rows else ""


def _folded(title: str, inner: str, rows: list[list[str]]) -> str:
    return f"<details>\n<summary>{escape(title)}</summary>\n{inner}\n</details>" if rows else ""


def _table(title: str, heads: list[str], rows: list[list[str]], *, drawn: bool = False) -> str:
    """Return a table whose first column names the rows. heads: text. rows: HTML. drawn: pictures in the last column."""
    if not rows:
        return ""
    last = len(heads) - 1
    drawing = [' class="drawing" aria-hidden="true"' if drawn and index == last else "" for index in range(len(heads))]
    head = "".join(
        f'<th scope="col"{mark}>{escape(text)}</th>' if not mark else f"<td{mark}>{_spread(text)}</td>"
        for text, mark in zip(heads, drawing, strict=True)
    )
    body = ""
    for row in rows:
        cells = "".join(
            f"<td{mark}>{cell}</td>" if mark else f'<td data-head="{escape(name)}">{cell}</td>'
            for name, cell, mark in zip(heads[1:], row[1:], drawing[1:], strict=True)
        )
        body += f'<tr><th scope="row">{row[0]}</th>{cells}</tr>\n'
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    return f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"


def _spread(text: str) -> str:
    """Return the parts of an axis, to be spread over the width of its column."""
    return f'<span class="axis">{"".join(f"<span>{escape(part)}</span>" for part in text.split(" · "))}</span>'


def _share(share: Share) -> str:
    if share.value is None:
        return _soft("—")
    of = _("{count} de {n}").format(count=number(share.count), n=number(share.n))
    return f'{escape(percent(share.value))} <span class="soft of">{escape(of)}</span>'


def _soft(text: str) -> str:
    return f'<span class="soft">{escape(text)}</span>' if text else ""


def _visible(text: str) -> str:
    """Return a text without characters that turn the line or hide."""
    return "".join(char if char in "\n\t" or char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _day(day: str) -> str:
    year, month, number_of_day = day.split("-")
    return f"{int(number_of_day)}/{int(month)}/{year}"


@cache
def _css() -> str:
    return Path(__file__).with_name("class_report_page.css").read_text("utf-8")
