"""Un documento de Word, sus párrafos."""

import re

import docx
from datasets import Dataset

# Lo que elegiste
FILE = "textos.docx"
DIVISION = None  # "blocks": párrafos; "lines": renglones; "whole": todo junto; None: lo que haya

# Leer el archivo
page = "\n".join(paragraph.text for paragraph in docx.Document(FILE).paragraphs).strip()
blocks, lines = re.split(r"\n\s*\n", page), page.splitlines()
cuts = {"blocks": blocks, "lines": lines, "whole": [page]}
pieces = cuts[DIVISION or ("blocks" if len(blocks) > 1 else "lines")]
rows = Dataset.from_dict({"texto": [piece.strip() for piece in pieces if piece.strip()]})
