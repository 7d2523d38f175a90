"""HTML of the gain of an app's questionnaires: what was answered before and after on each concept, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poetas.course.sittings import ConceptGain
from poetas.i18n import _, listed, ngettext, number
from widgets.core.html import tag, text

LISTED = 2  # concepts that the sentence names; the table has them all


def gain_html(gains: Sequence[ConceptGain], titles: Mapping[str, str]) -> str:
    """Return the sentence and the table; without a before, what was answered now alone."""
    both = any(gain.before is not None for gain in gains)
    heads = [_("De qué se trataba"), *([_("Antes")] if both else []), _("Ahora")]
    rows = tag("tr", "".join(tag("th", text(head), scope="col") for head in heads))
    for gain in gains:
        cells = tag("th", text(titles[gain.concept]), scope="row")
        cells += "".join(tag("td", _mark(answer)) for answer in ((gain.before, gain.after) if both else (gain.after,)))
        rows += tag("tr", cells)
    return tag("p", text(_sentence(gains, titles)), role="status") + tag("div", tag("table", rows), class_="scroll")


def _mark(right: bool | None) -> str:  # noqa: FBT001  (an answer)
    """Return an answer as a word: the colour only repeats it."""
    if right is None:
        return tag("span", text(_("en blanco")), class_="soft")
    return tag("span", text(_("acertaste") if right else _("no era esa")), class_="chip good" if right else "chip")


def _sentence(gains: Sequence[ConceptGain], titles: Mapping[str, str]) -> str:
    """Name what was gained first, then what is worth another look."""
    now = sum(gain.after is True for gain in gains)
    before = [gain for gain in gains if gain.before is not None]
    words = ngettext("Ahora acertaste {n} de {all}.", "Ahora acertaste {n} de {all}.", now)
    words = words.format(n=number(now), all=number(len(gains)))
    if before:
        then = sum(gain.before is True for gain in before)
        words += " " + (_("Al empezar, {n}.").format(n=number(then)) if then else _("Al empezar, ninguna."))
    learnt = [titles[gain.concept] for gain in gains if gain.after and gain.before is False]
    if learnt:
        words += " " + _("Esto lo viste acá: {list}.").format(list=listed([f"«{title}»" for title in learnt]))
    missed = [titles[gain.concept] for gain in gains if not gain.after]
    if len(missed) > LISTED:
        words += " " + _("Las demás están explicadas acá abajo, para cuando tengas ganas.")
    elif missed:
        quoted = listed([f"«{title}»" for title in missed])
        words += " " + _("Para volver a mirar, cuando tengas ganas: {list}.").format(list=quoted)
    elif now == len(gains):
        words += " " + _("Las cinco ideas de esta página ya son tuyas.")
    return words
