"""Card of the choices that a dataset is saved with: a draft in, HTML out."""

from __future__ import annotations

from poetas.i18n import _, number
from widgets.core.html import tag, text
from widgets.prepare.dataset_draft import DatasetDraft


def choices_card(draft: DatasetDraft) -> str:
    """Draw the file, the task, the longest length and the split."""
    split = draft.effective_split
    test, validation = round(100 * split["test"]), round(100 * split["validation"])
    parts = _(
        "{train} de cada 100 para estudiar, {validation} para el simulacro, {test} para el examen (mezcla n.º {seed})"
    )
    rows = {
        _("Archivo"): f"{draft.file} · {draft.reading['sentence']}",
        _("Textos"): number(draft.texts),
        _("Tarea"): _task(draft),
        _("Largo máximo"): _length(draft),
        _("Reparto"): _("no alcanzan los textos")
        if draft.few
        else parts.format(train=100 - test - validation, validation=validation, test=test, seed=split["seed"]),
    }
    inner = "".join(tag("dt", text(name)) + tag("dd", text(value)) for name, value in rows.items())
    return tag("div", tag("dl", inner, class_="poetas-facts"), class_="card")


def _task(draft: DatasetDraft) -> str:
    mapping = draft.mapping
    if draft.task == "summary":
        return _("resumir: de «{text}» a «{summary}»").format(text=mapping["text"], summary=mapping["summary"])
    return _("escribir en el estilo de «{text}»").format(text=mapping.get("text"))


def _length(draft: DatasetDraft) -> str:
    """Return what becomes of long texts, in words."""
    if not draft.cut:
        return _("sin cortar nada")
    words = _("en ventanas de hasta {n} tokens") if draft.windows else _("{n} tokens")
    return words.format(n=number(draft.cut))
