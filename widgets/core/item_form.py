"""Form of multiple-choice items: drawn by the page in one widget; choices come back as messages, feedback goes out.

Options are buttons where each choice is answered at once, radio buttons where they are handed in together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, Dict, List, Unicode

from poetas.course.question_items import Item
from poetas.i18n import _, number
from widgets.core.elements import own_look


class ItemForm(anywidget.AnyWidget):
    """Items with their options, shuffled: rows of `item_row`.

    label: title of a fold around the items, "" for none. opened: whether it is unfolded. at_once: each choice is
    answered when it is made. stepwise: one item in view, with buttons to the next; ended: the last one was in view.
    choose: called with an item's id and the index of an option, in the order of the file.
    """

    _esm = Path(__file__).with_suffix(".js")
    drawn: List[Any] = List().tag(sync=True)
    label = Unicode().tag(sync=True)
    opened = Bool(default_value=True).tag(sync=True)
    at_once = Bool(default_value=False).tag(sync=True)
    stepwise = Bool(default_value=False).tag(sync=True)
    ended = Bool(default_value=False).tag(sync=True)
    texts = Dict().tag(sync=True)

    def __init__(
        self, choose: Callable[[str, int], None], *, label: str = "", opened: bool = True, stepwise: bool = False
    ) -> None:
        texts = {
            "right": _("Es esta."),
            "wrong": _("Esta no."),
            "others": _("¿Y las otras?"),
            "mine": _("Tu respuesta"),
            "back": _("La anterior"),
            "next": _("La que sigue"),
            "skip": _("No sé: la que sigue"),
        }
        super().__init__(
            texts=texts, label=label, opened=opened, stepwise=stepwise, **own_look("poetas", "poetas-item-form")
        )
        self._choose = choose
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: Any, _buffers: Sequence[Any]) -> None:
        if not isinstance(message, Mapping) or message.get("type") != "choose":
            return
        item, option = message.get("item"), message.get("option")
        shown = {row["id"]: [option["index"] for option in row["options"]] for row in self.drawn if not row["locked"]}
        if isinstance(item, str) and type(option) is int and option in shown.get(item, ()):
            self._choose(item, option)


def item_row(
    item: Item, place: str, chosen: Collection[int] = (), *, revealed: Collection[int] = (), locked: bool = False
) -> dict[str, Any]:
    """Return what the page draws of an item.

    place: a line above the question, or "". chosen, revealed: options by index. Of an item that is ``locked``, the
    feedback of every option is sent, and no choice is heard any more.
    """
    options = []
    for index in item.order():
        option = item.options[index]
        answered = index in revealed or locked
        options.append(
            {
                "index": index,
                "text": option.text,
                "chosen": index in chosen,
                "feedback": option.feedback if answered else "",
                "right": option.right if answered else None,
                "shown": index in revealed,
            }
        )
    return {"id": item.id, "place": place, "stem": item.stem, "options": options, "locked": locked}


def place_of(index: int, total: int) -> str:
    r"""Return the line above a questionnaire's item.

    >>> place_of(0, 5)
    '1 de 5'
    """
    return _("{n} de {all}").format(n=number(index + 1), all=number(total))
