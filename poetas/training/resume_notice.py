"""Notice for a run that cannot resume from its last save, because that was damaged or removed since."""

from __future__ import annotations

from pathlib import Path

from poetas.i18n import _, number
from poetas.jobs.event_log import read_events
from poetas.jobs.events import Notice, Saved
from poetas.training.checkpoints import Checkpoint

_CODE = "checkpoints-damaged"


def resume_notice(folder: Path, start: Checkpoint | None) -> Notice | None:
    """Return what to tell about a job's folder from which the run goes on at ``start``, None where nothing is lost.

    A save that a kill cut short has no event, so it is ignored here.

    >>> resume_notice(Path("/nowhere"), None) is None
    True
    """
    last = 0
    for event in read_events(folder, Saved, Notice):
        if isinstance(event, Saved):
            last = event.step
        elif isinstance(event, Notice) and event.code == _CODE:
            last = 0  # the notice was shown, and nothing was saved since
    if last <= (start.step if start is not None else 0):
        return None
    if start is None:
        words = _("Los puntos de guardado estaban dañados o ya no están: empiezo de nuevo desde el principio.")
        return Notice(_CODE, words)
    words = _(
        "El último punto de guardado, el de la corrección {last}, estaba dañado o ya no está: sigo desde la {step}."
    )
    return Notice(_CODE, words.format(last=number(last), step=number(start.step)))
