"""Una carpeta con archivos de texto."""

from pathlib import Path

from datasets import Dataset

# Lo que elegiste
FILE = "textos"
ENCODING = "utf-8"

# Leer el archivo
archivos = sorted(archivo for archivo in Path(FILE).rglob("*") if archivo.suffix.lower() in {".txt", ".text", ".md"})
textos = [archivo.read_text(ENCODING, "replace").strip() for archivo in archivos]
filas = Dataset.from_dict({"texto": textos, "archivo": [archivo.relative_to(FILE).as_posix() for archivo in archivos]})
