"""A model's folder that the command line names: what it lacks is reported before a job begins, and its name."""

import pytest

from poetas import cli
from poetas.jobs import Job
from poetas.models import (
    Catalogue,
    NoModelInFolder,
    Record,
    UnknownModel,
    UnsafeWeights,
    WrongChecksum,
    model_folder,
    start_fetch,
)
from poetas.models.model_store import is_whole
from poetas.models.sources.base import SourceContext
from poetas.models.sources.folder import Folder
from poetas.workspace import Workspace
from tests.tiny_gguf import write_tiny_gguf
from tests.tiny_model import register_tiny_model, write_hub_files


@pytest.fixture
def place(monkeypatch):
    for name in ("POETAS_MODELS", "POETAS_CATALOGUE", "POETAS_MODEL_FOLDERS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("POETAS_FETCH_FOLDER", "POETAS_FETCH_MODEL"):
        monkeypatch.setenv(name, "")
    return Workspace.default()


@pytest.fixture
def mine(tmp_path):
    folder = tmp_path / "mio"
    write_hub_files(folder)
    return folder


def without(name):
    def change(folder):
        (folder / name).unlink()

    return change


def emptied(folder):
    for entry in folder.iterdir():
        entry.unlink()


def gone(folder):
    emptied(folder)
    folder.rmdir()


def a_file(folder):
    gone(folder)
    folder.write_bytes(b"GGUF")


LACKING = {
    "gone": (gone, "No encuentro la carpeta {folder}."),
    "a file": (a_file, "{folder} no es una carpeta."),
    "empty": (emptied, "La carpeta {folder} está vacía."),
    "no weights": (without("model.safetensors"), "Falta el archivo de los pesos"),
    "no config": (without("config.json"), "Falta config.json"),
    "no tokenizer": (without("tokenizer.json"), "Falta tokenizer.json"),
}


@pytest.mark.parametrize("words", [["fetch", "otro"], ["fetch"]], ids=["named", "unnamed"])
@pytest.mark.parametrize("how", LACKING)
def test_what_a_folder_lacks_is_reported_before_a_job_begins(place, mine, capsys, how, words):
    change, reasons = LACKING[how]
    change(mine)
    assert cli.main([*words, "--folder", str(mine)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert reasons.format(folder=mine) in "\n".join(lines)
    assert Job.all(place.jobs) == []


def source_context(folder):
    return SourceContext(folder, lambda *_args: None, lambda: False, lambda *_args: None, lambda *_args: None)


def test_only_weights_that_can_run_code_are_refused_for_that(place, mine, tmp_path):
    (mine / "model.safetensors").rename(mine / "pytorch_model.bin")
    with pytest.raises(UnsafeWeights):
        Catalogue.load(place).entry_in(mine).sources[0].obtain(source_context(tmp_path))


def test_a_model_is_called_as_requested_and_what_the_catalogue_says_of_that_name_holds_for_it(place, mine, capsys):
    words = ["fetch", "gemma3-270m", "--folder", str(mine)]
    assert cli.main(words) == 1
    assert "--accept-license" in capsys.readouterr().err
    assert Job.all(place.jobs) == []
    assert cli.main([*words, "--accept-license"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "gemma3-270m está listo."
    assert not model_folder(place, "mio").exists()
    record = Record.read(model_folder(place, "gemma3-270m"))
    assert record.source == "folder mio"
    assert record.accepted["licence"] == record.entry.licence == "Gemma Terms of Use"


def test_a_model_without_another_name_is_called_as_its_folder(place, mine):
    assert Catalogue.load(place).entry_in(mine).id == "mio"
    assert Catalogue.load(place).entry_in(mine, "ana/otro").id == "ana/otro"
    assert Catalogue.load(place).entry_in(mine.rename(mine.with_name("ana--otro"))).id == "ana/otro"


def test_of_a_model_of_the_catalogue_that_lies_in_a_folder_nothing_is_downloaded(place, mine):
    assert Catalogue.load(place).get("gemma3-270m").download_size > 0
    assert Catalogue.load(place).entry_in(mine, "gemma3-270m").download_size == 0


def test_a_link_on_a_shelf_goes_by_its_own_name_wherever_it_leads(place, mine, tmp_path, monkeypatch):
    shelf = tmp_path / "estante"
    shelf.mkdir()
    (shelf / "gato").symlink_to(mine.rename(tmp_path / "mis modelos (2)"))
    monkeypatch.setenv("POETAS_MODEL_FOLDERS", str(shelf))
    assert "gato" in Catalogue.load(place).entries


def test_a_folder_whose_name_is_no_models_asks_for_one(place, mine):
    odd = mine.rename(mine.with_name("mi modelo"))
    with pytest.raises(NoModelInFolder) as refusal:
        Catalogue.load(place).entry_in(odd)
    assert f"poetas fetch MODELO --folder «{odd}»" in refusal.value.explanation.remedy
    assert Catalogue.load(place).entry_in(odd, "ana/mini").id == "ana/mini"


@pytest.mark.parametrize("name", ["../x", "a b", ""])
def test_a_name_that_cannot_be_is_refused_though_there_is_a_folder(place, mine, name):
    with pytest.raises(UnknownModel) as refusal:
        Catalogue.load(place).entry_in(mine, name)
    assert "nombre" in refusal.value.explanation.what


def test_a_folder_that_says_it_is_another_model_is_not_taken_for_the_one_that_was_asked_for(place):
    folder = model_folder(place, register_tiny_model(place))
    with pytest.raises(NoModelInFolder) as refusal:
        Catalogue.load(place).entry_in(folder, "smollm2-135m")
    assert "es tiny" in refusal.value.explanation.why
    assert Catalogue.load(place).entry_in(folder, "TINY").id == "tiny"


def test_under_a_name_of_the_catalogue_a_wrong_gguf_is_reported_and_left_alone(place, tmp_path):
    folder = tmp_path / "pendrive"
    folder.mkdir()
    gguf = folder / "SmolLM2-135M-Instruct.Q4_1.gguf"
    write_tiny_gguf(gguf, scratch=tmp_path / "hub")
    entry = Catalogue.load(place).entry_in(folder, "smollm2-135m")
    with pytest.raises(WrongChecksum) as refusal:
        entry.sources[0].obtain(source_context(tmp_path))
    assert [source.kind for source in entry.sources] == ["folder"]
    assert gguf.name in refusal.value.explanation.what
    assert "No lo toqué" in refusal.value.explanation.remedy
    assert gguf.is_file()


@pytest.mark.parametrize(("where", "reason"), [("name", "POETAS_MODEL_FOLDERS"), ("path", "No encuentro la carpeta")])
def test_a_model_of_a_folder_that_went_away_is_not_reported_as_a_missing_program(
    place, tmp_path, monkeypatch, where, reason
):
    table = f"""[[model]]
id = "propio"
title = "Propio"
summary = "Uno propio."
licence = "MIT"
parameters = 1000
[[model.source]]
kind = "folder"
{where} = "{tmp_path / "pendrive"}"
"""
    (tmp_path / "propios.toml").write_text(table, "utf-8")
    monkeypatch.setenv("POETAS_CATALOGUE", str(tmp_path / "propios.toml"))
    job = start_fetch(place, "propio")
    job.wait(60)
    problem = job.failure()
    assert problem.code == "no-model-in-folder"
    assert reason in f"{problem.what} {problem.why}"


def test_neither_a_model_nor_a_folder_is_a_slip(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["fetch"])
    assert ended.value.code == 2
    assert "falta: MODELO, o --folder CARPETA" in capsys.readouterr().err


def moved_out(folder, name, target):
    """Replace a file by a link to it in another folder."""
    target.mkdir(parents=True, exist_ok=True)
    (folder / name).rename(target / name)
    (folder / name).symlink_to(target / name)


@pytest.mark.parametrize("name", ["LICENSE", "config.json", "model.safetensors", "tokenizer.json"])
def test_a_file_that_is_a_link_out_of_the_folder_is_refused(place, mine, tmp_path, name):
    (mine / name).touch()
    moved_out(mine, name, tmp_path / "afuera")
    with pytest.raises(NoModelInFolder, match="enlaces") as refusal:
        Catalogue.load(place).entry_in(mine).sources[0].obtain(source_context(tmp_path))
    assert name in refusal.value.explanation.why


def test_a_link_that_leads_round_spoils_its_own_folder_and_no_other(place, mine, tmp_path):
    (mine / "vuelta").symlink_to("vuelta")
    with pytest.raises(NoModelInFolder, match="enlaces") as refusal:
        Catalogue.load(place).entry_in(mine).sources[0].obtain(source_context(tmp_path))
    assert "vuelta" in refusal.value.explanation.why
    folder = model_folder(place, register_tiny_model(place))
    (folder / "vuelta").symlink_to("vuelta")
    assert not is_whole(folder)


def test_a_folder_of_the_workspace_that_is_a_link_is_no_model(place, tmp_path):
    folder = model_folder(place, register_tiny_model(place))
    assert is_whole(folder)
    folder.rename(tmp_path / "afuera")
    folder.symlink_to(tmp_path / "afuera")
    assert not is_whole(folder)


def test_links_inside_the_folder_and_of_the_hubs_cache_are_followed(place, mine, tmp_path):
    moved_out(mine, "config.json", mine / "partes")
    assert Folder(path=str(mine)).obtain(source_context(tmp_path)).folder == mine
    snapshot = tmp_path / "models--ana--mini" / "snapshots" / "0123abcd"
    write_hub_files(snapshot)
    moved_out(snapshot, "model.safetensors", tmp_path / "models--ana--mini" / "blobs")
    (snapshot / "model.safetensors").unlink()  # the Hub's client writes relative links
    (snapshot / "model.safetensors").symlink_to("../../blobs/model.safetensors")
    obtained = Catalogue.load(place).entry_in(snapshot, "ana/mini").sources[0].obtain(source_context(tmp_path))
    assert obtained.folder == snapshot
    assert obtained.sha256


def test_a_converted_model_with_a_link_outside_is_not_whole(place, tmp_path):
    folder = model_folder(place, register_tiny_model(place))
    assert is_whole(folder)
    moved_out(folder, "config.json", tmp_path / "afuera")
    assert not is_whole(folder)
