"""Publication of the best adapter: ``adapter/`` of a job's folder, copied from the best sealed checkpoint.

What is published follows from the checkpoints. It is derived again when a run resumes and when it ends, because a kill
can fall between a checkpoint's seal and the copy, or in the middle of the copy.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from transformers import TrainerState
from transformers.trainer import TRAINER_STATE_NAME

from poetas.generation.adapter_files import CONFIG, WEIGHTS
from poetas.training.checkpoints import Checkpoint, at_step
from poetas.util.atomic_folder import recover, replacing
from poetas.util.files import sha256

ADAPTER_FOLDER = "adapter"
_FILES = (CONFIG, WEIGHTS)


def publish_adapter(source: Path, target: Path) -> None:
    """Copy a saved adapter to ``target`` so that readers find the old one or the new one, whole.

    Called by the job's first process only, which holds the job's lock: see `replacing`.
    """
    with replacing(target, file_mode=0o600) as folder:
        for name in _FILES:
            shutil.copyfile(source / name, folder / name)


def publish_best(job: Path, checkpoint: Checkpoint, best_step: int | None = None) -> int:
    """Publish the adapter of the best step of a run up to ``checkpoint``, unless it is; return the published step.

    job: the job's folder. best_step: None reads it from the checkpoint. Where the best checkpoint is damaged or gone,
    an adapter that is published stays; where none is, ``checkpoint`` is published. What an interrupted publication left
    behind is undone first.
    """
    target = job / ADAPTER_FOLDER
    recover(target)
    best_step = best_step or best_step_of(checkpoint)
    best = checkpoint if best_step == checkpoint.step else at_step(checkpoint.folder.parent, best_step)
    if best is not None and not _is_published(best, target):
        publish_adapter(best.folder, target)
    elif best is None and not all((target / name).is_file() for name in _FILES):
        best_step = checkpoint.step
        publish_adapter(checkpoint.folder, target)
    return best_step


def best_step_of(checkpoint: Checkpoint) -> int:
    """Step of the lowest validation loss that the Trainer had seen when it saved; without one, the checkpoint's own."""
    state = TrainerState.load_from_json(str(checkpoint.folder / TRAINER_STATE_NAME))
    return int(state.best_global_step or checkpoint.step)


def _is_published(checkpoint: Checkpoint, target: Path) -> bool:
    try:
        return all(sha256(target / name) == sha256(checkpoint.folder / name) for name in _FILES)
    except OSError:
        return False
