"""HTML of the bench: the answer with its doubtful names and numbers, the learner's judgement beside the finder's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from poetas.data.pipeline.language import guess_language
from poetas.evaluation.metrics.base import FlaggedSpan
from poetas.evaluation.metrics.unsupported import METRIC
from poetas.generation.generation_client import GeneratedAnswer
from poetas.generation.text_loop import find_repetition
from poetas.i18n import _, ngettext, number, percent_phrase
from poetas.util.excerpt import shortened_start
from widgets.controls.card_table import CardRow, card_table
from widgets.controls.highlighting import breaks_off, marked
from widgets.controls.previews import continued
from widgets.core.html import tag, text
from widgets.explore.task_bench.bench_tasks import ANSWER, CONTINUE, task_options

YES, NO, UNSURE = "yes", "no", "unsure"
MOST = 10_000  # names and numbers underlined, in a saved state
SHOWN = 120  # characters of a text that are drawn before its continuation


def doubtful_spans(words: str, source: str) -> Sequence[FlaggedSpan]:
    """Return the names and numbers of an answer that its source does not hold, as app 3 finds them."""
    return METRIC.findings.find(words, source, guess_language([source])) if METRIC.findings and words else ()


def answer_html(
    words: str,
    *,
    beginning: str = "",
    answer: GeneratedAnswer | None = None,
    stopped: bool = False,
    spans: Sequence[FlaggedSpan] = (),
) -> str:
    """Draw what the model writes. beginning: the text that it continues. answer: None while it writes.

    spans: what is underlined.
    """
    written = marked(words, (), [(span.start, span.end) for span in spans])
    if beginning:
        written = continued(shortened_start(beginning, SHOWN), words)
    if answer is not None and answer["cut"] and not stopped:
        written += breaks_off()
    waiting = answer is None and not stopped
    empty = "…" if waiting else _("No escribió nada.")
    inner = tag("h3", text(_("Lo que escribió"))) + tag("p", written or text(empty), class_="serif", dir="auto")
    if stopped:
        inner += tag("p", text(_("Lo detuviste acá.")), class_="soft")
    elif answer is not None and (again := find_repetition(words)) is not None and again.loop:
        circling = _("Se quedó dando vueltas: a un modelo tan chico le pasa seguido cuando va siempre a lo seguro.")
        if beginning:  # what continues a text is drawn
            circling = _("Se quedó dando vueltas: a un modelo tan chico le pasa, aunque deje jugar al azar.")
        inner += tag("p", text(circling), class_="soft")
    return tag("div", inner, class_="card poetas-bench-answer", aria_live="off" if waiting else "polite")


def finder_html(task: str, judged: Mapping[str, str], count: int, *, blind: bool = False, bet: str = "") -> str:
    """Say what the finder found, beside what the learner judged.

    judged: sounds, true. count: different names and numbers. blind: whether a question was asked without the text.
    bet: the answer to the bet, which stands above the text, out of view.
    """
    if count:
        finding = ngettext(
            "El buscador subrayó {n} nombre o número que no está en tu texto.",
            "El buscador subrayó {n} nombres o números distintos que no están en tu texto.",
            count,
        ).format(n=number(count))
    else:
        finding = _("El buscador no encontró ningún nombre ni número inventado.")
    inner = tag("p", tag("b", text(finding))) + tag("p", text(_compared(task, judged, count)))
    if blind:
        unseen = _("Y no había visto tu texto. Fijate: ¿avisó que no sabía, o contestó como si supiera?")
        inner += tag("p", text(unseen))
    inner += tag("p", text(bet)) if bet else ""
    return tag("div", inner, class_="verdict unsure" if count else "verdict no", role="status")


def _compared(task: str, judged: Mapping[str, str], count: int) -> str:
    """Compare the judgement with what was found, naming the surprise."""
    true, sounds = judged.get("true"), judged.get("sounds")
    cases = (
        (
            task == CONTINUE and count,
            _("Al seguir un cuento, inventar es lo que se le pidió. En una noticia, lo mismo sería un dato falso."),
        ),
        (
            true == YES and count,
            _("Dijiste que es cierto. Buscá lo subrayado en tu texto: ¿está dicho de otra manera, o lo inventó?"),
        ),
        (
            true == NO and sounds == YES,
            _("Suena bien y no es cierto. Es la mezcla más peligrosa: escribe igual de seguro cuando inventa."),
        ),
        (
            true == NO and not count,
            _("Viste algo que el buscador no: él solo mira nombres y números; un verbo inventado se le escapa."),
        ),
        (true == NO, _("Ni suena bien ni es cierto: acá la trampa se ve enseguida.")),
        (
            true == UNSURE,
            _("Si hay que ir a fijarse, ya sabés cómo leer lo que escribe: como a quien habla de memoria."),
        ),
        (
            true == YES and sounds == NO,
            _("Suena mal y es cierto. Sonar bien y ser cierto son dos cosas distintas."),
        ),
        (true == YES, _("Coinciden. Igual conviene releer: el buscador solo mira nombres y números.")),
    )
    otherwise = _("El buscador no sabe la verdad: compara nombres y números con tu texto.")
    return next((sentence for holds, sentence in cases if holds), otherwise)


def answer_seen(words: str, flagged: object) -> str:
    """Say how long an answer is and how much of it the finder doubted; "" where either is not known.

    >>> answer_seen("Ramona dirige.", 1), answer_seen("Sí.", None)
    ('Escribió 2 palabras, y 1 nombre o número no está en el texto.', '')
    """
    count = len(words.split())
    if not count or not isinstance(flagged, int):
        return ""
    written = ngettext("Escribió {n} palabra", "Escribió {n} palabras", count).format(n=number(count))
    if not flagged:
        return _("{written}, y el buscador no subrayó ninguna.").format(written=written)
    said = ngettext(
        "{written}, y {n} nombre o número no está en el texto.",
        "{written}, y {n} nombres o números no están en el texto.",
        flagged,
    )
    return said.format(written=written, n=number(flagged))


def topic_seen(chosen: tuple[str, float]) -> str:
    """Say which topic is the likeliest, and its share."""
    words = _("Entre tus temas, después del texto le apostó más a «{topic}»: {share}.")
    return words.format(topic=chosen[0], share=percent_phrase(chosen[1]))


def choice_html(share: float, topic: str) -> str:
    """Say which topic the model would choose. share: of its bets among the topics, 0 to 1."""
    words = _("Entre esos temas elegiría «{topic}», con {share} de sus apuestas. ¿Es el que pondrías vos?")
    said = tag("p", text(words.format(topic=topic, share=percent_phrase(share))))
    rest = _("Siempre elige alguno, aunque ninguno venga al caso: probá con temas que no tengan nada que ver.")
    return tag("div", said + tag("p", text(rest)), class_="verdict no", role="status")


def readable_judgements(saved: object) -> dict[str, dict[str, Any]]:
    """Return the judgements of a saved state, by task; what is none is left out.

    >>> judged = {"sounds": "yes", "true": "no"}
    >>> readable_judgements({"summarise": {**judged, "flagged": 10**5000}, "continue": {**judged, "true": []}})
    {'summarise': {'sounds': 'yes', 'true': 'no'}}
    """
    names = {name for _title, name in task_options()}
    entries = saved.items() if isinstance(saved, Mapping) else ()
    read = {name: _readable(entry) for name, entry in entries if name in names and isinstance(entry, Mapping)}
    return {name: entry for name, entry in read.items() if entry}


def _readable(entry: Mapping[str, object]) -> dict[str, Any]:
    """Return a judgement with what can be read of it, {} where it lacks an answer."""
    sounds, true, flagged = (entry.get(key) for key in ("sounds", "true", "flagged"))
    if not (isinstance(sounds, str) and sounds in (YES, NO) and isinstance(true, str) and true in (YES, NO, UNSURE)):
        return {}
    counted = type(flagged) is int and 0 <= flagged <= MOST
    return {"sounds": sounds, "true": true, **({"flagged": flagged} if counted else {})}


def readable_bench(saved: object) -> tuple[str, dict[str, dict[str, Any]]]:
    """Return the text and the judgements, by task, of a saved state, which is untrusted; what is none is left out."""
    kept = saved if isinstance(saved, Mapping) else {}
    return kept["text"] if isinstance(kept.get("text"), str) else "", readable_judgements(kept.get("judgements"))


def judged_table(judgements: Mapping[str, Mapping[str, object]]) -> str:
    """Draw the tasks that were judged, "" where there are fewer than two."""
    titles = {name: title for title, name in task_options()}
    words = {YES: _("sí"), NO: _("no"), UNSURE: _("no sé")}
    rows = []
    for task, title in titles.items():
        entry = judgements.get(task)
        if isinstance(entry, Mapping) and entry.get("true") in words and entry.get("sounds") in words:
            cells = [words[str(entry["sounds"])], words[str(entry["true"])], _flagged(entry.get("flagged"))]
            rows.append(CardRow(text(title), [text(cell) for cell in cells]))
    if len(rows) < 2:  # noqa: PLR2004 - one row compares nothing
        return ""
    columns = [_("Qué le pediste"), _("¿Suena bien?"), _("¿Es cierto?"), _("Subrayados")]
    return card_table(columns, rows, _("Sonar bien y ser cierto, hasta acá"))


def _flagged(count: object) -> str:
    return number(count) if isinstance(count, int) else "—"


def source_of(task: str, text_: str, question: str) -> str:
    """Return what the finder compares an answer with: the text, and the question where there is one."""
    return f"{text_}\n{question}" if task == ANSWER else text_
