"""Forms of JSON values that anybody may have written: functions that tell whether a value has a shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from poetas.util.files import is_figure

Form = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    """A text."""
    return isinstance(value, str)


def is_flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def is_count(value: Any) -> bool:
    """A whole number, zero or more."""
    return isinstance(value, int) and is_figure(value) and value >= 0


def one_of(*names: str) -> Form:
    """One of those texts."""
    return lambda value: isinstance(value, str) and value in names


def maybe(form: Form) -> Form:
    """That form, or null."""
    return lambda value: value is None or form(value)


def each(form: Form) -> Form:
    """A list of values of that form."""
    return lambda value: isinstance(value, list) and all(map(form, value))


def some(form: Form) -> Form:
    """The same, not empty."""
    return lambda value: isinstance(value, list) and value != [] and all(map(form, value))


def named(names: Iterable[str], form: Form) -> Form:
    """Nothing but values of that form, under some of those names."""
    return lambda value: isinstance(value, dict) and value.keys() <= {*names} and all(map(form, value.values()))


def fields(must: Mapping[str, Form], may: Mapping[str, Form] | None = None) -> Form:
    """Those of ``must`` are there; those of ``may`` can be left out; other fields are ignored."""
    known = {**must, **(may or {})}
    return lambda value: (
        isinstance(value, dict)
        and must.keys() <= value.keys()
        and all(form(value[name]) for name, form in known.items() if name in value)
    )
