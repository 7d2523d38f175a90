"""Un texto corrido, un documento, una planilla, o una carpeta de textos."""

from datasets import Dataset

from poetas.data.pipeline.reading import read_file

# Lo que elegiste
FILE = "textos.txt"
HINTS = {}  # dónde termina cada texto ("division"), la hoja ("sheet") y lo demás que le aclaraste a la app

# Leer el archivo
# Lo lee poetas, la biblioteca de este curso, con la misma función que la página: los textos salen iguales.
leido = read_file(FILE, **HINTS)
filas = Dataset.from_dict({nombre: leido.table[nombre].tolist() for nombre in leido.table.columns})
