"""Cortar un texto en tokens, como lo hace el modelo antes de leerlo."""

from transformers import PreTrainedTokenizerFast

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
TEXT = "Llueve sobre la pampa y el ombú se queda quieto."

tokenizer = PreTrainedTokenizerFast.from_pretrained(MODEL, local_files_only=True)
cut = tokenizer(TEXT, add_special_tokens=False, return_offsets_mapping=True)

for number, (start, end) in zip(cut["input_ids"], cut["offset_mapping"], strict=True):
    print(f"{number:>7}  {TEXT[start:end]!r}")

tokens, words = len(cut["input_ids"]), len(TEXT.split())
print(f"{tokens} tokens · {words} palabras · {tokens / words:.1f} tokens por palabra".replace(".", ",", 1))
