"""HTML card of one model's answer to a text, while it is written and with notices once it is complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.data.pipeline.language import guess_language
from poetas.evaluation.metrics.registry import METRICS
from poetas.generation.generation_client import GeneratedAnswer
from poetas.i18n import _, ngettext, number
from widgets.controls.highlighting import breaks_off, marked
from widgets.controls.previews import lines
from widgets.core.html import tag, text


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
    title = _("El modelo como vino") if who == "base" else _("Con tu adaptador")
    checks = [entry.findings for entry in METRICS if entry.findings] if answer is not None and not beginning else []
    language = guess_language([source]) if checks else ""  # number words and names differ
    doubtful = [(check, check.find(words, source, language)) for check in checks]
    written = marked(words, (), [(span.start, span.end) for _check, spans in doubtful for span in spans])
    if beginning:
        written = lines(beginning) + tag("span", written, class_="written")
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
