"""Un documento de Word, sus tablas."""

import docx
from datasets import Dataset

# Lo que elegiste
FILE = "textos.docx"
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = True  # si la primera fila trae los títulos

# Leer el archivo
tablas = [[[celda.text.strip() for celda in fila.cells] for fila in tabla.rows] for tabla in docx.Document(FILE).tables]
ancho = max(len(tabla[0]) for tabla in tablas)  # la más ancha, y las que la siguen si son iguales
lineas = [linea for tabla in tablas if len(tabla[0]) == ancho for linea in tabla if any(linea)][int(HEADER) :]
filas = Dataset.from_dict({nombre: [linea[columna] for linea in lineas] for columna, nombre in enumerate(COLUMNS)})
