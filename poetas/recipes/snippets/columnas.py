"""Quedarse con la columna del texto y la del resumen, sin filas vacías ni repetidas.

La app propone además qué columna es cada cosa y avisa de los textos vacíos, repetidos o demasiado cortos.
"""

from datasets import load_dataset

# Lo que elegiste
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos; None: no los trae
TEXT = "texto"
SUMMARY = "resumen"  # None: no hay resúmenes, es para escribir en un estilo

# Leer el archivo
form = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
rows = load_dataset("csv", data_files=FILE, split="train", **form)

names = {TEXT: "text"} if SUMMARY is None else {TEXT: "text", SUMMARY: "summary"}
rows = rows.select_columns(list(names))
for old, new in names.items():
    if old != new:
        rows = rows.rename_column(old, new)

first = {}  # dónde aparece cada texto por primera vez
for place, row in enumerate(rows):
    if all(row.values()):
        first.setdefault(row["text"], place)

rows = rows.select(first.values())
print(f"Quedan {rows.num_rows} textos.")
for row in rows.select(range(min(3, rows.num_rows))):
    print(row)
