"""Selection of a Hub repository's files: weights that cannot run code, and what goes with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from poetas.models.errors import broken_model, unsafe_weights

_NEEDED = re.compile(
    r"config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json"
    r"|added_tokens\.json|vocab\.(?:json|txt)|merges\.txt|tokenizer\.model|spiece\.model|sentencepiece\.bpe\.model"
    r"|chat_template\.(?:jinja|json)|README\.md|(?:LICEN[CS]E|NOTICE|USE_POLICY|GEMMA_TERMS)[\w.-]*"
)
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
_INDEX = "model.safetensors.index.json"
_RUNS_CODE = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack", ".npz", ".joblib")
# Of several quantisations in one repository: the least lossy of a bearable size first.
_QUANTISATIONS = ("bf16", "f16", "q8_0", "q6_k", "q5_k_m", "q5_0", "q4_k_m", "q4_1", "q4_0", "f32")
LARGEST_SIDE_FILE = 200_000_000


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository: path, bytes, sha256 ("" for a small file), and the name that git gives its content."""

    name: str
    size: int
    sha256: str = ""
    blob: str = ""


def chosen(repo: str, files: Sequence[HubFile]) -> list[HubFile]:
    """Return the files to download, weights last.

    Raises UnsafeWeights where all weights are in formats that can run code, BrokenModel where there are none.

    >>> names = ["config.json", "model.safetensors", "pytorch_model.bin", "modeling_own.py", "onnx/model.onnx"]
    >>> [file.name for file in chosen("ana/mini", [HubFile(name, 1) for name in names])]
    ['config.json', 'model.safetensors']
    """
    here = [file for file in files if "/" not in file.name]  # variants live in folders
    side = [file for file in here if _NEEDED.fullmatch(file.name) and file.size <= LARGEST_SIDE_FILE]
    return side + _weights(repo, here)


def _weights(repo: str, files: Sequence[HubFile]) -> list[HubFile]:
    by_name = {file.name: file for file in files}
    shards = [file for file in files if _SHARD.fullmatch(file.name)]
    if "model.safetensors" in by_name:
        return [by_name["model.safetensors"]]
    if _INDEX in by_name and shards:
        return [by_name[_INDEX], *sorted(shards, key=lambda file: file.name)]
    packed = [file for file in files if file.name.lower().endswith(".gguf")]
    if packed:
        return [min(packed, key=_loss)]
    unsafe = [file.name for file in files if file.name.endswith(_RUNS_CODE)]
    if unsafe:
        raise unsafe_weights(repo, files=", ".join(unsafe[:10]))
    raise broken_model(repo, "no model.safetensors and no GGUF among " + ", ".join(sorted(by_name)[:20]))


def _loss(file: HubFile) -> tuple[int, str]:
    name = file.name.lower()
    ranks = [rank for rank, kind in enumerate(_QUANTISATIONS) if re.search(rf"(?<![a-z0-9]){kind}(?![a-z0-9_])", name)]
    return (min(ranks, default=len(_QUANTISATIONS)), name)
