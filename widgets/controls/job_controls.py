"""Widgets of a job card (status, progress bar, time left, three buttons), made with the first job that it follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ipywidgets import HTML, Button, FloatProgress

from poetas.i18n import _
from widgets.core.elements import html, make_button, row_of
from widgets.core.error_card import ErrorCard
from widgets.core.event_guards import on_click
from widgets.core.theme import Themed


class JobControls(Themed):
    """Base of `widgets.controls.job_card.JobCard`: most pages open without a job, and so without these widgets."""

    alert: ErrorCard

    @cached_property
    def message(self) -> HTML:
        """What the job does now."""
        return html("", "poetas-job-words")

    @cached_property
    def bar(self) -> FloatProgress:
        """The share that is done, 0 to 1."""
        return FloatProgress(value=0.0, min=0.0, max=1.0)

    @cached_property
    def left(self) -> HTML:
        """The time left."""
        return html("", "soft")

    @cached_property
    def stop_button(self) -> Button:
        """Stops the job; the label says whether it saves first."""
        return _button(_("Detener y guardar"), self.stop)

    @cached_property
    def resume_button(self) -> Button:
        """Resumes the job from what it kept, or begins it again."""
        return _button(_("Seguir desde donde quedó"), self.resume, kind="primary")

    @cached_property
    def look_button(self) -> Button:
        """Without an event loop: draws what happens for a while."""
        return _button(_("Mirar cómo va"), self.look, shown=False)

    def build(self) -> None:
        """Add the widgets, once."""
        if not self.children:
            row = row_of((self.stop_button, self.resume_button, self.look_button, self.left))
            self.children = (self.message, self.bar, row, self.alert)

    def stop(self) -> None:
        """Stop the job."""
        raise NotImplementedError

    def resume(self) -> None:
        """Resume the job."""
        raise NotImplementedError

    def look(self) -> None:
        """Draw what happens for a while."""
        raise NotImplementedError


def _button(label: str, handler: Callable[[], None], *, kind: str = "", shown: bool = True) -> Button:
    button = make_button(label, kind=kind, shown=shown)
    on_click(button, handler)
    return button
