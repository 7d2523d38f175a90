"""«Llevátelo»: a check of what the model recites, then an export as a zip, with progress, Stop and a download."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from ipywidgets import Dropdown, Widget

from poetas.errors import PoetasError
from poetas.evaluation.memorisation.memorisation_words import headline, recited_seen, sentences
from poetas.export.export_request import ADAPTER, GGUF_F16, GGUF_Q8, MERGED_BF16, MERGED_F32
from poetas.i18n import _, size
from poetas.jobs import Job, JobState
from poetas.util.files import safe_name
from widgets.controls.download.download import Download
from widgets.controls.job_card import JobCard
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, row_of, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import adapter_in_use
from widgets.train.takeaway.memorisation_findings import MemorisationFindings
from widgets.train.takeaway.model_name import ModelName
from widgets.train.trained_values import trained_values

_SHOWN = 5  # recited passages


class ExportPanel(Component):
    """The check first; then name, form, the zip and its download. Both jobs are found again after a reload."""

    needs: ClassVar[tuple[str, ...]] = ("model", "training")
    recipe: ClassVar[str] = "llevatelo"

    def __init__(self, *, context: PageContext | None = None) -> None:
        self.file: Path | None = None
        self._training: Path | None = None
        self._recalling = UpdateGuard()
        super().__init__(context)
        self.context.observe(lambda _change: self._attach(), ["dataset", "model", "training", "project"])
        self._attach()

    def build(self) -> Sequence[Widget]:
        """Make the check, the form and the two job cards."""
        self._memorised = MemorisationFindings.of(self.context)
        self._memorised.observe(lambda _change: self._show_findings(), "value")
        self.check = make_button(_("Revisar si memorizó algo privado"), kind="primary")
        self.on_click(self.check, partial(self._start, "memorisation"))
        self.check_card = JobCard(self.context.poller)
        self.report = html("")
        self.name = ModelName.of(self.context).box()
        self.name.observe(lambda _change: self._new_form(), "value")
        self.form = Dropdown(options=_forms(), description=_("En qué forma"))
        self.form.observe(lambda _change: self._new_form(), "value")
        self.form_note = html("")
        self.make = make_button(_("Preparar el zip"), kind="primary")
        self.on_click(self.make, partial(self._start, "export"))
        self.export_card = JobCard(self.context.poller)
        self.download = Download(_("Bajar el zip"), self._give, failed=self.fail, primary=True)
        self.about = html("")
        return (
            *(row_of((self.check,)), self.check_card, self.report, self.name, self.form, self.form_note),
            row_of((self.make,)),
            *(self.export_card, self.about, self.download),
        )

    def refresh(self) -> None:
        """Offer the zip only after the check."""
        busy = self.state is State.BUSY
        self.check.disabled = busy
        show(self.check, self._training is not None and not self.findings)
        self.form_note.value = tag("p", text(_form_note(self.form.value)), class_="soft")
        for part in (self.name, self.form, self.form_note):
            show(part, self.findings)
        show(self.make, self._training is not None and (busy or self.file is None))
        self.name.disabled = self.form.disabled = busy
        self.make.disabled = busy or not self.findings
        show(self.download, self.file is not None and not busy)
        waits = self._training is not None and not self.findings
        words = _("Después de la revisión elegís en qué forma te lo llevás, y bajás el zip.") if waits else ""
        self.about.value = tag("p", text(words), class_="soft") if waits else ""
        if self.file is not None and not busy:
            words = _(
                "Son {size}. Adentro va tu modelo entero, con su ficha, su licencia y un cuaderno que escribe con él."
            )
            said = tag("p", text(words.format(size=size(self.file.stat().st_size))), class_="soft")
            self.about.value = said + _next_steps(str(self.form.value))

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return {**trained_values(self.context), "NAME": safe_name(self.name.value, fallback="mi-modelo")}

    def seen(self) -> str:
        """Return how many beginnings were tried, and how many the model recites."""
        return recited_seen(self.findings)

    def _attach(self) -> None:
        """Show the check and the export of the training in use; it only reads."""
        adapter = adapter_in_use(self.context)
        self._training = None if adapter is None else adapter.parent
        self.alert.clear()
        self.file, self.done = None, False
        self._memorised.recall()
        self._show_findings()
        self._show_form(ADAPTER)
        for card in (self.check_card, self.export_card):
            card.leave()
        self.state = State.WAITING if self._training is None else State.READY
        for kind in ("memorisation", "export"):
            job = self._latest(kind)
            if job is not None:
                self._follow(kind, job)
        self._show_problem()
        self.refresh()

    def _latest(self, kind: str) -> Job | None:
        if self._training is None:
            return None
        jobs = Job.all(self.context.project.jobs)
        ours = str(self._training)
        return next((job for job in jobs if job.kind == kind and job.config.get("training") == ours), None)

    def _start(self, kind: str) -> None:
        self.clear_error()
        if self._training is None:
            self._attach()
            return
        config: dict[str, Any] = {"training": str(self._training)}
        if kind == "export":
            config |= {"form": self.form.value, "name": self.name.value}
        try:
            job = Job.start(kind, config, parent=self.context.project.jobs)
        except (PoetasError, OSError) as error:
            self.fail(self.context.explain_error(error), {"retry": partial(self._start, kind)})
            return
        self._follow(kind, job)
        self._card(kind).look()

    def _card(self, kind: str) -> JobCard:
        return self.check_card if kind == "memorisation" else self.export_card

    def _follow(self, kind: str, job: Job) -> None:
        if kind == "export":
            self._show_form(str(job.config.get("form")))
            self.file = None
        self.state = State.BUSY
        actions: dict[str, Callable[[], None]] = {
            "restart": partial(self._start, kind),
            "choose-form": self.clear_error,
        }
        self._card(kind).follow(job, over=partial(self._over, kind, job), actions=actions)

    def _over(self, kind: str, job: Job, state: JobState) -> None:
        result = job.result() if state is JobState.FINISHED else None
        if result is not None:
            show(self._card(kind), False)
            if kind == "memorisation":
                self._memorised.recall()
                self._show_problem()
            else:
                file = job.dir / Path(str(result.get("file", ""))).name
                named = job.config.get("name", "") == self.name.value  # else its card says another name
                self.file = file if named and file.is_file() else None
                self.done = self.file is not None
        self.state = State.DONE if self.file is not None else State.READY
        self.refresh()

    @property
    def findings(self) -> Mapping[str, Any]:
        """The result of the check, {} before it was made."""
        return self._memorised.value

    def _show_findings(self) -> None:
        result, self.report.value = self.findings, ""
        if result:
            passages = "".join(_passage(passage) for passage in result["recited"][:_SHOWN])
            said = [tag("p", text(line)) for line in sentences(result)]
            if data := "".join(tag("li", text(str(datum["text"]))) for datum in result["data"]):
                said.insert(-1, tag("ul", data))  # below the sentence about them, above the limits of the check
            kind = "good" if result["level"] == "none" else "care"
            title = tag("p", tag("strong", text(headline(result))), class_=f"notice {kind}")
            self.report.value = "".join([title, *said, passages])

    def _show_problem(self) -> None:
        """Show a card where the latest check cannot be read."""
        if self._memorised.problem is not None:
            self.fail(self._memorised.problem, {"restart": partial(self._start, "memorisation")})

    def _show_form(self, form: str) -> None:
        with self._recalling:
            if form in (value for _label, value in self.form.options):
                self.form.value = form

    def _new_form(self) -> None:
        """Hide the zip of another form."""
        if not self._recalling:
            self.file = None
            self.refresh()

    def _give(self, give: Callable[[Path], None]) -> None:
        if self.file is not None:
            give(self.file)


def _passage(passage: Mapping[str, Any]) -> str:
    """Draw a recited passage: what was given, and what the model wrote."""
    given, written = text(str(passage["given"])), tag("mark", text(str(passage["written"])))
    return tag("p", f"{given} {written}", class_="serif")


def _forms() -> list[tuple[str, str]]:
    return [
        (_("En dos partes"), ADAPTER),
        (_("En una sola pieza"), MERGED_BF16),
        (_("En una pieza, sin redondear"), MERGED_F32),
        (_("GGUF, para Ollama"), GGUF_F16),
        (_("GGUF más chico (Q8_0)"), GGUF_Q8),
    ]


def _form_note(form: object) -> str:
    """What a form is, and for whom: a menu on a phone has no room for it."""
    ollama = _("Un solo archivo, para programas que escriben sin internet, como Ollama o llama.cpp.")
    return {
        ADAPTER: _("El modelo como vino, y aparte lo que aprendió (el adaptador). Si no sabés cuál elegir, es esta."),
        MERGED_BF16: _("Lo que aprendió va mezclado con el modelo: para quien lo va a usar desde un programa."),
        MERGED_F32: _("Como la anterior, con todos los decimales: ocupa el doble."),
        GGUF_F16: ollama,
        GGUF_Q8: ollama + " " + _("Redondeado: ocupa la mitad y escribe casi igual."),
    }.get(str(form), "")


def _next_steps(form: str) -> str:
    """What to do with the zip, in three steps, for a person without preparation."""
    use = _("Para que escriba, abrí «usar.ipynb» en Jupyter, o en Colab (gratis, pero tu modelo viaja a Google).")
    if form in {GGUF_F16, GGUF_Q8}:
        use = _(
            "Para que escriba, abrí «README.md» con un editor de texto: dice cómo usar el archivo .gguf con Ollama."
        )
    steps = (
        _("Tocá «Bajar el zip» y buscalo en tu carpeta de descargas."),
        _("Abrilo con doble clic: sale una carpeta. Guardala entera donde no la pierdas."),
        use,
    )
    head = tag("p", tag("b", text(_("Y ahora, ¿qué hago con el zip?"))))
    return head + tag("ol", "".join(tag("li", text(step)) for step in steps), class_="poetas-list")
