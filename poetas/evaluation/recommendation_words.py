"""Sentences of a `recommendation.Recommendation`: its headline, the reason, and what each way asks of the learner."""

from __future__ import annotations

from poetas.evaluation.recommendation import Recommendation, RecommendationKind, Way
from poetas.evaluation.systems import BASE_EXAMPLES, action, contracted
from poetas.i18n import _, ngettext, number


def way_title(way: Way, *, style: bool = False) -> str:
    """Return the name of a way, as the head of its card.

    >>> way_title(Way.COPY)
    'Copiar la primera oración'
    """
    if style:
        return _("El modelo como vino") if way is Way.PROMPT else _("Ajustarlo con estos textos")
    return {
        Way.COPY: _("Copiar la primera oración"),
        Way.EXTRACT: _("Extraer oraciones"),
        Way.PROMPT: _("Pedirle al modelo como vino"),
        Way.FINE_TUNE: _("Ajustarlo con estos textos"),
    }[way]


def headline(advice: Recommendation, *, style: bool = False) -> str:
    """Return the recommendation in one sentence or two.

    >>> headline(Recommendation(RecommendationKind.SIMPLER, Way.COPY, True, {Way.COPY: "lead1"}, 46))
    'No te hace falta un LLM: copiar la primera oración sale mejor, y no cuesta nada.'
    """
    nothing = _(
        "No, por ahora: lo que escribe se parece a los resúmenes de referencia tanto como el de otro texto cualquiera."
    )
    collapsed = _("No, por ahora: lo que escribe el modelo ajustado no sirve, saque el puntaje que saque.")
    words = {
        RecommendationKind.NO_EXAM: _("Todavía no se sabe: falta tomar el examen."),
        RecommendationKind.TOO_FEW: _too_few(advice),
        RecommendationKind.VOID: _("Con este examen no se puede recomendar nada: repite lo que el modelo estudió."),
        RecommendationKind.COLLAPSED: collapsed,
        RecommendationKind.NOTHING_YET: nothing,
        RecommendationKind.SIMPLER: contracted(_simpler(advice, style=style)),
        RecommendationKind.WITH_CARE: _("Sí, pero leyendo todo antes de usarlo: mejora, y a la vez en algo falla."),
        RecommendationKind.FINE_TUNE: _("Sí: ajustarlo le gana a todo lo que cuesta menos."),
    }
    return words[advice.kind]


def reason(advice: Recommendation, *, style: bool = False) -> str:
    """Return what the recommendation rests on, "" where the headline says all."""
    many = ngettext("{n} texto", "{n} textos", advice.n).format(n=number(advice.n))
    match advice.kind:
        case RecommendationKind.COLLAPSED if advice.way is not None and not style:
            words = _("Mientras tanto, lo que mejor salió fue {action}.")
            return contracted(words.format(action=action(advice.systems[advice.way])))
        case RecommendationKind.SIMPLER if not advice.proven:
            words = _("No es que sean iguales: con {texts} la diferencia puede ser para cualquiera de los dos lados.")
            return words.format(texts=many)
        case RecommendationKind.SIMPLER:
            return _("Comparado texto por texto, en {texts} que nadie estudió.").format(texts=many)
        case RecommendationKind.FINE_TUNE | RecommendationKind.WITH_CARE:
            words = _("Comparado texto por texto, en {texts} que nadie estudió.").format(texts=many)
            return f"{words} {_('Con textos de otro tema puede no valer.')}"
    return ""


def privacy(way: Way, *, borrowed: bool) -> str:
    """Return what a way does with the learner's texts. borrowed: whether the machine is a borrowed one."""
    place = _("en esta máquina prestada") if borrowed else _("en tu máquina")
    words = {
        Way.COPY: _("Todo pasa {place}, y no aprende nada de los textos."),
        Way.EXTRACT: _("Todo pasa {place}, y no aprende nada de los textos."),
        Way.PROMPT: _("Acá todo pasa {place}. En un servicio ajeno, cada texto viajaría con el pedido."),
        Way.FINE_TUNE: _("Se entrena {place}. Pero puede recitar lo que estudió: revisalo antes de compartirlo."),
    }[way]
    return words.format(place=place)


def upkeep(way: Way, *, examples: bool = False) -> str:
    """Return what a way asks for later. examples: whether the prompt holds two examples."""
    asked = _("Elegir bien la consigna. Si cambiás de modelo, probarla otra vez.")
    if examples:
        asked = _("Elegir bien los dos ejemplos. Si cambiás de modelo, probarlos otra vez.")
    return {
        Way.COPY: _("Ninguno."),
        Way.EXTRACT: _("Ninguno."),
        Way.PROMPT: asked,
        Way.FINE_TUNE: _("Guardar el modelo y lo que aprendió. Si los textos cambian, entrenar y examinar de nuevo."),
    }[way]


def examples_shown(advice: Recommendation) -> bool:
    """Tell whether the prompt that stands for prompting holds two examples."""
    return advice.systems.get(Way.PROMPT) == BASE_EXAMPLES


def _too_few(advice: Recommendation) -> str:
    sentence = ngettext(
        "Con {n} texto en el examen no se puede recomendar nada: cualquiera de estas formas puede ganar por suerte.",
        "Con {n} textos en el examen no se puede recomendar nada: cualquiera de estas formas puede ganar por suerte.",
        advice.n,
    )
    return sentence.format(n=number(advice.n))


def _simpler(advice: Recommendation, *, style: bool) -> str:
    if advice.way is None:
        return ""
    if style and advice.proven:
        return _("No: los textos del examen lo sorprenden más que antes. El modelo como vino te sirve más.")
    if style:
        return _("Por ahora no: no se nota que ajustarlo le gane a el modelo como vino.")
    cheap, name = advice.way in {Way.COPY, Way.EXTRACT}, action(advice.systems[advice.way])
    if cheap and advice.proven:
        sentence = _("No te hace falta un LLM: {action} sale mejor, y no cuesta nada.")
    elif cheap:
        sentence = _("Por ahora no: no se nota que ajustar un modelo le gane a {action}, que no cuesta nada.")
    elif advice.proven:
        sentence = _("Un LLM, sí; ajustarlo, no: {action} sale mejor, y no hay que entrenar.")
    else:
        sentence = _(
            "Un LLM, quizás; ajustarlo, por ahora no: no se nota que le gane a {action}, que no pide entrenar."
        )
    return sentence.format(action=name)
