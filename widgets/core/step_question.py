"""Question of a step, asked once the step is done: an item in, feedback for every choice out, the choices kept."""

from __future__ import annotations

from datetime import UTC, datetime

from poetas.course.course_record import Part, course_entries, course_path
from poetas.course.question_bank import current_bank
from poetas.course.question_items import Item
from poetas.i18n import _
from widgets.core.item_form import ItemForm, item_row
from widgets.core.page_context import PageContext


class Question(ItemForm):
    """One item under a fold. Each choice is answered; once the right one is found, all of them are explained.

    tried: the options that were chosen, in that order. The first one is kept as the answer.
    """

    def __init__(self, item: Item, *, context: PageContext | None = None) -> None:
        self.context = context or PageContext.current()
        self.item = item
        self.tried = self._kept()
        super().__init__(lambda _item, option: self._answer(option), label=_("Una pregunta"), opened=not self.tried)
        self.at_once = True
        self._draw()
        self.context.observe(lambda _change: self._read_again(), ["project", "steps", "erased"])

    @classmethod
    def of_step(cls, step: str, context: PageContext) -> Question | None:
        """Return the question of a step of the page's app, None where it has none."""
        item = current_bank().question(context.app, step)
        return cls(item, context=context) if item is not None else None

    def _kept(self) -> list[int]:
        kept = course_entries(self.context.state(), Part.QUESTIONS, self.item.id)
        return _options_of(kept.get("tried"), self.item) or _options_of([kept.get("choice")], self.item)

    def _read_again(self) -> None:
        """Show what the project has now: its data was erased, or it is another project."""
        self.tried = self._kept()
        self._draw()

    def _answer(self, option: int) -> None:
        self._read_again()  # what was kept may have been erased meanwhile, or answered in another tab
        if option in self.tried or self.item.right in self.tried:
            return
        self.tried = [*self.tried, option]
        self._draw()
        first = self.tried[0]
        entry = {"choice": first, "right": first == self.item.right, "tried": self.tried, "tries": len(self.tried)}
        time = datetime.now(UTC).isoformat(timespec="seconds")
        self.context.save_at({course_path(Part.QUESTIONS, self.item.id): {**entry, "time": time}})

    def _draw(self) -> None:
        settled = self.item.right in self.tried
        self.drawn = [item_row(self.item, "", self.tried, revealed=self.tried, locked=settled)]


def _options_of(value: object, item: Item) -> list[int]:
    """Return the different options that a saved list names, each once."""
    given = value if isinstance(value, list) else []
    options = [index for index in given if isinstance(index, int) and not isinstance(index, bool)]
    return [index for index in dict.fromkeys(options) if 0 <= index < len(item.options)]
