"""Cortar un texto en tokens, como lo hace el modelo antes de leerlo.

La app pinta además cada pedacito de un color.
"""

from transformers import AutoTokenizer

# Lo que elegiste
MODEL = "modelos/gemma3-270m"  # la carpeta del modelo
TEXT = "Llueve sobre la pampa y el ombú se queda quieto."

tokenizer = AutoTokenizer.from_pretrained(MODEL, local_files_only=True)
pedacitos = tokenizer(TEXT, add_special_tokens=False, return_offsets_mapping=True)

for numero, (desde, hasta) in zip(pedacitos["input_ids"], pedacitos["offset_mapping"], strict=True):
    print(f"{numero:>7}  {TEXT[desde:hasta].replace(' ', '␣')!r}")

cuantos, palabras = len(pedacitos["input_ids"]), len(TEXT.split())
print(f"{cuantos} tokens · {palabras} palabras · {cuantos / palabras:.1f} tokens por palabra".replace(".", ",", 1))
