"""HTML table whose rows become cards on a narrow screen; cells are HTML, names are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from widgets.core.html import tag, text


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row. name: its head, as HTML. cells: HTML, one for each column after the first. mine: drawn as the chosen."""

    name: str
    cells: Sequence[str]
    mine: bool = False


def card_table(columns: Sequence[str], rows: Iterable[CardRow], caption: str) -> str:
    """Draw rows under their columns' names; on a phone each row is a card that repeats the names.

    The roles are written out, because a table that is not displayed as one loses its own.

    >>> 'data-label="Memoria"' in card_table(["Forma", "Memoria"], [CardRow("Copiar", ["ninguna"])], "Formas")
    True
    """
    head = "".join(tag("th", text(name), scope="col", role="columnheader") for name in columns)
    body = "".join(_row(columns, row) for row in rows)
    drawn = tag("caption", text(caption)) + tag("thead", tag("tr", head, role="row"), role="rowgroup")
    drawn += tag("tbody", body, role="rowgroup")
    return tag("table", drawn, class_="poetas-card-table", role="table")


def _row(columns: Sequence[str], row: CardRow) -> str:
    cells = tag("th", row.name, scope="row", role="rowheader")
    for name, cell in zip(columns[1:], row.cells, strict=True):
        cells += tag("td", tag("div", cell), role="cell", data_label=name)
    return tag("tr", cells, role="row", **({"class_": "me"} if row.mine else {}))
