"""The cut of a recipe is the app's, but for accents and emoji of several signs, and the recipe says so."""

import ast
from types import SimpleNamespace

import pytest
from transformers import PreTrainedTokenizerFast

from poetas import recipes
from poetas.tokens.tokenizer import FILE, Tokenizer
from tests.tiny_model import train_tokenizer
from tests.unit.tokens.test_tokens import byte_fallback

MADE = {"bytes": train_tokenizer, "fallback": byte_fallback}
CUTS = {"entrena": "recorta", "mejoro": "recorta"}
TEXTS = (
    "Llovió sobre la pampa, y el ombú ñandú.",
    "¿Qué  hora es?\n\nLas tres\ty media.",
    "漢字 y mate: 🧉 🧉",
    "1234 don't",
)
APART = "cafe\u0301 con la \N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4} de siempre"


@pytest.fixture(scope="module", params=MADE)
def pair(request, tmp_path_factory):
    """The tokenizer as a recipe opens it, and as the app does."""
    folder = tmp_path_factory.mktemp(request.param)
    backend = MADE[request.param]()
    backend.save(str(folder / FILE))
    return PreTrainedTokenizerFast(tokenizer_object=backend), Tokenizer.open(folder)


def cut_of(name, tokenizer, longest):
    """The function of a recipe that cuts a text, taken out of its source."""
    tree = ast.parse(recipes.source(name))
    [node] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == CUTS[name]]
    names = {"tokenizer": tokenizer, "LONGEST": longest}
    exec(compile(ast.Module([node], []), name, "exec"), names)
    return names[CUTS[name]]


@pytest.mark.parametrize("name", CUTS)
@pytest.mark.parametrize("text", TEXTS)
def test_a_recipe_cuts_where_the_app_does(pair, name, text):
    there, here = pair
    for longest in range(1, here.count(text) + 2):
        assert cut_of(name, there, longest)(text) == here.truncate(text, longest)[0].rstrip(), longest


def test_where_it_does_not_the_app_cuts_earlier_and_the_recipe_says_so(pair):
    there, here = pair
    ends = SimpleNamespace(
        recipe=[cut_of("entrena", there, longest)(APART) for longest in range(1, here.count(APART))],
        app=[here.truncate(APART, longest)[0].rstrip() for longest in range(1, here.count(APART))],
    )
    assert ends.recipe != ends.app
    assert all(len(app) <= len(recipe) for app, recipe in zip(ends.app, ends.recipe, strict=True))
    for name in (*CUTS, "largos"):
        source = " ".join(recipes.source(name).split())
        assert "su acento, o adentro de un emoji" in source
        assert "un poco antes" in source
