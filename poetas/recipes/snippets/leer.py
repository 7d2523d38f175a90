"""Leer un archivo de textos y mirar cómo empieza.

La app adivina además la codificación, el separador y si hay títulos, y avisa de lo que encuentra raro.
"""

from datasets import Features, Value, load_dataset

# Lo que elegiste
FILE = "data/samples/noticias/noticias.csv"
ENCODING = "utf-8"
DELIMITER = ","
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = 0  # la fila que trae los títulos, contando desde 0; None: no los trae

# Leer el archivo
formato = {"encoding": ENCODING, "sep": DELIMITER, "column_names": COLUMNS, "header": HEADER, "index_col": False}
formato |= {"na_filter": False, "features": Features({nombre: Value("string") for nombre in COLUMNS})}  # «NA» es texto
filas = load_dataset("csv", data_files=FILE, split="train", **formato)

print(f"Leí {filas.num_rows} filas y {filas.num_columns} columnas: {', '.join(filas.column_names)}")
for fila in filas.select(range(min(5, filas.num_rows))):
    print(fila)
