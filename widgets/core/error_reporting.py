"""What went wrong on a page, as its card tells it; what nobody foresaw is written down too, in ``run/pagina.log``."""

from __future__ import annotations

from poetas.errors import Explanation
from poetas.util.error_log import explain_and_log
from poetas.workspace import Workspace

LOG = "pagina"


def explain_error(error: BaseException, workspace: Workspace | None = None) -> Explanation:
    """Explain any exception to the learner. workspace: whose log it goes to, this user's own unless given."""
    return explain_and_log(error, LOG, workspace)
