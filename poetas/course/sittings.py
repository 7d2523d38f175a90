"""Sittings of the questionnaires: a project's state in, forms, choices and the gain of each concept out."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from poetas.course.course_record import APPS, ROOT, Part, course_entries
from poetas.course.question_items import FORMS, Item, QuestionBank
from poetas.data.storage.state_scopes import KeyPath, value_at

BEFORE, AFTER = "before", "after"
MOMENTS = (BEFORE, AFTER)
LEARNER: KeyPath = (ROOT, "learner")
_DIGITS = 16  # of a learner's code


@dataclass(frozen=True, slots=True)
class Learner:
    """A random code, which names no person, and the form that comes before; the other one comes after.

    >>> learner = Learner("00112233aabbccdd", "B")
    >>> learner.form(BEFORE), learner.form(AFTER)
    ('B', 'A')
    """

    code: str
    first: str

    @classmethod
    def draw(cls, rng: random.Random | None = None) -> Learner:
        """Draw a learner's code and first form."""
        rng = rng or random.SystemRandom()
        return cls(f"{rng.getrandbits(4 * _DIGITS):0{_DIGITS}x}", rng.choice(FORMS))

    @classmethod
    def read(cls, state: Mapping[str, Any]) -> Learner | None:
        """Return the learner of a project's state, None before the first draw or where it was damaged."""
        value = value_at(state, LEARNER)
        value = value if isinstance(value, Mapping) else {}
        code, first = value.get("code"), value.get("first")
        whole = isinstance(code, str) and len(code) == _DIGITS and set(code) <= set("0123456789abcdef")
        return cls(code, first) if whole and first in FORMS else None  # type: ignore[arg-type]

    @classmethod
    def known_or_new(cls, state: Mapping[str, Any]) -> Learner:
        """Return the learner of a project's state, or a new one, who keeps the form that a questionnaire began with."""
        known = cls.read(state)
        if known is not None:
            return known
        drawn = cls.draw()
        begun = (course_entries(state, Part.QUESTIONNAIRES, app, BEFORE).get("form") for app in APPS)
        return cls(drawn.code, next((form for form in begun if form in FORMS), drawn.first))

    def value(self) -> dict[str, str]:
        """Return what the state keeps at `LEARNER`."""
        return {"code": self.code, "first": self.first}

    def form(self, moment: str) -> str:
        """Return the form that is asked at a moment."""
        return self.first if moment == BEFORE else next(form for form in FORMS if form != self.first)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One questionnaire as it was answered so far.

    choices: item -> index of the chosen option, in the order of the file. submitted: it was handed in, and its answers
    no longer change. skipped: «Ahora no». time: of the last change, ISO 8601, "" where none is known. items: checksum
    of the file of items that was asked, "" where none is known.
    """

    form: str
    choices: Mapping[str, int]
    submitted: bool = False
    skipped: bool = False
    time: str = ""
    items: str = ""

    @classmethod
    def read(cls, state: Mapping[str, Any], app: str, moment: str, bank: QuestionBank) -> Sitting | None:
        """Return a sitting of a project's state; choices that the bank does not have are left out.

        None where there is none, or where what is there is no sitting. One of another edition has no choices.
        """
        value = course_entries(state, Part.QUESTIONNAIRES, app, moment)
        form = value.get("form")
        if form not in FORMS:
            return None
        time, edition = (kept if isinstance(kept := value.get(name), str) else "" for name in ("time", "items"))
        flags = (value.get("submitted") is True, value.get("skipped") is True)
        sitting = cls(str(form), {}, *flags, time if len(time) < 40 else "", edition)  # noqa: PLR2004
        if not sitting.is_of(bank):
            return sitting
        return replace(sitting, choices=choices_of(value.get("choices"), bank.form(app, str(form))))

    def is_of(self, bank: QuestionBank) -> bool:
        """Tell whether these items were asked, as far as is known: the same number may be another option elsewhere."""
        return self.items in ("", bank.sha256)

    def value(self) -> dict[str, Any]:
        """Return what the state keeps."""
        return {
            "form": self.form,
            "choices": dict(self.choices),
            "submitted": self.submitted,
            "skipped": self.skipped,
            "time": self.time,
            "items": self.items,
        }


def choices_of(value: object, items: tuple[Item, ...]) -> dict[str, int]:
    """Return the choices that fit the items: {item: index of an option}, in the order of the items."""
    given = value if isinstance(value, Mapping) else {}
    return {
        item.id: given[item.id]
        for item in items
        if isinstance(given.get(item.id), int)
        if not isinstance(given[item.id], bool)
        if 0 <= given[item.id] < len(item.options)
    }


@dataclass(frozen=True, slots=True)
class ConceptGain:
    """What a learner answered about a concept: True right, False wrong, None not answered."""

    concept: str
    before: bool | None
    after: bool | None


def gains(app: str, before: Sitting | None, after: Sitting | None, bank: QuestionBank) -> list[ConceptGain]:
    """Return the gain of each concept of an app's questionnaire, in the order of the file; nothing of other items."""
    concepts = [item.concept for item in bank.form(app, FORMS[0])]
    answered = [_right_by_concept(app, sitting, bank) for sitting in (before, after)]
    return [ConceptGain(concept, answered[0].get(concept), answered[1].get(concept)) for concept in concepts]


def _right_by_concept(app: str, sitting: Sitting | None, bank: QuestionBank) -> dict[str, bool]:
    if sitting is None or not sitting.submitted or not sitting.is_of(bank):
        return {}
    items = bank.form(app, sitting.form)
    return {item.concept: sitting.choices[item.id] == item.right for item in items if item.id in sitting.choices}
