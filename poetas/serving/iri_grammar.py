"""Deferred import of ``rfc3987_syntax``, which compiles its grammars for some 2.5 s of processor time when imported.

jsonschema imports it wherever Jupyter starts, for the formats ``iri`` and ``iri-reference``, which no schema of
Jupyter's has. Here it is imported by the first text that is checked for one of them.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType

_NAME = "rfc3987_syntax"


class _Deferred(ModuleType):
    def is_valid_syntax(self, term: str, text: str) -> bool:
        """Tell whether a text is a ``term`` of RFC 3987, as the module itself does."""
        if sys.modules.get(_NAME) is self:
            del sys.modules[_NAME]
        valid: bool = importlib.import_module(_NAME).is_valid_syntax(term, text)
        return valid


def defer() -> None:
    """Let jsonschema, if it is not imported yet, take the checker without importing its grammars."""
    if _NAME not in sys.modules and (spec := importlib.util.find_spec(_NAME)):
        module = sys.modules[_NAME] = _Deferred(_NAME)
        module.__spec__ = spec
