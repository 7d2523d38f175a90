"""Tokenizers of every kind, each as app 2 and as training open it."""

from types import SimpleNamespace

import pytest
from tokenizers import Tokenizer as Backend

from poetas.tokens.tokenizer import Tokenizer
from tests.embedded import EMBEDDED, embedded_model
from tests.tiny_model import train_tokenizer
from tests.unit.tokens.test_tokens import byte_fallback, trimming

MADE = {"bytes": train_tokenizer, "fallback": byte_fallback, "trimming": trimming}
EVERY = [*MADE, *(pytest.param(name, marks=pytest.mark.embedded) for name in EMBEDDED)]


class Trained(SimpleNamespace):
    """What training needs of a tokenizer: the backend, and the id of the token that ends a text."""


@pytest.fixture(scope="session", params=EVERY)
def pair(request, tmp_path_factory):
    """The tokenizer as app 2 opens it, and the same file as training opens it, each with its own backend."""
    if request.param in MADE:
        folder = tmp_path_factory.mktemp(request.param)
        MADE[request.param]().save(str(folder / "tokenizer.json"))
    else:
        folder = embedded_model(request.param)
    backend = Backend.from_file(str(folder / "tokenizer.json"))
    return Tokenizer.open(folder), Trained(backend_tokenizer=backend, eos_token_id=1)
