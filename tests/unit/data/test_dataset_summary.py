"""Summaries of prepared datasets: read without Arrow, and identified by their texts wherever their folder is."""

import json
import shutil
import subprocess
import sys

import pytest

from poetas.data.pipeline.mapping import ColumnMapping
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.pipeline_errors import DatasetBroken
from poetas.data.pipeline.reading import read_file
from poetas.data.storage.archive import export_zip, import_zip
from poetas.data.storage.dataset_store import PreparedDataset, save
from poetas.data.storage.dataset_summary import DatasetSummary, find_dataset, prepared, started_with
from poetas.data.storage.samples import sample
from poetas.training.errors import DatasetReplaced
from poetas.training.training_request import TrainingRequest
from poetas.workspace import Workspace


def make(project, name="coplas", *, longest=0, text="texto", parted=False):
    reading = read_file(sample(name).path)
    mapping = ColumnMapping(text) if name == "coplas" else ColumnMapping("texto", "resumen")
    return save(prepare(reading, mapping, longest=longest, parted=parted), project.datasets, name).folder


@pytest.fixture
def project():
    return Workspace.default().project()


@pytest.fixture
def folder(project):
    return make(project)


def test_a_summary_says_what_the_whole_dataset_says(folder):
    summary, dataset = DatasetSummary.read(folder), PreparedDataset.open(folder)
    assert (summary.name, summary.task, summary.counts) == (dataset.name, dataset.task, dataset.counts)
    assert summary.source == "coplas.txt"
    assert summary.style
    assert len(summary.fingerprint) == 64


def test_the_fingerprint_survives_a_new_name_a_copy_and_a_zip(project, folder):
    fingerprint = DatasetSummary.read(folder).fingerprint
    copy = shutil.copytree(folder, folder.with_name("copia"))
    zipped = export_zip(PreparedDataset.open(folder), project.path / "a.zip")
    brought = import_zip(zipped, project.datasets).folder
    renamed = folder.rename(folder.with_name("otro-nombre"))
    assert {DatasetSummary.read(item).fingerprint for item in (copy, brought, renamed)} == {fingerprint}


def test_other_texts_another_longest_length_and_windows_are_another_dataset(project, folder):
    others = [make(project, "noticias"), make(project, longest=9), make(project, longest=9, parted=True)]
    assert len({DatasetSummary.read(item).fingerprint for item in (folder, *others)}) == 4


def test_a_dataset_is_found_under_another_name_beside_its_old_place(folder):
    fingerprint = DatasetSummary.read(folder).fingerprint
    assert find_dataset(folder, fingerprint) == folder
    renamed = folder.rename(folder.with_name("mudado"))
    assert find_dataset(folder, fingerprint) == renamed
    shutil.rmtree(renamed)
    assert find_dataset(folder, fingerprint) is None
    assert find_dataset(folder / "no" / "existe", fingerprint) is None


def test_a_job_was_started_with_its_texts_and_not_with_what_has_their_folder_by_now(project, folder):
    config = {"dataset": str(folder), "fingerprint": DatasetSummary.read(folder).fingerprint}
    moved = folder.rename(folder.with_name("mudado"))
    make(project, "noticias").rename(folder)
    assert started_with(config).folder == moved
    shutil.rmtree(moved)
    assert started_with(config) is None
    assert started_with({"dataset": str(folder)}).name == "noticias", "a job of an earlier version names no texts"
    assert started_with({}) is None


@pytest.mark.parametrize(
    "record",
    ["", "[]", "{}", '{"task": "poema", "counts": {}}', '{"counts": {"train": 1, "validation": "x", "test": 1}}'],
)
def test_a_record_that_cannot_be_understood_is_no_dataset(project, record):
    folder = project.datasets / "roto"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text(record)
    assert DatasetSummary.read(folder) is None
    assert prepared(project) == []


@pytest.mark.parametrize("name", ["dataset.json", "dataset_dict.json", "train", "test/state.json", ""])
def test_a_link_that_leads_out_of_a_dataset_is_not_followed(project, folder, tmp_path, name):
    elsewhere = tmp_path / "ajeno"
    (folder / name).rename(elsewhere)
    (folder / name).symlink_to(elsewhere)
    if name:
        with pytest.raises(DatasetBroken) as refused:
            PreparedDataset.open(folder)
        assert "leads out" in refused.value.explanation.detail
        (folder / name).unlink()
        elsewhere.rename(folder / "propio")
        (folder / name).symlink_to(folder / "propio")
        assert PreparedDataset.open(folder).counts
    else:
        assert prepared(project) == project.prepared() == []


def test_a_linked_record_is_no_dataset_in_the_list(project, folder, tmp_path):
    (folder / "dataset.json").rename(tmp_path / "ajeno.json")
    (folder / "dataset.json").symlink_to(tmp_path / "ajeno.json")
    assert DatasetSummary.read(folder) is None
    assert project.prepared() == []


def test_a_record_of_an_earlier_version_has_no_fingerprint(folder):
    record = json.loads((folder / "dataset.json").read_text("utf-8"))
    del record["fingerprints"]
    (folder / "dataset.json").write_text(json.dumps(record))
    assert DatasetSummary.read(folder).fingerprint == ""


def test_a_training_follows_its_dataset_to_its_new_name_and_refuses_another_in_its_place(project, folder):
    config = {"model": "tiny", "dataset": str(folder), "fingerprint": DatasetSummary.read(folder).fingerprint}
    assert TrainingRequest.parse(config).dataset == folder
    renamed = folder.rename(folder.with_name("mudado"))
    assert TrainingRequest.parse(config).dataset == renamed
    make(project, "noticias").rename(folder)  # the old place is taken by other texts
    assert TrainingRequest.parse(config).dataset == renamed
    shutil.rmtree(renamed)
    with pytest.raises(DatasetReplaced) as caught:
        TrainingRequest.parse(config)
    assert "coplas" in caught.value.explanation.why
    assert caught.value.explanation.action == "choose-dataset"
    del config["fingerprint"]  # a job of an earlier version
    assert TrainingRequest.parse(config).dataset == folder


def test_a_summary_is_read_without_arrow_and_pandas(folder):
    code = (
        "import sys; from pathlib import Path; from poetas.data.storage.dataset_summary import DatasetSummary\n"
        "assert DatasetSummary.read(Path(sys.argv[1])).task == 'style'\n"
        "print({'pandas', 'pyarrow', 'numpy', 'datasets'} & set(sys.modules))"
    )
    seen = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "set()"
