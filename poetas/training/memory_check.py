"""Memory check before the first step of a run, counted from the shape of the model; a dry run measures it."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from poetas.generation.device import choose_device
from poetas.i18n import _, number
from poetas.training.config import AT_ONCE
from poetas.training.errors import will_not_fit
from poetas.training.estimate import BYTES_A_TRAINED_WEIGHT, RECOMPUTED
from poetas.training.hardware_plan import Hardware, choose_precision, detect_hardware
from poetas.training.training_request import TrainingRequest
from poetas.util.files import read_json

LIBRARIES = 200_000_000  # bytes for compiled kernels, the optimiser's scratch and the blocks of the loss


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What of a model decides how much a token needs. attention: heads times their width. size: bytes of a number."""

    layers: int
    hidden: int
    inner: int
    attention: int
    size: int

    @classmethod
    def of(cls, config: Any, size: int) -> ModelShape:
        """Read it from a model's configuration; what a kind of model does not tell is guessed from the rest."""
        hidden = int(getattr(config, "hidden_size", 0) or config.d_model)
        layers = int(getattr(config, "num_hidden_layers", 0) or getattr(config, "num_layers", 12))
        layers += int(getattr(config, "num_decoder_layers", 0) or 0)
        heads = int(getattr(config, "num_attention_heads", 0) or 8)
        width = int(getattr(config, "head_dim", 0) or getattr(config, "d_kv", 0) or hidden // heads)
        inner = int(getattr(config, "intermediate_size", 0) or getattr(config, "d_ff", 0) or 4 * hidden)
        return cls(layers, hidden, inner, heads * width, size)

    @property
    def bytes_a_token(self) -> int:
        """What a layer keeps for the gradient, times the layers: a third more than was seen with gemma3-270m.

        >>> ModelShape(18, 640, 2048, 1024, 2).bytes_a_token
        506880
        """
        return self.layers * self.size * (6 * self.hidden + 3 * self.inner + 4 * self.attention)


MOST_AT_ONCE = 16_384  # tokens: more make a graphics card no faster
_FOR_ACTIVATIONS = 3  # a third of what is free: the rest is for the weights and for what the estimate does not know


def tokens_at_once(chip: Hardware, shape: ModelShape) -> int:
    """Tokens that are seen at once where nothing is asked for: on a processor few, on a graphics card what fits.

    >>> shape = ModelShape(18, 640, 2048, 1024, 4)
    >>> [tokens_at_once(Hardware("cuda", False, 10**9 * memory), shape) for memory in (2, 6, 15, 80)]
    [1024, 1972, 4932, 16384]
    """
    if chip.kind != "cuda":
        return AT_ONCE
    return max(AT_ONCE, min(MOST_AT_ONCE, chip.memory // _FOR_ACTIVATIONS // shape.bytes_a_token))


def at_once(request: TrainingRequest) -> int:
    """Return `tokens_at_once` of a run, before its model is loaded."""
    chip = detect_hardware(choose_device())
    if chip.kind != "cuda" or not (request.model / "config.json").is_file():  # loading says what is missing
        return AT_ONCE
    weights = (request.model / "model.safetensors").stat().st_size
    size = choose_precision(chip, weights, request.training.precision).dtype.itemsize
    return tokens_at_once(chip, ModelShape.of(SimpleNamespace(**read_json(request.model / "config.json")), size))


def check_memory(
    shape: ModelShape, *, rows: int, columns: int, adapter: int, held: int, free: int, recompute: bool = False
) -> int:
    """Return the bytes that the whole process will need at its peak. Raises OutOfMemory, with offers, if not free.

    rows, columns: of the widest batch. adapter: weights that are trained. held: bytes held now. free: bytes free now.
    """
    a_token = int(shape.bytes_a_token * (RECOMPUTED if recompute else 1))
    fixed = held + LIBRARIES + adapter * (BYTES_A_TRAINED_WEIGHT - 4)  # its own four bytes are held already
    needed = fixed + rows * columns * a_token
    if needed > free + held:
        raise will_not_fit(needed, free + held, _offers((free + held - fixed) // max(1, a_token), rows, columns))
    return needed


def _offers(tokens: int, rows: int, columns: int) -> str:
    """What would fit in so many tokens at once, in words; "" where nothing would."""
    if rows > 1 and tokens >= columns:
        at_once = tokens // columns
        text = _("Entra si mirás cada tanda de textos en {parts} partes (da lo mismo), o con {n} textos por tanda.")
        return text.format(parts=number(-(-rows // at_once)), n=number(at_once))
    if tokens >= 64:  # noqa: PLR2004 - shorter than that, nothing can be summarised
        shorter = tokens // 16 * 16
        return _("Entra con 1 texto por corrección y hasta {n} pedacitos por texto.").format(n=number(shorter))
    return ""
