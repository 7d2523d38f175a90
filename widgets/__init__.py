"""The components of the apps: each one a widget that works in any notebook.

    from widgets import App, StepCard, TokenizerView

Names are imported when first used, so that a page loads only the components it shows.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Adding a component is a new file and a line here.
_COMPONENTS = {
    "App": "app",
    "Bars": "bars",
    "Beforehand": "beforehand",
    "BettingPicture": "betting_picture",
    "CodeOfStep": "code_of_step",
    "ColumnMapper": "column_mapper",
    "Desk": "desk",
    "Dial": "dial",
    "Download": "download",
    "EraseMyData": "erase_my_data",
    "ErrorCard": "error_card",
    "FilePicker": "file_picker",
    "Glossary": "glossary",
    "Guess": "guess",
    "Hyperparameters": "hyperparameters",
    "JobCard": "job_card",
    "LengthChart": "length_chart",
    "LossChart": "loss_chart",
    "ModelPicker": "model_picker",
    "NextTokenChart": "next_token_chart",
    "Pump": "pump",
    "SamplingControls": "sampling_controls",
    "SaveDataset": "save_dataset",
    "Scoreboard": "scoreboard",
    "SplitControls": "split_controls",
    "StepCard": "step_card",
    "TokenizerView": "tokenizer_view",
    "TrainingDesk": "training_desk",
    "TryIt": "try_it",
    "Undo": "undo",
    "WhatISaw": "what_i_saw",
    "WorkTable": "work_table",
}

__all__ = sorted(_COMPONENTS)  # noqa: PLE0605  (the table is the list)


def __getattr__(name: str) -> Any:
    if name not in _COMPONENTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"widgets.{_COMPONENTS[name]}"), name)
    globals()[name] = value
    return value
