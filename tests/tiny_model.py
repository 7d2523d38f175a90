"""A tiny model with random weights, in the layout of the models' cache: for tests that need a real model quickly.

Llama's architecture, about half a million weights, a byte-level BPE of about a thousand tokens learnt from the Spanish
text below. What it writes means nothing, but it loads, scores, trains and overfits like any other.
Nothing here imports torch or transformers: a tiny model is made in well under a second.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from poetas.models.entry import ModelEntry
from poetas.models.model_store import Record, model_folder
from poetas.models.safetensors_stream import Slot, to_bfloat16, write_tensors
from poetas.workspace import Workspace

TINY = "tiny"
HIDDEN, INNER, LAYERS, HEADS, KEY_HEADS, LONGEST = 64, 1024, 2, 4, 2, 2048
BEGIN, END, START_TURN, END_TURN = "<s>", "</s>", "<|im_start|>", "<|im_end|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

TEXT = """
La panadera del barrio abre antes de que salga el sol. Prende el horno, amasa con las manos frías y escucha la radio
bajito para no despertar a los chicos que duermen arriba. A las siete llegan los primeros vecinos: el colectivero que
termina la noche, la maestra con los cuadernos bajo el brazo, el abuelo que compra siempre lo mismo y siempre pregunta
si quedaron facturas de ayer. Nadie lo dice, pero todos vienen también por la conversación.
El río creció durante la tarde y los pescadores sacaron los botes a la vereda. Según contaron, hacía once años que el
agua no llegaba tan cerca de las casas. La escuela suspendió las clases, y en el club se juntaron frazadas, velas y
comida para las familias de la costa. A la madrugada dejó de llover, y el pueblo entero salió a mirar la luna.
Una biblioteca no es un depósito de libros: es una mesa larga, una lámpara encendida y alguien que conoce el camino.
Ayer presentaron el nuevo catálogo, que se puede consultar desde cualquier computadora, aunque la bibliotecaria todavía
prefiere las fichas de cartón, escritas a mano, con esa letra redonda que aprendió de su madre.
¿Qué se puede decir del otoño que no se haya dicho? Que las hojas caen despacio, que la gata busca el sol en el patio,
que el mate dura más. Los poetas insisten, y hacen bien: cada año el otoño es el mismo y es otro, como una canción que
se canta en la cocina mientras hierve el agua, mientras pasa el tren, mientras crecen las hijas.
El equipo femenino ganó el torneo después de un empate en el último minuto. La arquera atajó dos penales con fiebre, y
la capitana dedicó la copa a las que jugaron antes, cuando no había canchas, ni camisetas, ni diarios que lo contaran.
Para hacer dulce de membrillo hacen falta paciencia, azúcar, limón y una olla grande. Se lava la fruta, se corta sin
pelar, se cubre con agua y se deja hervir hasta que la pulpa esté tierna; después se pasa por un tamiz, se pesa, se
mezcla con la misma cantidad de azúcar y se revuelve con cuchara de madera. ¡Ojo con las quemaduras!
"""


def train_tokenizer(*, chat: bool = False, size: int = 1000) -> Tokenizer:
    """Learn a byte-level BPE from the text above: every text can be cut and put together again."""
    return Tokenizer.from_str(_trained(chat=chat, size=size))


@cache
def _trained(*, chat: bool, size: int) -> str:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = [BEGIN, END, *((START_TURN, END_TURN) if chat else ())]
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in special],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([TEXT.strip().replace("\n", " ")], trainer)
    return tokenizer.to_str()


def _shapes(vocabulary: int, layers: int) -> dict[str, tuple[int, ...]]:
    narrow = HIDDEN // HEADS * KEY_HEADS
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (vocabulary, HIDDEN)}
    for layer in range(layers):
        shapes |= {
            f"model.layers.{layer}.{name}.weight": shape
            for name, shape in {
                "input_layernorm": (HIDDEN,),
                "self_attn.q_proj": (HIDDEN, HIDDEN),
                "self_attn.k_proj": (narrow, HIDDEN),
                "self_attn.v_proj": (narrow, HIDDEN),
                "self_attn.o_proj": (HIDDEN, HIDDEN),
                "post_attention_layernorm": (HIDDEN,),
                "mlp.gate_proj": (INNER, HIDDEN),
                "mlp.up_proj": (INNER, HIDDEN),
                "mlp.down_proj": (HIDDEN, INNER),
            }.items()
        }
    return shapes | {"model.norm.weight": (HIDDEN,)}


def _weights(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    """Ones for a norm; otherwise a spread that keeps the signal's size, so that next-token bars differ visibly."""
    if len(shape) == 1:
        return np.ones(shape, dtype=np.float32)
    return (rng.standard_normal(shape) * shape[1] ** -0.5).astype(np.float32)


def write_hub_files(folder: Path, *, chat: bool = False, seed: int = 7, layers: int = LAYERS) -> int:
    """Write what a model's repository on the Hub holds (config, weights, tokenizer); return how many weights."""
    folder.mkdir(parents=True, exist_ok=True)
    weights, files = _hub_files(CHAT_TEMPLATE if chat else None, seed, layers)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return weights


@cache
def _hub_files(template: str | None, seed: int, layers: int) -> tuple[int, dict[str, bytes]]:
    """How many weights a model has, and its files, made once in a process: dozens of tests ask for the same."""
    with TemporaryDirectory() as made:
        weights = _make_hub_files(Path(made), template, seed, layers)
        return weights, {path.name: path.read_bytes() for path in sorted(Path(made).iterdir())}


def _make_hub_files(folder: Path, template: str | None, seed: int, layers: int) -> int:
    tokenizer = train_tokenizer(chat=template is not None)
    end = END if template is None else END_TURN
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_hidden_layers": layers,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_HEADS,
        "head_dim": HIDDEN // HEADS,
        "max_position_embeddings": LONGEST,
        "rms_norm_eps": 1e-5,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "attention_bias": False,
        "mlp_bias": False,
        "bos_token_id": tokenizer.token_to_id(BEGIN),
        "eos_token_id": tokenizer.token_to_id(end),
        "pad_token_id": tokenizer.token_to_id(END),
        "dtype": "bfloat16",
        "use_cache": True,
    }
    naming = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": BEGIN,
        "eos_token": end,
        "pad_token": END,
        "model_max_length": LONGEST,
        "clean_up_tokenization_spaces": False,
        **({} if template is None else {"chat_template": template}),
    }
    generation = {key: config[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    for name, value in (("config", config), ("tokenizer_config", naming), ("generation_config", generation)):
        (folder / f"{name}.json").write_text(json.dumps(value, indent=2), encoding="utf-8")
    rng = np.random.default_rng(seed)
    slots = [Slot(name, shape) for name, shape in _shapes(tokenizer.get_vocab_size(), layers).items()]
    blocks = ((slot, to_bfloat16(_weights(slot.shape, rng))) for slot in slots)
    write_tensors(folder / "model.safetensors", slots, blocks, metadata={"format": "pt"})
    return sum(slot.size // 2 for slot in slots)


def build_tiny_model(
    folder: Path,
    *,
    chat: bool = False,
    id: str = TINY,  # noqa: A002
    seed: int = 7,
    layers: int = LAYERS,
) -> Path:
    """Make a tiny model in ``folder`` (the model's own folder, its record included) and return the folder.

    layers: what it writes, and what is learnt in it, takes a time in proportion to them.
    """
    parameters = write_hub_files(folder, chat=chat, seed=seed, layers=layers)
    entry = ModelEntry(
        id=id,
        title="Modelo diminuto",
        languages=("es",),
        parameters=parameters,
        licence="MIT",
        licence_url="https://opensource.org/license/mit",
        must_accept=False,
        gated=False,
        sources=(),
        prompt_style="chat" if chat else "plain",
        architecture="causal",
        memory_use=500_000_000,
        memory_train=700_000_000,
        download_size=0,
        summary="Pesos al azar, para las pruebas.",
    )
    Record(entry, "tests", {}, None, "2025-01-01T00:00:00+00:00").save(folder)
    return folder


def register_tiny_model(
    workspace: Workspace,
    *,
    chat: bool = False,
    id: str = TINY,  # noqa: A002
    layers: int = LAYERS,
) -> str:
    """Make a tiny model where the workspace keeps its models, so that `is_ready` is true; return its id."""
    build_tiny_model(model_folder(workspace, id), chat=chat, id=id, layers=layers)
    return id
