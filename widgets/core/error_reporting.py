"""Explanations of a page's exceptions for its error cards; unexpected ones are also logged in ``run/pagina.log``."""

from __future__ import annotations

from poetas.errors import Explanation
from poetas.util.error_log import explain_and_log
from poetas.workspace import Workspace

LOG = "pagina"


def explain_error(error: BaseException, workspace: Workspace | None = None) -> Explanation:
    """Explain an exception to the learner. workspace: whose log gets unexpected ones, by default the user's own."""
    return explain_and_log(error, LOG, workspace)
