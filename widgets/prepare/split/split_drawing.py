"""HTML of a split: one bar with names and counts, and a card per part with its purpose and an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poetas.data.dataset_schema import PARTS
from poetas.i18n import _, ngettext, number
from poetas.util.excerpt import shortened
from widgets.controls.previews import lines
from widgets.core.html import tag, text

EXAMPLE = 260  # characters of an example


def _names() -> dict[str, tuple[str, str]]:
    # part -> (name, purpose)
    return {
        "train": (_("Para estudiar"), _("El modelo los lee una y otra vez. Se llaman «entrenamiento».")),
        "validation": (
            _("Simulacro"),
            _("Se miran durante el estudio, para saber si aprende o memoriza. Se llaman «validación»."),
        ),
        "test": (
            _("Examen"),
            _("Se guardan hasta el final: cuantas menos veces se toma, mejor mide. Se llaman «prueba»."),
        ),
    }


def bar(counts: Mapping[str, int]) -> str:
    """Draw the parts as one bar; names, counts and patterns tell them apart, not colour alone."""
    names, total, pieces = _names(), max(1, sum(counts.values())), ""
    for part in PARTS:
        many = ngettext("{n} texto", "{n} textos", counts[part]).format(n=number(counts[part]))
        inner = tag("b", text(names[part][0])) + tag("span", text(many))
        width = f"flex-grow: {max(counts[part] / total, 0.01):.4f}"
        pieces += tag("div", inner, class_=f"poetas-part {part}", style=width)
    spoken = ", ".join(f"{names[part][0]} {number(counts[part])}" for part in PARTS)
    return tag("div", pieces, class_="poetas-parts", role="img", aria_label=spoken)


def cards(examples: Mapping[str, Sequence[Mapping[str, str]]], index: int) -> str:
    """Draw the purpose of each part, with one of its texts."""
    drawn = ""
    for part, (name, purpose) in _names().items():
        inner = tag("h3", text(name)) + tag("p", text(purpose), class_="soft")
        if rows := examples.get(part):
            inner += tag("p", lines(shortened(rows[index % len(rows)]["text"], EXAMPLE)), class_="serif")
        drawn += tag("div", inner, class_=f"card poetas-part-card {part}")
    return tag("div", drawn, class_="grid")


def together(groups: int) -> str:
    """Say that near-identical texts stay on one side; "" where there are none."""
    if not groups:
        return ""
    sentence = ngettext(
        "Hay {n} grupo de textos casi iguales: quedan juntos, para que el examen no repita lo estudiado.",
        "Hay {n} grupos de textos casi iguales: cada grupo queda junto, para que el examen no repita lo estudiado.",
        groups,
    )
    return tag("p", text(sentence.format(n=number(groups))), class_="notice")
