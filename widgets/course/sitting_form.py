"""Forms of a sitting's items: the rows that the page draws, and a folded form that was handed in, explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poetas.course.question_items import Item
from poetas.course.sittings import Sitting
from widgets.core.item_form import ItemForm, item_row, place_of


def explained(title: str, items: Sequence[Item], sitting: Sitting, *, opened: bool) -> ItemForm:
    """Return a folded form that was handed in: it hears no choice."""
    form = ItemForm(lambda _item, _option: None, label=title, opened=opened)
    form.drawn = sitting_rows(items, sitting)
    return form


def sitting_rows(items: Sequence[Item], sitting: Sitting) -> list[dict[str, Any]]:
    """Return the rows of a form; once it is handed in, the chosen and the right option are answered in sight."""
    rows = []
    for index, item in enumerate(items):
        chosen = [sitting.choices[item.id]] if item.id in sitting.choices else []
        revealed = [*chosen, item.right] if sitting.submitted else []
        place = place_of(index, len(items))
        rows.append(item_row(item, place, chosen, revealed=revealed, locked=sitting.submitted))
    return rows
