"""Registry of the bundled sample datasets: name, title, language, task and file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.i18n import _
from poetas.util.files import sha256
from poetas.util.resources import folder


@dataclass(frozen=True, slots=True)
class SampleDataset:
    """A bundled sample dataset.

    title: for the learner. language: "es" or "en". task: "summary" or "style". path: of the file.
    """

    name: str
    title: str
    language: str
    task: str
    path: Path

    @property
    def origin(self) -> str:
        """Who wrote it, in one sentence."""
        return _("Estos textos los escribió un modelo de lenguaje para este curso.")

    @property
    def card(self) -> str:
        """Its README in Markdown: contents, authorship, licence, limitations."""
        return (self.path.parent / "README.md").read_text("utf-8")


def samples() -> list[SampleDataset]:
    """List the samples, the one for the main task first.

    >>> [(sample.name, sample.path.is_file()) for sample in samples()]
    [('noticias', True), ('coplas', True), ('stories', True)]
    """
    root = folder("samples")
    return [
        SampleDataset(
            "noticias", _("Noticias de pueblos que no existen"), "es", "summary", root / "noticias" / "noticias.csv"
        ),
        SampleDataset("coplas", _("Coplas de una cartera rural"), "es", "style", root / "coplas" / "coplas.txt"),
        SampleDataset("stories", _("Cuentos breves, en inglés"), "en", "summary", root / "stories" / "stories.jsonl"),
    ]


def sample(name: str) -> SampleDataset:
    """Return a sample by name. Raises KeyError.

    >>> sample("coplas").task
    'style'
    """
    return {entry.name: entry for entry in samples()}[name]


@lru_cache(maxsize=1)
def sample_checksums() -> frozenset[str]:
    """Return the SHA-256 of every sample's file: a dataset whose source has one of them was made from a sample."""
    return frozenset(sha256(entry.path) for entry in samples())


def own_texts(dataset: DatasetSummary | None) -> bool | None:
    """Tell whether a dataset was made from a file that is no sample; None where that is not known.

    >>> own_texts(None) is None
    True
    """
    if dataset is None or not dataset.source_sha256:
        return None
    return dataset.source_sha256 not in sample_checksums()
