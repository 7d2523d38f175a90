"""HTML card of one model's answer to a text, while it is written and with notices once it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.data.pipeline.language import guess_language
from poetas.evaluation.metrics.registry import METRICS
from poetas.generation.generation_client import GeneratedAnswer
from poetas.i18n import _, ngettext, number
from poetas.util.excerpt import ending
from widgets.controls.highlighting import breaks_off, marked
from widgets.controls.previews import continued
from widgets.core.html import tag, text
from widgets.train.sample_html import QUOTED, SIGNS, quoted


def answer_card(
    who: str,
    words: str,
    *,
    source: str,
    beginning: str = "",
    answer: Mapping[str, Any] | None = None,
    stopped: bool = False,
) -> str:
    """Draw the answer of the "base" or "tuned" model.

    source: the input text. beginning: the same where the answer continues it, "" for a summary.
    answer: the service's final answer (complete, truncated), None before. stopped: by the learner.
    """
    title = _("El modelo como vino") if who == "base" else _("El que estudió")
    checks = [entry.findings for entry in METRICS if entry.findings] if answer is not None and not beginning else []
    language = guess_language([source]) if checks else ""  # number words and names differ
    doubtful = [(check, check.find(words, source, language)) for check in checks]
    written = marked(words, (), [(span.start, span.end) for _check, spans in doubtful for span in spans])
    if beginning:
        written = continued(beginning, words)
    cut = answer is not None and bool(answer.get("cut", not answer.get("complete")))
    written += breaks_off() if cut and not stopped else ""
    waiting = answer is None and not stopped
    inner = tag("h3", text(title)) + tag("p", written or text("…" if waiting else "—"), class_="serif")
    for check, spans in doubtful:
        if spans:
            legend = text(check.legend(len(spans)))
            inner += tag("p", tag("u", text(_("Subrayado:")), class_="doubt") + " " + legend)
    if answer is not None and answer.get("truncated"):
        inner += tag("p", text(_cut(int(answer["truncated"]), beginning=bool(beginning))), class_="notice care")
    if stopped:
        inner += tag("p", text(_("Lo detuviste acá.")), class_="soft")
    return tag("div", inner, class_=f"card poetas-answer {who}")


def exam_answer(written: Mapping[str, Any]) -> GeneratedAnswer:
    """Return what an exam's result holds of a text as an answer of the service."""
    cut = bool(written.get("cut"))
    return GeneratedAnswer(text=str(written["text"]), tokens=0, complete=not cut, seconds=0.0, truncated=0, cut=cut)


def _cut(tokens: int, *, beginning: bool) -> str:
    """Say what was not read: the end of a text that is summarised, the start of one that is continued."""
    if beginning:
        words = ngettext(
            "El comienzo era muy largo: su primer token quedó afuera y no lo leyó.",
            "El comienzo era muy largo: sus primeros {n} tokens quedaron afuera y no los leyó.",
            tokens,
        )
        return words.format(n=number(tokens))
    words = ngettext(
        "El texto era muy largo: el último token quedó afuera y no lo leyó.",
        "El texto era muy largo: los últimos {n} tokens quedaron afuera y no los leyó.",
        tokens,
    )
    return words.format(n=number(tokens))


def answers_seen(source: str, answers: Mapping[str, str], *, style: bool) -> str:
    """Quote what both models made of the learner's text; "" where one of them wrote nothing."""
    base, tuned = (answers.get(who, "").strip() for who in ("base", "tuned"))
    if not base or not tuned:
        return ""
    if base == tuned:
        return _("Esta vez los dos escribieron lo mismo, palabra por palabra.")
    if style:
        words = _("Después de «{beginning}», el que estudió siguió con «{tuned}»; como vino, con «{base}».")
        return words.format(beginning=ending(source.rstrip(SIGNS), QUOTED), tuned=quoted(tuned), base=quoted(base))
    words = _("Tu texto tiene {n} palabras: el que estudió lo contó en {tuned}; como vino, en {base}.")
    counts = {"n": source, "tuned": tuned, "base": base}
    return words.format(**{name: number(len(text.split())) for name, text in counts.items()})
