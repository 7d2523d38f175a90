"""HTML of a blind tasting: the text, its unlabelled versions, and who wrote which once all were judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poetas.evaluation.tasting_rubric import BEST, Marks, averages, criteria
from poetas.evaluation.unlabelled_versions import BASE, REFERENCE, TUNED, Version, tally
from poetas.i18n import _, ngettext, number
from widgets.controls.previews import lines
from widgets.core.html import tag, text
from widgets.train.sample_html import quoted, whole

LETTERS = "ABC"


def source(index: int, total: int, words: str, *, style: bool) -> str:
    """Draw the text that the versions are about, or the beginning that they go on from."""
    place = _("Texto {n} de {all}").format(n=number(index + 1), all=number(total))
    lead = tag("p", lines(words.rstrip()), class_="serif") if style else whole(words)
    label = _("Así empieza. ¿Cuál la sigue mejor?") if style else _("Este es el texto. ¿Cuál lo cuenta mejor?")
    drawn = tag("h3", text(place)) + tag("p", text(label), class_="poetas-pair-label") + lead
    return tag("div", tag("div", drawn), class_="poetas-opened")  # brought into view, where a vote was cast below it


def glass(place: int, version: Version) -> str:
    """Draw one version under its letter."""
    words = lines(version.text) or tag("span", text(_("(no escribió nada)")), class_="soft")
    return tag("p", LETTERS[place], class_="poetas-glass-letter", aria_hidden="true") + tag("p", words, class_="serif")


def writer(name: str, *, style: bool) -> str:
    """Name who wrote a version."""
    reference = _("el original de tu conjunto") if style else _("el resumen de referencia")
    return {REFERENCE: reference, BASE: _("el que no estudió"), TUNED: _("el que estudió")}[name]


def _writers(version: Version, *, style: bool) -> str:
    names = [writer(name, style=style) for name in version.writers]
    return names[0] if len(names) == 1 else _(" y ").join((", ".join(names[:-1]), names[-1]))


def revealed(
    rows: Sequence[Mapping[str, str]],
    glasses: Sequence[Sequence[Version]],
    votes: Sequence[int],
    marks: Sequence[Sequence[Marks]],
    *,
    style: bool,
) -> str:
    """Draw what was chosen, the averages of the marks, and for each text who wrote which version.

    votes: a place in the glasses, -1 for none. marks: of each text, those of each place.
    """
    chosen = [shown[vote].writers if vote >= 0 else () for shown, vote in zip(glasses, votes, strict=True)]
    cards = ""
    for index, (row, shown, vote) in enumerate(zip(rows, glasses, votes, strict=True)):
        items = ""
        for place, version in enumerate(shown):
            mine = " " + tag("b", text(_("Tu elección."))) if place == vote else ""
            who = tag(
                "p", text(f"{LETTERS[place]}: {_writers(version, style=style)}.") + mine, class_="poetas-pair-label"
            )
            words = lines(version.text) or text(_("(no escribió nada)"))
            items += tag("div", who + tag("p", words, class_="serif"), class_="poetas-said" + (" mine" if mine else ""))
        title = tag("h3", text(_("Texto {n}").format(n=number(index + 1))))
        lead = tag("p", lines(row["text"].rstrip()), class_="serif") if style else whole(row["text"])
        cards += tag("div", title + lead + items, class_="card poetas-pair")
    verdict = tag("div", _verdict(chosen, style=style), class_="verdict poetas-goto", role="status")
    return verdict + _averages(glasses, marks, style=style) + tag("div", cards, class_="poetas-attempts")


def _averages(glasses: Sequence[Sequence[Version]], marks: Sequence[Sequence[Marks]], *, style: bool) -> str:
    """Draw the averages of the marks as a table, a row for each writer; "" where nothing was marked."""
    rated = averages(
        pair for shown, given in zip(glasses, marks, strict=False) for pair in zip(shown, given, strict=False)
    )
    if not rated:
        return ""
    asked = [
        criterion for criterion in criteria(style=style) if any(criterion.code in given for given in rated.values())
    ]
    head = tag("th", text(_("Quién escribió")), scope="col")
    head += "".join(tag("th", text(criterion.title), scope="col") for criterion in asked)
    body = ""
    for name in (TUNED, BASE, REFERENCE):
        cells = tag("th", text(writer(name, style=style)), scope="row")
        for criterion in asked:
            given = rated.get(name, {}).get(criterion.code)
            most = len(criterion.options) or BEST
            words = _("{mark} de {most}").format(mark=number(given, 1), most=number(most)) if given is not None else "—"
            cells += tag("td", text(words))
        body += tag("tr", cells)
    caption = _("Tus puntos, en promedio")
    drawn = tag("table", tag("caption", text(caption)) + tag("thead", tag("tr", head)) + tag("tbody", body))
    return tag("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _verdict(chosen: Sequence[tuple[str, ...]], *, style: bool) -> str:
    votes = tally(chosen)
    total = len(chosen)
    texts = ngettext("De {n} texto", "De {n} textos", total).format(n=number(total))
    times = ngettext("{n} vez", "{n} veces", votes[TUNED]).format(n=number(votes[TUNED]))
    head = _("{texts}, elegiste {times} al que estudió.").format(texts=texts, times=times)
    if not votes[TUNED]:
        head = _("{texts}, no elegiste ninguna vez al que estudió.").format(texts=texts)
    rest = []
    for name in (BASE, REFERENCE):
        if votes[name]:
            times = ngettext("{n} vez", "{n} veces", votes[name]).format(n=number(votes[name]))
            rest.append(_("{times}, {who}").format(times=times, who=writer(name, style=style)))
    if votes["shared"]:
        phrase = ngettext(
            "{n} vez, una que dos escribieron igual", "{n} veces, una que dos escribieron igual", votes["shared"]
        )
        rest.append(phrase.format(n=number(votes["shared"])))
    if votes["none"]:
        phrase = ngettext("{n} vez te dio lo mismo", "{n} veces te dio lo mismo", votes["none"])
        rest.append(phrase.format(n=number(votes["none"])))
    others = " " + _("Lo demás: {list}.").format(list="; ".join(rest)) if rest else ""
    small = _("Son pocos textos para sacar cuentas. Pero votaste a ciegas, y eso ningún puntaje lo hace.")
    return tag("p", tag("b", text(head)) + text(others)) + tag("p", text(small), class_="soft")


def favourite_seen(glasses: Sequence[Sequence[Version]], votes: Sequence[int], *, style: bool) -> str:
    """Quote the first version that the learner chose and say who wrote it; "" where she chose none."""
    for shown, vote in zip(glasses, votes, strict=False):
        if 0 <= vote < len(shown) and shown[vote].text and len(shown[vote].writers) == 1:
            words = _("Te quedaste con «{words}»: lo escribió {writer}.")
            if (who := shown[vote].writers[0]) not in {BASE, TUNED}:
                words = _("Te quedaste con «{words}»: era {writer}.")
            return words.format(words=quoted(shown[vote].text), writer=writer(who, style=style))
    return ""
