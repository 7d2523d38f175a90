"""Types of hyperparameters with their ranges: counts, real numbers, choices, switches."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from poetas.i18n import _, number


class ParameterSpec(Protocol):
    """What is known about any knob. source: where its default comes from. shown: whether the apps offer it."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def shown(self) -> bool: ...  # noqa: D102

    def allow(self, value: object) -> bool:
        """Tell whether the knob can have this value; of any type, since it may come from a file."""

    def describe(self, unit: str) -> str:
        """The range in words."""

    def plain(self, value: Any) -> Any:
        """Turn a JSON value into the knob's type where nothing is lost (1 for 1.0); leave anything else as it is."""


@dataclass(frozen=True, slots=True)
class _NumberSpec:
    """A range. low, high: included. step: of a slider, None where a logarithmic one has none of its own."""

    low: float
    high: float
    step: float | None
    source: str
    scale: Literal["linear", "log"] = "linear"
    shown: bool = True

    def describe(self, unit: str) -> str:
        words = _("de {low} a {high}").format(low=_written(self.low), high=_written(self.high))
        return f"{words} ({unit})" if unit else words


class Count(_NumberSpec):
    """A whole number in a range.

    >>> Count(1, 8, 1, "").allow(True), Count(1, 8, 1, "").allow(8), Count(1, 8, 1, "").plain(4.0)
    (False, True, 4)
    """

    __slots__ = ()

    def allow(self, value: object) -> bool:
        """Only integers, and `True` is none."""
        return type(value) is int and self.low <= value <= self.high

    def plain(self, value: Any) -> Any:
        """Take 4.0 for 4, as other programs' JSON writes it."""
        return int(value) if type(value) is float and value.is_integer() else value


class Real(_NumberSpec):
    """A finite number in a range.

    >>> Real(0, 1, None, "").allow(float("nan")), Real(0, 1, None, "").allow(0.5)
    (False, True)
    """

    __slots__ = ()

    def allow(self, value: object) -> bool:
        """Only numbers, neither NaN nor infinite."""
        return type(value) in {int, float} and self.low <= value <= self.high  # type: ignore[operator]

    def plain(self, value: Any) -> Any:
        """Take 4 for 4.0."""
        return float(value) if type(value) is int and abs(value) < 1 << 53 else value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few texts; "" leaves the choice to the program."""

    options: tuple[str, ...]
    source: str
    shown: bool = True

    def allow(self, value: object) -> bool:
        """Only what is on the list."""
        return isinstance(value, str) and value in self.options

    def describe(self, unit: str) -> str:  # noqa: ARG002 - like the others
        """The list, for a card."""
        return ", ".join(option or _("automático") for option in self.options)

    def plain(self, value: Any) -> Any:
        """Nothing to turn."""
        return value


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no."""

    source: str
    shown: bool = True

    def allow(self, value: object) -> bool:
        """Only booleans."""
        return type(value) is bool

    def describe(self, unit: str) -> str:  # noqa: ARG002 - like the others
        """For a card."""
        return _("sí o no")

    def plain(self, value: Any) -> Any:
        """Nothing to turn."""
        return value


def _written(value: float) -> str:
    """A bound with as many decimals as it needs."""
    if value == int(value):
        return number(value)
    return number(value, 1 - math.floor(math.log10(abs(value)))).rstrip("0")
