"""Text area for the learner's beginning: a sample in the model's language at first, remembered by the project."""

from __future__ import annotations

from ipywidgets import Textarea

from poetas.i18n import _
from widgets.core.debouncer import Debouncer
from widgets.core.elements import look
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import PageContext

ENGLISH = "Tonight the moon is"  # the sample for a model that writes no Spanish; not translated with the page
KEY = "verse"  # of the project's state
REMEMBERED = 60_000  # longest text that is kept, in characters


class VerseBox(Textarea):
    """A box with a beginning; each key changes ``value``.

    beginning: the first text, "" for the one that the project remembers, or else for a sample. What the learner writes
    is remembered, and read again after a reload; a sample is not.
    """

    value: str

    def __init__(self, context: PageContext, beginning: str = "") -> None:
        self._context = context
        remembered = beginning or self._remembered()
        self._sample_text = "" if remembered else self._sample()
        super().__init__(
            description=_("Tu comienzo"), rows=2, value=remembered or self._sample_text, **look("poetas-verse")
        )
        self._saver = Debouncer(context.poller, self.remember)
        self.observe(lambda _change: self._edited(), "value")
        context.observe(lambda _change: self._recall(), "project")

    @property
    def is_sample(self) -> bool:
        """Whether the text is the page's sample."""
        return bool(self._sample_text) and self.value == self._sample_text

    def follow_model(self) -> None:
        """Put the sample of the model's language in the place of another sample; the learner's own text stays."""
        if self.is_sample:
            self._sample_text = self._sample()
            self.value = self._sample_text

    def remember(self) -> None:
        """Save the text, unless it is the sample."""
        text = "" if self.value == self._sample_text else self.value[:REMEMBERED]
        if text != self._remembered():
            self._context.save(**{KEY: text})

    def _recall(self) -> None:
        """Show the beginning that belongs to the project now open."""
        text = self._remembered()
        if text != ("" if self.value == self._sample_text else self.value):
            self._sample_text = "" if text else self._sample()
            self.value = text or self._sample_text

    def _edited(self) -> None:
        if (
            not self._context.poller.inline
        ):  # there it would hold up each key; the text is saved when bars are asked for
            self._saver.changed()

    def _remembered(self) -> str:
        text = self._context.state().get(KEY)
        return text[:REMEMBERED] if isinstance(text, str) and text.strip() else ""

    def _sample(self) -> str:
        """A beginning in a language that the model writes."""
        model = chosen_model(self._context)
        return _("Esta tarde cae la") if model is None or model.writes("es") else ENGLISH
