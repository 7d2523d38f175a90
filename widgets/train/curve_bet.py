"""The bet on the loss curve: the sketch that the learner expects, compared with the curve of the finished training."""

from __future__ import annotations

from pathlib import Path

from poetas.course.bets import BetVerdict, choice_verdict
from poetas.i18n import _, number
from poetas.jobs import Job
from poetas.training.curve_shape import CurveShape, curve_shape
from poetas.training.loss_curve import Curve
from widgets.controls.bet_prompt.bet_prompt import BetOption, BetPrompt
from widgets.core.elements import show
from widgets.core.page_context import PageContext

STATE_KEY = "curve"  # in the state of the dataset and the model: the bet, and the folder's name of its training
SHAPELESS = 4  # steps of a curve that say nothing of where it goes
PICTURES = {
    CurveShape.FALLS: ((0, 92), (12, 64), (26, 44), (44, 31), (66, 24), (100, 21)),
    CurveShape.VALLEY: ((0, 88), (14, 54), (30, 32), (46, 26), (64, 34), (82, 52), (100, 74)),
    CurveShape.FLAT: ((0, 58), (20, 61), (40, 56), (60, 60), (80, 56), (100, 58)),
    CurveShape.RISES: ((0, 20), (26, 27), (50, 40), (74, 62), (100, 92)),
}


def options() -> list[BetOption]:
    """Return the four sketches."""
    labels = {
        CurveShape.FALLS: (_("Baja y no vuelve a subir"), _("que bajaba y no volvía a subir")),
        CurveShape.VALLEY: (_("Baja y después sube"), _("que bajaba y después subía")),
        CurveShape.FLAT: (_("Casi no se mueve"), _("que casi no se movía")),
        CurveShape.RISES: (_("Sube"), _("que subía")),
    }
    return [BetOption(shape, *labels[shape], picture=PICTURES[shape]) for shape in CurveShape]


def curve_verdict(bet: str, curve: Curve) -> BetVerdict | None:
    """Compare a sketch with the validation curve, or with the smoothed training curve where nothing was validated."""
    said = {option.key: option for option in options()}
    steps, losses = curve.validation()
    if not len(losses):
        steps, losses = curve.smoothed()
    shape = curve_shape([float(loss) for loss in losses])
    if bet not in said or shape is None:
        return None
    actual = {
        CurveShape.FALLS: _("que bajó y no volvió a subir"),
        CurveShape.VALLEY: _("que bajó y después subió"),
        CurveShape.FLAT: _("que casi no se movió"),
        CurveShape.RISES: _("que subió"),
    }[shape]
    lowest = int(losses.argmin())
    words = _("empezó en {first} y terminó en {last}")
    if shape is CurveShape.VALLEY:
        words = _("empezó en {first}, tocó fondo en {low} en la corrección {step} y terminó en {last}")
    detail = words.format(
        first=number(float(losses[0]), 2),
        last=number(float(losses[-1]), 2),
        low=number(float(losses[lowest]), 2),
        step=number(float(steps[lowest])),
    )
    return choice_verdict(said[bet].said, actual, said[shape].label, won=bet == shape, detail=detail)


class CurveBet:
    """Its prompt, which is open until the curve is drawn, and answers once the training is over."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._job: Job | None = None
        self._drawn = False
        self.prompt = BetPrompt(
            _("¿qué va a hacer la línea del simulacro (textos que no estudia) mientras el modelo aprende?"),
            options(),
            bet="curva",
            skip=_("Prefiero mirar"),
            context=context,
        )
        self.prompt.observe(lambda change: self._keep() if change.new else None, "revealed")

    def begin(self, job: Job | None) -> None:
        """Ask about this training, or the next one where there is none yet; a bet on it comes back after a reload."""
        self._job, self._drawn = job, False
        self.prompt.ask(self.prompt.label)
        bet, of_job = self._kept()
        if of_job in {"", job.dir.name if job is not None else ""}:
            self.prompt.restore(bet)
            if self.prompt.value and job is not None and not of_job:
                self._keep()

    def draw(self, curve: Curve) -> None:
        """Close the question once the curve begins to answer it: one measure, before the first step, has no shape."""
        begun = len(curve.validation()[0]) > 1 or len(curve.training()[0]) > SHAPELESS
        if not self._drawn and begun:
            self._drawn = True
            self.show(asked=True)

    def over(self, curve: Curve) -> None:
        """Answer the bet with the curve of a training that is over."""
        verdict = curve_verdict(self.prompt.value, curve)
        if verdict is not None and self._job is not None:
            self.prompt.answer(verdict, about=Path(self._job.dir).name)

    def show(self, *, asked: bool) -> None:
        """Show the question where it is ``asked`` and nothing is drawn yet, and the bet or its answer afterwards."""
        is_open = not self.prompt.revealed and not self._drawn
        show(self.prompt, asked and (is_open or self.prompt.answered))

    def _kept(self) -> tuple[str, str]:
        kept = self._context.dataset_state.get(STATE_KEY)
        kept = kept if isinstance(kept, dict) else {}
        return str(kept.get("bet") or ""), str(kept.get("job") or "")

    def _keep(self) -> None:
        """Keep the bet that waits for its training's end."""
        if self.prompt.value:
            name = self._job.dir.name if self._job is not None else ""
            self._context.dataset_state.save(**{STATE_KEY: {"bet": self.prompt.value, "job": name}})
