"""Sample history of a training («la película»): the same few texts as the model writes them at each evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict, List

from poetas.generation.prompt_templates import style_prompt
from poetas.i18n import _, number
from poetas.jobs import Event, Sample, Saved, Started
from poetas.util.excerpt import shortened
from poetas.util.word_diff import changed_words
from widgets.controls.previews import is_hung
from widgets.core.elements import look

SHORT = 120  # characters of the text that is summarised, enough to recognise it


class FilmStrip(anywidget.AnyWidget):
    """Draws the samples of the events given to `add`, from the first one on; hidden before the first text.

    films: one dictionary a text: "title", "lead" (the beginning that a style goes on from, else the text's own),
    "style", "reference", and "frames", each with its "step", its "parts", [words, whether they are new], and whether
    it is "verse". measures: the steps at which anything was written, with their names. The page walks through them
    without asking the kernel.
    """

    _esm = Path(__file__).with_name("sample_history.js")
    films: List[Any] = List().tag(sync=True)
    measures: List[Any] = List().tag(sync=True)
    words: Dict[str, str] = Dict().tag(sync=True)

    def __init__(self) -> None:
        words = {
            "title": _("El texto que se va reescribiendo"),
            "scrub": _("Recorré las mediciones"),
            "before": _("Medición anterior"),
            "after": _("Medición siguiente"),
            "nothing": _("No escribió nada."),
            "same": _("Igual que en la medición anterior."),
            "older": _("Esto es de la medición anterior."),
            "marked": _("Subrayado: lo que cambió desde la medición anterior."),
            "reference": _("El resumen de referencia"),
            "drawn": _(
                "Juega el azar, siempre con los mismos dados: lo que cambia de una medición a otra lo aprendió."
            ),
        }
        super().__init__(words=words, **look("poetas"))
        self.clear()

    def clear(self) -> None:
        """Drop the run that is shown."""
        self._samples: dict[int, dict[int, Sample]] = {}
        self._first: list[str] = []
        self._saved = 0
        self._draw()

    def begin(self, before: Sequence[str]) -> None:
        """Set what the model as it came wrote for the same texts, for a run that did not write them at its start."""
        self._first = list(before)

    def add(self, events: Sequence[Event]) -> None:
        """Draw new events; samples beyond the last checkpoint are dropped when a run is resumed, as in its curve."""
        changed = False
        for event in events:
            if isinstance(event, Sample):
                self._samples.setdefault(event.index, {})[event.step] = event
                changed = True
            elif isinstance(event, Saved):
                self._saved = event.step
            elif isinstance(event, Started) and event.resumed:
                changed = self._rewind() or changed
        if changed:
            self._draw()

    def _rewind(self) -> bool:
        kept = {
            index: {step: sample for step, sample in samples.items() if step <= self._saved}
            for index, samples in self._samples.items()
        }
        kept = {index: samples for index, samples in kept.items() if samples}
        self._samples, before = kept, self._samples
        return kept != before

    def _draw(self) -> None:
        films = [self._film(index, self._samples[index]) for index in sorted(self._samples)]
        steps = sorted({frame["step"] for film in films for frame in film["frames"]})
        with self.hold_sync():
            self.measures = [{"step": step, "name": _measure(step)} for step in steps]
            self.films = films  # the page hides what has none

    def _film(self, index: int, samples: dict[int, Sample]) -> dict[str, Any]:
        texts = {step: samples[step].shown for step in sorted(samples)}
        if 0 not in texts and index < len(self._first):
            texts = {0: self._first[index].strip(), **texts}
        first = next(iter(samples.values()))
        style = not first.reference
        lead = style_prompt(first.source).strip() if style else shortened(first.source, SHORT)
        # All frames alike, so that the lines stay where they are: prose before it studied, verse afterwards.
        verse = any(is_hung(f"{lead}\n{words}" if style else words) for words in texts.values())
        frames: list[dict[str, Any]] = []
        earlier = None
        for step, words in texts.items():
            parts = [(words, False)] if earlier is None else changed_words(earlier, words)
            drawn = {"step": step, "parts": [list(part) for part in parts], "same": words == earlier}
            frames.append({**drawn, "verse": verse})
            earlier = words
        return {
            "title": _("Texto {n}").format(n=number(index + 1)),
            "lead": lead,
            "style": style,
            "reference": first.reference.strip(),
            "frames": frames,
        }


def _measure(step: int) -> str:
    return _("Corrección {n}").format(n=number(step)) if step else _("Antes de estudiar")
