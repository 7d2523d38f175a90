"""`LanguageModel`: a converted model in memory, with its tokenizer, on the chosen device and precision.

Brings torch and transformers along: for workers only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedTokenizerFast
from transformers.utils.logging import disable_progress_bar

from poetas.generation.adapters import Adapters
from poetas.generation.device import choose_device, choose_dtype, free_memory, use_cores
from poetas.generation.prompts import PromptStyle, end_ids
from poetas.generation.single_row_linear import speed_up_single_rows
from poetas.generation.token_text import TokenTexts
from poetas.generation.tokenizer_loading import load_tokenizer
from poetas.models.errors import damaged_model
from poetas.models.folder_errors import model_gone
from poetas.models.model_store import Record, name_in
from poetas.util.heap_trim import give_back_heap

LONGEST = 4096  # tokens; what the small models here were made for, and what a page can wait for


def flat_head(model: torch.nn.Module) -> None:
    """Make the output head take its input as a plain matrix would lie in memory.

    Generation applies the head to ``hidden[:, -1:]``, whose rows lie far apart; torch then copies the vocabulary
    matrix once per row (Gemma: 335 MB and 1.3 s each, where the product takes 0.04 s). ``contiguous()`` is not
    enough: with a single row it sees nothing to do and leaves the strides as they are. Names and weights stay as
    they are; calling it twice is harmless.
    """
    head = model.get_output_embeddings()  # type: ignore[operator]
    if head is not None and not getattr(head, "takes_flat", False):
        head.takes_flat = True
        head.register_forward_pre_hook(lambda _head, given: (_laid_flat(given[0]), *given[1:]))


def _laid_flat(hidden: torch.Tensor) -> torch.Tensor:
    """Same values and shape, with the strides of a matrix of rows."""
    return hidden.reshape(-1, hidden.shape[-1]).contiguous().view(hidden.shape)


@dataclass(slots=True, eq=False)
class LanguageModel:
    """A model and what belongs to it.

    model: the transformers model, in evaluation mode, its adapters injected. style: how to ask it. room: tokens that
    it can read and write at once. ends: tokens that end what it writes. adapters: fine-tunings of it in memory.
    pieces: the texts of its tokens. single_row: what writes one text quickly, made by `single_row_decoding` with the
    first of them.
    """

    folder: Path
    title: str
    model: Any
    tokenizer: PreTrainedTokenizerFast
    style: PromptStyle
    room: int
    ends: list[int] = field(default_factory=list)
    adapters: Adapters = field(init=False)
    pieces: TokenTexts = field(init=False)
    single_row: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.adapters = Adapters(self.model)
        self.pieces = TokenTexts(self.tokenizer)

    @property
    def seq2seq(self) -> bool:
        """Whether an encoder reads and a decoder writes."""
        return self.style.kind == "seq2seq"

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        device: torch.device = self.model.device
        return device

    @property
    def dtype(self) -> torch.dtype:
        """The weights' precision."""
        dtype: torch.dtype = self.model.dtype
        return dtype


@dataclass(frozen=True, slots=True)
class Encoder:
    """What turns texts into token ids for a model: its tokenizer, its prompt style, and the tokens it holds at once."""

    tokenizer: PreTrainedTokenizerFast
    style: PromptStyle
    room: int


def load_encoder(folder: Path, *, language: str = "") -> Encoder:
    """Load all of a converted model but its weights, as `load_model` does. Raises BrokenModel, NoModelInFolder."""
    if not folder.is_dir():
        raise model_gone(name_in(folder))
    try:
        entry = Record.read(folder).entry if (folder / "poetas-model.json").is_file() else None
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        tokenizer = load_tokenizer(folder)
    except Exception as error:  # tokenizers raises Exception itself
        raise damaged_model(folder.name, f"{type(error).__name__}: {error}") from error
    return Encoder(tokenizer, PromptStyle.of(entry or _guessed_kind(config, tokenizer), language), _room(config))


def load_model(
    folder: Path, *, device: str = "", dtype: torch.dtype | None = None, language: str = "", memory: int | None = None
) -> LanguageModel:
    """Load a converted model (``config.json``, ``model.safetensors``, ``tokenizer.json``) ready to write.

    device: ``cuda``, ``mps``, ``cpu``; "" = the best there is. dtype: None = chosen by `choose_dtype`. language: of
    the texts, for the instruction ("" = the model's). memory: bytes that may be used (None = those that are free).
    Raises OutOfMemory before anything is read where it will not fit, BrokenModel where the folder is damaged,
    NoModelInFolder where it is gone.
    """
    if not folder.is_dir():
        raise model_gone(name_in(folder))
    target_device = choose_device(device)
    use_cores()
    title = folder.name
    try:
        entry = Record.read(folder).entry if (folder / "poetas-model.json").is_file() else None
        title = entry.title if entry else title
        weights = (folder / "model.safetensors").stat().st_size
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        tokenizer = load_tokenizer(folder)
    except Exception as error:  # tokenizers raises Exception itself
        raise damaged_model(title, f"{type(error).__name__}: {error}") from error
    free = free_memory(target_device) if memory is None else memory
    chosen = choose_dtype(target_device, weights, free=free, title=title)
    make = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model: Any = make.from_pretrained(
            folder,
            dtype=dtype or chosen,
            attn_implementation="sdpa",
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
        )
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise damaged_model(title, f"{type(error).__name__}: {error}") from error
    model.to(target_device).eval().requires_grad_(requires_grad=False)
    flat_head(model)
    speed_up_single_rows(model)
    give_back_heap()
    style = PromptStyle.of(entry or _guessed_kind(config, tokenizer), language)
    return wrap_model(model, tokenizer, style, folder=folder, title=title)


def wrap_model(
    model: Any, tokenizer: PreTrainedTokenizerFast, style: PromptStyle, *, folder: Path = Path(), title: str = ""
) -> LanguageModel:
    """Make a `LanguageModel` of a model that is in memory already, such as one that is being trained.

    model: of transformers; of a PEFT model, what `get_base_model` returns (its adapter stays active).
    """
    return LanguageModel(folder, title, model, tokenizer, style, _room(model.config), _ends(model, tokenizer, style))


def _guessed_kind(config: Any, tokenizer: Any) -> str:
    if config.is_encoder_decoder:
        return "seq2seq"
    return "chat" if tokenizer.chat_template else "plain"


def _room(config: Any) -> int:
    limit = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None) or LONGEST
    return min(int(limit), LONGEST)


def _ends(model: Any, tokenizer: Any, style: PromptStyle) -> list[int]:
    end_of_text = model.generation_config.eos_token_id
    more = end_of_text if isinstance(end_of_text, list) else [] if end_of_text is None else [end_of_text]
    return sorted({*end_ids(tokenizer, style), *more})
