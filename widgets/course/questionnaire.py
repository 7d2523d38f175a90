"""Questionnaire of an app: five items before, five parallel ones after; with the latter, feedback and the gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ipywidgets import Widget

from poetas.course.course_record import APPS, Part, course_entries, course_path
from poetas.course.question_bank import bank_problem, current_bank
from poetas.course.question_items import Item
from poetas.course.sittings import AFTER, BEFORE, LEARNER, Learner, Sitting, gains
from poetas.i18n import _, ngettext, number
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.html import tag, text
from widgets.core.item_form import ItemForm
from widgets.core.page_context import PageContext
from widgets.course.gain_html import gain_html
from widgets.course.sitting_form import explained, sitting_rows


class Questionnaire(Component):
    """The items of one moment of an app, which may be left for later.

    sitting: what was answered so far, None before «Empezar». The form is made when it is asked for: before that the
    card is one line. Before an app no answer is given; after it every option has its feedback.
    """

    def __init__(self, moment: str = BEFORE, *, app: str = "", context: PageContext | None = None) -> None:
        self.moment = moment
        self.sitting: Sitting | None = None
        self._app = app
        self._form: ItemForm | None = None
        self._warned = self.closed = False
        super().__init__(context)
        self._recall()
        self.context.observe(lambda _change: self._read_again(), ["project", "steps", "erased"])

    @property
    def app(self) -> str:
        """Name of the app that the items are about."""
        return self._app or self.context.app or APPS[0]

    def build(self) -> Sequence[Widget]:
        """Make the line with its buttons, and the place for the form."""
        self.line = html("")
        self.begin = make_button(_("Empezar las cinco preguntas"), kind="primary" if self.moment == AFTER else "")
        self.on_click(self.begin, self._begin)
        self.later = make_button(_("Ahora no"), "link")
        self.on_click(self.later, self._skip)
        self.buttons = row_of((self.begin, self.later))
        self.head = row_of((self.line, self.buttons), "poetas-questionnaire-head")
        self.place = column_of((), "stack", shown=False)
        self.hint = html("")
        self.submit = make_button(_("Listo"), kind="primary", shown=False)
        self.on_click(self.submit, self._submit)
        return (self.head, self.place, self.hint, self.submit)

    # -- what was answered

    def _recall(self) -> None:
        """Show the sitting of an earlier visit; a half-filled one goes on where it was."""
        self.sitting, self.closed = self._kept(), self._is_late()
        self._form, self.place.children = None, ()
        self.hint.value, self._warned = "", False
        if self.sitting is not None and not self.sitting.skipped and not self.sitting.submitted and not self.closed:
            self._open_form()
        self._settle()

    def _kept(self) -> Sitting | None:
        state = self.context.state()
        if not course_entries(state, Part.QUESTIONNAIRES, self.app, self.moment):  # the items need not be read yet
            return None
        return Sitting.read(state, self.app, self.moment, current_bank())

    def _is_late(self) -> bool:
        """Tell whether this is the before of an after that was handed in, with which it would no longer compare."""
        if self.moment != BEFORE:
            return False
        return course_entries(self.context.state(), Part.QUESTIONNAIRES, self.app, AFTER).get("submitted") is True

    def _read_again(self) -> bool:
        """Show what the project has now: another page went on, its data was erased, or it is another project.

        Return whether what is shown may be changed: it was what is kept, and it is open.
        """
        kept, late = self._kept(), self._is_late()
        same = _asks_alike(kept, self.sitting) and late == self.closed
        if not same or kept != self.sitting:
            self._recall()
        return same and not late and not (kept is not None and kept.submitted)

    def _settle(self) -> None:
        self.done = self.closed or (self.sitting is not None and (self.sitting.submitted or self.sitting.skipped))
        self.state = State.DONE if self.sitting is not None and self.sitting.submitted else State.READY
        self.refresh()

    def _save(self, sitting: Sitting) -> None:
        self.sitting = replace(
            sitting, time=datetime.now(UTC).isoformat(timespec="seconds"), items=current_bank().sha256
        )
        self.context.save_at({course_path(Part.QUESTIONNAIRES, self.app, self.moment): self.sitting.value()})

    def _new(self) -> Sitting:
        """Return a sitting of the learner's form for this moment; her first one draws it."""
        learner = Learner.known_or_new(self.context.state())
        self.context.save_at({LEARNER: learner.value()})
        return Sitting(learner.form(self.moment), {})

    def _begin(self) -> None:
        self.clear_error()
        if problem := bank_problem():
            self.fail(problem)
        kept = self._kept()  # another page may have begun
        if self._is_late():
            self._recall()
            return
        if kept is None:
            self._save(self._new())
        elif kept.skipped:
            self._save(replace(kept, skipped=False))
        else:
            self.sitting = kept
        if self.sitting is not None and not self.sitting.submitted:
            self._open_form()
        self._settle()

    def _skip(self) -> None:
        self.clear_error()
        if self._read_again() and self.sitting is None:
            self._save(replace(self._new(), skipped=True))
            self._settle()

    def _choose(self, item: str, option: int) -> None:
        if not self._read_again() or self.sitting is None:
            return
        self._save(replace(self.sitting, choices={**self.sitting.choices, item: option}))
        self.hint.value, self._warned = "", False
        self._draw_form()

    def _submit(self) -> None:
        self.clear_error()
        if not self._read_again() or self.sitting is None:
            return
        left = len(self._items()) - len(self.sitting.choices)
        if left and not self._warned and (self.moment == AFTER or not self.sitting.choices):
            self._warned = True
            words = ngettext("Queda {n} sin contestar.", "Quedan {n} sin contestar.", left).format(n=number(left))
            words += " " + _("Si no sabés, está bien dejarla así: tocá «Listo» otra vez.")
            self.hint.value = tag("p", text(words), class_="notice", role="status")
            return
        self.hint.value, self._warned = "", False
        self._save(replace(self.sitting, submitted=True))
        if self.moment == BEFORE:
            self._form, self.place.children = None, ()
        else:
            self._show_outcome(opened=True)
        self._settle()

    # -- what is shown

    def _items(self) -> tuple[Item, ...]:
        return current_bank().form(self.app, self.sitting.form) if self.sitting is not None else ()

    def _open_form(self) -> None:
        if self._form is None:
            self._form = ItemForm(self._choose, stepwise=True)
            self._form.observe(lambda _change: self.refresh(), "ended")
            self.place.children = (self._form,)
        self._draw_form()

    def _draw_form(self) -> None:
        if self._form is not None and self.sitting is not None:
            self._form.drawn = sitting_rows(self._items(), self.sitting)

    def refresh(self) -> None:
        """Show one line with the buttons, or the form, or what came out."""
        sitting = self.sitting
        submitted = sitting is not None and sitting.submitted
        open_form = self._form is not None and sitting is not None and not sitting.skipped
        show(self.buttons, not submitted and not open_form and not self.closed)
        show(self.later, sitting is None)
        show(self.submit, open_form and not submitted and self._form is not None and self._form.ended)
        if submitted and self.moment == AFTER and not self.place.children:
            self._show_outcome(opened=False)
        show(self.place, bool(self.place.children))
        self.line.value = self._line()

    def _line(self) -> str:
        sitting = self.sitting
        if self.moment == AFTER:
            return self._line_after()
        if self.closed and not (sitting is not None and sitting.submitted):
            words = _("Ya contestaste las cinco del final: estas eran para antes.")
        elif sitting is None:
            words = _("Cinco preguntas, dos minutos, sin nota. Al final de la página vas a ver qué cambió.")
        elif sitting.skipped:
            words = _("Las dejaste para otro momento. Siguen acá.")
        elif sitting.submitted:
            words = _("Anotadas. Al final de la página hay otras cinco, y ahí vas a ver qué cambió.")
        else:
            words = _("Elegí lo que te parezca. Si no sabés, dejala en blanco: las respuestas se ven al final.")
        return tag("p", text(words), class_="soft" if sitting is None or self.done else "")

    def _line_after(self) -> str:
        sitting = self.sitting
        if sitting is None or sitting.skipped:
            words = _("Otras cinco, sobre lo que viste. Al terminar se explica cada respuesta.")
        elif not sitting.submitted:
            words = _("Elegí una por pregunta. Podés cambiarla hasta que toques «Listo».")
        else:
            return self._gain(sitting)
        return tag("p", text(words))

    def _gain(self, sitting: Sitting) -> str:
        bank = current_bank()
        if not sitting.is_of(bank):
            words = _("Las contestaste cuando las preguntas eran otras. Acá abajo están las de ahora, explicadas.")
            return tag("p", text(words))
        before = Sitting.read(self.context.state(), self.app, BEFORE, bank)
        compared = before is not None and before.submitted and before.is_of(bank)
        return gain_html(gains(self.app, before, sitting, bank), bank.concepts, compared=compared)

    def _show_outcome(self, *, opened: bool) -> None:
        """Show the items of both moments with the feedback of every option."""
        if self.sitting is None:
            return
        before = Sitting.read(self.context.state(), self.app, BEFORE, current_bank())
        forms = [explained(_("Las cinco preguntas, explicadas"), self._items(), self.sitting, opened=opened)]
        if before is not None and before.submitted:
            first = current_bank().form(self.app, before.form)
            forms.append(explained(_("Las cinco del comienzo, explicadas"), first, before, opened=False))
        self._form, self.place.children = None, tuple(forms)


def _asks_alike(kept: Sitting | None, shown: Sitting | None) -> bool:
    """Tell whether two sittings are of the same form, and both open or both not."""
    if kept is None or shown is None:
        return kept is shown
    return (kept.form, kept.submitted, kept.skipped) == (shown.form, shown.submitted, shown.skipped)
