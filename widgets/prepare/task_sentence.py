"""The task that the chosen columns make possible, in one sentence: a draft in, HTML out."""

from __future__ import annotations

from poetas.i18n import _, ngettext, number
from widgets.core.html import tag, text
from widgets.prepare.dataset_draft import DatasetDraft


def task_sentence(draft: DatasetDraft, *, writes: bool, refused: bool) -> str:
    """Say what the model will learn, or that there are no texts; "" while neither is known.

    writes: whether the learner writes the summaries here. refused: whether an error card says what is wrong.
    """
    mapping = draft.mapping
    if not draft.task:
        if not mapping.get("text") or refused:
            return ""
        words = _("En «{column}» no hay textos. Elegí otra columna, o traé otro archivo en el paso anterior.")
        return tag("p", text(words.format(column=mapping["text"])), class_="notice care", role="status")
    if writes and draft.task == "style":
        words = _("Leé cada texto de «{text}» y escribí su resumen al lado: de eso va a aprender el modelo.")
        return tag("p", text(words.format(text=mapping["text"])), class_="notice", role="status")
    if draft.task == "summary":
        job = tag("b", text(_("Tarea: resumir.")))
        words = _("El modelo va a leer «{text}» y a aprender a escribir «{summary}».")
    else:
        job = tag("b", text(_("Tarea: escribir en un estilo.")))
        words = _("El modelo va a leer «{text}» y a aprender a escribir cosas parecidas.")
    sentence = words.format(text=mapping["text"], summary=mapping.get("summary"))
    count = ngettext("Hay {n} texto.", "Hay {n} textos.", draft.texts).format(n=number(draft.texts))
    return tag("p", f"{job} {text(sentence)} {text(count)}", class_="notice", role="status")
