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
    "BarList": "controls.bar_list.bar_list",
    "BaselineSamples": "train.baseline_samples",
    "ColumnMapper": "prepare.column_mapper",
    "DataAndModel": "train.data_and_model",
    "Download": "controls.download.download",
    "EraseMyData": "train.erase_my_data",
    "ErrorCard": "core.error_card",
    "FilePicker": "prepare.file_picker.file_picker",
    "Glossary": "course.glossary",
    "Hyperparameters": "train.hyperparameters",
    "JobCard": "controls.job_card",
    "LengthChart": "prepare.lengths.length_chart",
    "LossChart": "train.loss_chart.loss_chart",
    "ModelPicker": "explore.model_picker.model_picker",
    "NextTokenChart": "explore.next_token.next_token_chart",
    "PageContext": "core.page_context",
    "Poller": "core.poller",
    "PredictionPicture": "explore.next_token.prediction_picture",
    "PredictionPrompt": "controls.prediction_prompt",
    "SamplingControls": "explore.next_token.sampling_controls",
    "SaveDataset": "prepare.save_dataset",
    "Scoreboard": "train.evaluation.scoreboard",
    "SliderField": "controls.slider_field",
    "SplitControls": "prepare.split.split_controls",
    "StepCard": "core.step_card",
    "StepCode": "core.step_code",
    "StepNote": "core.explanation",
    "TokenizerView": "prepare.tokenizer_view.tokenizer_view",
    "TrainingPanel": "train.training_panel",
    "TryIt": "train.try_it.try_it",
    "Undo": "core.undo",
}

__all__ = sorted(_COMPONENTS)  # noqa: PLE0605  (the table is the list)


def __getattr__(name: str) -> Any:
    if name not in _COMPONENTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"widgets.{_COMPONENTS[name]}"), name)
    globals()[name] = value
    return value
