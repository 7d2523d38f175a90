"""Una planilla de Excel o de LibreOffice."""

import pandas as pd
from datasets import Dataset

# Lo que elegiste
FILE = "textos.xlsx"
SHEET = None  # el nombre de la hoja; None: la que más texto tiene
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = True  # si la primera fila trae los títulos

# Leer el archivo
# De una fórmula, pandas lee el resultado; la app, la fórmula como está escrita.
sheets = pd.read_excel(FILE, sheet_name=None, header=None, dtype=str, na_filter=False)
sheet = sheets[SHEET] if SHEET in sheets else max(sheets.values(), key=lambda one: one.map(len).to_numpy().sum())
sheet = sheet[(sheet != "").any(axis=1)].iloc[int(HEADER) :]  # sin las filas vacías
rows = Dataset.from_dict({name: sheet[at].str.strip().tolist() for at, name in enumerate(COLUMNS)})
