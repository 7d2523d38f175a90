"""What is about to leave is compared with all the learner's texts: passages, whole lines, personal data."""

import pandas as pd
import pytest

from poetas.data.storage.dataset_store import save_tables
from poetas.evaluation.memorisation.passages_shown import DatasetTexts, texts_of_dataset

POEM = "El viejo estanque\nsalta una rana, y después nadie\nruido del agua"
LETTER = (
    "Querida Elvira: la llave queda bajo la maceta azul del patio, y nadie más lo sabe. Mi documento es 23.456.789."
)


@pytest.mark.parametrize(
    ("shown", "passages", "data"),
    [
        ("EL VIEJO ESTANQUE", ("EL VIEJO ESTANQUE",), []),
        ("Cantan.\n  Ruido del agua.\nFin", ("Ruido del agua.",), []),
        ("una rana, y después", ("una rana, y después",), []),
        ("ruido del aire", (), []),
        ("Salta", (), []),
        ("Dijo que queda bajo la maceta azul del patio y se fue", ("queda bajo la maceta azul del patio y",), []),
        ("la maceta azul del vecino", (), []),
        ("mi número: 23456789", (), ["23.456.789"]),
        ("mi número: 23456788", (), []),
        ("otro, DNI 30.111.222", (), ["30.111.222"]),
        ("ver https://a.ar/x?token=9f8a7b6c", (), ["https://a.ar/x?token=9f8a7b6c"]),
    ],
)
def test_each_kind_is_found_and_nothing_else(shown, passages, data):
    shared = DatasetTexts([POEM, LETTER]).shared_with([shown])
    assert shared.passages == passages
    assert [datum.text for datum in shared.data] == data
    assert bool(shared) is bool(passages or data)


def test_summaries_and_held_out_texts_are_the_learners_too_and_what_is_known_where_they_are_gone(tmp_path):
    row = {"text": [LETTER], "summary": ["Una llave espera afuera de casa."]}
    held = {part: {"text": [f"En {part} llovió toda la noche"], "summary": [""]} for part in ("validation", "test")}
    parts = {part: pd.DataFrame(rows) for part, rows in ({"train": row} | held).items()}
    counts = dict.fromkeys(parts, 1)
    folder = save_tables(parts, {"format": 1, "task": "summary", "counts": counts}, tmp_path, "cartas").folder
    own = texts_of_dataset(folder, "summary", "1")
    shown = ["Una llave espera afuera de casa", "en test llovió toda la noche", "tres cuatro cinco seis"]
    assert own.shared_with(shown).passages == tuple(shown[:2])
    gone = texts_of_dataset(tmp_path / "gone", "summary", "1", ("dos tres cuatro cinco seis",))
    assert gone.shared_with(shown).passages == tuple(shown[2:])
