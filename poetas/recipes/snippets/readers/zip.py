"""Un zip con archivos de texto."""

from zipfile import ZipFile

from datasets import Dataset

# Lo que elegiste
FILE = "textos.zip"
ENCODING = "utf-8"

# Leer el archivo
with ZipFile(FILE) as archivo:
    nombres = [nombre for nombre in archivo.namelist() if nombre.lower().endswith((".txt", ".text", ".md"))]
    textos = [archivo.read(nombre).decode(ENCODING, "replace").strip() for nombre in nombres]
filas = Dataset.from_dict({"texto": textos, "archivo": nombres})
