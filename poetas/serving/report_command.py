"""`poetas report`: a folder of exported answers in, a class report out, as lines, as an HTML page and as a table."""

from __future__ import annotations

from pathlib import Path

from poetas.course.answers_folder import AnswersFolder, NoAnswers, read_answers
from poetas.course.class_report_page import class_report_page
from poetas.course.class_results import class_results
from poetas.course.class_table import write_class_table
from poetas.course.class_words import people, summary_lines
from poetas.course.question_bank import bank_problem, current_bank
from poetas.errors import PoetasError
from poetas.i18n import _, ngettext, number
from poetas.serving.terminal import say
from poetas.util.files import write_text

_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)))  # what a terminal obeys


def report(folder: Path, *, html: Path | None = None, table: Path | None = None) -> int:
    """Write what is asked for, print a summary, and return 0. Raises `PoetasError` where there is nothing to report."""
    problem = bank_problem()
    if problem is not None:
        raise NoAnswers(problem.what, why=problem.why, remedy=problem.remedy, detail=problem.detail)
    outputs = [path for path in (html, table) if path is not None]
    _guard(outputs)
    bank = current_bank()
    exports = read_answers(folder, bank, ignore=outputs)
    if not exports.answers:
        _say_left_out(exports)
        raise NoAnswers(
            _("En {folder} no hay ningún archivo de respuestas que sirva.").format(folder=folder),
            remedy=_("Son los que cada persona guarda en «Contanos cómo te fue», al final de cada app."),
        )
    results = class_results(exports.answers, bank)
    if html is not None:
        write_text(html, class_report_page(results, exports.left_out, bank))
    if table is not None:
        write_class_table(table, results, exports.left_out, bank)
    say(_("Respuestas de {people}.").format(people=people(results.people)), *summary_lines(results))
    _say_left_out(exports)
    for path in outputs:
        say(_("Guardado: {path}").format(path=path))
    if not outputs:
        say(_("Para verlo entero: poetas report {folder} --html informe.html").format(folder=folder))
    return 0


def _guard(outputs: list[Path]) -> None:
    """Refuse to write over what may be a learner's answers, or where nothing can be written."""
    for path in outputs:
        if path.is_dir() or path.suffix.lower() == ".json" or not path.parent.is_dir():
            raise PoetasError(
                _("No puedo guardar el informe en {path}.").format(path=path),
                why=_("Esa carpeta no existe, o el nombre es el de una carpeta o el de un archivo de respuestas."),
                remedy=_("Elegí otro nombre: por ejemplo, informe.html y resumen.csv."),
            )


def _say_left_out(exports: AnswersFolder) -> None:
    if exports.left_out:
        count = len(exports.left_out)
        files = ngettext("Quedó afuera {n} archivo:", "Quedaron afuera {n} archivos:", count)
        say(files.format(n=number(count)))
        say(*(f"· {file.name.translate(_CONTROLS)}: {file.reason}" for file in exports.left_out))
