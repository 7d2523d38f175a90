"""Tokenizers of every kind, each as app 2 and as training open it."""

import functools
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


@pytest.fixture(scope="session")
def opened(tmp_path_factory):
    """Each tokenizer by its name, as app 2 opens it; Gemma's alone takes seconds to read."""

    @functools.cache
    def open_tokenizer(name):
        if name not in MADE:
            return Tokenizer.open(embedded_model(name))
        folder = tmp_path_factory.mktemp(name)
        MADE[name]().save(str(folder / "tokenizer.json"))
        return Tokenizer.open(folder)

    return open_tokenizer


@pytest.fixture(scope="session", params=EVERY)
def pair(request, opened):
    """The tokenizer as app 2 opens it, and the same file as training opens it, each with its own backend."""
    here = opened(request.param)
    return here, Trained(backend_tokenizer=Backend.from_file(str(here._file)), eos_token_id=1)
