"""What the tests of damaged models share."""

import pytest

from poetas.errors import PoetasError


def nothing(*_args):
    """The progress of these conversions is not followed."""


def refused(convert, source, folder):
    """Convert what must be refused; return its card."""
    folder.mkdir()
    with pytest.raises(PoetasError) as refusal:
        convert(source, folder, nothing)
    return refusal.value.explanation
