"""The components of the apps: each one a widget that works in any notebook.

    from widgets import App, StepCard, TokenizerView

Names are imported when first used, so that a page loads only the components it shows.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Adding a component is a new file and a line here.
_COMPONENTS = {
    "App": "core.app_header",
    "Bars": "controls.bar_list.bar_list",
    "Beforehand": "train.baseline_samples",
    "BettingPicture": "explore.next_token.prediction_picture",
    "CodeOfStep": "core.step_code",
    "ColumnMapper": "prepare.column_mapper",
    "Desk": "core.page_context",
    "Dial": "controls.slider_field",
    "Download": "controls.download.download",
    "EraseMyData": "train.erase_my_data",
    "ErrorCard": "core.error_card",
    "FilePicker": "prepare.file_picker.file_picker",
    "Glossary": "course.glossary",
    "Guess": "controls.prediction_prompt",
    "Hyperparameters": "train.hyperparameters",
    "JobCard": "controls.job_card",
    "LengthChart": "prepare.lengths.length_chart",
    "LossChart": "train.loss_chart.loss_chart",
    "ModelPicker": "explore.model_picker.model_picker",
    "NextTokenChart": "explore.next_token.next_token_chart",
    "Pump": "core.poller",
    "SamplingControls": "explore.next_token.sampling_controls",
    "SaveDataset": "prepare.save_dataset",
    "Scoreboard": "train.evaluation.scoreboard",
    "SplitControls": "prepare.split.split_controls",
    "StepCard": "core.step_card",
    "TokenizerView": "prepare.tokenizer_view.tokenizer_view",
    "TrainingDesk": "train.training_panel",
    "TryIt": "train.try_it.try_it",
    "Undo": "core.undo",
    "WhatISaw": "core.explanation",
    "WorkTable": "train.data_and_model",
}

__all__ = sorted(_COMPONENTS)  # noqa: PLE0605  (the table is the list)


def __getattr__(name: str) -> Any:
    if name not in _COMPONENTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"widgets.{_COMPONENTS[name]}"), name)
    globals()[name] = value
    return value
