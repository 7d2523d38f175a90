"""Una carpeta con archivos de texto."""

from pathlib import Path

from datasets import Dataset

# Lo que elegiste
FILE = "textos"
ENCODING = "utf-8"

# Leer el archivo
files = sorted(file for file in Path(FILE).rglob("*") if file.suffix.lower() in {".txt", ".text", ".md"})
texts = [file.read_text(ENCODING, "replace").strip() for file in files]
rows = Dataset.from_dict({"texto": texts, "archivo": [file.relative_to(FILE).as_posix() for file in files]})
