"""Lines that the model in use wrote on this page, as pieces that a learner may want to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from poetas.evaluation.unlabelled_versions import TUNED
from poetas.jobs import Job, Sample
from poetas.training.loss_curve import Curve
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import dataset_in_use
from widgets.train.tasting.saved_votes import STATE_KEY as TASTING
from widgets.train.tasting.tasting_state import TastingState
from widgets.train.try_it.trial_state import TrialState

BREAK = " / "  # between the lines of a piece, as verse is quoted
_MOST = 60  # pieces to choose from
_WORDS = 3  # of a line that stands by itself: a shorter one is half a line


def written_texts(context: PageContext, samples: Iterable[Sample]) -> list[str]:
    """Return what the model of the training in use wrote: in «Probalo», in the tasting, and last for its samples."""
    texts = []
    state = TrialState(context)
    answers, _known = state.answers(state.text())
    if TUNED in answers:
        texts.append(answers[TUNED]["text"])
    work, kept = dataset_in_use(context), context.dataset_state.get(TASTING)
    if work is not None and isinstance(kept, dict):
        rows = TastingState.read(kept, context.training, style=work.style).rows
        texts += [str(row[TUNED]) for row in rows if TUNED in row]
    last = list(samples)
    kept_step = max((sample.step for sample in last), default=0)
    return texts + [sample.text for sample in last if sample.step == kept_step]


def pieces(texts: Iterable[str]) -> list[str]:
    r"""Return the lines of texts, without repeats; a line of a word or two comes with its neighbours.

    >>> pieces(["Sí.\nVuelve la lluvia.\nY el sol."]), pieces(["la tarde"])
    (['Vuelve la lluvia.', 'Y el sol.', 'Sí. / Vuelve la lluvia.'], ['la tarde'])
    """
    offered: dict[str, None] = {}
    for written in texts:
        lines = [line.strip() for line in written.splitlines() if line.strip()]
        alone = [line for line in lines if len(line.split()) >= _WORDS]
        offered |= dict.fromkeys(
            [*alone, *(BREAK.join(group) for group in _groups(lines) if len(group) > 1 or not alone)]
        )
    return list(offered)[:_MOST]


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Join lines until there are `_WORDS` words; what is left at the end goes with those before it."""
    groups: list[list[str]] = []
    group: list[str] = []
    for line in lines:
        group.append(line)
        if sum(len(part.split()) for part in group) >= _WORDS:
            groups.append(group)
            group = []
    if group:
        groups[-1:] = [[*groups[-1], *group]] if groups else [group]
    yield from groups


def first_and_kept(job: Job) -> list[Sample]:
    """Return the samples of a training's first measure, and those of the one whose model was kept.

    After the best measure a run may learn by heart: what it wrote later is not what the model writes.
    """
    events, curve = job.events()[0], Curve()
    curve.add(events)
    written = {(event.step, event.index): event for event in events if isinstance(event, Sample)}  # a resumed one last
    steps = sorted({step for step, _index in written})
    best = (job.result() or {}).get("best_step") or (curve.best[0] if curve.best else 0)
    kept = best if best in steps[1:] else max(steps, default=0)
    return [sample for (step, _index), sample in written.items() if step in {*steps[:1], kept}]
