"""Recipe values of the steps after a training: the dataset's folder, the model, the adapter in use."""

from __future__ import annotations

from widgets.controls.model_values import model_values
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import adapter_in_use, dataset_in_use, reading_config


def trained_values(context: PageContext, *, reading: bool = False) -> dict[str, object]:
    """Return them by their names in the recipes. reading: with the tokens of a text that the adapter was trained on."""
    work, adapter = dataset_in_use(context), adapter_in_use(context)
    if work is None:
        return model_values(context)
    values: dict[str, object] = {"DATASET": str(work.folder), **model_values(context, work.folder)}
    if adapter is not None:
        values["ADAPTER"] = str(adapter)
        if reading:
            values["LONGEST"] = reading_config(context)["longest"]
    return values
