"""Check for addresses of pages that open something by themselves: with a key, a session or a password; "[enlace]"."""

from __future__ import annotations

import re

import pandas as pd

from poetas.data.health.personal_data import Stretch, mask_cells, personal_check
from poetas.i18n import _, ngettext

_ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s<>\"«»“”]{3,2000}|\bwww\.[^\s<>\"«»“”]{3,2000}", re.IGNORECASE)
_SECRET = re.compile(
    r"[?&#;](?:[\w.-]{0,30}(?:token|secret|passw(?:or)?d|contrase)|(?:api)?[_-]?key|apikey|access[_-]?\w{0,20}"
    r"|sig(?:nature)?|session(?:id)?|sid|auth\w{0,20}|pwd|pass|clave|code|invite|jwt|x-amz-[\w-]{1,30}|hash|h)=[^&#\s]{4}",
    re.IGNORECASE,
)
_SIGNED_IN = re.compile(r"//[^/\s:@]{1,200}:[^/\s@]{1,200}@")
_INVITATION = re.compile(r"//(?:chat\.whatsapp\.com/|t\.me/(?:joinchat/|\+)|wa\.me/|discord\.gg/)", re.IGNORECASE)
_RANDOM = re.compile(
    r"[/=](?=[\w-]{0,100}\d)(?=[\w-]{0,100}[A-Z])(?=[\w-]{0,100}[a-z])[A-Za-z0-9_-]{20,100}(?=[/?#&]|$)"
)


def find_secret_urls(text: str) -> list[Stretch]:
    """The places of the addresses that hold a secret; an ordinary address is none.

    >>> text = "Ver https://a.ar/nota y https://a.ar/x?token=9f8a7b."
    >>> [text[start:end] for start, end in find_secret_urls(text)]
    ['https://a.ar/x?token=9f8a7b']
    """
    if "://" not in text and "www." not in text:
        return []
    places: list[Stretch] = []
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?)]}'")
        if any(form.search(address) for form in (_SECRET, _SIGNED_IN, _INVITATION, _RANDOM)):
            places.append((match.start(), match.start() + len(address)))
    return places


def mask_urls(table: pd.DataFrame) -> pd.DataFrame:
    """The step."""
    return mask_cells(table, find_secret_urls, "enlace")


CHECK = personal_check(
    "secret-url",
    lambda: _("No hay enlaces con claves"),
    lambda n: ngettext(
        "En {n} texto hay enlaces que llevan una clave.", "En {n} textos hay enlaces que llevan una clave.", n
    ),
    "mask-urls",
)
