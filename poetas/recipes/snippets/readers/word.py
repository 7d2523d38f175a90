"""Un documento de Word, sus párrafos."""

import re

import docx
from datasets import Dataset

# Lo que elegiste
FILE = "textos.docx"
DIVISION = None  # "blocks": párrafos; "lines": renglones; "whole": todo junto; None: lo que haya

# Leer el archivo
texto = "\n".join(parrafo.text for parrafo in docx.Document(FILE).paragraphs).strip()
bloques, renglones = re.split(r"\n\s*\n", texto), texto.splitlines()
cortes = {"blocks": bloques, "lines": renglones, "whole": [texto]}
partes = cortes[DIVISION or ("blocks" if len(bloques) > 1 else "lines")]
filas = Dataset.from_dict({"texto": [parte.strip() for parte in partes if parte.strip()]})
