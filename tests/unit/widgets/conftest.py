"""What the tests of the components start from."""

import pytest

from widgets.core.page_context import PageContext


@pytest.fixture(autouse=True)
def no_current_context(monkeypatch):
    """Let no test inherit the page of another one: a kernel has one context, a test process many."""
    monkeypatch.setattr(PageContext, "_current", None)
