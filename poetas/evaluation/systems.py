"""Names of the compared systems: identifiers, titles, and phrases for the middle of a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from poetas.i18n import _, listed

TUNED, BASE, BASE_EXAMPLES = "tuned", "base", "base_examples"
OTHER = "other"  # the floor: what any summary has in common with any other
LEAD1, SECOND, LEAD3, EXTRACTIVE = "lead1", "second", "lead3", "extractive"
EFFORTLESS = (LEAD1, SECOND, LEAD3, EXTRACTIVE)  # they need no model
BASELINES = (OTHER, *EFFORTLESS, BASE, BASE_EXAMPLES)  # in the order of a table
SYSTEMS = (*BASELINES, TUNED)
HUMAN = "human"  # the held-out text itself, beside what the models wrote
_PARTED = re.compile(r"\b([Aa]|[Dd]e) el\b")


def title(system: str) -> str:
    """Return a system's name as the head of a table's row.

    >>> title("lead3")
    'Primeras tres oraciones'
    """
    return {
        OTHER: _("El resumen de otro texto"),
        LEAD1: _("Primera oración"),
        SECOND: _("Segunda oración"),
        LEAD3: _("Primeras tres oraciones"),
        EXTRACTIVE: _("Oración más central"),
        BASE: _("El modelo como vino"),
        BASE_EXAMPLES: _("El modelo como vino, con dos ejemplos"),
        TUNED: _("Modelo ajustado"),
        HUMAN: _("El texto original"),
    }[system]


def action(system: str) -> str:
    """Return what using a system amounts to, to stand inside a sentence.

    >>> action("lead1")
    'copiar la primera oración'
    """
    return {
        OTHER: _("el resumen de otro texto"),
        LEAD1: _("copiar la primera oración"),
        SECOND: _("copiar la segunda oración"),
        LEAD3: _("copiar las tres primeras oraciones"),
        EXTRACTIVE: _("elegir la oración más central"),
        BASE: _("el modelo como vino"),
        BASE_EXAMPLES: _("darle dos ejemplos al modelo como vino"),
        TUNED: _("el modelo ajustado"),
    }[system]


def joined(systems: Sequence[str]) -> str:
    """Return several systems as one phrase.

    >>> joined(["lead1", "lead3"])
    'copiar la primera oración y copiar las tres primeras oraciones'
    """
    return listed([action(system) for system in systems])


def contracted(sentence: str) -> str:
    """Write «a el» and «de el» as one word, as Spanish does: a name with its article comes after either.

    >>> contracted("no le gana a el modelo como vino, ni a él")
    'no le gana al modelo como vino, ni a él'
    """
    return _PARTED.sub(lambda match: match[1] + "l", sentence)
