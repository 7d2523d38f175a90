"""The page template's texts, so that a catalogue can translate them: the template itself speaks Spanish."""

from __future__ import annotations

from poetas.i18n import _, language


def page_texts() -> dict[str, object]:
    """Return what the template reads as ``extensionConfig.poetas``: the language, and Spanish text -> translation.

    Texts that are not translated are left out, so in Spanish the mapping is empty.

    >>> page_texts()["language"]
    'es'
    """
    texts = {source: translated for source, translated in _all().items() if source != translated}
    return {"language": language(), "texts": texts}


def _all() -> dict[str, str]:
    """Every text of share/jupyter/voila/templates/poetas, spelt out for the tools that collect messages."""
    told = (
        _("Saltar al contenido"),
        _("Las tres apps"),
        _("Conocé"),
    )
    return {text: text for text in told}
