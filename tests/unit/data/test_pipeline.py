"""Cleaning, splitting, saving, replaying: drops are counted, likeness is not separated, folders are whole or absent."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetas.data.dataset_schema import PARTS
from poetas.data.pipeline.limits import Limits
from poetas.data.pipeline.mapping import ColumnMapping, guess
from poetas.data.pipeline.pipeline import fingerprint, prepare
from poetas.data.pipeline.pipeline_errors import DatasetBroken, PartsOverlap, TooFewRows, WrongColumn
from poetas.data.pipeline.reading import Reading, read_file
from poetas.data.pipeline.splitting import SplitPlan, split
from poetas.data.pipeline.steps import DEFAULT, PipelineStep, apply
from poetas.data.storage.archive import export_zip, import_zip
from poetas.data.storage.dataset_names import STAGING
from poetas.data.storage.dataset_store import PreparedDataset, save, save_tables
from poetas.data.storage.samples import sample, samples
from poetas.errors import PoetasError
from poetas.util.text_normalize import letters_only
from poetas.workspace import Workspace
from tests.unit import odd_files

PAIR = ColumnMapping("texto", "resumen")
NEWS = read_file(sample("noticias").path).table


def reading(rows, columns=("texto", "resumen")):
    return Reading(pd.DataFrame(rows, columns=list(columns), dtype="str"), "csv", "UTF-8", ",", "Leí")


def news(count=60):
    return [list(row) for row in NEWS.head(count).itertuples(index=False)]


@pytest.fixture(scope="module")
def mine():
    """Sixty news items, prepared; not to be changed."""
    return prepare(reading(news()), PAIR)


@pytest.fixture
def dataset(mine, tmp_path):
    return save(mine, tmp_path / "conjuntos", "Mis noticias")


# -- cleaning


def test_cleaning_counts_what_it_drops_and_keeps_the_first():
    rows = news(10)
    rows += [
        ["", "sin texto"],
        ["sin resumen", ""],
        [rows[0][0], "otro resumen"],
        ["  " + rows[1][0].replace(" ", "  "), rows[1][1]],
    ]
    rows.append([rows[2][0].upper().replace(",", ""), rows[2][1]])
    rows.append([rows[3][0].replace("á", "a\u0301"), rows[3][1]])
    prepared = prepare(reading(rows), PAIR)
    counts = {outcome.step.name: (outcome.before, outcome.after) for outcome in prepared.applied}
    assert counts == {"normalise": (16, 16), "drop-empty": (16, 14), "drop-duplicates": (14, 12), "drop-near": (12, 11)}
    texts = {text for part in PARTS for text in prepared.parts[part]["text"]}
    assert texts == {row[0] for row in news(10)}
    assert prepared.applied[1].dropped == (10, 11)
    assert "2 filas incompletas" in prepared.applied[1].sentence


def test_short_verses_that_differ_in_a_word_are_kept():
    rows = [["Ay, qué sol de enero"], ["Ay, qué sol de febrero"], ["Ay que sol de enero!"], ["ay, qué sol de enero"]]
    table, _counts = apply(pd.DataFrame(rows, columns=["text"], dtype="str"), DEFAULT)
    assert table["text"].tolist() == ["Ay, qué sol de enero", "Ay, qué sol de febrero", "Ay que sol de enero!"]


def test_the_table_that_was_read_stays_as_it_was():
    given = reading(news(12))
    before = given.table.copy()
    prepare(given, PAIR)
    pd.testing.assert_frame_equal(given.table, before)


# -- splitting


def near_copies(rows, rng, share=0.5):
    """More rows, each a copy of one of them with a few words changed."""
    copies = []
    for text, summary in rows:
        if rng.random() < share:
            words = text.split()
            for position in rng.sample(range(len(words)), max(1, len(words) // 14)):
                words[position] = words[position][::-1] + "z"
            copies.append([" ".join(words), summary])
    return rows + copies


@pytest.mark.parametrize("seed", range(6))
def test_near_identical_texts_are_never_separated(seed):
    rng = random.Random(seed)
    rows = near_copies(news(80), rng)
    rng.shuffle(rows)
    prepared = prepare(reading(rows), PAIR, SplitPlan(seed=seed), steps=[PipelineStep("normalise")])
    where = {text: part for part in PARTS for text in prepared.parts[part]["text"]}
    originals = {row[0] for row in news(80)}
    copies = 0
    for text, part in where.items():
        if text not in originals:
            source = max(
                originals,
                key=lambda original: len(set(letters_only(original).split()) & set(letters_only(text).split())),
            )
            assert where[source] == part
            copies += 1
    assert copies > 20
    assert prepared.split.kept_together == copies
    assert len(where) == len(rows)


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(3, 90),
    validation=st.floats(0.01, 0.4),
    test=st.floats(0.01, 0.4),
    seed=st.integers(0, 10_000),
)
def test_sizes_are_those_asked_for_and_no_part_is_empty(count, validation, test, seed):
    texts = list(NEWS["texto"].head(count))
    plan = SplitPlan(1 - validation - test, validation, test, seed)
    dealt = split(texts, plan)
    assert sum(dealt.counts.values()) == count
    assert min(dealt.counts.values()) >= 1
    assert sorted(place for part in PARTS for place in dealt.parts[part].tolist()) == list(range(count))
    if count >= 10:
        assert abs(dealt.counts["validation"] - max(1, round(count * plan.validation))) <= 1
        assert abs(dealt.counts["test"] - max(1, round(count * plan.test))) <= 1


def test_a_split_depends_on_seed_and_texts_and_on_nothing_else():
    rows = news(60)

    def parts(given, seed):
        return {
            part: set(table["text"])
            for part, table in prepare(reading(given), PAIR, SplitPlan(seed=seed)).parts.items()
        }

    assert parts(rows, 1) == parts(rows, 1)
    assert parts(rows, 1) != parts(rows, 2)
    assert parts(rows[::-1], 1) == parts(rows, 1)
    code = (
        "from tests.unit.data.test_pipeline import news, reading, PAIR, prepare\n"
        "print(prepare(reading(news(60)), PAIR).record['fingerprints']['test'])"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "123", "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )
    assert other.stdout.strip() == prepare(reading(rows), PAIR).record["fingerprints"]["test"]


def test_a_large_group_does_not_starve_the_other_parts():
    rows = news(20)
    words = rows[0][0].split()
    copies = [
        [" ".join([*words[:position], "otra", *words[position + 1 :]]), rows[0][1]] for position in range(0, 60, 2)
    ]
    prepared = prepare(reading(rows + copies), PAIR, steps=[])
    assert prepared.split.kept_together == 1
    assert prepared.split.grouped == 31
    assert prepared.split.counts["test"] >= 8
    assert prepared.split.counts["validation"] >= 3


def test_few_rows_are_said_honestly_and_too_few_refused():
    notices = {notice.code for notice in prepare(reading(news(30)), PAIR).split.notices}
    assert notices == {"few-test", "few-train"}
    with pytest.raises(TooFewRows) as caught:
        prepare(reading([*news(2), [news(1)[0][0] + " Fin.", "casi igual"]]), PAIR)
    assert "2 textos" in caught.value.explanation.why
    assert prepare(reading(news(3)), PAIR).split.counts == {"train": 1, "validation": 1, "test": 1}


@pytest.mark.parametrize("shares", [(0, 0.5, 0.5), (1, -0.1, 0.1), (float("nan"), 0.1, 0.1)])
def test_shares_that_cannot_be_are_refused(shares):
    with pytest.raises(ValueError, match="not fractions"):
        SplitPlan(*shares)


def test_a_wrong_column_is_refused_before_anything_is_done():
    with pytest.raises(WrongColumn):
        prepare(reading(news(5)), ColumnMapping("texto", "texto"))


# -- saving and opening


def test_a_saved_dataset_is_what_hugging_face_reads(dataset):
    from datasets import load_from_disk

    loaded = load_from_disk(str(dataset.folder))
    opened = PreparedDataset.open(dataset.folder)
    assert set(loaded) == set(PARTS)
    for part in PARTS:
        assert loaded[part].column_names == ["text", "summary"]
        assert opened.rows(part) == list(loaded[part])
        assert len(opened.rows(part)) == opened.counts[part]
    assert (opened.task, opened.name) == ("summary", "Mis noticias")


def test_style_has_one_column(tmp_path):
    coplas = sample("coplas")
    texts = read_file(coplas.path)
    opened = PreparedDataset.open(save(prepare(texts, guess(texts.table).mapping), tmp_path, "coplas").folder)
    assert opened.task == "style"
    assert set(opened.rows("train")[0]) == {"text"}
    assert opened.rows("train")[0]["text"].count("\n") == 3


def test_files_are_private_and_nothing_is_left_beside_them(dataset):
    parent = dataset.folder.parent
    assert [entry.name for entry in parent.iterdir()] == ["Mis-noticias"]
    for path in [parent, dataset.folder, *dataset.folder.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_taken_name_gets_a_number_and_any_name_stays_inside(tmp_path):
    prepared = prepare(reading(news(12)), PAIR)
    names = [save(prepared, tmp_path, name).folder for name in ("a", "a", "../../fuera", "", "a/b")]
    assert [folder.name for folder in names] == ["a", "a-2", "fuera", "conjunto", "a-b"]
    assert {folder.parent for folder in names} == {tmp_path}


def test_the_workspace_lists_only_whole_datasets(tmp_path):
    project = Workspace(tmp_path).project("uno")
    saved = save(prepare(reading(news(12)), PAIR), project.datasets, "a").folder
    unfinished = project.datasets / f"{STAGING}x" / "conjunto"
    unfinished.mkdir(parents=True)
    (unfinished / "dataset.json").write_text("{}")
    assert project.prepared() == [saved]


def test_what_a_killed_process_left_is_swept_away_after_a_day(tmp_path):
    old, new = tmp_path / f"{STAGING}viejo", tmp_path / f"{STAGING}nuevo"
    for folder in (old, new):
        (folder / "conjunto").mkdir(parents=True)
    os.utime(old, (time.time() - 100_000,) * 2)
    save(prepare(reading(news(12)), PAIR), tmp_path, "a")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([new.name, "a"])


# For each folder that it is given, saves there again and again in a fork of its own, until that is killed.
SAVE = """
import os, sys
from pathlib import Path
from tests.unit.data.test_pipeline import news, reading, PAIR, prepare, save

prepared = prepare(reading(news(40)), PAIR)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        while True:
            save(prepared, Path(line.strip()), "a")
    print(child, flush=True)
    os.wait()
"""


def test_a_process_killed_while_saving_leaves_the_old_ones_whole(tmp_path):
    program = subprocess.Popen(
        [sys.executable, "-c", SAVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with program:
        for wait in (0.02, 0.09, 0.17, 0.3):
            folder = tmp_path / str(wait)
            folder.mkdir()
            print(folder, file=program.stdin, flush=True)
            child = int(program.stdout.readline())
            deadline = time.monotonic() + 60
            while not (folder / "a").exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(wait)
            os.kill(child, signal.SIGKILL)
            while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:  # until it is waited for
                time.sleep(0.01)
            whole = [entry for entry in folder.iterdir() if not entry.name.startswith(STAGING)]
            assert whole, wait
            for entry in whole:
                assert sum(PreparedDataset.open(entry).counts.values()) == 40, wait


@pytest.mark.mounts
def test_a_full_disk_leaves_nothing_behind(tmp_path):
    small = tmp_path / "chico"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, check=True)
    try:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever library notices it; the card is what counts
            save(prepare(reading(news(60)), PAIR), small, "a")
        from poetas.errors import explain

        assert explain(caught.value).code == "disk-full"
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


# -- the record, and doing it again


def replay(record, path):
    """Prepare again from what a record says: nothing else that the result depends on is left out of it."""
    first, *middle, last = record["steps"]
    assert (first["step"], last["step"]) == ("select", "split")
    steps = [PipelineStep(step["step"], step["parameters"]) for step in middle]
    plan = SplitPlan(**last["parameters"])
    texts = read_file(path, **record["source"]["hints"])
    length = {"longest": record["longest"], "parted": record["long_texts"] == "windows"}
    return prepare(texts, ColumnMapping(**first["parameters"]), plan, steps, **length)


@pytest.mark.parametrize("name", ["noticias", "coplas", "stories"])
def test_a_record_is_enough_to_do_it_all_again(tmp_path, name):
    texts = read_file(sample(name).path)
    mapping = guess(texts.table).mapping
    prepared = prepare(texts, mapping, SplitPlan(0.7, 0.1, 0.2, seed=99), longest=300, parted=True)
    folder = save(prepared, tmp_path, name).folder
    record = json.loads((folder / "dataset.json").read_text("utf-8"))
    again = replay(record, sample(name).path)
    assert again.record["fingerprints"] == record["fingerprints"]
    for part in PARTS:
        pd.testing.assert_frame_equal(again.parts[part], prepared.parts[part])
    assert record["long_texts"] == ("windows" if mapping.summary is None else "cut")
    for key in ("steps", "source", "longest", "long_texts"):
        assert again.record[key] == record[key]


def test_the_record_says_what_was_done(tmp_path):
    path = tmp_path / "cartas.csv"
    rows = [["Texto", "Resumen"], *news(30), *news(2)]
    path.write_bytes(odd_files.delimited(rows, ";").replace("“", '""').replace("”", '""').encode("latin-1"))
    texts = read_file(path, header=True)
    record = prepare(texts, ColumnMapping("Texto", "Resumen")).record
    assert record["source"]["name"] == "cartas.csv"
    assert record["source"]["hints"] == {"header": True}
    assert len(record["source"]["sha256"]) == 64
    assert record["task"] == "summary"
    assert [step["step"] for step in record["steps"]] == [
        "select", "normalise", "drop-empty", "drop-duplicates", "drop-near", "split",
    ]  # fmt: skip
    assert record["steps"][3]["dropped"] == [30, 31]
    assert replay(record, path).record["fingerprints"] == record["fingerprints"]


def test_steps_and_parameters_other_than_the_usual_are_replayed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(odd_files.delimited([["texto", "resumen"], *near_copies(news(30), random.Random(1))]), "utf-8")
    texts = read_file(path)
    unusual = prepare(texts, PAIR, SplitPlan(1 / 3, 1 / 3, 1 / 3, seed=5), [PipelineStep("drop-near", {"alike": 0.8})])
    usual = prepare(texts, PAIR)
    assert unusual.record["counts"] != usual.record["counts"]
    record = json.loads(json.dumps(unusual.record))
    assert replay(record, path).record["fingerprints"] == unusual.record["fingerprints"]


# -- hostile and broken folders


def breakages():
    def rewrite(name, table):
        def act(folder):
            with pa.OSFile(str(folder / "train" / name), "wb") as out, pa.ipc.new_stream(out, table.schema) as stream:
                stream.write_table(table)

        return act

    arrow = "data-00000-of-00001.arrow"
    yield "no record", lambda folder: (folder / "dataset.json").unlink()
    yield "half a record", lambda folder: (folder / "dataset.json").write_text('{"format": 1')
    yield "another record", lambda folder: (folder / "dataset.json").write_text("[1, 2]")
    yield "deep record", lambda folder: (folder / "dataset.json").write_text("[" * 100_000)
    yield "huge record", lambda folder: (folder / "dataset.json").write_text('{"a": "' + "x" * 6_000_000 + '"}')
    yield "other task", lambda folder: edit(folder, task="pickle")
    yield "other counts", lambda folder: edit(folder, counts={"train": 1, "validation": 1, "test": 1})
    yield "odd counts", lambda folder: edit(folder, counts={"train": True, "validation": -1, "test": 1.5})
    for field, value in (
        ("longest", "abc"), ("longest", -5), ("longest", True), ("longest", 10**30), ("name", ["a"]),
        ("name", "a" * 5000),
        ("source", 5), ("source", {"name": 5}), ("source", {"columns": "ab"}), ("steps", "x"), ("steps", [{"step": 1}]),
        ("fingerprints", 3), ("fingerprints", {"train": "0"}), ("format", True), ("task", ["style"]), ("created", None),
    ):  # fmt: skip
        yield f"{field} {str(value)[:20]}", lambda folder, field=field, value=value: edit(folder, **{field: value})
    for codec in ("zstd", "lz4"):
        columns = {"text": ["a" * 100_000] * 40, "summary": ["b"] * 40}
        squeezed = odd_files.compressed_arrow(columns, codec)
        yield f"squeezed {codec}", lambda folder, data=squeezed: (folder / "train" / arrow).write_bytes(data)
    yield "no part", lambda folder: [part.unlink() for part in (folder / "test").iterdir()]
    yield "empty data", lambda folder: (folder / "train" / arrow).write_bytes(b"")
    yield "noise", lambda folder: (folder / "train" / arrow).write_bytes(os.urandom(4000))
    yield "cut short", lambda folder: os.truncate(folder / "train" / arrow, 500)
    yield "link", lambda folder: relink(folder / "train" / arrow)
    yield "other columns", rewrite(arrow, pa.table({"text": ["a"], "code": ["b"]}))
    yield "numbers", rewrite(arrow, pa.table({"text": [1], "summary": [2]}))
    yield (
        "pickle",
        lambda folder: (folder / "train" / arrow).write_bytes(b"\x80\x04cos\nsystem\n(S'touch /tmp/pwned'\ntR."),
    )


def edit(folder, **changes):
    record = json.loads((folder / "dataset.json").read_text("utf-8"))
    (folder / "dataset.json").write_text(json.dumps({**record, **changes}), "utf-8")


def relink(path):
    other = path.with_name("otro")
    path.rename(other)
    path.symlink_to(other)


def test_broken_and_hostile_folders_are_a_card(dataset, tmp_path):
    for number, (name, act) in enumerate(breakages()):
        folder = Path(shutil.copytree(dataset.folder, tmp_path / str(number)))
        act(folder)
        try:
            PreparedDataset.open(folder)
        except DatasetBroken as error:
            card = error.explanation
        else:
            pytest.fail(f"{name}: opened")
        assert card.code == "dataset-broken", name
        assert str(folder.parent) not in card.what, name


def test_a_folder_that_is_not_there_or_no_folder(tmp_path):
    (tmp_path / "archivo").write_text("hola")
    for name in ("nada", "archivo"):
        with pytest.raises(DatasetBroken):
            PreparedDataset.open(tmp_path / name)


# -- zips


def test_a_zip_takes_a_dataset_elsewhere_and_back(dataset, tmp_path):
    packed = export_zip(dataset, tmp_path / "salida" / "noticias.zip")
    brought = import_zip(packed, tmp_path / "otro")
    assert brought.folder == tmp_path / "otro" / "Mis-noticias"
    assert [entry.name for entry in (tmp_path / "otro").iterdir()] == ["Mis-noticias"]
    for part in PARTS:
        assert PreparedDataset.open(brought.folder).rows(part) == dataset.rows(part)
        assert fingerprint(brought.table(part).to_pandas()) == dataset.record["fingerprints"][part]
    assert brought.record == dataset.record
    assert export_zip(dataset, tmp_path / "otra.zip").read_bytes() == packed.read_bytes()


def test_an_unpacked_zip_is_what_hugging_face_reads(dataset, tmp_path):
    from datasets import load_from_disk

    with zipfile.ZipFile(export_zip(dataset, tmp_path / "a.zip")) as archive:
        archive.extractall(tmp_path / "suelto")
    assert load_from_disk(str(tmp_path / "suelto" / "Mis-noticias"))["test"].num_rows == dataset.counts["test"]


def test_only_texts_and_record_survive_an_import(dataset, tmp_path):
    packed = export_zip(dataset, tmp_path / "a.zip")
    with zipfile.ZipFile(packed) as source:
        members = {name: source.read(name) for name in source.namelist()}
    members["Mis-noticias/train/malo.pkl"] = b"\x80\x04cos\nsystem\n(S'true'\ntR."
    members["Mis-noticias/train/state.json"] = b'{"_data_files": [{"filename": "../../../etc/passwd"}]}'
    members["Mis-noticias/train/dataset_info.json"] = b'{"features": {"text": {"_type": "Image"}}}'
    members["Mis-noticias/malo.py"] = b"import os"
    (tmp_path / "b.zip").write_bytes(odd_files.zipped(members))
    brought = import_zip(tmp_path / "b.zip", tmp_path / "otro")
    names = {path.relative_to(brought.folder).as_posix() for path in brought.folder.rglob("*") if path.is_file()}
    assert not any("malo" in name for name in names)
    assert "passwd" not in (brought.folder / "train" / "state.json").read_text("utf-8")
    assert brought.rows("train") == dataset.rows("train")


def test_unsafe_zips_bring_nothing(dataset, tmp_path):
    packed = export_zip(dataset, tmp_path / "a.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as source:
        members = {name: source.read(name) for name in source.namelist()}
    hostile = {
        "escape": odd_files.zipped({**members, "../../x/dataset.json": b"{}"}),
        "locked": odd_files.locked(packed),
        "short": packed[: len(packed) // 2],
        "other": odd_files.zipped({"hola.txt": "no soy un conjunto"}),
        "twice": odd_files.zipped({**members, "dataset.json": members["Mis-noticias/dataset.json"]}),
        "half": odd_files.zipped({name: data for name, data in members.items() if "/test/" not in name}),
    }
    for name, data in hostile.items():
        path = tmp_path / f"{name}.zip"
        path.write_bytes(data)
        with pytest.raises(PoetasError) as caught:
            import_zip(path, tmp_path / "otro")
        assert caught.value.explanation.code in {
            "archive-unsafe",
            "file-protected",
            "file-unreadable",
            "dataset-broken",
        }
        assert path.name in caught.value.explanation.what
    assert list((tmp_path / "otro").iterdir()) == []


def test_a_bomb_of_arrow_is_not_decoded(dataset, tmp_path):
    """The body of the bomb is as many rows, of the same columns, as the record says: nothing else gives it away."""
    rows = dataset.counts["train"]
    bomb = odd_files.compressed_arrow({"text": ["a" * 1_000_000] * rows, "summary": ["b"] * rows})
    assert len(bomb) < 20_000
    path = repacked(dataset, tmp_path, lambda members: members.update({TRAIN: bomb}))
    code = (
        "import sys\nfrom pathlib import Path\nimport pyarrow as pa\n"
        "from poetas.data.storage.archive import import_zip\nfrom poetas.errors import PoetasError\n"
        "try: import_zip(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "except PoetasError as error: print(error.code, error.explanation.detail)\n"
        "print(pa.default_memory_pool().max_memory())"
    )
    seen = subprocess.run(
        [sys.executable, "-c", code, str(path), str(tmp_path / "otro")], capture_output=True, text=True, check=True
    )
    digest, most = seen.stdout.splitlines()
    assert digest == "dataset-broken ValueError: a compressed body"
    assert int(most) < 1_000_000


TRAIN, RECORD = "Mis-noticias/train/data-00000-of-00001.arrow", "Mis-noticias/dataset.json"


def repacked(dataset, folder, change):
    """The zip of a dataset with its members changed."""
    with zipfile.ZipFile(export_zip(dataset, folder / "sano.zip")) as source:
        members = {name: source.read(name) for name in source.namelist()}
    change(members)
    path = folder / "cambiado.zip"
    path.write_bytes(odd_files.zipped(members))
    return path


def rerecorded(**changes):
    def change(members):
        record = {**json.loads(members[RECORD]), **changes}
        members[RECORD] = json.dumps({key: value for key, value in record.items() if value is not None})

    return change


def swap_texts(members):
    members[TRAIN] = members[TRAIN].replace(b"Iruya", b"Jruya").replace(b" el ", b" al ", 1)


@pytest.mark.parametrize(
    "change",
    [
        rerecorded(fingerprints=dict.fromkeys(PARTS, "0" * 64)),
        rerecorded(fingerprints=None),
        rerecorded(longest=-5),
        rerecorded(counts={"train": 1, "validation": 1, "test": 1}),
        swap_texts,
    ],
    ids=["fingerprints", "no fingerprints", "longest", "counts", "texts"],
)
def test_a_dataset_from_elsewhere_has_to_be_what_its_record_says(dataset, tmp_path, change):
    path = repacked(dataset, tmp_path, change)
    with pytest.raises(DatasetBroken) as caught:
        import_zip(path, tmp_path / "otro")
    assert path.name in caught.value.explanation.what
    assert list((tmp_path / "otro").iterdir()) == []


@pytest.mark.parametrize("blank", ["", " \n", None])
def test_a_dataset_from_elsewhere_has_no_empty_text(dataset, tmp_path, blank):
    parts = {part: dataset.table(part).to_pandas().astype(object) for part in PARTS}
    parts["train"].loc[1, "text"] = blank
    kept = save_tables(parts, dataset.record, tmp_path, "con huecos")
    prints = {part: fingerprint(kept.table(part).to_pandas()) for part in PARTS}
    packed = export_zip(
        save_tables(parts, {**dataset.record, "fingerprints": prints}, tmp_path, "con huecos"), tmp_path / "b.zip"
    )
    with pytest.raises(DatasetBroken) as caught:
        import_zip(packed, tmp_path / "otro")
    assert caught.value.explanation.detail == "train: an empty text"


def test_a_dataset_from_elsewhere_has_no_more_rows_than_are_ever_saved(dataset, tmp_path):
    packed = export_zip(dataset, tmp_path / "a.zip")
    with pytest.raises(DatasetBroken):
        import_zip(packed, tmp_path / "otro", limits=Limits(rows=59))
    assert import_zip(packed, tmp_path / "otro", limits=Limits(rows=60)).counts == dataset.counts


def test_the_name_of_a_dataset_from_elsewhere_is_one_line_of_letters(dataset, tmp_path):
    path = repacked(dataset, tmp_path, rerecorded(name="<img src=x>\x1b[31m\n../.. " + "a" * 500))
    brought = import_zip(path, tmp_path / "otro")
    assert brought.name.startswith("<img src=x> [31m ../.. aaa")
    assert len(brought.name) == 120
    assert brought.folder.parent == tmp_path / "otro"


@pytest.mark.parametrize("copy", [lambda text: text, lambda text: text.upper() + " Fin."], ids=["same", "near"])
def test_a_dataset_from_elsewhere_that_shows_its_exam_is_refused(tmp_path, copy):
    prepared = prepare(reading(news(20)), PAIR)
    parts = {part: table.copy() for part, table in prepared.parts.items()}
    parts["test"].loc[0, "text"] = copy(parts["train"].loc[0, "text"])
    record = {**prepared.record, "fingerprints": {part: fingerprint(table) for part, table in parts.items()}}
    packed = export_zip(save_tables(parts, record, tmp_path / "uno", "a"), tmp_path / "a.zip")
    with pytest.raises(PartsOverlap) as caught:
        import_zip(packed, tmp_path / "otro")
    assert "1 texto " in caught.value.explanation.why
    assert "a.zip" in caught.value.explanation.what
    assert list((tmp_path / "otro").iterdir()) == []


def test_all_samples_prepare_as_they_come(tmp_path):
    for entry in samples():
        texts = read_file(entry.path)
        dataset = save(prepare(texts, guess(texts.table).mapping), tmp_path, entry.name)
        assert sum(dataset.counts.values()) == len(texts.table)
        assert dataset.task == entry.task
