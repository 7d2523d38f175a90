"""Notice about the longest length that a dataset was prepared for in app 2: a dataset and a model in, HTML out."""

from __future__ import annotations

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.i18n import _, number
from poetas.training.config import TrainingConfig
from widgets.core.html import tag, text


def length_notice(work: DatasetSummary | None, model: str) -> str:
    """Return what app 2 said would be read of each text, and where that can differ here; "" where it said nothing."""
    if work is None:
        return ""
    sentences = []
    if work.parted and work.longest:
        words = _("En la app 2 elegiste ventanas de hasta {n} pedacitos: cada texto se estudia entero.")
        sentences.append(words.format(n=number(work.longest)))
    elif work.longest:
        words = _("En la app 2 elegiste que lea hasta {n} pedacitos de cada texto: la perilla empieza ahí.")
        sentences.append(words.format(n=number(work.longest)))
    promised = work.promised(model)
    knob = TrainingConfig().within(promised).longest
    if promised and knob != promised:
        words = _("La perilla llega hasta {n}.") if knob < promised else _("La perilla empieza en {n}.")
        sentences.append(words.format(n=number(knob)))
    if sentences and work.measured_by not in {"", model} and not work.parted:
        words = _(
            "Los contaste con la tijera de «{model}»; la de este modelo corta distinto, y puede entrar más o menos."
        )
        sentences.append(words.format(model=work.measured_by))
    return tag("p", text(" ".join(sentences)), class_="notice") if sentences else ""
