"""Private names of transformers that this program uses, each with its reason, and the wrappers that use them.

A test compares this table with the code and with the installed version; ``pyproject.toml`` bounds the version above.
Of PEFT and accelerate only public names are used.
"""

from __future__ import annotations

from collections.abc import Mapping

from transformers import TrainingArguments

# "Class.name" of transformers: why no public name does.
PRIVATE_APIS: Mapping[str, str] = {
    "Trainer._get_train_sampler": "the order of each epoch; `get_train_dataloader` would have to be copied whole",
    "Trainer._load_from_checkpoint": "reads the adapter alone; the Trainer would load it through PEFT by another path",
    "Trainer._save_checkpoint": "the seal comes after the last file and before any callback is called",
    "TrainingArguments._n_gpu": "`n_gpu` cannot be set; several GPUs are several processes here, not DataParallel",
}


def use_one_gpu(arguments: TrainingArguments) -> None:
    """Keep the Trainer of a process from wrapping the model in `torch.nn.DataParallel` over all GPUs."""
    if arguments.n_gpu > 1:
        arguments._n_gpu = 1  # noqa: SLF001 - see PRIVATE_APIS
