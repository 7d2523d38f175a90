"""Un texto corrido."""

import re
from pathlib import Path

from datasets import Dataset

# Lo que elegiste
FILE = "textos.txt"
ENCODING = "utf-8"
DIVISION = None  # "blocks": párrafos; "lines": renglones; "whole": todo junto; None: lo que haya

# Leer el archivo
texto = Path(FILE).read_text(encoding=ENCODING).strip()
bloques, renglones = re.split(r"\n\s*\n", texto), texto.splitlines()
cortes = {"blocks": bloques, "lines": renglones, "whole": [texto]}
partes = cortes[DIVISION or ("blocks" if len(bloques) > 1 else "lines")]
filas = Dataset.from_dict({"texto": [parte.strip() for parte in partes if parte.strip()]})
