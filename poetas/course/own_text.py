"""The learner's own text: where a project's state keeps what she pasted in app 1, so that other steps can offer it.

``PageContext.save_at({OWN_TEXT: text})`` keeps it, `own_text` reads it. "" where there is none, or it was erased.
Pages offer it through `widgets.controls.own_text_offer`.
"""

from __future__ import annotations

from collections.abc import Mapping

from poetas.course.course_record import ROOT
from poetas.data.storage.state_scopes import KeyPath, value_at

OWN_TEXT: KeyPath = (ROOT, "own_text")
OWN_TEXT_TAKEN: KeyPath = (ROOT, "own_text_taken")  # True once apps 2 or 3 took it: what was made of it is theirs
LONGEST = 50_000  # characters that are kept
LONGEST_LINE = 300  # of a beginning: pasted prose may be one line


def own_text(state: Mapping[str, object]) -> str:
    """Return the text that the learner pasted, "" where there is none or the file was damaged.

    >>> own_text({"course": {"own_text": "Llueve"}}), own_text({"course": {"own_text": 7}})
    ('Llueve', '')
    """
    text = value_at(state, OWN_TEXT)
    return text[:LONGEST] if isinstance(text, str) else ""


def first_line(text: str) -> str:
    r"""Return the first line that has letters, as a beginning; "" where none has.

    >>> first_line("\n***\n  Ay, mi río manso,\nlento.")
    'Ay, mi río manso,'
    """
    lines = (line.strip() for line in text.replace("\0", "").splitlines())
    return next((line[:LONGEST_LINE] for line in lines if any(map(str.isalpha, line))), "")


def first_part(text: str) -> str:
    r"""Return what comes before the first blank line after some letters: the first poem; "" where there is none.

    >>> first_part("\n\nUno,\ndos.\n \nOtro.")
    'Uno,\ndos.'
    """
    part: list[str] = []
    for line in text.replace("\0", "").splitlines():
        if line.strip():
            part.append(line.rstrip())
        elif first_line("\n".join(part)):
            break
    return "\n".join(part) if first_line("\n".join(part)) else ""
