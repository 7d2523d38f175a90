"""Sentences of the verdict on faults of the outputs: what they collapsed into, and what they invent."""

from __future__ import annotations

from poetas.evaluation.output_faults import Collapse, OutputFaults
from poetas.i18n import _, ngettext, number


def collapsed(faults: OutputFaults) -> str:
    """Return what most outputs are, "" where they are of many kinds.

    >>> collapsed(OutputFaults(Collapse.SAME, 9, 0, False, (), 10))
    'No: escribió lo mismo, o casi, para 9 de 10 textos. Así no resume ninguno.'
    """
    match faults.collapse:
        case Collapse.EMPTY:
            sentence = _("No: no escribió nada para {k} de {n} textos.")
        case Collapse.WORD:
            sentence = _("No: para {k} de {n} textos repite una palabra o dos, una y otra vez. Así no resume ninguno.")
        case Collapse.SAME:
            sentence = _("No: escribió lo mismo, o casi, para {k} de {n} textos. Así no resume ninguno.")
        case Collapse.FIRST_SENTENCE:
            sentence = _("No: copia la primera oración del texto en {k} de {n}. Para eso no hace falta un modelo.")
        case Collapse.ECHO:
            sentence = _("No: repite el texto entero, o casi, en {k} de {n}. Así no resume ninguno.")
        case Collapse.SENTENCES:
            sentence = _("No: copia oraciones del texto, tal cual, en {k} de {n}. Para eso no hace falta un modelo.")
        case Collapse.MIXED:
            sentence = _(
                "No: en {k} de {n} textos no hay un resumen: quedó vacío, repite palabras, copia el texto o dice "
                "siempre lo mismo."
            )
        case None:
            return ""
    return sentence.format(k=number(faults.collapsed), n=number(faults.n))


def base_collapsed(collapse: Collapse | None, count: int, texts: int, faults: OutputFaults | None) -> str:
    """Return what most outputs of the model as it came are, "" where they are of many kinds. faults: of the tuned one.

    >>> base_collapsed(Collapse.SAME, 9, 10, None)
    'El modelo como vino escribía lo mismo, o casi, para 9 de 10 textos.'
    >>> base_collapsed(Collapse.SAME, 9, 10, OutputFaults(Collapse.SAME, 10, 0, False, (), 10))
    'El modelo como vino hacía lo mismo con 9 de 10.'
    """
    if collapse is None:
        return ""
    sentence = {
        Collapse.EMPTY: _("El modelo como vino no escribía nada para {k} de {n} textos."),
        Collapse.WORD: _("El modelo como vino repetía una palabra o dos para {k} de {n} textos."),
        Collapse.SAME: _("El modelo como vino escribía lo mismo, o casi, para {k} de {n} textos."),
        Collapse.FIRST_SENTENCE: _("El modelo como vino copiaba la primera oración en {k} de {n}."),
        Collapse.ECHO: _("El modelo como vino repetía el texto entero, o casi, en {k} de {n}."),
        Collapse.SENTENCES: _("El modelo como vino copiaba oraciones del texto en {k} de {n}."),
        Collapse.MIXED: _("El modelo como vino no resumía en {k} de {n}: copiaba, repetía o no escribía nada."),
    }[collapse]
    if faults is not None and faults.collapse is collapse:
        sentence = _("El modelo como vino hacía lo mismo con {k} de {n}.")
    return sentence.format(k=number(count), n=number(texts))


def inventing(faults: OutputFaults) -> str:
    """Return the sentence on a model that came closer to the references, and invents.

    >>> inventing(OutputFaults(None, 0, 8, True, (1, 2, 4), 10))[:76]
    'Sí y no: sus resúmenes se parecen más a los de referencia, pero 8 de 10 dice'
    """
    sentence = ngettext(
        "Sí y no: sus resúmenes se parecen más a los de referencia, pero {k} de {n} dice nombres o números que su "
        "texto no tiene.",
        "Sí y no: sus resúmenes se parecen más a los de referencia, pero {k} de {n} dicen nombres o números que su "
        "texto no tiene.",
        faults.inventing,
    )
    return sentence.format(k=number(faults.inventing), n=number(faults.n))


def care(faults: OutputFaults, *, counted: bool = False) -> str:
    """Return the warning that the model may lie, and what to read; "" where no sign of it was found.

    counted: the headline says how many invent.

    >>> care(OutputFaults(None, 0, 4, False, (1, 2, 4), 10))
    'Ojo: puede mentir (4 de 10 dicen nombres o números que su texto no tiene); leé estos tres.'
    """
    if not faults.inventing:
        return ""
    read = {1: _("leé este"), 2: _("leé estos dos"), 3: _("leé estos tres")}[len(faults.read)]
    if counted:
        return _("Ojo: puede mentir; {read}.").format(read=read)
    sentence = ngettext(
        "Ojo: puede mentir ({k} de {n} dice nombres o números que su texto no tiene); {read}.",
        "Ojo: puede mentir ({k} de {n} dicen nombres o números que su texto no tiene); {read}.",
        faults.inventing,
    )
    return sentence.format(k=number(faults.inventing), n=number(faults.n), read=read)
