"""Task bench («¿Qué puede hacer, y dónde falla?»): four tasks on one text, answers judged and checked."""
