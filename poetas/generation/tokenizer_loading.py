"""Loading of a converted model's tokenizer as transformers uses it: padding side, padding token.

Brings transformers along; `poetas.tokens.tokenizer` is what pages count with.
"""

from __future__ import annotations

from pathlib import Path

from transformers import PreTrainedTokenizerFast


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """Load the tokenizer of a converted model exactly as its ``tokenizer.json`` describes it, padding on the left.

    The general class, not the model's own: Gemma's leaves out the ``<bos>`` that the file puts in front.
    """
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder, padding_side="left", local_files_only=True)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer  # type: ignore[no-any-return]
