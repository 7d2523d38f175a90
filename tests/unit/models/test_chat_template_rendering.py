"""A model's chat template is a program of its maker's: tried when it is installed, cut off where it does not end."""

import json
import shutil
import time

import pytest
import torch

from poetas.generation.chat_encoding import conversation_ids
from poetas.generation.model import load_model
from poetas.generation.tokenizer_loading import load_tokenizer
from poetas.models.chat_template_rendering import asked, pieces
from poetas.models.entry import ModelEntry
from poetas.models.errors import BrokenModel
from poetas.models.install import install
from poetas.models.model_store import is_whole
from poetas.models.sources.base import FetchedFiles
from tests.tiny_gguf import write_tiny_gguf
from tests.tiny_model import CHAT_TEMPLATE, build_tiny_model
from tests.unit.converting import nothing

pytestmark = pytest.mark.slow

SAID = "{% for m in messages %}{{ m['content'] }}{% endfor %}"
HOSTILE = {
    "loop": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}" + SAID,
    "power": "{% set a = 9 ** (9 ** 9) %}" + SAID,
    "memory": "{% set a = 'a' * 3000000000 %}" + SAID,
    "flood": SAID + "{{ 'a' * 30000 }}",
    "raise": "{{ raise_exception('no') }}",
    "syntax": "{% for %}",
    "hole": SAID + "\ue000999\ue001",
    "wide hole": SAID + "\ue000٣\ue001\ue000" + "9" * 5000 + "\ue001" + SAID,
    "repeated": SAID + SAID,
    "lost": "hola",
    "backwards": "{% for m in messages|reverse %}{{ m['content'] }}{% endfor %}",
    "no default": [{"name": "rag", "template": SAID}],
    "no template": 3,
}


def with_template(folder, template):
    path = folder / "tokenizer_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "chat_template": template}), "utf-8")
    return folder


def installed(source, folder):
    entry = ModelEntry.from_dict({"id": "casa/mini", "licence": "MIT"})
    return install(entry, FetchedFiles(source, None, "tests", {}), folder, accepted=None, say=nothing)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A model that chats, as it lies on this machine; not to be changed."""
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny", chat=True)


# Those that spend the processor's time or the memory: what ends them is the process that production starts.
GREEDY = {"loop", "power", "memory"}


@pytest.mark.parametrize(
    "how", [pytest.param(how, marks=pytest.mark.cold) if how in GREEDY else how for how in HOSTILE]
)
def test_a_template_that_does_not_work_is_refused_when_its_model_is_installed(hub, tmp_path, how):
    begun = time.monotonic()
    with pytest.raises(BrokenModel) as refusal:
        installed(with_template(hub, HOSTILE[how]), tmp_path / "casa--mini")
    assert time.monotonic() - begun < 60
    assert refusal.value.explanation.remedy
    assert not is_whole(tmp_path / "casa--mini")


@pytest.mark.parametrize("how", [how for how in HOSTILE if how not in {"loop", "power"}])  # they take their seconds
def test_a_model_whose_template_was_changed_later_neither_hangs_nor_raises_raw(tiny, tmp_path, how):
    folder = with_template(shutil.copytree(tiny, tmp_path / "tiny"), HOSTILE[how])
    begun = time.monotonic()
    with pytest.raises(BrokenModel):
        load_model(folder, device="cpu", dtype=torch.float32)
    assert time.monotonic() - begun < 60


def test_a_template_of_a_gguf_is_tried_too(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.tiny_model.CHAT_TEMPLATE", HOSTILE["lost"])
    gguf = write_tiny_gguf(tmp_path / "tiny.gguf", scratch=tmp_path / "hub")
    entry = ModelEntry.from_dict({"id": "casa/mini", "licence": "MIT"})
    with pytest.raises(BrokenModel) as refusal:
        install(entry, FetchedFiles(tmp_path, gguf, "tests", {}), tmp_path / "mini", accepted=None, say=nothing)
    assert "plantilla" in refusal.value.explanation.what


def test_a_template_that_works_is_installed_and_shows_each_turn_once(whole, tmp_path):
    assert installed(whole, tmp_path / "casa--mini").prompt_style == "chat"
    tokenizer = load_tokenizer(tmp_path / "casa--mini")
    roles, answer = asked(6)
    shown = pieces(tokenizer, roles, answer=answer)
    assert [part for part in shown if isinstance(part, int)] == list(range(13))
    words = [(role, f"palabra {index}") for index, role in enumerate(roles)]
    page = tokenizer.apply_chat_template(
        [{"role": role, "content": text} for role, text in words], tokenize=False, add_generation_prompt=True
    )
    assert "".join(part if isinstance(part, str) else words[part][1] for part in shown) == page
    assert tokenizer.backend_tokenizer.decode(conversation_ids(tokenizer, words), skip_special_tokens=False) == page


def test_one_that_refuses_examples_can_be_installed_and_asked_without(tiny, tmp_path):
    alone = "{% if messages|length > 2 %}{{ raise_exception('one question only') }}{% endif %}" + CHAT_TEMPLATE
    folder = with_template(shutil.copytree(tiny, tmp_path / "tiny"), alone)
    model = load_model(folder, device="cpu", dtype=torch.float32)
    assert conversation_ids(model.tokenizer, [("user", "Hola")])
    with pytest.raises(BrokenModel) as refusal:
        conversation_ids(model.tokenizer, [("user", "a"), ("assistant", "b"), ("user", "c")])
    assert "one question only" in refusal.value.explanation.detail
