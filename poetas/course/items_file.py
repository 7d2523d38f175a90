"""Reader of a TOML file of items: bytes that anybody may have written in, a checked `QuestionBank` out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from poetas.course.course_record import APPS
from poetas.course.question_items import FORMS, TASKS, Exercise, Item, Option, QuestionBank
from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.util.limited_toml import UnreadableToml, read_toml

LARGEST = 400_000  # bytes of a file
MOST_ITEMS, MOST_OPTIONS, LONGEST = 300, 6, 600  # items of a file, options of an item, characters of a text
QUESTIONNAIRE = 5  # items of each form of an app: the page says five
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_QUESTION = {"id", "concept", "app", "step", "stem", "option"}
_ITEM = {"id", "concept", "app", "form", "stem", "option"}
_EXERCISE = {"id", "concept", "app", "step", "check", "own", "title", "task", "hint", "answer", "example", "for_task"}
_OPTION = {"text", "feedback", "right"}


class BrokenItemsFile(PoetasError):
    """A file of items cannot be used: too large, no TOML, or against the rules of `docs/adding.md`."""

    code = "items-file"


def read_bank(path: Path, *, source: str = "course") -> QuestionBank:
    """Read and check a file of items. Raises BrokenItemsFile, which says which item and which key is wrong."""
    try:
        value, data = read_toml(path, LARGEST)
        reader = _Reader()
        concepts, items = reader.bank(value)
        exercises = reader.exercises(value, concepts)
    except UnreadableToml as error:
        raise _broken(path, error.why, error.detail) from error
    except ValueError as error:
        raise _broken(path, str(error)) from error
    return QuestionBank(concepts, items, source, sha256(data).hexdigest(), exercises)


def _broken(path: Path, why: str, detail: str = "") -> BrokenItemsFile:
    return BrokenItemsFile(
        _("No puedo usar el archivo de preguntas «{name}».").format(name=path.name),
        why=why,
        remedy=_("Mientras tanto van las preguntas del curso. Quien da el taller lo puede corregir."),
        detail=detail,
    )


class _Reader:
    """Checks a parsed file; a ValueError names the item and the key for the person who wrote it."""

    def bank(self, value: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Item]]:
        self._keys(value, {"version", "concepts", "question", "item", "exercise"}, _("el archivo"))
        if value.get("version") != 1:
            raise ValueError(_("Falta «version = 1», o es de otra versión."))
        titles = value.get("concepts")
        if not isinstance(titles, dict) or not titles:
            raise ValueError(_("Falta la tabla [concepts], con un título por concepto."))
        concepts = {self._name(name, "concepts"): self._text(titles, name, _("la tabla [concepts]")) for name in titles}
        items: dict[str, Item] = {}
        for item in (*self._items(value, "question", concepts), *self._items(value, "item", concepts)):
            if item.id in items:
                raise ValueError(_("Dos preguntas se llaman «{id}».").format(id=item.id))
            items[item.id] = item
        if len(items) > MOST_ITEMS:
            raise ValueError(_("Tiene más preguntas de las que entran en un curso."))
        self._one_a_step(items)
        self._parallel(items)
        return concepts, items

    def exercises(self, value: Mapping[str, Any], concepts: Mapping[str, str]) -> dict[str, Exercise]:
        """Read the exercises: ``check``, ``own``, ``example`` and ``for_task`` may be left out."""
        exercises: dict[str, Exercise] = {}
        for number, table in enumerate(self._tables(value, "exercise", _("el archivo")), start=1):
            name = table.get("id") if isinstance(table.get("id"), str) else number
            where = _("el ejercicio «{id}»").format(id=name)
            self._keys(table, _EXERCISE, where)
            identifier = self._name(self._text(table, "id", where), where)
            if identifier in exercises:
                raise ValueError(_("Dos ejercicios se llaman «{id}».").format(id=identifier))
            if type(own := table.get("own", False)) is not bool:
                raise ValueError(_("En {where}, «own» tiene que ser true o false.").format(where=where))
            title, task, hint, answer = (self._text(table, key, where) for key in ("title", "task", "hint", "answer"))
            exercises[identifier] = Exercise(
                id=identifier,
                concept=self._among(table, "concept", tuple(concepts), where),
                app=self._among(table, "app", APPS, where),
                step=self._name(self._text(table, "step", where), where),
                check=self._name(self._text(table, "check", where), where) if "check" in table else "",
                own=own,
                title=title,
                task=task,
                hint=hint,
                answer=answer,
                example=self._text(table, "example", where) if "example" in table else "",
                for_task=self._among(table, "for_task", TASKS, where) if "for_task" in table else "",
            )
        if len(exercises) > MOST_ITEMS:
            raise ValueError(_("Tiene más ejercicios de los que entran en un curso."))
        return exercises

    def _items(self, value: Mapping[str, Any], kind: str, concepts: Mapping[str, str]) -> Iterator[Item]:
        for number, table in enumerate(self._tables(value, kind, _("el archivo")), start=1):
            name = table.get("id") if isinstance(table.get("id"), str) else number
            where = _("la pregunta «{id}»").format(id=name)
            self._keys(table, _QUESTION if kind == "question" else _ITEM, where)
            identifier = self._name(self._text(table, "id", where), where)
            app = self._among(table, "app", APPS, where)
            concept = self._among(table, "concept", tuple(concepts), where)
            step = self._text(table, "step", where) if kind == "question" else ""
            form = self._among(table, "form", FORMS, where) if kind == "item" else ""
            options = tuple(self._option(option, where) for option in self._tables(table, "option", where))
            if not 2 <= len(options) <= MOST_OPTIONS:  # noqa: PLR2004
                raise ValueError(_("En {where} tiene que haber entre 2 y 6 opciones.").format(where=where))
            if sum(option.right for option in options) != 1:
                raise ValueError(
                    _("En {where} tiene que haber una sola opción con «right = true».").format(where=where)
                )
            if len({option.text for option in options}) < len(options):
                raise ValueError(_("En {where} hay dos opciones iguales.").format(where=where))
            yield Item(identifier, concept, app, step, form, self._text(table, "stem", where), options)

    def _option(self, table: Mapping[str, Any], where: str) -> Option:
        self._keys(table, _OPTION, where)
        right = table.get("right", False)
        if type(right) is not bool:
            raise ValueError(_("En {where}, «right» tiene que ser true o false.").format(where=where))
        return Option(self._text(table, "text", where), self._text(table, "feedback", where), right)

    def _tables(self, value: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
        tables = value.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise ValueError(_("En {where}, «{key}» se escribe [[{key}]].").format(where=where, key=key))
        return tables

    def _keys(self, table: Mapping[str, Any], known: set[str], where: str) -> None:
        unknown = sorted(set(table) - known)
        if unknown:
            words = _("En {where} no conozco la clave «{key}». Puede llevar: {known}.")
            raise ValueError(words.format(where=where, key=unknown[0][:80], known=", ".join(sorted(known))))

    def _text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or "\0" in value:
            words = _("En {where}, «{key}» tiene que ser un texto de hasta {n} letras.")
            raise ValueError(words.format(where=where, key=key[:80], n=LONGEST))
        return " ".join(value.split())

    def _name(self, value: str, where: str) -> str:
        if not _NAME.fullmatch(value) or len(value) > 60:  # noqa: PLR2004
            words = _("En {where}, «{name}» tiene que ir en minúsculas sin tildes, con guiones.")
            raise ValueError(words.format(where=where, name=value[:80]))
        return value

    def _among(self, table: Mapping[str, Any], key: str, allowed: tuple[str, ...], where: str) -> str:
        value = self._text(table, key, where)
        if value not in allowed:
            words = _("En {where}, «{key}» tiene que ser uno de estos: {allowed}.")
            raise ValueError(words.format(where=where, key=key, allowed=", ".join(allowed)))
        return value

    def _one_a_step(self, items: Mapping[str, Item]) -> None:
        asked: set[tuple[str, str]] = set()
        for item in items.values():
            if item.step and (item.app, item.step) in asked:
                words = _("El paso «{step}» de «{app}» tiene dos preguntas, y va una sola.")
                raise ValueError(words.format(step=item.step, app=item.app))
            asked.add((item.app, item.step))

    def _parallel(self, items: Mapping[str, Item]) -> None:
        """Check that both forms of an app ask about the same concepts, each once: their gain is counted a concept."""
        for app in APPS:
            asked = {
                form: sorted(item.concept for item in items.values() if item.app == app and item.form == form)
                for form in FORMS
            }
            if any(len(concepts) != QUESTIONNAIRE for concepts in asked.values()):
                words = _("Las formas A y B de «{app}» tienen que traer cinco preguntas cada una.")
                raise ValueError(words.format(app=app))
            if asked["A"] != asked["B"] or len(set(asked["A"])) < len(asked["A"]):
                words = _(
                    "Las formas A y B de «{app}» tienen que preguntar por los mismos conceptos, una vez cada uno."
                )
                raise ValueError(words.format(app=app))
