"""The demo from its command line to its verdict, with the jobs and folders that the apps use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from poetas.data.pipeline.language import guess_language
from poetas.data.pipeline.mapping import ColumnMapping, guess
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.reading import Reading, read_file
from poetas.data.storage.dataset_store import PreparedDataset, save
from poetas.data.storage.dataset_summary import fingerprint_of
from poetas.demo.figures import figures, table
from poetas.demo.following import FollowedJob, JobFailed, JobStopped, follow
from poetas.demo.options import DemoOptions, parse
from poetas.environment import peak_rss_mb
from poetas.errors import PoetasError
from poetas.i18n import _, duration, number
from poetas.jobs import Job
from poetas.models import Catalogue, LicenceNotAccepted, accept_licence, is_ready, start_fetch, start_inquiry
from poetas.privacy import go_offline
from poetas.serving.terminal import StatusLine, say, tell, tell_error
from poetas.training.presets import PRESETS
from poetas.util.console import accept_any_text
from poetas.util.files import write_json
from poetas.workspace import Project, Workspace

PROJECT = "demo"
STOPPED = 130  # the exit code of a program that ended by Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit code: 0, 1 after an error (printed in three lines), 130 after Ctrl-C."""
    accept_any_text()
    try:
        demo = Demo.begin(parse(arguments))
        demo.run()
    except JobStopped as stopped:
        words = _("Detenido, con lo hecho a salvo. Para seguir desde ahí, repetí la misma orden.")
        say(
            words
            if stopped.saved
            else _("Detenido, y todavía no había guardado nada. Repetí la orden y empieza de nuevo.")
        )
        return STOPPED
    except KeyboardInterrupt:
        say(_("Detenido. Para seguir, repetí la misma orden: las partes que ya terminaron no se repiten."))
        return STOPPED
    except JobFailed as refused:
        return tell(refused.problem, refused.log if refused.problem.code == "unexpected" else None)
    except LicenceNotAccepted as error:
        remedy = _("Leela en {url} y, si estás de acuerdo, repetí la orden con --accept-license.")
        return tell(replace(error.explanation, remedy=remedy.format(url=error.explanation.detail)))
    except (PoetasError, OSError, MemoryError) as error:
        return tell_error(error)
    return 0


@dataclass(slots=True)
class Demo:
    """One run. peak_mb: the highest memory of any process so far."""

    options: DemoOptions
    workspace: Workspace
    project: Project
    line: StatusLine
    peak_mb: float = 0.0

    @classmethod
    def begin(cls, options: DemoOptions) -> Demo:
        """Choose the workspace and the project."""
        workspace = Workspace.default()
        return cls(options, workspace, workspace.project(PROJECT), StatusLine(sys.stdout))

    def run(self) -> None:
        """Do the four parts, write the figures, print the verdict."""
        say(_("LLMs para poetas: todo el recorrido, sin navegador."), "")
        fetching = self._fetch()
        go_offline(self.workspace.ledger, namespace=False)  # from here on this process sees texts
        dataset = self._prepare()
        language = guess_language(row["text"] for row in dataset.rows("train"))
        say("", _("3 de 4. El modelo estudia tus textos"))
        texts = {"dataset": str(dataset.folder), "fingerprint": fingerprint_of(dataset.record)}
        common = {"model": self.options.model, **texts, "language": language}
        knobs = PRESETS[self.options.preset].config.to_dict()
        training, job = self._work("train", {**common, "training": knobs, "samples": 0})
        say("", _("4 de 4. El examen: textos que no vio"))
        evaluation, _job = self._work("evaluate", {**common, "adapter": str(job.dir), "task": self.options.task})
        results = figures(
            self.options.model,
            dataset.counts,
            {"fetch": fetching, "train": training.seconds, "evaluate": evaluation.seconds},
            max(self.peak_mb, peak_rss_mb()),
            evaluation.result,
        )
        self._report(results, evaluation.result)

    def _fetch(self) -> float:
        """Fetch the model if it is not ready, and return how many seconds that took."""
        model = self.options.model
        say(_("1 de 4. El modelo: {model}").format(model=model))
        if is_ready(self.workspace, model):
            say(_("  Ya está listo en esta máquina."))
            return 0.0
        entry = Catalogue.load(self.workspace).entry_for(model)
        if not entry.licence:  # an id of the Hub whose licence is not known yet
            self._follow(start_inquiry(self.workspace, entry.id))
            entry = Catalogue.load(self.workspace).entry_for(entry.id)
        if self.options.accept and entry.must_accept:
            accept_licence(self.workspace, entry.id)
        return self._follow(start_fetch(self.workspace, entry.id)).seconds

    def _prepare(self) -> PreparedDataset:
        """Read, choose columns, clean and split; a dataset made of the same file in the same way is used again."""
        say("", _("2 de 4. Los textos: {name}").format(name=self.options.data.name))
        reading = read_file(self.options.data)
        say(f"  {reading.sentence}.")
        made = prepare(reading, self._mapping(reading))
        dataset = self._held(made.record) or save(made, self.project.datasets, self.options.name)
        sentence = _("  {train} para estudiar, {validation} para el simulacro, {test} para el examen.")
        say(sentence.format(**{part: number(count) for part, count in dataset.counts.items()}))
        for notice in made.split.notices:
            say(f"  {notice.sentence}")
        return dataset

    def _mapping(self, reading: Reading) -> ColumnMapping:
        mapping = guess(reading.table).mapping
        if self.options.task == "style":
            return ColumnMapping(mapping.text)
        if mapping.summary is None:
            raise no_summaries(self.options.data.name)
        return mapping

    def _held(self, record: dict[str, Any]) -> PreparedDataset | None:
        for folder in self.project.prepared():
            try:
                held = PreparedDataset.open(folder)
            except PoetasError:
                continue
            same = ("task", "fingerprints")
            if all(held.record.get(key) == record[key] for key in same):
                return held
        return None

    def _work(self, kind: str, config: dict[str, Any]) -> tuple[FollowedJob, Job]:
        """Do a job, or go on with the last one that was asked for exactly this and did not finish."""
        job = self._unfinished(kind, config)
        if job is None:
            job = Job.start(kind, config, parent=self.project.jobs)
        elif job.state.over:
            say(_("  Sigo desde donde había quedado."))
            job.resume()
        return self._follow(job), job

    def _unfinished(self, kind: str, config: dict[str, Any]) -> Job | None:
        """Return the newest job of this kind if it asks for the same, and it or what follows it is not finished."""
        for job in Job.all(self.project.jobs):
            if job.kind == "evaluate" and job.result() is not None:
                return None  # that demo finished: the next one starts from the beginning
            if job.kind == kind:
                return job if dict(job.config) == config else None
        return None

    def _follow(self, job: Job) -> FollowedJob:
        outcome = follow(job, self.line)
        self.peak_mb = max(self.peak_mb, outcome.peak_mb)
        return outcome

    def _report(self, results: dict[str, Any], evaluation: dict[str, Any]) -> None:
        """Write the figures first, so that an output that breaks cannot lose them; then print the table and verdict."""
        if self.options.report is not None:
            write_json(self.options.report, results, mode=0o644)
        verdict = evaluation["verdict"]
        say("", *table(evaluation), "", verdict["headline"], *verdict["sentences"])
        spent = sum(results["seconds"][part] for part in ("train", "evaluate"))
        memory = _("Entrenar y evaluar llevó {time}; la memoria llegó a {memory} GB.")
        say("", memory.format(time=duration(spent), memory=number(results["peak_rss_mb"] / 1000, 1)))
        say(_("Todo quedó en {folder}").format(folder=self.project.path))
        if self.options.report is not None:
            say(_("Las cifras están en {file}").format(file=self.options.report))


class NoSummaries(PoetasError):
    """A file without summaries was given to learn summarising from."""

    code = "no-summaries"


def no_summaries(name: str) -> NoSummaries:
    """The card for a file with texts alone."""
    return NoSummaries(
        _("En «{name}» hay textos, pero no encuentro sus resúmenes.").format(name=name),
        why=_("Para aprender a resumir hacen falta dos columnas: el texto y su resumen."),
        remedy=_("Agregá una columna «resumen», o probá con --task style."),
    )
