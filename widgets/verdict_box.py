"""The verdict as a box: its headline, then what it rests on, comparison by comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.i18n import _
from widgets.markup import tag, text

LOOK = {"improved": "verdict", "worse": "verdict no", "unclear": "verdict unsure", "too_few": "verdict unsure"}


def verdict_box(told: Mapping[str, Any] | None) -> str:
    """Draw a verdict (`Verdict.as_dict`), "" where there is none. Colour is not its only sign: the words say it all."""
    if not told:
        return ""
    head = tag("p", tag("b", text(told["headline"])))
    points = "".join(tag("li", text(sentence)) for sentence in told.get("sentences") or ())
    folded = tag("summary", text(_("En qué se apoya este veredicto"))) + tag("ul", points)
    details = tag("details", folded, class_="poetas-whole") if points else ""
    return tag("div", head + details, class_=f"{LOOK.get(str(told.get('kind')), 'verdict unsure')} poetas-verdict")
