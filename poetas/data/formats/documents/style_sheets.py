"""Style sheets of web pages and books: CSS in; where lines begin, how far from others, and how they look, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from poetas.data.formats.documents.line_looks import DECLARATIONS

MOST = 2_000_000  # characters that are read of all sheets: a book's have a few thousand
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]{1,1000})\{([^{}]{0,5000})\}")
_CLASS = re.compile(r"(?:^|[\s>+~])[a-z0-9]{0,10}(\.[\w-]{1,100})$", re.IGNORECASE)
_TAG = re.compile(r"(?:(?:html|body)\s+){0,2}([a-z][a-z0-9]{0,10}|\*)", re.IGNORECASE)  # of all such elements
_READ = re.compile(r"margin|padding|text-indent|font-|text-align|text-transform|text-decoration|height", re.IGNORECASE)
_DECLARATION = re.compile(r"(?:^|[;\s])([a-z-]{4,30})\s{0,5}:\s{0,5}([^;:]{1,100})", re.IGNORECASE)
_LENGTH = re.compile(r"(\d{0,4}(?:\.\d{1,4})?)(em|rem|ch|px|pt|cm|mm|in)")
_TWIPS = {"em": 240, "rem": 240, "ch": 120, "px": 15, "pt": 20, "cm": 567, "mm": 56.7, "in": 1440}
_SIDES = ("top", "right", "bottom", "left")
_SHORT = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}  # values of "margin" by side
_MOST_CLASSES = 20  # of an element


@dataclass(frozen=True, slots=True)
class Declared:
    """What CSS declares of an element, lengths in twentieths of a point.

    left, first: how far its lines, and besides that its first, begin to the right. above, below: how far it is from
    what is before and after it; None: that is not said. height: its own, 0 where it is as high as its text. look: see
    `with_declarations`.
    """

    left: int = 0
    first: int = 0
    above: int | None = None
    below: int | None = None
    height: int = 0
    look: Mapping[str, str] = field(default_factory=dict)


def styles_of(sheets: Iterable[str]) -> dict[str, str]:
    """Return the declarations of each class and each element; of one that is set twice, both in order.

    >>> styles_of(["p.verso, .i2 { text-indent: 2em } /* .x{margin-left:1em} */ .c {color: red} body p {margin:0}"])
    {'.verso': ' text-indent: 2em ', '.i2': ' text-indent: 2em ', 'p': 'margin:0'}
    """
    styles: dict[str, str] = {}
    left = MOST
    for sheet in sheets:
        text, left = sheet[:left], max(0, left - len(sheet))
        for rule in _RULE.finditer(_COMMENT.sub("", text)):
            if not _READ.search(rule[2]):
                continue
            for selector in rule[1].split(","):
                match = _CLASS.search(selector.strip()) or _TAG.fullmatch(selector.strip())
                if match:
                    name = match[1] if match[1].startswith(".") else match[1].lower()
                    styles[name] = f"{styles[name]};{rule[2]}" if name in styles else rule[2]
    return styles


def declared_of(tag: str, attributes: Mapping[str, str], styles: Mapping[str, str] = MappingProxyType({})) -> Declared:
    """What is declared of an element, by its kind, then its classes, then its own style.

    >>> styles = {"p": "margin: 0 1em", ".a": "margin-top: 9pt"}
    >>> css = declared_of("p", {"class": "a", "style": "margin-left: 4em"}, styles); css.left, css.above, css.below
    (960, 180, 0)
    """
    names = ("*", tag, *(f".{name}" for name in attributes.get("class", "").split()[:_MOST_CLASSES]))
    own = attributes.get("style", "")
    read = [style for name in names if (style := styles.get(name))] if styles else []
    return _parsed(";".join([*read, own])) if read or own else _NOTHING


_NOTHING = Declared()


@lru_cache(maxsize=1024)
def _parsed(style: str) -> Declared:
    lengths: dict[str, int] = {}
    look: dict[str, str] = {}
    for match in _DECLARATION.finditer(style):  # what is said last holds
        name, value = match[1].lower(), match[2].replace("!important", "").strip().lower()
        if name in DECLARATIONS:
            look[name] = value
        elif name in {"margin", "padding"}:
            values = value.split()
            for side, index in zip(_SIDES, _SHORT.get(len(values), ()), strict=False):
                lengths[f"{name}-{side}"] = _twips(values[index]) or 0
        elif (length := _twips(value)) is not None:
            lengths[name] = length
    left = (lengths.get(name, 0) for name in ("margin-left", "padding-left", "margin-inline-start"))
    above, below = (
        sum(lengths.get(f"{name}-{side}", 0) for name in ("margin", "padding")) if f"margin-{side}" in lengths else None
        for side in ("top", "bottom")
    )
    return Declared(sum(left), lengths.get("text-indent", 0), above, below, lengths.get("height", 0), look)


def _twips(value: str) -> int | None:
    match = _LENGTH.fullmatch(value)
    if match is None or not match[1]:
        return 0 if value.strip("0.") == "" else None
    return round(float(match[1]) * _TWIPS[match[2]])
