"""HTML of pairs that were compared: how many times as likely, the figure of the kinds, the table of all pairs."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.course.bias_pairs import BiasPair, kind_title
from poetas.evaluation.bias_summary import ALIKE, KindSummary, times_likelier
from poetas.i18n import _, number
from widgets.controls.card_table import CardRow, card_table
from widgets.controls.interval_plot import Reach, difference_picture
from widgets.core.html import gloss, tag, text

_DECIMALS_BELOW = 10  # times: more are written without decimals
_MOST_TIMES = 1000  # more tell a reader nothing more


def times_phrase(nats: float) -> str:
    """Write how many times as likely: nats is the difference of two log-likelihoods, above zero.

    >>> times_phrase(0.7), times_phrase(4.0), times_phrase(9.0)
    ('2,0 veces', '55 veces', 'más de 1.000 veces')
    """
    times = times_likelier(nats)
    if times > _MOST_TIMES:
        return _("más de {times} veces").format(times=number(_MOST_TIMES))
    return _("{times} veces").format(times=number(times, 1 if times < _DECIMALS_BELOW else 0))


def factor(nats: float) -> str:
    """Write a difference as a factor, 1 where both are equally likely.

    >>> factor(0.0), factor(0.7), factor(-1.5)
    ('×1,0', '×2,0', '×0,22')
    """
    times = times_likelier(nats)
    decimals = 0 if times >= _DECIMALS_BELOW else 1 if times >= 0.95 else 2  # noqa: PLR2004 - two digits that tell
    return "×" + number(times, decimals)


def pair_sentence(first: str, second: str, difference: float) -> str:
    """Say after which beginning the model finds a continuation likelier. difference: nats, above zero for the first."""
    if abs(difference) < ALIKE:
        one_way, other_way = sorted((first, second))
        words = _("Después de «{first}» y de «{second}» le parece casi igual de probable.")
        return words.format(first=one_way, second=other_way)
    liked, less = (first, second) if difference > 0 else (second, first)
    words = _("Le suena más con «{liked}»: le parece {times} tan probable como después de «{less}».")
    return words.format(liked=liked, less=less, times=times_phrase(abs(difference)))


def kinds_picture(summaries: Sequence[KindSummary]) -> str:
    """Draw the mean of each kind with its interval; right of the line the continuation goes with the commonplace."""
    reaches = []
    for summary in summaries:
        interval = summary.interval
        words = factor(interval.mean)
        if interval.low is not None and interval.high is not None:
            template = _("{mean} (de {low} a {high})")
            words = template.format(mean=words, low=factor(interval.low), high=factor(interval.high))
        title = kind_title(summary.kind)
        reaches.append(Reach(title, interval.mean, interval.low, interval.high, bool(summary.leaning), words))
    caption = _("Cuánto más probable le parece donde lo espera el lugar común (la raya es ×1: le da igual)")
    return difference_picture(reaches, caption)


def leaning_sentences(summaries: Sequence[KindSummary]) -> list[str]:
    """Return what the pairs allow to say: the counts, then the kinds that lean to either side or to none."""
    counts = [_counted(summary) for summary in summaries]
    said = [_("Va con el lugar común en estos pares: {counts}.").format(counts="; ".join(counts))]
    for leaning, words in (
        (1, _("{kinds}: el intervalo entero queda de ese lado. En estos pares, repite el lugar común.")),
        (-1, _("{kinds}: el intervalo entero queda del otro lado. En estos pares, va contra el lugar común.")),
        (0, _("{kinds}: el intervalo cruza la raya. Con estos pares no se puede decir que se incline.")),
    ):
        kinds = [kind_title(summary.kind) for summary in summaries if summary.leaning == leaning]
        if kinds:
            said.append(words.format(kinds=", ".join(kinds)))
    return said


def _counted(summary: KindSummary) -> str:
    """Return how many pairs of a kind go with the commonplace, and how many with neither."""
    words = _("{title}, {count} de {n}") if not summary.alike else _("{title}, {count} de {n} ({alike} casi igual)")
    counts = {"count": summary.with_commonplace, "n": summary.interval.n, "alike": summary.alike}
    return words.format(title=kind_title(summary.kind).lower(), **{key: number(count) for key, count in counts.items()})


def result_html(summaries: Sequence[KindSummary]) -> str:
    """Draw the figure, and what it allows to say."""
    items = "".join(tag("li", text(sentence)) for sentence in leaning_sentences(summaries))
    commonplace = _("Un «lugar común» es lo que esperaría un cuento mil veces contado: lo medimos, no lo afirmamos.")
    words = _(
        "La línea gruesa es el {interval}: con otros pares parecidos, el promedio podría caer en cualquier punto de "
        "ahí. Un par suelto puede irse mucho más lejos."
    )
    about = text(words).replace("{interval}", gloss("intervalo", _("intervalo")))
    return tag("p", text(commonplace)) + kinds_picture(summaries) + tag("ul", items) + tag("p", about, class_="soft")


def counted_sides(differences: Sequence[float]) -> str:
    """Return how many pairs go with the commonplace, against it, and with neither; "" where none was compared.

    >>> counted_sides([1.0, 2.0, -1.0, 0.0])
    'De 4 pares, en 2 le sonó más el lugar común, en 1 lo contrario, y en 1 casi igual.'
    """
    if not differences:
        return ""
    along, against = sum(value >= ALIKE for value in differences), sum(value <= -ALIKE for value in differences)
    words = _(
        "De {n} pares, en {along} le sonó más el lugar común, en {against} lo contrario, y en {alike} casi igual."
    )
    counts = {"n": len(differences), "along": along, "against": against, "alike": len(differences) - along - against}
    return words.format(**{name: number(count) for name, count in counts.items()})


def pairs_table(pairs: Sequence[BiasPair], differences: Sequence[float]) -> str:
    """Draw every pair, folded, the strongest preference of each kind first."""
    ranked = sorted(zip(pairs, differences, strict=True), key=lambda entry: -abs(entry[1]))
    drawn = ""
    for kind in dict.fromkeys(pair.kind for pair in pairs):
        rows = [
            CardRow(
                text(f"{pair.expected} / {pair.other}"),
                [
                    tag("span", text(f"… {pair.continuation}"), class_="serif"),
                    text(_liked(pair, difference)),
                ],
            )
            for pair, difference in ranked
            if pair.kind == kind
        ]
        columns = [_("Comienzos"), _("Continuación"), _("Le parece más probable con")]
        drawn += card_table(columns, rows, kind_title(kind))
    summary = _("Ver los {n} pares, uno por uno").format(n=number(len(pairs)))
    return tag("details", tag("summary", text(summary)) + drawn, class_="poetas-whole")


def preferred(pair: BiasPair, difference: float) -> str:
    """Return the beginning after which the continuation is likelier, "" where there is none."""
    if abs(difference) < ALIKE:
        return ""
    return pair.expected if difference > 0 else pair.other


def _liked(pair: BiasPair, difference: float) -> str:
    liked = preferred(pair, difference)
    return f"«{liked}» ({factor(abs(difference))})" if liked else _("los dos casi igual")


def caveats() -> str:
    """Say what the probe shows and what it does not."""
    says = [
        _("Dice qué frases le resultan más familiares a este modelo, escritas de esta manera. Nada más."),
        _("No dice cómo son las personas, ni juzga a nadie: repite costumbres de los textos que leyó."),
        _("Son pocos pares. Una palabra rara, como un oficio poco nombrado, también mueve la cuenta."),
        _("El modelo calcula con números redondeados: en un solo par, menos de ×1,4 puede ser ruido."),
        _("Que acá no se incline no prueba que sea justo: habría que probar con otras palabras y otros usos."),
    ]
    items = "".join(tag("li", text(sentence)) for sentence in says)
    head = tag("p", tag("b", text(_("Qué dice esto, y qué no"))))
    return tag("div", head + tag("ul", items), class_="notice poetas-list")
