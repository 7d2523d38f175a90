"""Classes of a style sheet: CSS in; for each class the declarations that indent its lines out."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 2_000_000  # characters that are read of all sheets: a book's have a few thousand
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]{1,1000})\{([^{}]{0,5000})\}")
_CLASS = re.compile(r"(?:^|[\s>+~])[a-z0-9]{0,10}\.([\w-]{1,100})$", re.IGNORECASE)
_INDENTING = re.compile(r"margin|padding|text-indent", re.IGNORECASE)


def indenting_classes(sheets: Iterable[str]) -> dict[str, str]:
    """Return the declarations of each class that moves lines to the right; of one that is set twice, both in order.

    >>> indenting_classes(["p.verso, .i2 { text-indent: 2em } /* .x{margin-left:1em} */ .c {color: red}"])
    {'verso': ' text-indent: 2em ', 'i2': ' text-indent: 2em '}
    """
    classes: dict[str, str] = {}
    left = MOST
    for sheet in sheets:
        text, left = sheet[:left], max(0, left - len(sheet))
        for rule in _RULE.finditer(_COMMENT.sub("", text)):
            if not _INDENTING.search(rule[2]):
                continue
            for selector in rule[1].split(","):
                if match := _CLASS.search(selector.strip()):
                    classes[match[1]] = f"{classes[match[1]]};{rule[2]}" if match[1] in classes else rule[2]
    return classes
