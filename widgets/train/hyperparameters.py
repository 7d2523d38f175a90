"""«Las perillas»: three presets and their cost here, the button that trains, five hyperparameters behind a fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ipywidgets import Widget
from traitlets import Instance

from poetas.data.storage.state_scopes import StateOwner
from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.recipes.values import training_values
from poetas.training.config import TrainingConfig
from poetas.training.fallback_configs import halved
from poetas.training.parameter_docs import parameter_doc
from poetas.training.parameter_spec import Count, Real
from poetas.training.presets import PRESETS, Preset
from widgets.controls.choice_card import ChoiceCard
from widgets.controls.model_values import model_values
from widgets.controls.slider_field import SliderField
from widgets.core.component import Component, State
from widgets.core.debouncer import Debouncer
from widgets.core.elements import box_of, column_of, html, make_button, row_of, show
from widgets.core.event_guards import UpdateGuard, on_click
from widgets.core.html import markdown, tag, text
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import dataset_in_use
from widgets.train.length_notice import length_notice
from widgets.train.preset_html import laps_seen, moved_notice, preset_cost, preset_facts
from widgets.train.preset_request import PresetRequest
from widgets.train.run_estimate import RunEstimate

FOLD_KEY = "knobs_open"  # in the state of the dataset
STATE_KEY = "knobs"  # in the state of the dataset
DEFAULT_STEP = 1e-5  # of the number box of a hyperparameter that has none of its own


class Hyperparameters(Component):
    """Three presets as cards, an estimate of minutes and memory, «Entrenar», and five sliders behind a button.

    value: the present training configuration. train: the button that `TrainingPanel` connects.
    """

    needs: ClassVar[tuple[str, ...]] = ("dataset", "model")
    recipe: ClassVar[str] = "perillas"
    value = Instance(TrainingConfig)

    _open = False  # whether the sliders are unfolded
    _longest = 0  # tokens of a text that app 2 said would be read; 0 where it said nothing

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._drawing, self._fitting = UpdateGuard(), UpdateGuard()
        context = context or PageContext.current()
        self._owner: StateOwner | None = None  # of the change that is not saved yet
        self._facts: dict[tuple[str, TrainingConfig], str] = {}  # of the presets, as drawn
        self._debouncer = Debouncer(context.poller, self._save)
        self.set_trait("value", _stored(context))
        super().__init__(context)
        self.observe(lambda _change: self._changed(), "value")
        self.context.observe(lambda _change: self._work_changed(), ["dataset", "model"])
        PresetRequest.of(self.context).take = lambda config: self._take(config.within(self._longest))
        self._work_changed()

    def build(self) -> Sequence[Widget]:
        """Make the three cards, the estimate, the button that trains and the sliders."""
        self.cards = {name: self._preset(preset) for name, preset in PRESETS.items()}
        self.presets = box_of(tuple(self.cards.values()), "grid")
        self.sliders = {name: _slider(name, getattr(self.value, name)) for name in TrainingConfig.names(shown=True)}
        for name, slider in self.sliders.items():
            slider.observe(lambda change, name=name: self._moved(name, change.new), "value")
        rows = []
        for name, slider in self.sliders.items():
            row = column_of((slider, html(_ends(name))), "poetas-hyperparameter")
            rows.append(row)
        self.slider_box = column_of(tuple(rows))
        self.fold = make_button(_("Quiero mover una perilla"), "link", "poetas-fold")
        on_click(self.fold, self._turn_fold)
        self.cut, self.moved = html(""), html("")
        self.estimate = RunEstimate(self.context, self._take, measured=self._draw_presets)
        self.train = make_button(_("Entrenar"), kind="primary", shown=False)
        self.training = html("")
        train_row = column_of((row_of((self.train,)), self.training))
        return (self.presets, self.moved, self.cut, self.estimate, train_row, self.fold, self.slider_box)

    def refresh(self) -> None:
        """Show the settings once there is something to train with."""
        waiting = self.state is State.WAITING
        for part in (self.presets, self.estimate, self.fold):
            show(part, not (waiting))
        show(self.cut, self.cut.value and not waiting)
        show(self.slider_box, self._open and not waiting)
        self.moved.value = "" if waiting else moved_notice(self.value, self._longest)
        self._draw_presets()

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        work = dataset_in_use(self.context)
        values = training_values(self.value, parted=work is not None and work.parted)
        return {**values, **({"DATASET": str(work.folder)} if work else {}), **model_values(self.context)}

    def seen(self) -> str:
        """Return how often the texts will be studied."""
        return laps_seen(self.value.epochs, dataset_in_use(self.context))

    # -- called by the training panel

    def memory(self) -> int:
        """Return the bytes that a training with these hyperparameters takes, as far as known."""
        return self.estimate.memory()

    def smaller(self) -> None:
        """Ask for less memory: what a dry run says would fit; else half the texts at once, then shorter ones."""
        self._take(self.estimate.offer() or halved(self.value))

    def slower(self) -> None:
        """Divide the learning rate by three."""
        limits = TrainingConfig.limits("learning_rate")
        least = limits.low if isinstance(limits, Real) else 0.0
        self._set(learning_rate=max(least, float(f"{self.value.learning_rate / 3:.2g}")))

    def commit(self) -> None:
        """Keep the present knobs with the dataset: a training was started with them."""
        self.done, self._owner = True, self.context.dataset_state.owner
        self._save()

    def show_training(self, label: str, *, offered: bool, busy: bool) -> None:
        """Show the button that trains, or where the training is followed that it started."""
        self.train.description = label
        show(self.train, offered)
        words, link = text(_("Está entrenando.")), tag("a", text(_("Miralo en vivo")), href="#entrena")
        started = tag("p", f"{words} {link}", class_="notice poetas-goto", data_goto="entrena", role="status")
        self.training.value = started if busy else ""

    def reset(self) -> None:
        """Set the defaults."""
        self._take(TrainingConfig().within(self._longest))

    # -- choosing

    def _turn_fold(self) -> None:
        self._open = not self._open
        self.context.dataset_state.save(**{FOLD_KEY: self._open})
        self._draw_fold()

    def _draw_fold(self) -> None:
        self.fold.description = _("Esconder las perillas") if self._open else _("Quiero mover una perilla")
        if self._open:  # the page says so to screen readers
            self.fold.add_class("open")
        else:
            self.fold.remove_class("open")
        show(self.slider_box, self._open and self.state is not State.WAITING)

    def _set(self, **knobs: Any) -> None:
        self._take(TrainingConfig.from_dict({**self.value.to_dict(), **knobs}))

    def _take(self, config: TrainingConfig) -> None:
        self.value = config

    def _moved(self, name: str, value: Any) -> None:
        if not self._drawing:
            self._set(**{name: value})

    def _changed(self) -> None:
        with self._drawing:
            for name, slider in self.sliders.items():
                slider.value = getattr(self.value, name)
        self.estimate.draw(self.value)
        if self._fitting:  # not a choice of the learner
            self.refresh()
            return
        self.done = True
        self.refresh()
        self._owner = self.context.dataset_state.owner
        self._debouncer.changed()

    def _save(self) -> None:
        if self._owner is not None:
            self.context.dataset_state.save(self._owner, **{STATE_KEY: self.value.to_dict()})
            self._owner = None

    def _work_changed(self) -> None:
        """Show the knobs as they were left with this dataset."""
        self._save()
        work = dataset_in_use(self.context)
        self._open = self.context.dataset_state.get(FOLD_KEY) is True
        self._draw_fold()
        self._longest = work.promised(self.context.model) if work is not None else 0
        self.cut.value = length_notice(work, self.context.model)
        kept = self.context.dataset_state.get(STATE_KEY) is not None
        with self._fitting:
            self.value = _stored(self.context) if kept else TrainingConfig().within(self._longest)
        self.done = kept
        self.state = State.READY if work is not None and self.context.model else State.WAITING
        self.estimate.attach()
        self.estimate.draw(self.value)
        self.refresh()

    def _draw_presets(self) -> None:
        for name, card in self.cards.items():
            config = PRESETS[name].config.within(self._longest)
            if (name, config) not in self._facts:  # drawn once: a note that is open on the page stays open
                self._facts[name, config] = preset_facts(PRESETS[name], config)
            card.describe(self._facts[name, config] + preset_cost(self.estimate.cost(config)))
            card.mark(chosen=config == self.value)

    def _preset(self, preset: Preset) -> ChoiceCard:
        verb = _("Poner «{name}»").format(name=preset.label)
        return ChoiceCard(preset.label, "", verb=verb, pick=lambda: self._take(preset.config.within(self._longest)))


def _stored(context: PageContext) -> TrainingConfig:
    """Return the configuration kept for the dataset in use; the defaults where it cannot be read."""
    try:
        kept = context.dataset_state.get(STATE_KEY)
        return TrainingConfig.from_dict(kept if isinstance(kept, dict) else {})
    except PoetasError:
        return TrainingConfig()


def _slider(name: str, value: Any) -> SliderField:
    limits, docs = TrainingConfig.limits(name), parameter_doc(name)
    if not isinstance(limits, Count | Real):
        raise TypeError(f"{name} is no number")
    return SliderField(
        docs.label,
        value,
        lowest=limits.low,
        highest=limits.high,
        step=int(limits.step or 1) if isinstance(limits, Count) else limits.step or DEFAULT_STEP,
        log=limits.scale == "log",
        note=markdown(docs.what),
    )


def _ends(name: str) -> str:
    """Return what less and more of a hyperparameter do, to show below the ends of its slider."""
    docs = parameter_doc(name)
    less, more = tag("b", text(_("Menos:"))), tag("b", text(_("Más:")))
    return tag(
        "div",
        tag("p", f"{less} {text(docs.low)}") + tag("p", f"{more} {text(docs.high)}"),
        class_="poetas-ends",
    )
