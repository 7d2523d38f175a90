"""Un documento de Word, sus tablas."""

import docx
from datasets import Dataset

# Lo que elegiste
FILE = "textos.docx"
COLUMNS = ["texto", "resumen"]  # los nombres de las columnas, en orden
HEADER = True  # si la primera fila trae los títulos

# Leer el archivo
tables = [[[cell.text.strip() for cell in row.cells] for row in one.rows] for one in docx.Document(FILE).tables]
width = max(len(table[0]) for table in tables)  # la más ancha, y las que la siguen si son iguales
lines = [line for table in tables if len(table[0]) == width for line in table if any(line)][int(HEADER) :]
rows = Dataset.from_dict({name: [line[at] for line in lines] for at, name in enumerate(COLUMNS)})
