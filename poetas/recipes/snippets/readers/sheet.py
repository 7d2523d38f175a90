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
hojas = pd.read_excel(FILE, sheet_name=None, header=None, dtype=str, na_filter=False)
hoja = hojas[SHEET] if SHEET in hojas else max(hojas.values(), key=lambda hoja: hoja.map(len).to_numpy().sum())
hoja = hoja[(hoja != "").any(axis=1)].iloc[int(HEADER) :]  # sin las filas vacías
filas = Dataset.from_dict({nombre: hoja[columna].str.strip().tolist() for columna, nombre in enumerate(COLUMNS)})
