"""Writing many texts at once gives what writing them one by one gives; scores are what the model computes."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch

from poetas.generation import kv_cache_decoding
from poetas.generation.batch_generation import generate_texts
from poetas.generation.errors import NotFinite
from poetas.generation.incremental_detokenizer import IncrementalDetokenizer
from poetas.generation.kv_cache_decoding import KVCacheDecoder, shared_prefix_length
from poetas.generation.log_likelihood import log_likelihoods, summed
from poetas.generation.model import LanguageModel, load_model
from poetas.generation.sampling import GenerationSettings
from tests.tiny_model import build_tiny_model

PROMPTS = [list(range(10, 10 + count)) for count in (3, 50, 7, 20, 33, 41, 9, 50)]


pytestmark = pytest.mark.usefixtures("one_core")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    return load_model(build_tiny_model(tmp_path_factory.mktemp("tiny")), device="cpu", dtype=torch.float32)


def written(tiny: LanguageModel, settings: GenerationSettings, **options: object) -> dict[int, tuple[str, int, bool]]:
    result = generate_texts(tiny, PROMPTS, settings, **options)
    return {text.index: (text.text, text.tokens, text.complete) for text in result}


def by_hand(tiny: LanguageModel, prompt: list[int], count: int) -> list[int]:
    """Greedy decoding without cache, mask, padding or batch: the oracle."""
    ids = list(prompt)
    with torch.no_grad():
        for _ in range(count):
            token = int(tiny.model(torch.tensor([ids])).logits[0, -1].argmax())
            if token in tiny.ends:
                break
            ids.append(token)
    return ids[len(prompt) :]


@pytest.mark.parametrize("read", [1, 120, 4_096])
def test_a_batch_writes_what_each_prompt_alone_would(
    tiny: LanguageModel, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kv_cache_decoding, "READ", read)  # tokens: each prompt alone, two together, all
    result = written(tiny, GenerationSettings(max_tokens=25), stop="")
    for index, prompt in enumerate(PROMPTS):
        expected = tiny.tokenizer.decode(by_hand(tiny, prompt, 25), skip_special_tokens=True).strip()
        assert result[index][0] == expected


@pytest.mark.parametrize(("read", "after"), [(4_096, [(4, 40)]), (130, [(3, 40), (1, 40)])])
def test_a_beginning_that_all_share_is_read_once_and_changes_nothing(
    tiny: LanguageModel, read: int, after: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kv_cache_decoding, "READ", read)
    prompts = [[*range(100, 180), *tail] for tail in ([5], [9, 8, 7], list(range(20, 60)), [5, 6])]
    assert shared_prefix_length(prompts) == 80
    sizes: list[tuple[int, ...]] = []
    hook = tiny.model.get_input_embeddings().register_forward_hook(lambda _m, given, _o: sizes.append(given[0].shape))
    try:
        texts = {text.index: text for text in generate_texts(tiny, prompts, GenerationSettings(max_tokens=12), stop="")}
    finally:
        hook.remove()
    assert sizes[: 1 + len(after)] == [(1, 80), *after]
    for index, prompt in enumerate(prompts):
        expected = tiny.tokenizer.decode(by_hand(tiny, prompt, 12), skip_special_tokens=True).strip()
        assert texts[index].text == expected
    assert shared_prefix_length([[*range(40), 1], [*range(40), *range(60)]]) == 0  # padding would not fit


@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_the_result_depends_neither_on_the_batch_nor_on_the_order(tiny: LanguageModel, temperature: float) -> None:
    settings = GenerationSettings(temperature=temperature, top_k=40, top_p=0.95, max_tokens=20, seed=5)
    whole = written(tiny, settings)
    assert whole == written(tiny, settings, rows=1) == written(tiny, settings, rows=3)


def test_the_seed_repeats_a_text_and_another_seed_writes_another(tiny: LanguageModel) -> None:
    hot = GenerationSettings(temperature=2, max_tokens=20, seed=1)
    assert written(tiny, hot) == written(tiny, hot)
    assert written(tiny, hot) != written(tiny, GenerationSettings(temperature=2, max_tokens=20, seed=2))


def test_a_text_ends_at_the_stop_once_something_was_written(tiny: LanguageModel) -> None:
    free = written(tiny, GenerationSettings(max_tokens=40), stop="")
    letter = next(item for item in "aeos" if sum(item in text[0][3:] for text in free.values()) >= 3)
    stopped = written(tiny, GenerationSettings(max_tokens=40), stop=letter)
    for index, (text, tokens, _) in free.items():
        assert stopped[index][0] == text.split(letter)[0].strip()
        if letter in text:
            assert stopped[index][2]
            assert stopped[index][1] <= tokens
    assert sum(stopped[index][1] < tokens for index, (_, tokens, _) in free.items()) >= 3, "the rest is not written"


def test_texts_end_where_the_model_says_so_and_rows_that_ended_do_not_disturb_others(tiny: LanguageModel) -> None:
    greedy = [by_hand(tiny, prompt, 12) for prompt in PROMPTS]
    ends = sorted({ids[3] for ids in greedy if len(ids) > 3})[:4]  # tokens that will come: let them be ends
    before = tiny.ends
    tiny.ends = sorted({*before, *ends})
    try:
        result = written(tiny, GenerationSettings(max_tokens=12), stop="")
        expected = [by_hand(tiny, prompt, 12) for prompt in PROMPTS]
    finally:
        tiny.ends = before
    assert sum(complete for *_, complete in result.values()) >= 3
    for index, ids in enumerate(expected):
        assert result[index] == (tiny.tokenizer.decode(ids, skip_special_tokens=True).strip(), len(ids), len(ids) < 12)


def test_the_limit_is_the_same_for_every_text_and_is_reported(tiny: LanguageModel) -> None:
    result = written(tiny, GenerationSettings(max_tokens=7), stop="")
    assert len(result) == len(PROMPTS)
    for text, tokens, complete in result.values():
        assert tokens <= 7
        assert complete or tokens == 7
        assert text


def test_no_sequence_comes_twice_where_that_is_asked(tiny: LanguageModel) -> None:
    ids = []
    for text in generate_texts(tiny, PROMPTS[:3], GenerationSettings(max_tokens=60), stop="", unrepeated=2):
        assert text.tokens > 20
        ids.append(text)
    free = list(generate_texts(tiny, PROMPTS[:3], GenerationSettings(max_tokens=60), stop=""))
    assert [text.text for text in ids] != [text.text for text in free]  # this tiny model does repeat itself
    with torch.inference_mode():
        writing, seen = KVCacheDecoder(tiny, [PROMPTS[0]]), []
        from poetas.generation.no_repeat_ngram import repeating_tokens

        for _ in range(60):
            banned = repeating_tokens(seen, 2)
            writing.logits[0, banned] = -torch.inf
            seen.append(int(writing.logits[0].argmax()))
            writing.step(seen[-1:])
    pairs = list(itertools.pairwise(seen))
    assert len(pairs) == len(set(pairs))


def test_where_only_some_are_wanted_they_are_written_beside_the_same_others_by_the_same_chance(
    tiny: LanguageModel,
) -> None:
    """In bfloat16 a word may depend on what is beside a text, so a batch of which one is wanted is written whole."""
    settings = GenerationSettings(temperature=1.0, max_tokens=6, seed=3)
    whole = written(tiny, settings, rows=3, stop="")
    reported: list[tuple[int, int]] = []
    rows: list[int] = []
    hook = tiny.model.get_input_embeddings().register_forward_hook(lambda _m, given, _o: rows.append(len(given[0])))
    try:
        chosen = written(tiny, settings, rows=3, stop="", indices=[2, 6], progress=lambda *now: reported.append(now))
    finally:
        hook.remove()
    assert chosen == {index: whole[index] for index in (2, 6)}
    assert reported == [(1, 2), (2, 2)]
    assert rows[0] == 3, "the batch of the three shortest"
    assert len(rows) == 1 + settings.max_tokens, "it is read and goes on; no other batch is"


def test_progress_counts_up_and_stopping_ends_it_between_tokens(tiny: LanguageModel) -> None:
    reported: list[tuple[int, int]] = []
    list(
        generate_texts(
            tiny, PROMPTS, GenerationSettings(max_tokens=5), rows=3, progress=lambda *now: reported.append(now)
        )
    )
    assert reported == [(done, len(PROMPTS)) for done in range(1, len(PROMPTS) + 1)]
    asked = iter([False] * 8 + [True] * 1000)
    partial = list(
        generate_texts(tiny, PROMPTS, GenerationSettings(max_tokens=6), rows=2, stop="", stopping=lambda: next(asked))
    )
    assert 0 < len(partial) < len(PROMPTS)


def test_a_model_that_gives_no_numbers_is_a_card(tmp_path: Path) -> None:
    broken = load_model(build_tiny_model(tmp_path), device="cpu", dtype=torch.float32)
    with torch.no_grad():
        broken.model.get_input_embeddings().weight[12] = torch.nan
    with pytest.raises(NotFinite):
        list(generate_texts(broken, PROMPTS, GenerationSettings(max_tokens=3)))


def test_scores_are_the_log_softmax_of_the_model(tiny: LanguageModel) -> None:
    prefix = [5, 6, 7, 300, 20]
    continuations = [[10, 11, 12], [44], list(range(100, 300)), [], [10, 11, 13]]
    result = log_likelihoods(tiny, prefix, continuations)
    for scores, ids in zip(result, continuations, strict=True):
        assert len(scores) == len(ids)
        if ids:
            with torch.no_grad():
                exact = torch.log_softmax(tiny.model(torch.tensor([prefix + ids])).logits[0].double(), -1)
            expected = [float(exact[len(prefix) - 1 + index, token]) for index, token in enumerate(ids)]
            assert np.abs(scores - expected).max() < 1e-4
    assert summed(result)["tokens"].tolist() == [3, 1, 200, 0, 3]
    assert summed(result)["total"][3] == summed(result)["mean"][3] == 0


def test_the_probabilities_of_all_next_tokens_sum_to_one(tiny: LanguageModel) -> None:
    every = [[token] for token in range(tiny.model.config.vocab_size)]
    result = np.concatenate(log_likelihoods(tiny, PROMPTS[0], every))
    assert np.exp(result).sum() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("text", ["mate 🧉 y ñandú, 漢字", "  dos blancos", "uno\n\ndos\t", "café\u0301"])
def test_a_streamed_text_comes_in_whole_characters_and_loses_none(tiny: LanguageModel, text: str) -> None:
    ids = tiny.tokenizer.encode(text, add_special_tokens=False)
    for before in (None, tiny.tokenizer.encode("a", add_special_tokens=False)[0]):
        streamed = IncrementalDetokenizer(tiny.tokenizer, before)
        bits = [streamed.push(token) for token in ids]
        assert "".join(bits) == text
        assert not any("\N{REPLACEMENT CHARACTER}" in bit for bit in bits)
        assert streamed.rest() == ""


def test_bytes_that_never_become_a_character_are_given_out_at_the_end(tiny: LanguageModel) -> None:
    ids = tiny.tokenizer.encode("🧉", add_special_tokens=False)
    assert len(ids) > 1
    streamed = IncrementalDetokenizer(tiny.tokenizer)
    assert "".join(streamed.push(token) for token in ids[:-1]) == ""
    assert set(streamed.rest()) == {"\N{REPLACEMENT CHARACTER}"}


def test_pieces_show_blanks_and_lone_bytes_as_they_are(tiny: LanguageModel) -> None:
    assert "".join(tiny.pieces.cut("La panadera del barrio.")) == "La panadera del barrio."
    assert tiny.pieces.cut(" la")[0].startswith(" ")
    assert "".join(tiny.pieces.cut("🧉")) == "⟨0xF0⟩⟨0x9F⟩⟨0xA7⟩⟨0x89⟩"
    assert tiny.pieces.text(tiny.tokenizer.eos_token_id) == "</s>"
    assert tiny.pieces.text(10**6) == ""
