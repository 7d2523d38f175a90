"""Tokens: places that tell the truth, cuts between characters, counts that agree, for tiny and real tokenizers."""

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, decoders, models, normalizers, pre_tokenizers
from tokenizers import Tokenizer as Backend

from poetas.data.storage.samples import sample
from poetas.tokens.errors import TokenizerBroken, TokenizerMissing
from poetas.tokens.token_lengths import TokenLengths
from poetas.tokens.tokenizer import Tokenizer, count_words, word_ends
from tests.embedded import EMBEDDED
from tests.tiny_model import TEXT, train_tokenizer

HARD = [
    "",
    " ",
    "Hola, ñandú.",
    "  dos  blancos ",
    "línea\n\notra\r\n\ttab",
    "🦤 y 👩‍👩‍👧‍👦 y 🏳️‍🌈 y 👋🏽",
    "cafe\u0301 con acento suelto",
    "<s>hola</s><eos><|im_end|>",
    "中文 العربية ﷺ \u200b\u00a0fin",
    "\x00\x07",
    "Ñ" * 300,
    "ﬁn de l'œuvre — «así» …",
    "\U0001d518\ue000",
]


def byte_fallback():
    """A small tokenizer of Gemma's kind: blanks become ▁, unknown characters become bytes."""
    words = {"<unk>": 0, **{f"<0x{byte:02X}>": byte + 1 for byte in range(256)}}
    for piece in ("▁", "h", "o", "l", "a", "ñ", "ho", "la", "hola", "▁hola", "\n", ",", "."):
        words.setdefault(piece, len(words))
    merges = [("h", "o"), ("l", "a"), ("ho", "la"), ("▁", "hola")]
    backend = Backend(models.BPE(words, merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    backend.normalizer = normalizers.Replace(" ", "▁")
    backend.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    backend.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    backend.add_special_tokens([AddedToken("<eos>", special=True)])
    return backend


def trimming():
    """A byte-level tokenizer whose places leave the blank before a word out, as RoBERTa's do."""
    backend = train_tokenizer()
    from tokenizers import processors

    backend.post_processor = processors.ByteLevel(trim_offsets=True)
    return backend


KINDS = {"bytes": train_tokenizer, "fallback": byte_fallback, "trimming": trimming}


@pytest.fixture(scope="module")
def made(opened):
    return {kind: opened(kind) for kind in KINDS}


@pytest.fixture(params=[*KINDS, *(pytest.param(name, marks=pytest.mark.embedded) for name in EMBEDDED)])
def tokenizer(request, opened):
    return opened(request.param)


def inside_character(text, index):
    """Tell whether a cut at ``at`` would part what is seen as one character."""
    import unicodedata

    joins = "\u200d\ufe0f\ufe0e"
    return 0 < index < len(text) and (
        bool(unicodedata.combining(text[index]))
        or text[index] in joins
        or text[index - 1] == "\u200d"
        or "\U0001f3fb" <= text[index] <= "\U0001f3ff"
    )


@pytest.mark.parametrize("text", HARD)
def test_pieces_cover_the_text_in_order(tokenizer, text):
    pieces = tokenizer.tokenize(text)
    reached = 0
    for piece in pieces:
        assert 0 <= piece.start <= piece.end <= len(text)
        assert piece.start <= reached, "a character was left out"
        assert piece.end >= reached
        reached = piece.end
    assert reached == len(text)
    assert len(pieces) == tokenizer.count(text)


@pytest.mark.parametrize("text", HARD)
def test_a_piece_is_the_text_it_stands_for_or_says_its_bytes(tokenizer, text):
    pieces = tokenizer.tokenize(text)
    for index, piece in enumerate(pieces):
        alone = (index == 0 or pieces[index - 1].end <= piece.start) and (
            index + 1 == len(pieces) or pieces[index + 1].start >= piece.end
        )
        if alone:
            assert piece.text == text[piece.start : piece.end]
        else:
            assert "⟨0x" in piece.text
        assert " " not in piece.visible
        assert "\n" not in piece.visible


def test_the_bytes_of_a_divided_character_are_its_own(made):
    import re

    for kind in ("bytes", "fallback"):
        pieces = made[kind].tokenize("🦤")
        shown = bytes(int(item, 16) for piece in pieces for item in re.findall(r"⟨0x(..)⟩", piece.text))
        assert shown.decode() == "🦤"
        assert {(piece.start, piece.end) for piece in pieces} == {(0, 1)}


def test_blanks_lines_and_unseen_signs_are_drawn(made):
    drawn = "".join(piece.visible for piece in made["fallback"].tokenize(" hola\n"))
    assert drawn == "␣hola↵"
    assert made["fallback"].tokenize(" hola")[0].text == " hola"


def test_control_tokens_in_a_text_are_text(made):
    for text in ("<s>hola</s>", "<eos>hola"):
        for kind in KINDS:
            pieces = made[kind].tokenize(text)
            assert "".join(piece.text for piece in pieces if "⟨" not in piece.text) == text
            assert len(pieces) > 3


@pytest.mark.parametrize("text", HARD)
def test_a_cut_keeps_and_loses_the_exact_text_and_divides_no_character(tokenizer, text):
    total = tokenizer.count(text)
    reached = 0
    for limit in {*range(min(total, 40)), total - 1, total, total + 5} - {-1}:
        kept, lost = tokenizer.truncate(text, limit)
        assert kept + lost == text
        assert not inside_character(text, len(kept)) or not kept
        assert bool(lost) == (total > limit)
        if kept and lost:
            spans = [piece for piece in tokenizer.tokenize(text) if piece.end <= len(kept)]
            assert len(spans) <= limit
    for limit in range(min(total, 40) + 1):
        now = len(tokenizer.truncate(text, limit)[0])
        assert now >= reached, "a longer limit kept less"
        reached = now


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=60), limit=st.integers(0, 40))
def test_any_text_is_cut_without_loss(made, text, limit):
    for kind in KINDS:
        kept, lost = made[kind].truncate(text, limit)
        assert kept + lost == text
        pieces = made[kind].tokenize(text)
        assert max((piece.end for piece in pieces), default=0) == len(text)


def test_counts_of_many_are_the_counts_of_each(tokenizer):
    counted = tokenizer.counts(HARD * 50)
    assert counted.dtype == np.int64
    assert counted.tolist() == [tokenizer.count(text) for text in HARD] * 50
    assert tokenizer.counts([]).shape == (0,)


def test_lengths_say_what_any_cut_loses(tokenizer):
    texts = [*HARD, *TEXT.strip().split("\n")]
    measured = TokenLengths.measure(tokenizer, texts)
    assert measured.tokens.tolist() == tokenizer.counts(texts).tolist()
    assert measured.words.tolist() == [count_words(text) for text in texts]
    for limit in (0, 1, 2, 5, 9, 17, 30, 1000):
        cost = measured.cost(limit)
        assert cost.texts == sum(tokenizer.count(text) > limit for text in texts)
        assert cost.words == sum(count_words(text) for text in texts)
        ends = [len(tokenizer.truncate(text, limit)[0]) for text in texts]
        lost = [int((word_ends(text) > end).sum()) for text, end in zip(texts, ends, strict=True)]
        assert measured.words_lost(limit).tolist() == lost
        assert cost.words_lost == sum(lost)
    assert 0 <= measured.cost(5).share_lost <= 1


def test_words_cost_tokens(tokenizer):
    text = "hola hola hola"
    assert tokenizer.tokens_per_word([text]) == tokenizer.count(text) / 3
    assert tokenizer.tokens_per_word([]) == tokenizer.tokens_per_word(["  "]) == 0.0


def test_a_file_that_cuts_and_pads_by_itself_does_neither(tmp_path):
    backend = train_tokenizer()
    backend.enable_truncation(4)
    backend.enable_padding(length=12)
    backend.save(str(tmp_path / "tokenizer.json"))
    result = Tokenizer.open(tmp_path)
    text = "La panadera del barrio abre antes de que salga el sol."
    assert result.count(text) == train_tokenizer().encode(text).__len__()
    assert result.counts([text, "a"]).tolist() == [result.count(text), result.count("a")]


def test_nothing_is_loaded_before_it_is_needed(tmp_path):
    (tmp_path / "tokenizer.json").write_text("esto no es un tokenizador")
    result = Tokenizer.open(tmp_path)
    with pytest.raises(TokenizerBroken) as caught:
        result.count("hola")
    assert caught.value.explanation.action == "fetch-again"
    with pytest.raises(TokenizerMissing):
        Tokenizer.open(tmp_path / "nada")


def test_threads_share_one_tokenizer(made):
    from concurrent.futures import ThreadPoolExecutor

    result = Tokenizer(made["bytes"]._file)
    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(result.count, HARD * 20))
    assert counted == [made["bytes"].count(text) for text in HARD] * 20


def test_the_package_imports_neither_torch_nor_transformers():
    code = "import sys, poetas.tokens.token_lengths as _; print({'torch', 'transformers'} & set(sys.modules))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "set()"


@pytest.mark.embedded
@pytest.mark.parametrize("model", EMBEDDED)
def test_the_real_tokenizers_count_the_sample_in_seconds(model, opened):
    from poetas.data.pipeline.reading import read_file

    texts = list(read_file(sample("noticias").path).table["texto"])
    result = opened(model)
    start = time.process_time()
    counted = result.counts(texts * 5)
    assert time.process_time() - start < 30
    assert counted.shape == (len(texts) * 5,)
    ratio = result.tokens_per_word(texts)
    # Gemma learnt Spanish; SmolLM2 hardly: the price of a word shows it.
    assert (1.2 < ratio < 1.7) if model == "gemma3-270m" else (1.8 < ratio < 2.5)
