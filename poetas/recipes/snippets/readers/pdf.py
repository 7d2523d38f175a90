"""Un PDF con texto."""

import re

from datasets import Dataset
from pypdf import PdfReader

# Lo que elegiste
FILE = "textos.pdf"
DIVISION = None  # "blocks": párrafos; "lines": renglones; "whole": todo junto; None: lo que haya

# Leer el archivo
# La app hace además otra cosa: saca los números de página y une los renglones cortados.
pages = [page.extract_text(extraction_mode="layout") for page in PdfReader(FILE).pages]
page = "\n\n".join(pages).strip()
blocks, lines = re.split(r"\n\s*\n", page), page.splitlines()
cuts = {"blocks": blocks, "lines": lines, "whole": [page]}
pieces = cuts[DIVISION or ("blocks" if len(blocks) > 1 else "lines")]
rows = Dataset.from_dict({"texto": [piece.strip() for piece in pieces if piece.strip()]})
