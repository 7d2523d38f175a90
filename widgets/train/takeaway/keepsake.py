"""«Una página para guardar»: name, chosen lines, before and after in; one self-contained HTML page out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from ipywidgets import Checkbox, Text, Widget

from poetas.data.storage.samples import own_texts
from poetas.errors import Explanation
from poetas.export.export_request import verdict_of
from poetas.export.keepsake_page import MOST_LINES, BeforeAfter, KeepsakeContent, chosen_lines, write_keepsake
from poetas.generation.prompt_templates import style_prompt
from poetas.i18n import _, ngettext, number
from poetas.jobs import Job, Sample
from poetas.training.loss_curve import Curve
from poetas.util.files import safe_name
from widgets.controls.download.download import Download
from widgets.core.component import Component, State
from widgets.core.elements import html, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import adapter_in_use, dataset_in_use
from widgets.train.sample_html import quoted
from widgets.train.takeaway.line_ticks import LineTicks
from widgets.train.takeaway.memorisation_findings import MemorisationFindings
from widgets.train.takeaway.model_name import ModelName
from widgets.train.takeaway.page_caution import before_after_html, caution, left_out, looking
from widgets.train.takeaway.page_comparison import PageComparison
from widgets.train.takeaway.written_lines import BREAK, first_and_kept, pieces, written_texts
from widgets.train.tasting.saved_votes import SavedVotes
from widgets.train.trained_values import trained_values

STATE_KEY = "keepsake"  # in the state of the training


class Keepsake(Component):
    """A page that bears the model's name; of the texts it has only what was ticked."""

    needs: ClassVar[tuple[str, ...]] = ("model", "training")
    recipe: ClassVar[str] = "recuerdo"

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._training: Path | None = None
        self._samples: list[Sample] = []
        self._pair_by_default = True  # until the learner ticks or unticks it
        self._recalling = UpdateGuard()
        super().__init__(context)
        self.context.observe(lambda _change: self._attach(), ["dataset", "model", "training", "project"])
        self.context.shared(SavedVotes, SavedVotes).observe(
            lambda _change: self._offer_lines(self.lines.value), "count"
        )
        self.context.observe(lambda _change: self._offer_lines(self.lines.value), "steps")
        self._attach()

    def build(self) -> Sequence[Widget]:
        """Make the name, the lines, the ticks and the download."""
        self._memorised = MemorisationFindings.of(self.context)
        self._memorised.observe(lambda _change: self.refresh(), "value")
        self._comparison = PageComparison(self.context, self.refresh, self._not_compared)
        self.name = ModelName.of(self.context).box()
        self.author = Text(description=_("¿Quién firma? (si querés)"), continuous_update=False)
        self.lines = LineTicks(_("Lo mejor que escribió (hasta tres)"), most=MOST_LINES)
        self.pair = Checkbox(
            value=True, description=_("Antes y después: lo que escribía y lo que escribe"), indent=False
        )
        self.given = Checkbox(value=False, description=_("Y el texto del que partía"), indent=False)
        self.pair.observe(lambda _change: self._pair_chosen(), "value")
        for part in (self.author, self.lines, self.pair, self.given):
            part.observe(lambda _change: self._choices_changed(), "value")
        self.chosen = html("")
        self.download = Download(_("Bajar la página"), self._give, failed=self.fail, name=self._file_name, primary=True)
        self.preview, self.caution = html("", shown=False), html("")
        ticks = (self.pair, self.given, self.preview)
        return (self.name, self.lines, self.chosen, *ticks, self.author, self.caution, self.download)

    def refresh(self) -> None:
        """Show the choices once there is a model, and the download once it was checked for what it recites."""
        for part in (self.name, self.author, self.lines, self.pair):
            show(part, self._training is not None)
        both = self._before_after() if self.pair.value else None
        show(self.given, self._training is not None and self.pair.value)
        show(self.download, self._training is not None)
        self.download.disabled = True
        self.caution.value = "" if self._training is None else self._cautioned()
        count = len(self.lines.value)
        words = ngettext("Elegiste {n} línea.", "Elegiste {n} líneas.", count).format(n=number(count))
        self.chosen.value = tag("p", text(words), class_="soft", role="status") if count else ""
        self.preview.value = before_after_html(both) if both is not None else ""
        show(self.preview, both)

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with; the text to start from only where it is ticked."""
        dataset = dataset_in_use(self.context)
        task = "style" if dataset is not None and dataset.style else "summary"
        values = {**trained_values(self.context), "TASK": task, "AUTHOR": self.author.value}
        values |= {"NAME": self.name.value or _("Mi modelo"), "LINES": tuple(chosen_lines(self.lines.value))}
        source = self._given(self._samples[0]) if self._samples else ""
        return {**values, **({"TEXT": source} if source else {})}

    def seen(self) -> str:
        """Return the first line on the page to keep."""
        lines = chosen_lines(self.lines.value)
        words = _("Esta línea de «{name}» quedó en tu página: «{line}».")
        return words.format(name=self.name.value or _("Mi modelo"), line=quoted(lines[0])) if lines else ""

    def _attach(self) -> None:
        """Offer what the model of the training in use wrote; it only reads."""
        adapter = adapter_in_use(self.context)
        self._training = None if adapter is None else adapter.parent
        self.alert.clear()
        self._samples = []
        if self._training is not None:
            self._samples = first_and_kept(Job.open(self._training))
        with self._recalling:
            self._recall()
        self.state = State.WAITING if self._training is None else State.READY
        self.refresh()

    def _offer_lines(self, chosen: Sequence[str]) -> None:
        """Offer what the model wrote by now, and what was chosen before: «Probalo» may show another text."""
        with self._recalling:
            written = pieces(written_texts(self.context, self._samples))
            self.lines.options = list(dict.fromkeys([*chosen, *written])) if self._training else []

    def _cautioned(self) -> str:
        """Say that the check comes first; after it, what of the learner's texts the page would hold."""
        if not self._memorised.value:
            words = _(
                "Antes de que salga de acá, revisá en {step} si memorizó algo privado: después se baja desde acá."
            )
            there = tag("a", text(_("«Llevátelo»")), href="#llevatelo")
            return tag("p", text(words).replace("{step}", there), class_="notice")
        pair = self._before_after()
        both = () if pair is None else (pair.before, pair.after)
        lines = tuple(piece.replace(BREAK, "\n") for piece in chosen_lines(self.lines.value))
        groups = (lines, both, () if pair is None else (pair.given,))
        comparison = self._comparison.of(groups, self._memorised.value)
        if comparison is None:
            return looking() if self._comparison.pending else ""
        self.download.disabled = False
        chosen, versions, given = comparison
        held_back = ""
        if self._pair_by_default and pair is not None:
            shared = bool(versions["passages"] or versions["data"])
            with self._recalling:
                self.pair.value = not shared
            held_back = left_out(versions) if shared else ""
        ticked = pair is not None and self.pair.value
        return caution([chosen, versions] if ticked else [chosen], given if ticked else None) + held_back

    def _not_compared(self, problem: Explanation) -> None:
        """Show why the page was not compared; it is not given away before it was."""
        self.caution.value = ""
        self.fail(problem, {"retry": self._compare_again, "restart-service": self._compare_again})

    def _compare_again(self) -> None:
        self.alert.clear()
        self.caution.value = looking()
        self._comparison.again()

    # -- what was chosen

    def _recall(self) -> None:
        """Choose again what was chosen for this training."""
        kept = self.context.dataset_state.get(STATE_KEY)
        kept = kept if isinstance(kept, dict) else {}
        lines = kept.get("lines")
        self.author.value = str(kept.get("author") or "")
        lines = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        self._offer_lines(lines)
        self.lines.value = lines
        self.pair.value, self.given.value = bool(kept.get("pair", True)), bool(kept.get("given", False))
        self._pair_by_default = "pair" not in kept
        self.done = self._training is not None and bool(kept.get("done"))

    def _pair_chosen(self) -> None:
        self._pair_by_default = self._pair_by_default and bool(self._recalling)

    def _choices_changed(self) -> None:
        if not self._recalling:
            self._save_choices()
            self.refresh()

    def _save_choices(self) -> None:
        choices = {"author": self.author.value, "lines": list(self.lines.value)}
        ticks = {"given": self.given.value, "done": self.done}
        ticks |= {} if self._pair_by_default else {"pair": self.pair.value}
        self._save(**{STATE_KEY: {**choices, **ticks}})

    def _save(self, **values: Any) -> None:
        if not self._recalling:
            self.context.dataset_state.save(**values)

    def content(self) -> KeepsakeContent:
        """Return what the page will show. Raises OSError where the training is gone."""
        if self._training is None:
            raise FileNotFoundError(_("No hay ningún entrenamiento en uso."))
        job, curve, dataset = Job.open(self._training), Curve(), dataset_in_use(self.context)
        curve.add(job.events()[0])
        result = job.result() or {}
        count = (result.get("examples") or {}).get("train")  # a training that was stopped has no result
        if not isinstance(count, int):
            count = dataset.counts["train"] if dataset is not None else 0
        model = chosen_model(self.context)
        return KeepsakeContent(
            name=self.name.value,
            day=datetime.now(UTC).astimezone().date(),
            texts=count,
            base=model.title if model is not None else str(result.get("model") or self.context.model),
            task="style" if dataset is not None and dataset.style else "summary",
            lines=chosen_lines(self.lines.value),
            pair=self._before_after() if self.pair.value else None,
            training=[(float(step), float(loss)) for step, loss in zip(*curve.smoothed(300), strict=True)],
            validation=[(float(step), float(loss)) for step, loss in zip(*curve.validation(300), strict=True)],
            verdict=verdict_of(self._training),
            author=self.author.value,
            own=own_texts(dataset),
        )

    def _before_after(self) -> BeforeAfter | None:
        """Return what was written for the first text at the first measure, and by the model that was kept."""
        steps = sorted({sample.step for sample in self._samples})
        if len(steps) < 2:  # noqa: PLR2004 - before and after are two
            return None
        index = min(sample.index for sample in self._samples)
        ours = {sample.step: sample for sample in self._samples if sample.index == index}
        if steps[0] not in ours or steps[-1] not in ours:
            return None
        first, last = ours[steps[0]], ours[steps[-1]]
        return BeforeAfter(first.shown, last.shown, self._given(last))

    def _given(self, sample: Sample) -> str:
        """Return what the model was given for a sample, where it is ticked: of a poem, its beginning alone."""
        if not self.given.value:
            return ""
        dataset = dataset_in_use(self.context)
        return style_prompt(sample.source).strip() if dataset is not None and dataset.style else sample.source

    def _give(self, give: Callable[[Path], None]) -> None:
        content = self.content()
        path = (self._training or Path()) / "recuerdo.html"
        write_keepsake(path, content)
        self.done = True
        self._save_choices()
        give(path)

    def _file_name(self, _path: Path) -> str:
        return f"{safe_name(self.name.value, fallback='mi-modelo')}.html"
