"""One HTML page in one file: style and letters in it, no script, no address; its own policy holds it to that."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path

from poetas.util.resources import folder

_FONTS = (
    ("Literata", 400, "literata-latin-400-normal.woff2"),
    ("Literata", 600, "literata-latin-600-normal.woff2"),
    ("Atkinson Hyperlegible", 400, "atkinson-hyperlegible-latin-400-normal.woff2"),
    ("Atkinson Hyperlegible", 700, "atkinson-hyperlegible-latin-700-normal.woff2"),
)
_BASE = Path(__file__).with_suffix(".css")


def self_contained_page(title: str, css: str, body: str) -> str:
    """Return the page. title: text. css: of this page, without addresses. body: HTML, all that came in escaped."""
    style = f"{_faces()}\n{_BASE.read_text('utf-8')}\n{css}"
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; img-src 'none'; base-uri 'none'; "
        "form-action 'none'"
    )
    return (
        '<!DOCTYPE html>\n<html lang="es">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


@cache
def _faces() -> str:
    fonts = folder("template") / "static" / "fonts"
    faces = []
    for family, weight, file in _FONTS:
        data = base64.b64encode((fonts / file).read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{data}) format('woff2')"
        faces.append(f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;src:{source}}}')
    return "\n".join(faces)
