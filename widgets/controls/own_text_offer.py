"""Offer of the learner's own text, which she pasted in app 1, to the other apps; none once she erased it there."""

from __future__ import annotations

from poetas.course.own_text import OWN_TEXT_TAKEN, first_line, first_part, own_text
from poetas.data.storage.state_scopes import value_at
from widgets.core.page_context import PageContext


def offered_text(context: PageContext) -> str:
    """Return the text as it is on the disk now, "" where there is none with letters in it."""
    words = own_text(context.state())
    return words if first_line(words) else ""


def offered_beginning(context: PageContext, *, style: bool) -> str:
    """Return what a model is to go on from: her first line; or what it is to summarise: her first poem."""
    words = offered_text(context)
    return first_line(words) if style else first_part(words)


def note_taken(context: PageContext) -> None:
    """Remember that another app made something of the text: erasing it in app 1 then says what stays."""
    if value_at(context.state(), OWN_TEXT_TAKEN) is not True:
        context.save_at({OWN_TEXT_TAKEN: True})


def was_taken(context: PageContext) -> bool:
    """Return whether another app made something of the text."""
    return value_at(context.state(), OWN_TEXT_TAKEN) is True
