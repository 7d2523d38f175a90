"""Log of unexpected errors, with traceback: ``run/NAME.log`` of a workspace."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from traceback import format_exception

from poetas.errors import Explanation, PoetasError, explain
from poetas.i18n import _
from poetas.util.files import private_folder
from poetas.workspace import Workspace

_LARGEST = 1 << 20  # bytes: a larger log is replaced by a new one


def write_down(error: BaseException, name: str, workspace: Workspace | None = None) -> Path | None:
    """Add an error with its traceback to a log, for its owner alone, and return where that is.

    name: of the log, without its ending. workspace: this user's own, unless given. Returns None where nothing can be
    written, since an error is being reported already.
    """
    with suppress(OSError, PoetasError):
        log = private_folder((workspace or Workspace.default()).root / "run") / f"{name}.log"
        full = log.exists() and log.stat().st_size > _LARGEST
        detail = error.explanation.detail if isinstance(error, PoetasError) else ""
        with log.open("w" if full else "a", encoding="utf-8") as out:
            out.write("".join(format_exception(error)) + (f"{detail}\n" if detail else "") + "\n")
        log.chmod(0o600)
        return log
    return None


def explain_and_log(error: BaseException, name: str, workspace: Workspace | None = None) -> Explanation:
    """Explain an error to the learner; an unexpected one is written to a log, which its card names.

    name, workspace: as for `write_down`.
    """
    problem = explain(error)
    log = write_down(error, name, workspace) if problem.code == "unexpected" else None
    if log is None:
        return problem
    where = "/".join(log.parts[-3:])  # from the workspace on, where the search for it begins
    words = _("Volvé a intentar. Si se repite, el detalle está en el registro ({log}).").format(log=where)
    return replace(problem, remedy=words)
