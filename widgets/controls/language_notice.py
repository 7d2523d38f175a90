"""The notice that a model writes another language than the texts it is given."""

from __future__ import annotations

from poetas.i18n import _, listed
from poetas.models.entry import ModelEntry
from widgets.core.html import tag, text


def language_notice(model: ModelEntry | None, language: str, texts: str, where: str) -> str:
    """Return a notice where a model does not write a language, "" where it does or where either is not known.

    language: "es" or "en", of the texts. texts: what they are called in the sentence, with its verb. where: the clause
    that says where the Spanish model of the catalogue is found from this page.
    """
    if model is None or not model.languages or language in {"", *model.languages}:
        return ""
    spoken = listed([language_name(code) for code in model.languages])
    words = _(
        "{title} escribe en {spoken}, y {texts} en {language}: no hay que esperar mucho de esa mezcla. "
        "Conviene un modelo que escriba en {language}{example}."
    )
    example = _(", como Gemma 3 (270M), {where}").format(where=where) if language == "es" else ""
    notice = words.format(
        title=model.title, spoken=spoken, texts=texts, language=language_name(language), example=example
    )
    return tag("p", text(notice), class_="notice care", role="status")


def language_name(code: str) -> str:
    """Return the name of a language by its ISO 639-1 code, the code itself where it has none here."""
    return {
        "es": _("español"),
        "en": _("inglés"),
        "pt": _("portugués"),
        "fr": _("francés"),
        "it": _("italiano"),
        "de": _("alemán"),
        "gn": _("guaraní"),
        "qu": _("quechua"),
        "zh": _("chino"),
        "ja": _("japonés"),
        "ko": _("coreano"),
        "ru": _("ruso"),
        "ar": _("árabe"),
        "ca": _("catalán"),
        "eu": _("euskera"),
        "gl": _("gallego"),
    }.get(code, code)
