"""Preview of the page to keep: before and after, and what of the learner's own texts it would hold."""

from __future__ import annotations

from collections.abc import Iterable

from poetas.data.service.comparison_answers import SharedAnswer
from poetas.evaluation.memorisation.recited_personal_data import counted
from poetas.export.keepsake_page import BeforeAfter
from poetas.i18n import _, listed, ngettext
from poetas.util.excerpt import shortened
from widgets.controls.previews import lines
from widgets.core.html import tag, text

_LONGEST = 140  # characters of a passage that is quoted


def caution(shared: Iterable[SharedAnswer], given: SharedAnswer | None) -> str:
    """Name the passages and the personal data that the page would hold, as HTML; "" where there are none.

    given: what is in a text to start from that was ticked: it is hers, and only the personal data in it are named.
    """
    parts = list(shared)
    passages = list(dict.fromkeys(passage for part in parts for passage in part["passages"]))
    data = {datum["key"]: datum for part in [*parts, *([given] if given else [])] for datum in part["data"]}
    said = []
    if passages:
        words = ngettext(
            "Ojo: {lines} está así en los textos que estudió.",
            "Ojo: {lines} están así en los textos que estudió.",
            len(passages),
        )
        said.append(words.format(lines=_quoted(passages)))
    if data:
        kinds = listed(counted([datum["kind"] for datum in data.values()]))
        words = _("Ojo: en la página hay datos personales: {kinds} ({data}).")
        said.append(words.format(kinds=kinds, data=listed([datum["text"] for datum in data.values()])))
    return "".join(tag("p", text(sentence), class_="notice care") for sentence in said)


def left_out(shared: SharedAnswer) -> str:
    """Say why «Antes y después» is not ticked."""
    names = _quoted([*shared["passages"], *(datum["text"] for datum in shared["data"])])
    words = _(
        "Dejé «Antes y después» sin tildar, porque ahí hay algo de los textos que estudió, o un dato personal: {lines}."
    )
    return tag("p", text(words.format(lines=names)), class_="notice")


def before_after_html(pair: BeforeAfter) -> str:
    """Draw what «Antes y después» puts on the page."""
    shown = [(_("Antes"), pair.before), (_("Después"), pair.after)]
    if pair.given:
        shown.insert(0, (_("El texto del que partía"), pair.given))
    cards = (
        tag(
            "div",
            tag("p", text(name), class_="poetas-pair-label") + tag("p", lines(words), class_="serif"),
            class_="card",
        )
        for name, words in shown
    )
    label = tag("p", text(_("Eso pone en tu página:")), class_="soft")
    return label + tag("div", "".join(cards), class_="grid")


def looking() -> str:
    """Say that the comparison is under way."""
    words = _("Me fijo si en la página quedaría algo de los textos que estudió…")
    return tag("p", text(words), class_="soft", role="status")


def _quoted(passages: Iterable[str]) -> str:
    return listed([f"«{shortened(' '.join(passage.split()), _LONGEST)}»" for passage in passages])
