"""HTML of the toy model: the verse so far, the raffle of a draw, verses side by side, what a removal changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from poetas.data.storage.samples import sample
from poetas.generation.ngram_model import LINE_END, Draw, NextWords, NGramModel
from poetas.i18n import _, ngettext, number
from poetas.util.excerpt import shortened
from widgets.controls.previews import broken
from widgets.core.html import gloss, tag, text

SEGMENTS = 12  # words drawn apart in a raffle; the others share one segment
LONGEST = 24  # characters of a word that are shown


def word_label(word: str) -> str:
    r"""Return a word as it is shown; the end of a line has a name.

    >>> word_label("luna"), word_label("\n")
    ('luna', 'fin del verso')
    """
    return _("fin del verso") if word == LINE_END else shortened(word, LONGEST)


def quoted(words: Sequence[str]) -> str:
    """Return a context as it stands in a sentence."""
    return " ".join(_("(fin del verso)") if word == LINE_END else shortened(word, LONGEST) for word in words)


def made_of(model: NGramModel, *, own: bool, removed: int = 0) -> str:
    """Say what the model is made of. removed: texts that were left out."""
    texts, words, different = len(model.texts), len(model), len(model.frequencies)
    parts = ngettext("{n} texto", "{n} textos", texts).format(n=number(texts))
    counted = ngettext("{n} palabra", "{n} palabras", words).format(n=number(words))
    if own:
        said = _("Está hecho con tus textos: {parts} y {words}.").format(parts=parts, words=counted)
    else:
        said = _("Está hecho con las coplas de una cartera rural: {parts} y {words}. {origin}").format(
            parts=parts, words=counted, origin=sample("coplas").origin
        )
    if removed:
        gone = ngettext("Falta {n}, que sacaste.", "Faltan {n}, que sacaste.", removed)
        said += " " + gone.format(n=number(removed))
    if different == 1:
        said += " " + _("Con una sola palabra no tiene qué elegir: sumale otras y mirá cómo aprende a dudar.")
    return tag("p", text(said))


def heading(seen: NextWords, asked: Sequence[str]) -> str:
    """Say what the table counts; where the context was never seen, that it looks at less."""
    lines = []
    if len(seen.context) < len(asked):
        if seen.context:
            words = _("Nunca leyó «{asked}»: mira menos atrás, solo «{context}».")
        else:
            words = _(
                "Nunca leyó nada después de «{asked}». Como no tiene de dónde agarrarse, apuesta a lo que "
                "más se repite."
            )
        lines.append(words.format(asked=quoted(asked), context=quoted(seen.context)))
    if not seen.context:
        lines.append(_("Leyó {n}, contando también cada fin de verso. Las más repetidas:").format(n=number(seen.total)))
    elif seen.context == (LINE_END,):
        words = ngettext("Leyó {n} verso. Empezó con:", "Leyó {n} versos. Empezaron con:", seen.total)
        lines.append(words.format(n=number(seen.total)))
    else:
        words = ngettext(
            "«{context}» apareció {n} vez, y después vino:",
            "«{context}» apareció {n} veces, y después vino:",
            seen.total,
        )
        lines.append(words.format(context=quoted(seen.context), n=number(seen.total)))
    return tag("p", text(" ".join(lines)), role="status")


def left_out(seen: NextWords, drawn: int) -> str:
    """Say how many words the bars do not show."""
    more = len(seen.counts) - drawn
    if more <= 0:
        return ""
    words = ngettext("Y otra palabra más.", "Y otras {n} palabras.", more)
    return tag("p", text(words.format(n=number(more))), class_="soft")


def raffle(draw: Draw | None, seed: int, verses: Sequence[str] = ()) -> str:
    """Draw a bag of tickets, one for each time that a word was seen, and the one that was taken.

    verses: the last lines so far, shown above it: their box may be out of sight.
    """
    if draw is None:
        return ""
    total, segments = draw.seen.total, list(draw.seen.counts.items())
    shares = [(word, count) for word, count in segments[:SEGMENTS]]
    if rest := sum(count for _word, count in segments[SEGMENTS:]):
        shares.append(("", rest))
    taken = draw.word if draw.word in dict(shares) else ""
    boxes = "".join(
        tag("span", "", style=f"flex-grow:{count}", class_="taken" if word == taken else "") for word, count in shares
    )
    place = 100 * (draw.ticket - 0.5) / total
    needle = tag("i", "", style=f"left:{place:.2f}%")
    words = ngettext(
        "{place}, en la bolsa había un solo papelito: «{word}».",
        "{place}, en la bolsa había {n} papelitos, uno por cada vez. Salió el {ticket}: «{word}».",
        total,
    ).format(place=_after(draw.seen), n=number(total), ticket=number(draw.ticket), word=word_label(draw.word))
    again = _("Tirada n.º {seed}. El mismo número repite el mismo sorteo: es su {semilla}.").format(
        seed=number(seed), semilla=gloss("semilla")
    )
    picture = tag("div", boxes + needle, class_="raffle", aria_hidden="true")
    if draw.word == LINE_END:
        words += " " + _("Ahí termina el verso; si seguís, empieza otro.")
    written = "".join(tag("p", text(verse), class_="toy-verse", dir="auto") for verse in verses)
    return written + picture + tag("p", text(words), role="status") + tag("p", again, class_="soft small")


def _after(seen: NextWords) -> str:
    """Say after what words were counted, at the beginning of a sentence."""
    if not seen.context:
        return _("Entre todas")
    if seen.context == (LINE_END,):
        return _("Al empezar un verso")
    return _("Después de «{context}»").format(context=quoted(seen.context))


def whole_lines(model: NGramModel, written: Sequence[str]) -> tuple[int, int]:
    """Return how many of the lines that were written stand in the texts, entire, and how many were written."""
    lines = {tuple(line) for lines in model.texts for line in lines}
    groups = [tuple(group) for is_end, group in groupby(written, lambda word: word == LINE_END) if not is_end]
    return sum(group in lines for group in groups), len(groups)


def copied_run(model: NGramModel, written: Sequence[str]) -> range:
    """Return the longest copied run, without ends of lines at either end."""
    run = model.copied(written)
    first, last = run.start, run.stop
    while first < last and written[first] == LINE_END:
        first += 1
    while last > first and written[last - 1] == LINE_END:
        last -= 1
    return range(first, last)


def copy_sentence(model: NGramModel, written: Sequence[str], *, own: bool) -> str:
    """Say how much of what was written stands in the texts as it is."""
    copied, lines = whole_lines(model, written)
    if copied == lines:
        return (
            ngettext("Este verso es tuyo, entero: ya copia.", "Los {n} versos son tuyos, enteros: ya copia.", lines)
            if own
            else ngettext(
                "Este verso está en las coplas, entero: ya copia.",
                "Los {n} versos están en las coplas, enteros: ya copia.",
                lines,
            )
        ).format(n=number(lines))
    if copied:
        return (
            ngettext("{n} de los {all} versos es tuyo, entero.", "{n} de los {all} versos son tuyos, enteros.", copied)
            if own
            else ngettext(
                "{n} de los {all} versos está en las coplas, entero.",
                "{n} de los {all} versos están en las coplas, enteros.",
                copied,
            )
        ).format(n=number(copied), all=number(lines))
    run = copied_run(model, written)
    count = sum(word != LINE_END for word in written[run.start : run.stop])
    said = ngettext(
        "Ningún verso es copia; de corrido copió {n} palabra.",
        "Ningún verso es copia; de corrido copió {n} palabras.",
        count,
    )
    return said.format(n=number(count))


def marked(model: NGramModel, written: Sequence[str]) -> str:
    """Return what was written as HTML, its longest copied run marked."""
    run = copied_run(model, written)
    before, copied, after = written[: run.start], written[run.start : run.stop], written[run.stop :]
    drawn = _lines(before) + (tag("mark", _lines(copied)) if copied else "") + _lines(after)
    return broken(drawn, verse=True)


def _lines(words: Sequence[str]) -> str:
    return "".join("\n" if word == LINE_END else f"{text(shortened(word, LONGEST))} " for word in words)


def side_by_side(model: NGramModel, verses: Mapping[int, Sequence[str]], *, own: bool) -> str:
    """Return the same beginning continued with each length of context, what was copied marked."""
    columns = []
    for longest, written in verses.items():
        words = [*written[:-1]] if written[-1:] == [LINE_END] else [*written]
        title = ngettext("Mirando {n} palabra", "Mirando {n} palabras", longest).format(n=number(longest))
        columns.append(
            tag("h4", text(title))
            + tag("p", marked(model, words), class_="toy-verse", dir="auto")
            + tag("p", text(copy_sentence(model, words, own=own)), class_="soft")
        )
    inner = "".join(tag("div", column) for column in columns)
    note = tag("p", text(_("Lo marcado es el tramo más largo copiado tal cual.")), class_="soft small")
    return tag("div", inner, class_="toy-columns", role="status") + note


def removal(word: str, before: NGramModel, after: NGramModel, seen: NextWords, now: NextWords) -> str:
    """Say how many texts went with a word, and how the counts moved that are in view."""
    gone = len(before.texts) - len(after.texts)
    if not gone:
        return tag("p", text(_("Ningún texto dice «{word}»: no hay qué sacar.").format(word=word)), class_="notice")
    if not after.texts:
        words = _("Todos los textos dicen «{word}»: sin ellos no queda nada que contar.")
        return tag("p", text(words.format(word=word)), class_="notice care")
    said = ngettext("Saqué {n} texto de {all}.", "Saqué {n} textos de {all}.", gone)
    said = said.format(n=number(gone), all=number(len(before.texts)))
    if now.context != seen.context:
        said += " " + _("{place} ya no queda nada que contar.").format(place=_after(seen))
        return tag("p", text(said), class_="notice", role="status")
    changed = [(other, count, now.counts.get(other, 0)) for other, count in seen.counts.items()]
    changed = sorted((row for row in changed if row[1] != row[2]), key=lambda row: row[2] - row[1])[:5]
    if not changed:
        said += " " + _("Las apuestas de acá arriba no se movieron: probá con otra palabra.")
        return tag("p", text(said), class_="notice", role="status")
    titles = (_after(seen), _("antes"), _("ahora"))
    head = tag("tr", "".join(tag("th", text(title), scope="col") for title in titles))
    rows = "".join(
        tag("tr", tag("th", text(word_label(other)), scope="row") + tag("td", number(was)) + tag("td", number(is_)))
        for other, was, is_ in changed
    )
    table = tag("table", tag("thead", head) + tag("tbody", rows))
    return tag("p", text(said), role="status") + table


def limits() -> str:
    """Say what counting cannot do; the next step begins there."""
    words = _(
        "Hasta acá llega contar. Después de una palabra que nunca leyó, apuesta a ciegas; más allá de tres "
        "palabras no ve nada; y no tiene cómo saber que «carta» y «sobre» se parecen."
    )
    link = tag("a", text(_("Elegí un modelo")), href="#modelo")
    after = text(_("Los modelos grandes hacen la misma apuesta, pero no cuentan: calculan. Conocé uno en")) + " " + link
    return tag("p", text(words)) + tag("p", after + ".")
