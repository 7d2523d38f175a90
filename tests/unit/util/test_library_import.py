"""Import of large libraries: the garbage collector rests meanwhile, and leaves them alone afterwards."""

import gc
import sys

import pytest

from poetas.util.library_import import import_large


@pytest.fixture
def frozen(monkeypatch):
    """How often all that is there was left out of later searches; here it is only counted."""
    calls = []
    monkeypatch.setattr(gc, "freeze", lambda: calls.append(gc.isenabled()))
    return calls


def test_nothing_is_searched_while_a_module_is_imported(tmp_path, monkeypatch, frozen):
    (tmp_path / "large_library.py").write_text("import gc\nsearched = gc.isenabled()\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert import_large("large_library").searched is False
    assert gc.isenabled()
    assert frozen == [False], "before the next search"
    assert import_large("large_library") is sys.modules.pop("large_library")
    assert len(frozen) == 1, "garbage of the program itself would never be freed"


def test_a_module_that_fails_leaves_the_search_on(tmp_path, monkeypatch, frozen):
    (tmp_path / "broken_library.py").write_text("1 / 0\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ZeroDivisionError):
        import_large("broken_library")
    assert gc.isenabled()
