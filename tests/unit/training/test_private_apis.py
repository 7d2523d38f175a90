"""Private names of libraries: only those of the table, and only where the table says; all exist as installed."""

from __future__ import annotations

import ast
from pathlib import Path

import peft
import pytest
import transformers
from peft.tuners.lora import LoraLayer, LoraModel

from poetas.training.private_apis import PRIVATE_APIS
from tests.paths import ROOT

CLASSES = (
    transformers.Trainer,
    transformers.Seq2SeqTrainer,
    transformers.TrainingArguments,
    transformers.TrainerState,
    transformers.DynamicCache,
    transformers.PreTrainedModel,
    transformers.PreTrainedTokenizerFast,
    peft.PeftModel,
    peft.LoraConfig,
    LoraLayer,
    LoraModel,
)
FOLDERS = ("poetas/training", "poetas/generation", "poetas/evaluation", "poetas/models", "poetas/recipes")
TABLE = "poetas/training/private_apis.py"


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@pytest.mark.parametrize("name", PRIVATE_APIS)
def test_a_private_name_of_the_table_is_there_in_the_installed_version(name):
    owner, attribute = name.split(".")
    value = getattr(transformers, owner)
    if attribute == "_n_gpu":  # made when the device is set up
        value = value(output_dir="/nowhere", use_cpu=True)
        assert isinstance(value.n_gpu, int)
    assert hasattr(value, attribute)


def own_names(tree: ast.AST) -> set[str]:
    """Private names that a module gives to what is its own: functions, attributes of self, variables."""
    trainers = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any("Trainer" in ast.unparse(base) for base in node.bases)
    }
    own = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name not in trainers:
            own |= {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            own.add(node.attr)
    return own


def foreign_names(path: Path) -> set[str]:
    """Private names of the libraries' classes that a module overrides, reads or sets."""
    tree = ast.parse(path.read_text("utf-8"))
    theirs = {name for owner in CLASSES for name in dir(owner) if is_private(name)} | {"_n_gpu"}
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.ClassDef) and any("Trainer" in ast.unparse(base) for base in node.bases):
            used |= {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    return {name for name in used & theirs if is_private(name)} - own_names(tree)


def test_no_private_name_is_used_that_the_table_does_not_hold():
    names = {name.split(".")[1] for name in PRIVATE_APIS}
    found = {
        str(path.relative_to(ROOT)): used
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (used := foreign_names(path))
    }
    assert set().union(*found.values()) == names, "the table holds what is used, and nothing else"
    assert set(found) == {TABLE, "poetas/training/trainer.py"}


def test_private_modules_of_the_libraries_are_not_imported():
    imported = {
        f"{path.relative_to(ROOT)}: {node.module}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        if node.module.split(".")[0] in {"transformers", "peft", "accelerate"}
        if any(is_private(part) for part in [*node.module.split("."), *(alias.name for alias in node.names)])
    }
    assert not imported


def test_the_versions_of_what_is_used_privately_are_bounded_above():
    lines = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '"transformers>=5,<5.24"' in lines
    assert '"peft>=0.18,<0.22"' in lines
