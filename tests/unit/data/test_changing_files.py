"""Files that another program writes while they are read, sets of another version, and summaries that are not there."""

import json

import pytest

from poetas.data.errors import FileBeingWritten
from poetas.data.formats import csv_tsv
from poetas.data.pipeline import reading
from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.pipeline_errors import DatasetOfOtherVersion
from poetas.data.pipeline.validation import check
from poetas.data.storage.archive import export_zip, import_zip
from poetas.data.storage.dataset_store import PreparedDataset, save
from poetas.data.storage.samples import sample
from widgets.controls.upload.incoming_file import copy_in

CSV = "texto;resumen\n" + "".join(f"Llovió {n} veces en la sierra de Iruya.;\n" for n in range(6))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "cartas.csv"
    path.write_text(CSV, "utf-8")
    return path


@pytest.mark.parametrize("broken", [False, True])
def test_a_file_that_is_written_while_it_is_read_is_a_card(path, monkeypatch, broken):
    def read(file, hints, limits):
        table = csv_tsv.read(file, hints, limits)
        file.write_text(CSV * 2, "utf-8")  # another program saves it
        if broken:
            raise ValueError("half a file")
        return table

    monkeypatch.setattr(reading, "load", lambda _target: read)
    with pytest.raises(FileBeingWritten) as raised:
        reading.read_file(path)
    assert "cartas.csv" in raised.value.explanation.what
    assert "Esperá a que termine" in raised.value.explanation.remedy


def test_a_file_that_grows_while_it_is_copied_is_a_card_and_leaves_nothing(path, tmp_path, monkeypatch):
    class Growing:
        def __init__(self, file):
            self._file = file

        def read(self, size):
            with path.open("a") as out:
                out.write("otra;\n")
            return self._file.read(size)

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            self._file.close()

        def fileno(self):
            return self._file.fileno()

    opened = type(path).open
    monkeypatch.setattr(
        type(path),
        "open",
        lambda self, *a, **k: Growing(opened(self, *a, **k)) if a == ("rb",) else opened(self, *a, **k),
    )
    with pytest.raises(FileBeingWritten):
        copy_in(path, tmp_path / "fuentes")
    assert list((tmp_path / "fuentes").iterdir()) == []


def test_a_set_of_another_version_says_so_with_its_name(tmp_path):
    dataset = save(
        prepare(reading.read_file(sample("coplas").path), ColumnMapping("texto")), tmp_path / "conjuntos", "Cartas"
    )
    record = dataset.folder / "dataset.json"
    kept = json.loads(record.read_text("utf-8"))
    del kept["account"]  # what the version before wrote
    record.write_text(json.dumps(kept), "utf-8")
    assert PreparedDataset.open(dataset.folder).counts == dataset.counts
    record.write_text(json.dumps({**kept, "format": 2}), "utf-8")
    zipped = export_zip(dataset, tmp_path / "mis-cartas.zip")
    with pytest.raises(DatasetOfOtherVersion) as raised:
        import_zip(zipped, tmp_path / "otros")
    assert "mis-cartas.zip" in raised.value.explanation.what
    assert "formato 2" in raised.value.explanation.why
    with pytest.raises(DatasetOfOtherVersion):
        PreparedDataset.open(dataset.folder)


def test_an_empty_column_of_summaries_is_said_where_the_task_is_style(path):
    findings = check(reading.read_file(path, header=True).table, ColumnMapping("texto"))
    assert [(finding.code, finding.count) for finding in findings] == [("summaries-empty", 6)]
    assert "podés escribirlos acá" in findings[0].sentence
