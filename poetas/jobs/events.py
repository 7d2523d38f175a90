"""Events of a job: frozen dataclasses, one JSON object a line of ``events.jsonl``."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from poetas.errors import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What all events have. time: unix seconds, filled by the writer."""

    time: float = 0.0


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The process runs. pid: its id, for people to read; resumed: an earlier process had begun the work."""

    pid: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class Progress(Event):
    """How far it is. total: in the unit of ``done``, 0 where unknown; note: what is done now, translated."""

    done: float
    total: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step(Event):
    """One optimiser step. epoch: with its fraction; loss: mean over the labels, in nats; seconds_left: an estimate."""

    step: int
    total: int
    epoch: float
    loss: float
    learning_rate: float
    tokens_per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Evaluated(Event):
    """A measure on the validation split. loss: mean over the labels, in nats."""

    step: int
    epoch: float
    loss: float


@dataclass(frozen=True, slots=True)
class Sample(Event):
    """What the model wrote at a step for the validation text number ``index``. cut: what was written breaks off."""

    step: int
    index: int
    source: str
    reference: str
    text: str
    cut: bool = False

    @property
    def shown(self) -> str:
        """The text as a page shows it: one that breaks off ends with an ellipsis.

        >>> Sample(2, 0, "", "", "El río que ", cut=True).shown, Sample(2, 0, "", "", "Fin.").shown
        ('El río que…', 'Fin.')
        """
        return f"{self.text.strip()}…" if self.cut and self.text.strip() else self.text.strip()


@dataclass(frozen=True, slots=True)
class Written(Event):
    """What a system of an evaluation wrote. source: how the text begins; cut: what was written breaks off."""

    system: str
    index: int
    source: str
    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Saved(Event):
    """A checkpoint is on the disk. path: relative to the job's folder."""

    step: int
    path: str


@dataclass(frozen=True, slots=True)
class Notice(Event):
    """A message to the learner that is no failure. text: translated."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """The work is done. result: the same as ``result.json``."""

    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stopped(Event):
    """The work ended on request. step: the one that was saved, or None."""

    step: int | None


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """The work ended with an error. The fields are those of `poetas.errors.Explanation`."""

    code: str
    what: str
    why: str = ""
    remedy: str = ""
    action: str = ""
    detail: str = ""

    @classmethod
    def of(cls, explanation: Explanation) -> Failed:
        """Make the event of an explanation."""
        return cls(
            explanation.code,
            explanation.what,
            explanation.why,
            explanation.remedy,
            explanation.action,
            explanation.detail,
        )

    @property
    def explanation(self) -> Explanation:
        """What an error card draws."""
        return Explanation(self.code, self.what, self.why, self.remedy, self.action, self.detail)


ENDS = (Finished, Stopped, Failed)
_TYPES: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (Started, Progress, Step, Evaluated, Sample, Written, Saved, Notice, Finished, Stopped, Failed)
}
_MOST = 1 << 53  # what a float holds exactly, and more than anything that is counted here
_HINTS = {name: get_type_hints(kind) for name, kind in _TYPES.items()}


def plain(value: Any) -> Any:
    """Turn what JSON does not know into what it does: numbers of numpy and torch, arrays, tuples' kin, paths."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def encode(event: Event) -> str:
    """Write an event as one JSON line, without its line end.

    >>> encode(Stopped(step=12, time=1.5))
    '{"event": "Stopped", "time": 1.5, "step": 12}'
    """
    record = {"event": type(event).__name__, **{field.name: getattr(event, field.name) for field in fields(event)}}
    return json.dumps(record, ensure_ascii=False, default=plain)


def encode_name(kind: type[Event]) -> bytes:
    """What every line of a kind begins with, for finding some lines without reading all.

    >>> encode(Stopped(step=12)).encode().startswith(encode_name(Stopped))
    True
    """
    return f'{{"event": "{kind.__name__}", '.encode()


def decode(line: str | bytes) -> Event | None:
    """Read one line; None where it is broken, of an unknown kind, incomplete, or holds impossible values.

    >>> decode('{"event": "Stopped", "time": 1.5, "step": 12, "of a later version": true}')
    Stopped(time=1.5, step=12)
    >>> decode('{"event": "Stopped", "ti') is None
    True
    """
    try:
        record = json.loads(line)
        if not isinstance(record, dict) or not isinstance(name := record.get("event"), str) or name not in _TYPES:
            return None
        hints = _HINTS[name]
        event = _TYPES[name](**{key: _checked(value, hints[key]) for key, value in record.items() if key in hints})
        return event if _can_be(event) else None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _can_be(event: Event) -> bool:
    """Return whether all numbers are finite and not negative, and the step not beyond the last: else a chart breaks."""
    values = (getattr(event, field.name) for field in fields(event))
    counted = all(0 <= number <= _MOST for number in values if isinstance(number, int | float))
    return counted and not (isinstance(event, Step) and event.step > event.total)


def _checked(value: Any, hint: Any) -> Any:
    """Return ``value`` if it is of the declared type; a float may be written as an integer."""
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if hint == dict[str, Any]:
        hint = dict
    if hint in {int, int | None} and isinstance(value, bool):
        raise TypeError
    if not isinstance(value, hint):
        raise TypeError
    return value
