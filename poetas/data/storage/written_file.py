"""Names of the file and of the column of the summaries that the learner writes. No pandas."""

from __future__ import annotations

FILE = "resumenes-escritos.json"  # in the project's folder
COLUMN = "resumen escrito acá"  # stable: it stands in the project's state and in records
