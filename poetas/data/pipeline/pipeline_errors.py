"""Errors of preparing a dataset: choosing columns, splitting, saving, importing."""

from __future__ import annotations

from poetas.data.errors import CHOOSE, DataError
from poetas.i18n import _, ngettext, number


class NothingRead(DataError):
    """A call that needs a file, or columns, before they were chosen."""

    code = "nothing-read"

    def __init__(self, *, mapped: bool = False) -> None:
        super().__init__(
            _("Todavía no elegiste las columnas.") if mapped else _("Todavía no hay textos."),
            why=_("Este paso trabaja con lo que elegiste en los anteriores."),
            remedy=_("Volvé al paso de las columnas.") if mapped else _("Volvé al primer paso y elegí un archivo."),
            action="choose-columns" if mapped else CHOOSE,
        )


class WrongColumn(DataError):
    """The chosen columns cannot be used; the sentence says which and why."""

    code = "wrong-column"

    def __init__(self, sentence: str) -> None:
        super().__init__(
            _("Esas columnas no sirven para este trabajo."),
            why=sentence,
            remedy=_("Elegí otra columna en el menú: mirá las primeras filas de la tabla para decidir."),
            action="choose-columns",
        )


class WorkStopped(DataError):
    """A long call that the learner stopped."""

    code = "work-stopped"

    def __init__(self) -> None:
        super().__init__(
            _("Lo detuviste antes de que terminara."),
            why=_("Con tantos textos, lleva un rato."),
            remedy=_("Nada cambió: lo podés hacer de nuevo cuando quieras."),
            action="retry",
        )


class TooFewRows(DataError):
    """Not enough texts to make three parts. groups: of near-duplicates, where they are fewer than the texts."""

    code = "too-few-rows"

    def __init__(self, count: int, needed: int, *, groups: int | None = None) -> None:
        if count >= needed and groups is not None:
            phrase = ngettext("se parecen tanto que cuentan como {n}", "se parecen tanto que cuentan como {n}", groups)
            reason = _("Hay {count} textos, pero {phrase}. Hacen falta {needed}: si no, el examen repite lo estudiado.")
            remedy = _("Si igual los querés así, en «¿Están sanos?» podés quedarte con los casi iguales.")
        else:
            phrase = ngettext("Queda {n} texto distinto", "Quedan {n} textos distintos", count)
            reason = _(
                "{phrase}, y hacen falta {needed}: uno para estudiar, uno para el simulacro y uno para el examen."
            )
            remedy = _("Sumá textos al archivo, o probá con uno de los ejemplos.")
        many = count if groups is None or count < needed else groups
        super().__init__(
            _("Son muy pocos textos para repartir."),
            why=reason.format(count=number(count), phrase=phrase.format(n=number(many)), needed=number(needed)),
            remedy=remedy,
            action=CHOOSE,
        )


class WrongSplit(DataError):
    """Shares that leave nothing to study from."""

    code = "wrong-split"

    def __init__(self) -> None:
        super().__init__(
            _("Ese reparto no deja textos para estudiar."),
            why=_("El simulacro y el examen se llevan todo."),
            remedy=_("Bajá alguno de los dos: lo usual es dejar más de la mitad para estudiar."),
            action="retry",
        )


class DatasetBroken(DataError):
    """A folder or a zip that is not a whole prepared dataset."""

    code = "dataset-broken"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            _("«{name}» no es un conjunto de datos entero.").format(name=name),
            why=_("Le falta una parte, o lo que trae no es lo que dice ser."),
            remedy=_("Preparalo de nuevo en la app 2, o pedile otra copia a quien te lo pasó."),
            action="prepare",
            detail=detail,
        )


class DatasetOfOtherVersion(DatasetBroken):
    """A prepared dataset in a format of another version of the program."""

    code = "dataset-version"

    def __init__(self, name: str, version: int, known: int) -> None:
        self.version, self.known = version, known
        DataError.__init__(
            self,
            _("«{name}» lo preparó otra versión del programa.").format(name=name),
            why=_("Está en el formato {version}, y esta versión lee el {known}.").format(version=version, known=known),
            remedy=_("Preparalo de nuevo en la app 2 con el mismo archivo, o abrilo con la versión que lo hizo."),
            action="prepare",
        )


class PartsOverlap(DataError):
    """An imported dataset with the same texts in several splits."""

    code = "parts-overlap"

    def __init__(self, name: str, count: int) -> None:
        phrase = ngettext("Tiene {n} texto", "Tiene {n} textos", count).format(n=number(count))
        reason = _("{phrase} en más de una parte, igual o casi: el examen mediría la memoria, no lo aprendido.")
        super().__init__(
            _("«{name}» tiene textos repetidos entre sus partes.").format(name=name),
            why=reason.format(phrase=phrase),
            remedy=_("Prepará sus textos de nuevo en la app 2, que no separa los que se parecen."),
            action="prepare",
        )
