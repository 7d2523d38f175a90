"""Quedarse con la columna del texto y la del resumen, sin filas vacías ni repetidas.

La app propone además qué columna es cada cosa y avisa de los textos vacíos, repetidos o demasiado cortos.
"""

from datasets import Features, Value, load_dataset

# Lo que elegiste
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos, contando desde 0; None: no los trae
TEXT = "texto"
SUMMARY = "resumen"  # None: no hay resúmenes, es para escribir en un estilo

# Leer el archivo
formato = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
formato |= {"na_filter": False, "features": Features({nombre: Value("string") for nombre in COLUMNS})}  # «NA» es texto
filas = load_dataset("csv", data_files=FILE, split="train", **formato)

nombres = {TEXT: "text"} if SUMMARY is None else {TEXT: "text", SUMMARY: "summary"}
filas = filas.select_columns(list(nombres))
for viejo, nuevo in nombres.items():
    if viejo != nuevo:
        filas = filas.rename_column(viejo, nuevo)

primera = {}  # dónde aparece cada fila por primera vez
for lugar, fila in enumerate(filas):
    if all(fila.values()):
        primera.setdefault(tuple(fila.values()), lugar)

filas = filas.select(primera.values())
print(f"Quedan {filas.num_rows} textos.")
for fila in filas.select(range(min(3, filas.num_rows))):
    print(fila)
