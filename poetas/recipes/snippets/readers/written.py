"""Los textos de un archivo, con los resúmenes que escribiste en la app."""

from pathlib import Path

from datasets import Dataset

from poetas.data.pipeline.reading import read_file
from poetas.data.storage.written_summaries import read_written, with_written

# Lo que elegiste
FILE = "textos.txt"
HINTS = {}  # dónde termina cada texto ("division"), la hoja ("sheet") y lo demás que le aclaraste a la app
WRITTEN = "resumenes-escritos.json"  # donde la app guarda lo que escribís
BESIDE = "texto"  # la columna de los textos que resumiste

# Leer el archivo
# Lo lee poetas, la biblioteca de este curso, y al lado de cada texto pone el resumen que escribiste.
leido = with_written(read_file(FILE, **HINTS).table, BESIDE, read_written(Path(WRITTEN)))
filas = Dataset.from_dict({nombre: leido[nombre].tolist() for nombre in leido.columns})
