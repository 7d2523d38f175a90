"""TOML files that anybody may have written: read up to a size, with what is wrong in the reader's words."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from poetas.i18n import _


class UnreadableToml(ValueError):
    """A file is not there, too large, or no TOML. detail: what the system or the parser said."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


def read_toml(path: Path, largest: int) -> tuple[dict[str, Any], bytes]:
    """Return what a file of at most ``largest`` bytes holds, and its bytes. Raises UnreadableToml.

    >>> import tempfile; path = Path(tempfile.mkdtemp()) / "clase.toml"
    >>> _written = path.write_text("version = 1", "utf-8"); read_toml(path, 100)[0]
    {'version': 1}
    """
    try:
        if not path.is_file():
            raise UnreadableToml(_("No está: no hay ningún archivo con ese nombre."))
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise UnreadableToml(_("El sistema operativo no me deja leerlo."), str(error)) from error
    if len(data) > largest:
        raise UnreadableToml(_("Pesa más de lo que puede pesar un archivo así."))
    try:
        return tomllib.loads(data.decode("utf-8-sig")), data
    except (ValueError, RecursionError) as error:
        raise UnreadableToml(_("No es TOML, o no está en UTF-8: {detail}").format(detail=error), str(error)) from error
