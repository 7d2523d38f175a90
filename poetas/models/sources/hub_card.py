"""Metadata of a Hub model before any download: licence, size, parameters, languages, kind."""

from __future__ import annotations

from typing import Any

from poetas.i18n import _
from poetas.models.entry import ModelEntry
from poetas.models.sources.hub import Hub, address, listing, speaking
from poetas.models.sources.hub_files import HubFile

# Licences without conditions on the use of a model; any other is shown and has to be accepted first.
_PERMISSIVE = frozenset(
    {"apache-2.0", "mit", "bsd", "bsd-2-clause", "bsd-3-clause", "isc", "cc0-1.0", "cc-by-4.0", "unlicense", "wtfpl"}
)
_NAMES = {"apache-2.0": "Apache-2.0", "mit": "MIT", "gemma": "Gemma Terms of Use"}
_CODE_LENGTH = 2


def describe(source: Hub, token: str = "") -> ModelEntry:
    """Ask the Hub about a model. Raises UnknownModel, GatedModel, UnsafeWeights, BrokenModel, NoNetwork."""
    from huggingface_hub import HfApi  # noqa: PLC0415 - only the fetching process needs the client

    with speaking(source.repo, token):
        info = HfApi(token=token or None).model_info(source.repo, revision=source.revision or None)
        commit, files = listing(source, token)
    card: Any = info.card_data or {}  # a mapping with get(), as written by the model's author
    licence = _licence(card, info.tags or [])
    return ModelEntry.from_dict(
        {
            "id": source.repo,
            "summary": _("Un modelo de Hugging Face que elegiste por su nombre."),
            "languages": _languages(card.get("language")),
            "parameters": _parameters(info, files),
            "licence": _NAMES.get(licence, licence) or _("sin licencia declarada"),
            "licence_url": _link(card.get("license_link")) or f"{address()}/{source.repo}",
            "licence_version": commit,
            "must_accept": bool(info.gated) or licence not in _PERMISSIVE,
            "gated": bool(info.gated),
            "prompt_style": "chat" if _talks(info) else "plain",
            "architecture": "seq2seq" if info.pipeline_tag in ("translation", "summarization") else "causal",
            "download_size": sum(file.size for file in files),
        }
    )


def _licence(card: Any, tags: list[str]) -> str:
    licence = card.get("license")
    if licence == "other":
        licence = card.get("license_name") or licence
    if isinstance(licence, list):
        licence = licence[0] if licence else ""
    return str(licence or next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), ""))


def _link(link: Any) -> str:
    """Keep a link only where it is one: the card is untrusted, and the page draws the link."""
    return link if isinstance(link, str) and link.startswith("https://") else ""


def _parameters(info: Any, files: list[HubFile]) -> int:
    """Count the weights as the Hub did, or guess from the size of the files: two bytes each."""
    if info.safetensors:
        return int(info.safetensors.total)
    if isinstance(info.gguf, dict) and info.gguf.get("total"):
        return int(info.gguf["total"])
    return sum(file.size for file in files if file.name.endswith((".safetensors", ".gguf"))) // 2


def _languages(languages: Any) -> list[str]:
    codes = [languages] if isinstance(languages, str) else languages if isinstance(languages, list) else []
    return [code for code in codes if isinstance(code, str) and len(code) == _CODE_LENGTH][:12]


def _talks(info: Any) -> bool:
    config = info.config if isinstance(info.config, dict) else {}
    naming = config.get("tokenizer_config")
    declared = isinstance(naming, dict) and bool(naming.get("chat_template"))
    return declared or bool(config.get("chat_template_jinja")) or "conversational" in (info.tags or [])
