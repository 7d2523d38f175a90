"""Words of a class report: titles, and sentences that claim no more than the number of persons allows."""

from __future__ import annotations

from poetas.course.app_steps import step_label
from poetas.course.bets import BETS
from poetas.course.class_result_types import FEW, ClassResults, Gain
from poetas.evaluation.bootstrap import Interval
from poetas.i18n import _, listed, ngettext, number, percent, signed


def app_title(app: str) -> str:
    """Return an app's title."""
    titles = {"conocer": _("Conocé los LLMs"), "preparar": _("Prepará tus datos"), "entrenar": _("Entrená y evaluá")}
    return titles[app]


def bet_title(bet: str) -> str:
    """Return the step that a bet was made in, and its id where the step has several.

    >>> bet_title("tokens"), bet_title("otra")
    ('¿Cómo los lee?', 'otra')
    """
    row = next((row for row in BETS if row.id == bet), None)
    if row is None:
        return bet
    label = step_label(row.app, row.step)
    return f"{label} · {bet}" if sum(other.step == row.step for other in BETS) > 1 else label


def people(count: int) -> str:
    """Return a number of persons.

    >>> people(1), people(12)
    ('1 persona', '12 personas')
    """
    return ngettext("{n} persona", "{n} personas", count).format(n=number(count))


def points(share: float) -> str:
    """Return a difference of shares in points of a hundred, with its sign.

    >>> points(0.2), points(-0.05)
    ('+20', '\N{MINUS SIGN}5')
    """
    return signed(100 * share)


def gain_sentence(gain: Gain, persons: int) -> str:
    """Say what can be said of an app's questionnaire.

    >>> from poetas.course.class_result_types import Share
    >>> gain_sentence(Gain("", Share(6, 15), Share(9, 15), Interval(0.2, 0.05, 0.3, 3)), 3)[:40]
    'Contestaron los dos cuestionarios 3 pers'
    """
    if gain.difference is None:
        return _("Nadie contestó los dos cuestionarios: de lo que se aprendió, este informe no puede decir nada.")
    change = gain.difference
    both = ngettext(
        "Contestó los dos cuestionarios {people}: {before} de respuestas buenas antes, {after} después.",
        "Contestaron los dos cuestionarios {people}: {before} de respuestas buenas antes, {after} después.",
        persons,
    ).format(people=people(persons), before=percent(gain.before.value or 0), after=percent(gain.after.value or 0))
    return f"{both} {_claim(change, persons)}"


def _claim(change: Interval, persons: int) -> str:
    if persons < FEW:
        return _(
            "Es muy poca gente para afirmar nada: con menos de {n}, también una diferencia grande puede ser casualidad."
        ).format(n=number(FEW))
    if change.low is None or change.high is None or change.low == change.high:
        return _("Todas cambiaron igual, así que no hay intervalo que calcular.")
    ends = {"low": points(change.low), "high": points(change.high)}
    if change.above:
        return _("Saben más que antes: entre {low} y {high} puntos de cien.").format(**ends)
    if change.below:
        return _("Contestaron peor que antes: entre {low} y {high} puntos de cien.").format(**ends)
    return _("No se nota un cambio: la diferencia puede estar entre {low} y {high} puntos de cien.").format(**ends)


def interval_words(change: Interval | None) -> str:
    """Return an interval of a difference of shares in points of a hundred, "" where there is none.

    >>> interval_words(Interval(0.2, 0.05, 0.3, 12)), interval_words(None)
    ('entre +5 y +30', '')
    """
    if change is None or change.low is None or change.high is None or change.low == change.high:
        return ""
    return _("entre {low} y {high}").format(low=points(change.low), high=points(change.high))


def scope_sentences(results: ClassResults) -> list[str]:
    """Say what the report can show, and what it cannot."""
    drawn = [gain for app in results.apps if app.is_shown for gain in (*app.concepts, *app.items) if gain.difference]
    sentences = [
        _(
            "Compara lo que contestó cada persona antes y después de cada app, con preguntas parecidas y no iguales; "
            "a la mitad, al azar, le tocaron en el orden inverso, para que una tanda más fácil no parezca aprendizaje."
        ),
        _(
            "No prueba que el cambio se deba al curso: no hay un grupo que no lo haya hecho. Tampoco habla de quienes "
            "no entregaron su archivo, que pueden ser los que se cansaron."
        ),
    ]
    if drawn:
        words = _(
            "Cada intervalo, de 95 %, dice entre cuánto y cuánto es razonable pensar que está la diferencia. Entre los "
            "de los temas y los de las preguntas, acá se dibujan {n}: cuando son muchos, aunque nada hubiera cambiado, "
            "es esperable que alguno quede lejos del cero."
        )
        sentences.append(words.format(n=number(len(drawn))))
    return sentences


def summary_lines(results: ClassResults) -> list[str]:
    """Return the report as lines of a terminal."""
    lines = [
        f"{app_title(app.app)}. {gain_sentence(app.gain, persons_of(app.gain, app.concepts))}" for app in results.apps
    ]
    marks = []
    for app in results.apps:
        means = {scale.scale: scale.mean for scale in app.scales}
        if (mean := means.get("clarity")) is not None:
            marks.append(f"{app_title(app.app)} {number(mean.mean, 1)}")
    if marks:
        lines.append(_("Claridad, de 1 a 5: {marks}.").format(marks=listed(marks)))
    return lines


def persons_of(gain: Gain, concepts: tuple[Gain, ...]) -> int:
    """Return how many persons an app's gain is of."""
    return gain.before.n // len(concepts) if concepts else 0
