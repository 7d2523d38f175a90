"""Fixtures of the generation tests: a tiny model's folder, and the model in float32."""

from pathlib import Path

import pytest
import torch

from poetas.generation.model import LanguageModel, load_model
from tests.tiny_model import build_tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def tiny(folder: Path) -> LanguageModel:
    return load_model(folder, device="cpu", dtype=torch.float32)
