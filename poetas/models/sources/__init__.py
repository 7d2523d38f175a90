"""Sources of models, one module each, in the order in which they are tried.

Adding one means adding a file and a line in the table.
"""

from __future__ import annotations

from typing import Any, Protocol

from poetas.models.sources.base import Source
from poetas.models.sources.folder import Folder
from poetas.models.sources.hub import Hub
from poetas.models.sources.wheels import Wheels


class SourceKind(Protocol):
    """A kind of source: reads itself from its table in the catalogue."""

    def parse(self, table: Any, /) -> Source:
        """Read a source."""


SOURCES: dict[str, SourceKind] = {"folder": Folder, "hub": Hub, "wheels": Wheels}
