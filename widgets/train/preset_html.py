"""HTML of the presets: facts and cost of each, which knobs were moved, and the limit that app 2 set."""

from __future__ import annotations

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.i18n import _, ngettext, number, size
from poetas.training.config import TrainingConfig
from poetas.training.estimate import Estimate
from poetas.training.parameter_docs import parameter_doc
from poetas.training.presets import PRESETS, Preset
from widgets.core.html import gloss, tag, text
from widgets.train.run_estimate import about


def moved_notice(config: TrainingConfig, longest: int) -> str:
    """Return which hyperparameters differ from the nearest preset as HTML, "" where none does. longest: app 2's limit.

    >>> moved_notice(TrainingConfig(), 0)
    ''
    """
    names = TrainingConfig.names(shown=True)
    presets = {name: preset.config.within(longest) for name, preset in PRESETS.items()}
    moved = {
        name: [knob for knob in names if getattr(config, knob) != getattr(presets[name], knob)] for name in PRESETS
    }
    nearest = min(moved, key=lambda name: (len(moved[name]), name != "equilibrado"))
    if not moved[nearest]:
        return ""
    labels = [parameter_doc(knob).label.lower() for knob in moved[nearest]]
    count, listed = len(labels), _(" y ").join(filter(None, (", ".join(labels[:-1]), labels[-1])))
    words = ngettext("Moviste {n} perilla de «{name}»: {knobs}.", "Moviste {n} perillas de «{name}»: {knobs}.", count)
    words = words.format(n=number(count), name=PRESETS[nearest].label, knobs=listed)
    return tag("p", text(words), class_="notice", role="status")


def preset_cost(cost: Estimate | None) -> str:
    """Return a preset's minutes and memory as HTML; without a dry run, that they are not measured yet."""
    if cost is None:
        return tag("p", text(_("Todavía no sé cuánto tarda acá: se mide más abajo.")), class_="soft")
    words = _("{time} · {memory} de memoria").format(time=about(cost.seconds), memory=size(cost.memory))
    unfit = "" if cost.fits else " " + tag("span", text(_("no entra")), class_="chip care")
    return tag("p", tag("b", text(words)) + unfit)


def preset_facts(preset: Preset, config: TrainingConfig) -> str:
    """Return a preset's description and its main values as HTML, each in plain words and with the field's."""
    laps = ngettext("{n} vuelta al cuaderno", "{n} vueltas al cuaderno", config.epochs)
    batch = ngettext("una corrección por texto", "una corrección cada {n} textos", config.batch_size)
    reach = ngettext("hasta {n} pedacito por texto", "hasta {n} pedacitos por texto", config.longest)
    values = (
        (laps, config.epochs, gloss("epoca", text(_("épocas")))),
        (batch, config.batch_size, gloss("tanda")),
        (reach, config.longest, gloss("token", text(_("tokens")))),
    )
    rows = "".join(
        tag("li", f"{text(words.format(n=number(value)))} {tag('span', f'({term})')}") for words, value, term in values
    )
    return tag("p", text(preset.what)) + tag("ul", rows, class_="soft poetas-preset-values")


def laps_seen(epochs: int, work: DatasetSummary | None) -> str:
    """Say how often the texts will be studied; "" without a dataset."""
    if work is None:
        return ""
    count = work.counts["train"]
    laps = ngettext("{n} vuelta", "{n} vueltas", epochs).format(n=number(epochs))
    words = ngettext("Así le va a dar {laps} a {n} texto.", "Así les va a dar {laps} a {n} textos.", count)
    return words.format(laps=laps, n=number(count))
