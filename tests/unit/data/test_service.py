"""The preparation service: a whole walk, alone and as a process, without torch, and inside allowed folders only."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from poetas.data.errors import PathRefused
from poetas.data.pipeline import pipeline
from poetas.data.pipeline.pipeline_errors import NothingRead, TooFewRows, WrongColumn, WrongSplit
from poetas.data.pipeline.validation import check
from poetas.data.service import payloads, session_state
from poetas.data.service.service import Preparation
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.data.storage.samples import sample
from poetas.errors import PoetasError
from poetas.models.model_store import model_folder
from poetas.services import Service
from poetas.services.errors import RemoteError
from poetas.tokens.tokenizer import Tokenizer, count_words
from poetas.workspace import Workspace
from tests.tiny_model import register_tiny_model
from tests.unit import odd_files

NEWS = str(sample("noticias").path)


@pytest.fixture
def workspace():
    return Workspace.default()


@pytest.fixture
def model(workspace):
    return register_tiny_model(workspace)


@pytest.fixture
def service():
    return Preparation()


@pytest.fixture(scope="module")
def mapped():
    """What a session holds once the sample was read and its columns were chosen: a state that is never changed."""
    made = {}
    service = Preparation()
    service.read(made, path=NEWS)
    service.map(made, text="texto", summary="resumen")
    return made


@pytest.fixture
def session(mapped):
    return dict(mapped)


def put(workspace, name, content):
    path = workspace.project().sources / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_reading_answers_with_a_sentence_a_guess_and_a_few_rows(service):
    answer = service.read({}, path=NEWS)
    assert answer["sentence"] == "Leí 184 filas y 2 columnas, separadas con comas"
    assert answer["mapping"] == {"text": "texto", "summary": "resumen"}
    assert (answer["rows"], answer["columns"], answer["task"]) == (184, ["texto", "resumen"], "summary")
    assert len(answer["head"]) == payloads.HEAD


def test_mapping_counts_cleans_and_warns(service, workspace):
    rows = [["texto", "resumen"]] + [[f"{row} " * 8, row[:9]] for row in (line for line in odd_lines(20))]
    rows += [["", "nada"], rows[1], ["corto", "un resumen más largo que el texto"]]
    made = {}
    service.read(made, path=put(workspace, "a.csv", odd_files.delimited(rows)))
    answer = service.map(made, text="texto", summary="resumen")
    assert (answer["source_rows"], answer["rows"]) == (23, 21)
    assert {item["code"] for item in answer["findings"]} == {"rows-without-text", "some-summaries-longer"}
    assert [sentence for sentence in answer["steps"] if "vacía" in sentence or "repetida" in sentence]
    json.dumps(answer)


def test_a_removed_row_is_reported_once(service, workspace):
    rows = [["texto", "resumen", "año"]] + [[f"{row} " * 8, row[:9], "1999"] for row in odd_lines(20)]
    rows += [["Una carta sin nadie que la resuma, de varias palabras", "", "1999"], ["", "", "2001"]]
    made = {}
    service.read(made, path=put(workspace, "a.csv", odd_files.delimited(rows)))
    answer = service.map(made, text="texto", summary="resumen")
    sentences = [item["sentence"] for item in answer["findings"]] + answer["steps"]
    gone = [sentence for sentence in sentences if "sacar" in sentence or "Saqué" in sentence]
    assert gone == ["Voy a sacar 1 fila sin texto.", "Voy a sacar 1 fila sin resumen."]
    assert answer["source_rows"] - answer["rows"] == 2


def odd_lines(count):
    words = [word.strip(".,") for word in Path(NEWS).read_text("utf-8").split()]
    return (" ".join(words[index * 40 : index * 40 + 5]) for index in range(1, count + 1))


def test_a_wrong_column_is_a_card_and_what_stood_before_stands(service, session):
    with pytest.raises(WrongColumn):
        service.map(session, text="texto", summary="texto")
    assert service.preview(session, count=1)["total"] == 184


def test_a_session_keeps_one_reading(service, session):
    """What is read replaces what was read before: a page that opens file after file holds one of them."""
    kept = len(session)
    for name in ("coplas", "stories", "noticias"):
        service.read(session, path=str(sample(name).path))
    assert len(session) == kept
    with pytest.raises(NothingRead):
        service.preview(session)


def test_sessions_know_nothing_of_each_other(service, session):
    other = {}
    with pytest.raises(NothingRead):
        service.preview(other)
    service.read(other, path=str(sample("coplas").path))
    with pytest.raises(NothingRead):
        service.preview(other)
    assert service.preview(session, count=1)["rows"][0].keys() == {"text", "summary"}


@pytest.mark.parametrize("count", [1, 3, 20, 500])
def test_no_answer_holds_more_than_its_budget(service, session, count, workspace):
    answer = service.preview(session, first=5, count=count)
    assert len(answer["rows"]) <= payloads.ROWS
    assert all(len(cell) <= payloads.BUDGET // len(answer["rows"]) for row in answer["rows"] for cell in row.values())
    wide = [[f"columna {index}" for index in range(60)]] + [["palabra " * 2000] * 60] * 10
    head = service.read({}, path=put(workspace, "ancho.csv", odd_files.delimited(wide)))["head"]
    assert sum(len(cell) for row in head for cell in row) <= 2 * payloads.BUDGET


def test_a_row_is_whole_and_knows_its_place(service, session):
    row = service.row(session, index=183)
    assert row["source_row"] == 185, "as a spreadsheet counts it: the names of the columns are row 1"
    assert service.account(session, first=183, count=1)["rows"][0]["where"] == "fila 185"
    assert count_words(row["text"]) > 60
    assert service.row(session, index=184)["index"] == 0


def test_lengths_are_counts_of_the_clean_texts(service, session, model, workspace):
    answer = service.lengths(session, model=model)
    tokenizer = Tokenizer.open(model_folder(workspace, model))
    assert answer["text"].dtype == np.int64
    assert answer["text"].shape == answer["summary"].shape == (184,)
    for index in (0, 91, 183):
        row = service.row(session, index=index)
        assert answer["text"][index] == tokenizer.count(row["text"])
        assert answer["summary"][index] == tokenizer.count(row["summary"])


def test_a_style_has_no_lengths_of_summaries(service, model):
    made = {}
    service.read(made, path=str(sample("coplas").path))
    service.map(made, text="texto")
    assert service.lengths(made, model=model)["summary"].shape == (0,)


def test_what_a_cut_loses_equals_counting_it_text_by_text(service, session, model, workspace):
    tokenizer = Tokenizer.open(model_folder(workspace, model))
    texts = [service.row(session, index=index)["text"] for index in range(184)]
    words = sum(map(count_words, texts))
    for longest in (0, 1, 40, 200, 100_000):
        answer = service.cut(session, model=model, longest=longest, index=7)
        cuts = [tokenizer.truncate(text, longest) for text in texts]
        assert answer["texts"] == sum(bool(lost) for _kept, lost in cuts), longest
        assert answer["words"] == words, longest
        lost = 0
        for kept, gone in cuts:
            inside_word = bool(kept) and bool(gone) and not kept[-1].isspace() and not gone[0].isspace()
            lost += count_words(kept + gone) - count_words(kept) + inside_word
        assert answer["words_lost"] == lost, longest
        assert (answer["kept"] + answer["lost"]) == texts[7], longest
        assert answer["text_words_lost"] <= answer["text_words"], longest


def test_the_x_ray_shows_a_text_that_is_cut(service, session, model):
    lengths = service.lengths(session, model=model)["text"]
    limit = int(np.sort(lengths)[-2])
    answer = service.cut(session, model=model, longest=limit)
    assert answer["index"] == int(lengths.argmax())
    assert answer["lost"]


def test_other_texts_are_measured_again(service, session, model):
    before = service.lengths(session, model=model)["text"]
    service.map(session, text="resumen", task="style")
    after = service.lengths(session, model=model)["text"]
    assert after.max() < before.max()


def test_tokens_come_with_places_and_signs(service, model):
    answer = service.tokens({}, model=model, text="Hola ñandú 🦤\nche")
    assert answer["count"] == len(answer["pieces"])
    assert answer["tokens_per_word"] == answer["count"] / 4
    joined = "".join(item["visible"] for item in answer["pieces"])
    assert "␣" in joined
    assert "↵" in joined
    assert "⟨0xF0⟩" in joined
    assert service.tokens({}, model=model, text="a " * 30_000)["shortened"]
    assert service.tokens({}, model=model, text="n\u0303andu\u0301") == service.tokens({}, model=model, text="ñandú")


@pytest.mark.parametrize("name", ["no-está", "../../etc", "", "a" * 300])
def test_a_model_that_is_not_there_is_a_card(service, session, name):
    with pytest.raises(PoetasError) as caught:
        service.lengths(session, model=name)
    assert caught.value.explanation.remedy


def test_a_broken_tokenizer_is_a_card(service, session, model, workspace):
    (model_folder(workspace, model) / "tokenizer.json").write_text('{"version": "1.0"')
    with pytest.raises(PoetasError) as caught:
        service.lengths(session, model=model)
    assert caught.value.explanation.code == "tokenizer-broken"


def test_a_split_shows_counts_examples_and_what_was_kept_together(service, session):
    answer = service.split(session, validation=0.1, test=0.25, seed=7)
    assert sum(answer["counts"].values()) == 184
    assert answer["counts"]["test"] >= 40
    for part in ("train", "validation", "test"):
        assert 1 <= len(answer["examples"][part]) <= 3
        assert all(len(cell) <= payloads.CHARACTERS for row in answer["examples"][part] for cell in row.values())
    assert answer == service.split(session, validation=0.1, test=0.25, seed=7)
    assert answer["examples"] != service.split(session, validation=0.1, test=0.25, seed=8)["examples"]
    with pytest.raises(WrongSplit):
        service.split(session, validation=0.5, test=0.5)


def test_saving_splitting_and_exporting_agree(service, session, workspace):
    parent = workspace.project().datasets
    counts = service.split(session, seed=3)["counts"]
    answer = service.save(session, parent=str(parent), name="Mis cosas", seed=3, longest=256)
    dataset = PreparedDataset.open(answer["folder"])
    assert dataset.counts == counts == answer["counts"]
    assert dataset.record["longest"] == 256
    assert dataset.record["source"]["name"] == "noticias.csv"
    packed = service.export(
        session, folder=answer["folder"], target=str(workspace.project().path / "para-bajar" / "a.zip")
    )
    brought = service.bring(session, path=packed["path"], parent=str(parent))
    assert brought["counts"] == counts
    assert brought["folder"] != answer["folder"]


def test_too_few_rows_are_a_card_at_the_split(service, workspace):
    made = {}
    service.read(made, path=put(workspace, "a.txt", "Un verso solo y triste.\n\nOtro verso que no rima con nada."))
    service.map(made, text="texto")
    with pytest.raises(TooFewRows):
        service.split(made)


@pytest.mark.parametrize("path", ["/etc/passwd", "relativo.csv", "{root}/../fuera.csv", "{root}/enlace.csv", "\0", ""])
def test_paths_outside_the_allowed_folders_are_refused(service, session, workspace, tmp_path, path):
    outside = tmp_path / "fuera.csv"
    outside.write_text("texto\nsecreto\n")
    workspace.root.mkdir(parents=True, exist_ok=True)
    (workspace.root / "enlace.csv").symlink_to(outside)
    expected = path.format(root=workspace.root)
    made = {}
    with pytest.raises(PathRefused):
        service.read(made, path=expected)
    made.update(session)
    for call, arguments in (
        ("save", {"parent": expected, "name": "a"}),
        ("export", {"folder": expected, "target": str(workspace.root / "a.zip")}),
        ("bring", {"path": expected, "parent": str(workspace.root)}),
    ):
        with pytest.raises(PathRefused):
            getattr(service, call)(made, **arguments)
    assert not (tmp_path / "a").exists()


def test_samples_may_be_read_but_not_written_to(service, session):
    with pytest.raises(PathRefused):
        service.save(session, parent=str(sample("noticias").path.parent), name="a")


def test_roots_given_by_the_kernel_or_at_the_start_replace_the_usual_ones(tmp_path, workspace):
    own, other = tmp_path / "propio", tmp_path / "ajeno"
    for folder in (own, other):
        folder.mkdir()
        (folder / "a.txt").write_text("uno\n\ndos")
    made = {}
    Preparation().read(made, path=str(own / "a.txt"), roots=[str(own)])
    with pytest.raises(PathRefused):
        Preparation().read(made, path=str(other / "a.txt"))
    with pytest.raises(PathRefused):
        Preparation().read(made, path=put(workspace, "b.txt", "tres"))
    made = {}
    Preparation(roots=[other]).read(made, path=str(other / "a.txt"))
    with pytest.raises(PathRefused):
        Preparation(roots=[other]).read(made, path=str(own / "a.txt"))


def test_the_chosen_columns_are_looked_through_once(monkeypatch):
    """`check` reads every text of the file; the click on a column waits for it."""
    looks = []
    for module in (pipeline, session_state):
        monkeypatch.setattr(module, "check", lambda *columns: looks.append(columns) or check(*columns))
    service, made = Preparation(), {}
    service.read(made, path=NEWS)
    service.map(made, text="texto", summary="resumen")
    service.health(made)
    assert len(looks) == 1


def test_a_walk_in_a_process_of_its_own_without_torch(workspace, model):
    with Service.private("preparation", workspace.root) as service:
        path = put(
            workspace, "cartas.csv", odd_files.delimited([["texto", "resumen"], *pairs(120)], ";").encode("latin-1")
        )
        assert (
            service.call("read", path=path)["sentence"]
            == "Leí 120 filas y 2 columnas, separadas con punto y coma, con los acentos de Windows (otra manera "
            "de guardarlos)"
        )
        assert service.call("map", text="texto", summary="resumen")["rows"] == 120
        assert service.call("lengths", model=model)["text"].dtype == np.int64
        assert service.call("cut", model=model, longest=50, index=0)["texts"] > 100
        assert service.call("split", seed=1)["counts"]["test"] == 30
        saved = service.call("save", parent=str(workspace.project().datasets), name="cartas", seed=1)
        with pytest.raises(RemoteError) as caught:
            service.call("read", path="/etc/passwd")
        assert caught.value.explanation.code == "path-refused"
    assert workspace.project().prepared() == [Path(saved["folder"])]


def pairs(count):
    rows = [line.split() for line in Path(NEWS).read_text("utf-8").replace("“", "").replace("”", "").splitlines()[1:]]
    return [[" ".join(row[:60]), " ".join(row[-12:])] for row in rows[:count]]


def test_the_whole_walk_imports_no_torch_and_no_transformers(workspace, model):
    code = (
        "import sys\n"
        "from poetas.data.service.service import Preparation\n"
        "service, session = Preparation(), {}\n"
        "service.read(session, path=sys.argv[1])\n"
        "service.map(session, text='texto', summary='resumen')\n"
        "service.lengths(session, model=sys.argv[2])\n"
        "service.cut(session, model=sys.argv[2], longest=30)\n"
        "service.tokens(session, model=sys.argv[2], text='hola')\n"
        "service.split(session)\n"
        "made = service.save(session, parent=sys.argv[3], name='a')\n"
        "service.export(session, folder=made['folder'], target=sys.argv[3] + '/a.zip')\n"
        "service.bring(session, path=sys.argv[3] + '/a.zip', parent=sys.argv[3])\n"
        "unwanted = ('torch', 'transformers', 'evaluate', 'ipywidgets', 'IPython')\n"
        "print([name for name in unwanted if name in sys.modules])\n"
    )
    seen = subprocess.run(
        [sys.executable, "-c", code, NEWS, model, str(workspace.project().datasets)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=120,
        check=False,
    )
    assert seen.returncode == 0, seen.stderr
    assert seen.stdout.strip() == "[]"
