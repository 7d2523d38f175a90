"""Notebook that uses an exported model with plain transformers and peft: its program filled with what was trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transformers import GenerationConfig

from poetas.errors import PoetasError
from poetas.evaluation.length_limits import dataset_rules
from poetas.export.export_request import ExportRequest
from poetas.generation.chat_encoding import uses_chat_template
from poetas.generation.prompt_templates import ASKED, PromptStyle
from poetas.generation.prompts import end_ids
from poetas.recipes.notebook import notebook
from poetas.recipes.substitution import fill
from poetas.util.files import read_json

_TOKENS = 80
_PROGRAM = Path(__file__).with_name("snippets") / "usar.py"


def usage_program(request: ExportRequest, tokenizer: Any, *, model: str, adapter: str | None, gguf: str | None) -> str:
    """Return the program. model, adapter: folders of the zip, or the base's name on the Hub. gguf: a file of model."""
    style, kind = PromptStyle.of(request.record.entry, request.language), prompt_kind(request, tokenizer)
    before, after = ASKED[kind, style.language]
    longest, stop = _limits(request, tokenizer)
    values = {
        "MODEL": model,
        "REVISION": request.hub[1] or None if request.hub and model == request.hub[0] else None,
        "ADAPTER": adapter,
        "GGUF": gguf,
        "TASK": request.task,
        "KIND": kind,
        "BEFORE": before,
        "AFTER": after,
        "ENDS": _ends(request.base, tokenizer, style),
        "LONGEST": longest,
        "STOP": stop if request.task == "summary" else "",
    }
    return fill(_PROGRAM.read_text("utf-8"), values)


def prompt_kind(request: ExportRequest, tokenizer: Any) -> str:
    """Return how the model is asked: a chat model whose tokenizer brings no template is asked as a plain one."""
    style = PromptStyle.of(request.record.entry, request.language)
    return style.kind if style.kind != "chat" or uses_chat_template(tokenizer, style) else "plain"


def prompt_text(request: ExportRequest, words: str, kind: str) -> str:
    """Return what a model that is asked as ``kind`` is given for ``words``, before any chat template."""
    if request.task == "style":
        return words
    style = PromptStyle.of(request.record.entry, request.language)
    before, after = ASKED[kind, style.language]
    return f"{before}{words}{after}"


def _limits(request: ExportRequest, tokenizer: Any) -> tuple[int, str]:
    """Return the tokens after which the exam ends a text, and what it stops at, where its texts can be read."""
    try:
        rules, _language = dataset_rules(request.dataset, lambda text: len(tokenizer(text).input_ids))
    except (PoetasError, OSError, KeyError):
        return _TOKENS, "\n"
    return max(_TOKENS, rules.max_tokens), rules.stop


def usage_notebook(program: str) -> str:
    """Return the program as a Jupyter notebook."""
    return notebook(program)


def _ends(base: Path, tokenizer: Any, style: PromptStyle) -> list[int]:
    """Return the tokens that end what the model writes, the same as `poetas.generation.model` stops at."""
    if (base / "generation_config.json").is_file():
        end: Any = GenerationConfig.from_pretrained(base, local_files_only=True).eos_token_id
    else:
        end = read_json(base / "config.json").get("eos_token_id")
    more = end if isinstance(end, list) else [] if end is None else [int(end)]
    return sorted({*end_ids(tokenizer, style), *more})
