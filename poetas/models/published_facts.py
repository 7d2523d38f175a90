"""Published training facts of the catalogue's models, outside their files: maker, texts, where that is said."""

from __future__ import annotations

from dataclasses import dataclass

from poetas.i18n import _


@dataclass(frozen=True, slots=True)
class PublishedFacts:
    """What is published of one model.

    maker: who made it, and when. texts: what it was trained on, in one sentence. listed: whether the collections of
    texts are named, so that anyone can look. url: where that is said.
    """

    maker: str
    texts: str
    listed: bool
    url: str


def published_facts(model: str) -> PublishedFacts | None:
    """Return what is published of a model of the catalogue, None for any other.

    >>> published_facts("smollm2-135m").listed, published_facts("gemma3-270m").listed
    (True, False)
    """
    gemma = "https://ai.google.dev/gemma/docs/core/model_card_3"
    smol = "https://arxiv.org/abs/2502.02737"
    six_trillion = _(
        "Google dice que fueron 6 billones de tokens: páginas web, código, matemática e imágenes. No dice cuáles."
    )
    facts = {
        "gemma3-270m": PublishedFacts(_("Google DeepMind, 2025"), six_trillion, listed=False, url=gemma),
        "google/gemma-3-270m-it": PublishedFacts(_("Google DeepMind, 2025"), six_trillion, listed=False, url=gemma),
        "smollm2-135m": PublishedFacts(
            _("Hugging Face, 2024"),
            _("Unos 2 billones de tokens, casi todos en inglés, de colecciones con nombre, como FineWeb-Edu y DCLM."),
            listed=True,
            url=smol,
        ),
        "HuggingFaceTB/SmolLM2-360M-Instruct": PublishedFacts(
            _("Hugging Face, 2024"),
            _("Unos 4 billones de tokens, casi todos en inglés, de colecciones con nombre, como FineWeb-Edu y DCLM."),
            listed=True,
            url=smol,
        ),
        "Qwen/Qwen2.5-0.5B-Instruct": PublishedFacts(
            _("Alibaba (equipo Qwen), 2024"),
            _("Alibaba dice que su familia leyó hasta 18 billones de tokens. No dice cuáles."),
            listed=False,
            url="https://arxiv.org/abs/2412.15115",
        ),
        "google/mt5-small": PublishedFacts(
            _("Google Research, 2020"),
            _("Páginas web en 101 idiomas, de una colección con nombre: mC4."),
            listed=True,
            url="https://arxiv.org/abs/2010.11934",
        ),
    }
    return facts.get(model)
