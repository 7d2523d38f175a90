"""Un zip con archivos de texto."""

from zipfile import ZipFile

from datasets import Dataset

# Lo que elegiste
FILE = "textos.zip"
ENCODING = "utf-8"

# Leer el archivo
with ZipFile(FILE) as archive:
    names = [name for name in archive.namelist() if name.lower().endswith((".txt", ".text", ".md"))]
    texts = [archive.read(name).decode(ENCODING, "replace").strip() for name in names]
rows = Dataset.from_dict({"texto": texts, "archivo": names})
