"""Un texto corrido."""

import re
from pathlib import Path

from datasets import Dataset

# Lo que elegiste
FILE = "textos.txt"
ENCODING = "utf-8"
DIVISION = None  # "blocks": párrafos; "lines": renglones; "whole": todo junto; None: lo que haya

# Leer el archivo
page = Path(FILE).read_text(encoding=ENCODING).strip()
blocks, lines = re.split(r"\n\s*\n", page), page.splitlines()
cuts = {"blocks": blocks, "lines": lines, "whole": [page]}
pieces = cuts[DIVISION or ("blocks" if len(blocks) > 1 else "lines")]
rows = Dataset.from_dict({"texto": [piece.strip() for piece in pieces if piece.strip()]})
