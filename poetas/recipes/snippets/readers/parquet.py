"""Una tabla en Parquet, como las de Hugging Face."""

from datasets import load_dataset

# Lo que elegiste
FILE = "textos.parquet"

# Leer el archivo
filas = load_dataset("parquet", data_files=FILE, split="train")
