"""Un PDF con texto."""

import re

from datasets import Dataset
from pypdf import PdfReader

# Lo que elegiste
FILE = "textos.pdf"
DIVISION = None  # "blocks": párrafos; "lines": renglones; "whole": todo junto; None: lo que haya

# Leer el archivo
# La app hace además otra cosa: saca los números de página y une los renglones cortados.
paginas = [pagina.extract_text(extraction_mode="layout") for pagina in PdfReader(FILE).pages]
texto = "\n\n".join(paginas).strip()
bloques, renglones = re.split(r"\n\s*\n", texto), texto.splitlines()
cortes = {"blocks": bloques, "lines": renglones, "whole": [texto]}
partes = cortes[DIVISION or ("blocks" if len(bloques) > 1 else "lines")]
filas = Dataset.from_dict({"texto": [parte.strip() for parte in partes if parte.strip()]})
