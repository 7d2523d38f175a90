"""«Un archivo entero»: a file in, read as in app 2; its rows summarised by the tuned model in a job; CSV, XLSX out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ipywidgets import Dropdown, VBox, Widget

from poetas.data.formats import extensions
from poetas.data.pipeline.limits import DEFAULT
from poetas.data.service.answers import ReadAnswer
from poetas.errors import Explanation, PoetasError
from poetas.i18n import _
from poetas.jobs import Event, Job, JobState, Sample
from poetas.util.files import sha256
from widgets.controls.download.download import Download
from widgets.controls.job_card import JobCard
from widgets.controls.previews import notices, understood
from widgets.controls.upload.incoming_file import UnreadCopies
from widgets.controls.upload.upload_field import UploadField
from widgets.core.elements import column_of, html, look, make_button, row_of, show
from widgets.core.error_card import ErrorCard
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import adapter_in_use, dataset_in_use, exam_job, exam_result
from widgets.train.try_it.file_table import FileView, duration_sentence, head_table, read_view, view_sentence

KIND = "summarise_file"


class FileTrial(VBox):
    """The file, its column, the job's card, the first rows and the downloads; a job is found again after a reload.

    reading: what was read of the file in use, None before. job: the one that is shown.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(**look("stack", "poetas-file-trial"))
        self._context, self._requests = context, LatestRequest()
        self._unread = UnreadCopies.of(context)
        self.reading: ReadAnswer | None = None
        self.job: Job | None = None
        self._path, self._digest = Path(), ""
        self._samples: dict[int, list[str]] = {}
        self._view: FileView | None = None
        self.intro = html("")
        self.open = make_button(_("Traer un archivo"))
        on_click(self.open, self._open_upload)
        self.upload = column_of((), shown=False)
        self.understood = html("")
        self.column = Dropdown(description=_("¿Qué columna se resume?"), options=())
        self.start = make_button("", kind="primary")
        on_click(self.start, self._start, busy=self._running)
        self.price = html("")
        self.card = JobCard(context.poller)
        self.card.observe(lambda _change: self.refresh(), "value")
        self.table = html("")
        self.downloads: tuple[Download, ...] = ()
        self._offered: tuple[Path, tuple[str, ...]] = (Path(), ())
        self.alert = ErrorCard()
        self.saved = row_of(())
        parts: tuple[Widget, ...] = (self.intro, row_of((self.open,)), self.upload, self.understood, self.column)
        rest = (row_of((self.start,)), self.price, self.card, self.table, self.saved, self.alert)
        self.children = (*parts, *rest)
        self.attach()

    def attach(self) -> None:
        """Show the last job of the training in use: it only reads."""
        self._requests.cancel()
        self.reading, self._samples, self._view = None, {}, None
        self.card.leave()
        self.alert.clear()
        adapter = adapter_in_use(self._context)
        self.job = None if adapter is None else self._latest(adapter.parent)
        if self.job is not None:
            self._follow(self.job)
        self.refresh()

    def refresh(self) -> None:
        """Show what can be done now."""
        work, adapter = dataset_in_use(self._context), adapter_in_use(self._context)
        style, usable = work is not None and work.style, adapter is not None
        show(self, usable and not style)  # a beginning is gone on with above, one at a time
        words = _("Sus filas se resumen de a una con tu modelo, y te llevás la planilla.")
        self.intro.value = tag("h3", text(_("Un archivo entero"))) + tag("p", text(words), class_="soft")
        running, read = self._running(), self.reading is not None
        show(self.open, usable and not running)
        self.open.description = _("Traer otro archivo") if read or self._view else _("Traer un archivo")
        for part in (self.column, self.start, self.price):
            show(part, read and not running)
        halted = self.card.value in {JobState.STOPPED, JobState.LOST}  # then going on is the main thing to do
        self.start.button_style = "" if halted else "primary"
        if read and self.reading is not None:
            show(self.column, not running and len(self.reading["columns"]) > 1)
            self.start.description = _("Resumirlo")
            self.price.value = duration_sentence(self.reading["rows"], exam_result(self._context))
        self.table.value = self._drawn()
        self._offer_downloads()

    # -- the file

    def _open_upload(self) -> None:
        """Make the upload field at the first click: most learners paste a text."""
        if not self.upload.children:
            field = UploadField(
                lambda: self._context.project.sources,
                limit=DEFAULT.file_bytes,
                endings=extensions(),
                arrived=self.read,
                failed=self._failed,
                unread=self._unread,
            )
            self.upload.children = (field,)
        show(self.upload, True)

    def read(self, path: str) -> None:
        """Read a file of the project through the preparation service, as app 2 does."""
        self.alert.clear()
        self._path = Path(path)
        request, roots = self._requests.begin(), [str(self._context.project.path)]
        words = _("Leyendo «{name}»…").format(name=self._path.name)
        self.understood.value = tag("p", text(words), class_="soft", role="status")

        def done(answer: tuple[ReadAnswer, str]) -> None:
            self._requests.cancel()
            self._unread.keep(self._path)
            self._digest = answer[1]
            self._show_reading(answer[0])

        def failed(problem: Explanation) -> None:
            self._requests.cancel()
            self._unread.discard(self._path)
            self.understood.value = ""
            self._failed(problem)

        services = self._context.services
        services.ask(
            lambda: (services.preparation.read(path, roots=roots), sha256(Path(path))),
            done=request.only(done),
            failed=request.only(failed),
        )

    def _show_reading(self, answer: ReadAnswer) -> None:
        self.reading, self._view, self._samples, self.job = answer, None, {}, None
        self.card.leave()
        self.understood.value = understood(answer["name"], answer["sentence"]) + notices(answer["notices"])
        self.column.options = tuple(answer["columns"])
        self.column.value = answer["mapping"]["text"]
        show(self.upload, False)
        self.refresh()

    def _failed(self, problem: Explanation) -> None:
        actions = {"restart": self._restart, "choose-file": self._open_upload}
        self.alert.show(problem, {"retry": self.alert.clear, **actions})

    # -- the job

    def _latest(self, training: Path) -> Job | None:
        jobs = Job.all(self._context.project.jobs)
        return next((job for job in jobs if job.kind == KIND and job.config.get("training") == str(training)), None)

    def _running(self) -> bool:
        return self.job is not None and self.card.value is not None and not self.card.value.over

    def _start(self) -> None:
        adapter, exam = adapter_in_use(self._context), exam_job(self._context)
        if adapter is None or self.reading is None:
            self.attach()
            return
        self.alert.clear()
        config = {
            "training": str(adapter.parent),
            "exam": "" if exam is None else str(exam.dir),
            "path": str(self._path),
            "sha256": self._digest,
            "column": self.column.value,
        }
        try:
            job = Job.start(KIND, config, parent=self._context.project.jobs)
        except (PoetasError, OSError) as error:
            self._failed(self._context.explain_error(error))
            return
        self._samples, self._view, self.job = {}, None, job
        self._follow(job)
        self.card.look()

    def _restart(self) -> None:
        self.alert.clear()
        if self.reading is not None:
            self._start()
        else:
            self._open_upload()

    def _follow(self, job: Job) -> None:
        def over(state: JobState) -> None:
            self._view = read_view(job.dir)
            if state is JobState.FINISHED:
                show(self.card, False)
            self.refresh()

        actions: dict[str, Callable[[], None]] = {"restart": self._restart, "choose-file": self._open_upload}
        self.card.follow(job, events=self._receive, over=over, actions=actions)

    def _receive(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Sample):
                self._samples[event.index] = [str(event.index + 1), event.source, event.text, ""]
        if self._samples and self._view is None:
            self.table.value = self._drawn()

    # -- the result

    def _drawn(self) -> str:
        if self._view is not None:
            return view_sentence(self._view) + head_table(self._view.head)
        return head_table([self._samples[row] for row in sorted(self._samples)])

    def _offer_downloads(self) -> None:
        files = self._view.files if self._view is not None and self.job is not None and not self._running() else ()
        folder = self.job.dir if self.job is not None else Path()
        names = {".csv": _("Bajar como CSV"), ".xlsx": _("Bajar como planilla de Excel")}

        def giver(name: str) -> Callable[[Any], None]:
            return lambda give: give(folder / name)

        if self._offered != (folder, files):
            self._offered = (folder, files)
            self.downloads = tuple(
                Download(names[Path(name).suffix], giver(name), failed=self._failed) for name in files
            )
            self.saved.children = self.downloads
        show(self.saved, bool(files))
