"""Un JSON, o un objeto por renglón."""

from datasets import load_dataset

# Lo que elegiste
FILE = "textos.jsonl"

# Leer el archivo
filas = load_dataset("json", data_files=FILE, split="train")
