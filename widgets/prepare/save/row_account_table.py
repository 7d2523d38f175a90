"""Account of every row of the file: counts as a bar, the rows as a table with pages and a search, a file of all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ipywidgets import Dropdown, Text, VBox

from poetas.data.service.answers import AccountAnswer
from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number
from widgets.controls.download.download import Download, Give
from widgets.controls.previews import table
from widgets.core.elements import column_of, html, look, make_button, row_of, show
from widgets.core.event_guards import UpdateGuard, on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.prepare.dataset_draft import DatasetDraft

ROWS = 10  # a page of the table


class RowAccountTable(VBox):
    """A link that unfolds what became of each row; it is asked for when it is unfolded.

    failed: called with what went wrong.
    """

    def __init__(self, draft: DatasetDraft, failed: Callable[[Explanation], None]) -> None:
        super().__init__(**look("poetas-account"))
        self._draft, self._failed, self._requests, self._updating = draft, failed, LatestRequest(), UpdateGuard()
        self._first, self.answer = 0, AccountAnswer(counts={}, reasons=[], first=0, total=0, rows=[])
        self.fold = make_button(_("¿Qué pasó con cada fila de tu archivo?"), "link")
        on_click(self.fold, self.unfold)
        self.inside = column_of((), "stack")
        self.children = (self.fold, self.inside)

    def unfold(self) -> None:
        """Unfold, or fold again."""
        if self.inside.children:
            self._requests.cancel()
            self.inside.children = ()
            return
        self.counts = html("")
        self.only = Dropdown(description=_("Mostrar"), options=[(_("todas las filas"), "")])
        self.query = Text(description=_("Buscar"), continuous_update=False, placeholder=_("una palabra"))
        for control in (self.only, self.query):
            control.observe(lambda _change: self._look(0), "value")
        self.table = html("")
        self.before, self.after = make_button(_("Anteriores")), make_button(_("Siguientes"))
        on_click(self.before, lambda: self._look(self._first - ROWS))
        on_click(self.after, lambda: self._look(self._first + ROWS))
        self.downloads = {
            suffix: Download(label, partial(self._export, suffix), failed=partial(self._no_file, suffix), remove=True)
            for suffix, label in (
                (".csv", _("Bajar la cuenta de filas (CSV)")),
                (".xlsx", _("Bajar la cuenta de filas (XLSX)")),
            )
        }
        pages = row_of((self.before, self.after))
        files = row_of(tuple(self.downloads.values()))
        self.inside.children = (self.counts, row_of((self.only, self.query)), self.table, pages, files)
        self._look(0)

    def update(self) -> None:
        """Ask again: the texts have changed."""
        if self.inside.children:
            self._look(0)

    def _look(self, first: int) -> None:
        if self._updating:
            return
        only, query = str(self.only.value or ""), self.query.value.strip()
        request = self._requests.begin()
        self._draft.ask(
            lambda service: service.account(max(0, first), ROWS, only=only, query=query),
            done=request.only(self._show),
            failed=request.only(self._failed),
        )

    def _show(self, answer: AccountAnswer) -> None:
        self.answer, self._first = answer, answer["first"]
        self.counts.value = _bar(answer["counts"])
        options = [(_("todas las filas"), "")]
        for outcome, words in (("left-out", _("las que quedaron afuera ({n})")), ("changed", _("las cambiadas ({n})"))):
            if count := answer["counts"][outcome.replace("-", "_")]:
                options.append((words.format(n=number(count)), outcome))
        options += [(f"{reason['words']} ({number(reason['count'])})", reason["code"]) for reason in answer["reasons"]]
        if options != list(self.only.options):
            kept = self.only.value
            with self._updating:
                self.only.options = options
                self.only.value = kept if kept in dict(options).values() else ""
        style = not any(row["summary"] for row in answer["rows"])
        columns = [_("Dónde"), _("Qué pasó"), _("Texto"), *([] if style else [_("Resumen")])]
        rows = [
            [row["where"], _outcome(row["outcome"], row["words"]), row["text"], *([] if style else [row["summary"]])]
            for row in answer["rows"]
        ]
        last = answer["first"] + len(rows)
        total = answer["total"]
        caption = ngettext("{total} fila", "{total} filas", total)
        if total > ROWS:
            caption = _("De la {first} a la {last}, de {total}")
        caption = caption.format(first=number(answer["first"] + 1), last=number(last), total=number(total))
        nothing = tag("p", text(_("Ninguna fila es así.")), class_="soft", role="status")
        self.table.value = table(columns, rows, caption) if rows else nothing
        self.before.disabled, self.after.disabled = answer["first"] == 0, last >= answer["total"]
        for button in (self.before, self.after):
            show(button, answer["total"] > ROWS)

    def _export(self, suffix: str, give: Give) -> None:
        name = Path(self._draft.file).stem + "-" + _("cuenta-de-filas") + suffix
        target = self._draft.context.project.path / "para-bajar" / name
        self._draft.ask(
            lambda service: service.account_file(str(target)),
            done=lambda answer: give(Path(answer["path"])),
            failed=partial(self._no_file, suffix),
        )

    def _no_file(self, suffix: str, problem: Explanation) -> None:
        self.downloads[suffix].stop()
        self._failed(problem)


def _outcome(outcome: str, words: str) -> str:
    names = {"used": _("usada"), "changed": _("cambiada"), "left-out": _("afuera")}
    return f"{names.get(outcome, outcome)}: {words}" if words else names.get(outcome, outcome)


def _bar(counts: dict[str, int]) -> str:
    """Draw the counts as one bar of three lengths, with the sum in words."""
    rows = counts["rows"]
    phrase = ngettext("Tu archivo tiene {n} fila", "Tu archivo tiene {n} filas", rows).format(n=number(rows))
    used, changed, left_out = counts["used"], counts["changed"], counts["left_out"]
    phrases = (
        ("used", used, ngettext("{n} queda como vino", "{n} quedan como vinieron", used)),
        ("changed", changed, ngettext("{n} cambió", "{n} cambiaron", changed)),
        ("left-out", left_out, ngettext("{n} quedó afuera", "{n} quedaron afuera", left_out)),
    )
    parts = [(name, count, words.format(n=number(count))) for name, count, words in phrases if count]
    drawn = "".join(tag("span", "", class_=name, style=f"flex-grow:{count}") for name, count, _words in parts)
    said = "".join(tag("li", text(words), class_=name) for name, _count, words in parts)
    bar = tag("div", drawn, class_="poetas-account-bar", aria_hidden="true")
    return tag("p", text(phrase + ":"), role="status") + bar + tag("ul", said, class_="poetas-account-words")
