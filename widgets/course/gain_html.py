"""HTML of the gain of an app's questionnaires: what was answered before and after on each concept, and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poetas.course.sittings import ConceptGain
from poetas.i18n import _, listed, ngettext, number
from widgets.core.html import tag, text

LISTED = 2  # concepts that the sentence names; the table has them all


def gain_html(gains: Sequence[ConceptGain], titles: Mapping[str, str], *, compared: bool) -> str:
    """Return the sentence and the table. compared: there is a before, whose blanks count as not right.

    Without one, it is what was answered now alone.
    """
    heads = [_("De qué se trataba"), *([_("Antes")] if compared else []), _("Ahora")]
    rows = tag("tr", "".join(tag("th", text(head), scope="col") for head in heads))
    for gain in gains:
        cells = tag("th", text(titles[gain.concept]), scope="row")
        marked = (gain.before, gain.after) if compared else (gain.after,)
        cells += "".join(tag("td", _mark(answer)) for answer in marked)
        rows += tag("tr", cells)
    sentence = _sentence(gains, titles, compared=compared)
    shown = tag("p", text(sentence), role="status", class_="poetas-goto")  # the answers below it are pages long
    return shown + tag("div", tag("table", rows), class_="scroll")


def _mark(right: bool | None) -> str:  # noqa: FBT001  (an answer)
    """Return an answer as a word: the colour only repeats it."""
    if right is None:
        return tag("span", text(_("en blanco")), class_="soft")
    return tag("span", text(_("acertaste") if right else _("no era esa")), class_="chip good" if right else "chip")


def _sentence(gains: Sequence[ConceptGain], titles: Mapping[str, str], *, compared: bool) -> str:
    """Name what was gained first, then what is worth another look."""
    now = sum(gain.after is True for gain in gains)
    words = ngettext("Ahora acertaste {n} de {all}.", "Ahora acertaste {n} de {all}.", now)
    words = words.format(n=number(now), all=number(len(gains)))
    if compared:
        then = sum(gain.before is True for gain in gains)
        words += " " + (_("Al empezar, {n}.").format(n=number(then)) if then else _("Al empezar, ninguna."))
    learnt = [titles[gain.concept] for gain in gains if compared and gain.after and not gain.before]
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
