"""Source of models: folders on this machine, given outright or named in the variable `POETAS_MODEL_FOLDERS`.

For a class without internet, a USB stick, or a model of one's own. Each of the folders listed there (separated as in
`PATH`) may hold one subfolder a model, named by its id with ``--`` for the slash. A page cannot name a folder: on a
class server that would open other people's files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from poetas.i18n import _
from poetas.models.errors import broken_model, unsafe_weights
from poetas.models.folder_errors import (
    folder_empty,
    folder_lacks,
    folder_links_outside,
    folder_missing,
    not_a_folder,
    wrong_copy,
)
from poetas.models.links import links_outside
from poetas.models.sources.base import FetchedFiles, SourceContext
from poetas.util.files import sha256

_TERMS = ("LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE", "NOTICE.md", "NOTICE.txt", "GEMMA_TERMS.html", "README.md")
_TOKENS = ("tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json", "vocab.txt")
_UNSAFE = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack")


def model_folders() -> Iterator[Path]:
    """Yield the folders of models that the environment names and that exist."""
    for name in os.environ.get("POETAS_MODEL_FOLDERS", "").split(os.pathsep):
        if name.strip() and (path := Path(name.strip()).expanduser()).is_dir():
            yield path


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with a model's files, or the one of that name in `POETAS_MODEL_FOLDERS`.

    name: of the subfolder in each of them. path: a folder given outright, or "". sha256: of the GGUF, where
    it is pinned.
    """

    kind: ClassVar[str] = "folder"
    name: str = ""
    path: str = ""
    sha256: str = ""

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Self:
        """Read a source from its table in the catalogue."""
        return cls(name=str(table.get("name", "")), path=str(table.get("path", "")))

    def find(self) -> Path | None:
        """Return the model's folder, or None."""
        paths = [Path(self.path)] if self.path else [root / self.name for root in model_folders()]
        return next((path for path in paths if path.is_dir() and any(_weights(path))), None)

    def available(self) -> bool:
        """Tell whether there is such a folder; one that was given outright is always asked, and says what it lacks."""
        return bool(self.path) or self.find() is not None

    def obtain(self, source_context: SourceContext) -> FetchedFiles:
        """Hand over the folder's files where they are; nothing is copied or changed."""
        folder = Path(self.path) if self.path else self.find()
        if folder is None:
            raise broken_model(self.name, "no folder with weights")
        check(folder)
        weights = sorted(_weights(folder))
        safe = [path for path in weights if path.suffix == ".safetensors"]
        gguf = None if safe else next((path for path in weights if path.suffix == ".gguf"), None)
        if not safe and gguf is None:
            raise unsafe_weights(folder.name, files=", ".join(path.name for path in weights))
        sums = {}
        for path in safe or ([gguf] if gguf else []):
            source_context.say(0, 0, _("Reviso {file}").format(file=path.name))
            sums[path.name] = sha256(path)
        if gguf is not None and self.sha256 and sums[gguf.name] != self.sha256:
            raise wrong_copy(gguf.name, self.sha256, sums[gguf.name])
        terms = {name: folder / name for name in _TERMS if (folder / name).is_file()}
        return FetchedFiles(folder, gguf, f"folder {folder.name}", sums, terms)


def check(folder: Path) -> None:
    """Raise NoModelInFolder where a folder is not there, lacks a part of a model, or links to files outside it."""
    if not folder.exists():
        raise folder_missing(folder)
    if not folder.is_dir():
        raise not_a_folder(folder)
    if not any(folder.iterdir()):
        raise folder_empty(folder)
    if outside := links_outside(folder):
        raise folder_links_outside(folder, ", ".join(outside[:10]))
    kinds = {path.suffix for path in _weights(folder)}
    if not kinds:
        raise folder_lacks(folder, _("el archivo de los pesos, que termina en .safetensors o en .gguf"))
    if ".safetensors" in kinds:  # a GGUF holds everything, and what can run code is refused for that
        if not (folder / "config.json").is_file():
            raise folder_lacks(folder, _("config.json, que dice cómo es el modelo"))
        if not any((folder / name).is_file() for name in _TOKENS):
            raise folder_lacks(folder, _("tokenizer.json, que dice cómo corta el texto"))


def _weights(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.suffix in (".safetensors", ".gguf", *_UNSAFE) and path.is_file())
