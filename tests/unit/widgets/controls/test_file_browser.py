"""Choosing a file in this machine's folders: never outside, never a traceback, names as they are."""

import os

import pytest

from widgets.controls.file_browser import FileBrowser


@pytest.fixture
def home(tmp_path):
    root = tmp_path / "ana"
    (root / "cartas" / "2024").mkdir(parents=True)
    (root / "cartas" / "enero.csv").write_text("texto\nhola", "utf-8")
    (root / "cartas" / "foto.png").write_bytes(b"x")
    (root / "vacia").mkdir()
    (tmp_path / "ajena").mkdir()
    (tmp_path / "ajena" / "secreto.csv").write_text("texto\nno", "utf-8")
    return root


@pytest.fixture
def folders(home):
    made = FileBrowser(home, endings=(".csv", ".txt"))
    made.chooser._select.click()
    return made


def pick(folders, name):
    folders.chooser._dircontent.value = name
    folders.chooser._select.click()


def test_choosing_a_folder_opens_nothing_until_the_button_is_used(folders):
    chooser = folders.chooser
    assert list(chooser._dircontent.options) == ["cartas/", "vacia/"]
    chooser._dircontent.value = "cartas/"
    assert list(chooser._dircontent.options) == ["cartas/", "vacia/"]
    assert chooser._select.description == "Abrir la carpeta"
    chooser._select.click()
    assert list(chooser._dircontent.options) == ["Subir una carpeta", "2024/", "enero.csv"]  # no picture among them


def test_a_file_is_chosen_with_the_button(folders, home):
    pick(folders, "cartas/")
    folders.chooser._dircontent.value = "enero.csv"
    assert folders.value == ""
    assert folders.chooser._select.description == "Usar este archivo"
    folders.chooser._select.click()
    assert folders.value == str(home / "cartas" / "enero.csv")


def test_the_way_up_ends_at_the_learners_folder(folders):
    pick(folders, "cartas/")
    pick(folders, "Subir una carpeta")
    assert list(folders.chooser._dircontent.options) == ["cartas/", "vacia/"]
    assert folders.chooser._pathlist.options == (("Tu carpeta personal", os.sep),)


def test_a_link_out_of_the_folder_leads_nowhere(folders, home, tmp_path):
    (home / "escape").symlink_to(tmp_path / "ajena", target_is_directory=True)
    (home / "escape.csv").symlink_to(tmp_path / "ajena" / "secreto.csv")
    folders.chooser.refresh()
    pick(folders, "escape/")
    assert "fuera de tu carpeta" in folders.note.value
    assert "secreto.csv" not in folders.chooser._dircontent.options
    pick(folders, "escape.csv")
    assert folders.value == ""
    assert "fuera de tu carpeta" in folders.note.value


@pytest.mark.ordinary_user
def test_a_folder_without_permission_is_said_in_words(folders, home):
    (home / "vacia").chmod(0)
    pick(folders, "vacia/")
    assert "No tengo permiso" in folders.note.value


def test_a_folder_that_is_gone_is_said_in_words(folders, home):
    folders.chooser._dircontent.value = "vacia/"
    (home / "vacia").rmdir()
    folders.chooser._select.click()
    assert folders.value == ""


def test_an_empty_folder_says_so(folders):
    pick(folders, "vacia/")
    assert "no hay textos" in folders.note.value


def test_a_hostile_name_is_escaped_everywhere(folders, home):
    name = "<img src=x onerror=alert(1)>.csv"
    (home / name).write_text("texto\nhola", "utf-8")
    folders.chooser.refresh()
    pick(folders, name)
    assert folders.value == str(home / name)
    assert "<img" not in folders.chooser._label.value
    assert "&lt;img" in folders.chooser._label.value
    assert "<img" not in folders.note.value
