"""Command-line parser with Spanish messages, and the types of option values: whole numbers, texts, paths.

argparse takes its own sentences from the process's gettext domain, which is not ours. `ArgumentParser` therefore sets
the headings through its formatter and translates each error message before it is printed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from poetas.i18n import _

_LONGEST = 9  # digits: far more than any option's range, and few enough for `int`


def _headings() -> dict[str | None, str]:
    return {"positional arguments": _("argumentos"), "options": _("opciones")}


def _messages() -> tuple[tuple[str, str], ...]:
    """Patterns of argparse's error messages (Python 3.11 to 3.14) and their translation; the first match counts."""
    return (
        (r"expected one argument", _("le falta el valor")),
        (r"ignored explicit argument (?P<value>.*)", _("no lleva ningún valor, y tiene {value}")),
        (r"unrecognized arguments: (?P<words>.*)", _("no conozco: {words}")),
        (r"unexpected option string: (?P<option>.*)", _("no esperaba la opción {option}")),
        (r"the following arguments are required: (?P<names>.*,.*)", _("faltan: {names}")),
        (r"the following arguments are required: (?P<names>.*)", _("falta: {names}")),
        (r"ambiguous option: (?P<option>.*) could match (?P<names>.*)", _("{option} puede ser: {names}")),
        (
            r"invalid choice: (?P<value>.*), maybe you meant (?P<near>.*)\? \(choose from (?P<names>.*)\)",
            _("{value} no está entre: {names}. ¿Quisiste decir {near}?"),
        ),
        (r"invalid choice: (?P<value>.*) \(choose from (?P<names>.*)\)", _("{value} no está entre: {names}")),
    )


def translate_message(message: str) -> str:
    """Translate an error message of argparse; one that is not in the table stays as it is.

    >>> translate_message("argument --port: expected one argument"), translate_message("unrecognized arguments: -x")
    ('--port: le falta el valor', 'no conozco: -x')
    """
    for pattern, translation in _messages():
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return translation.format(**match.groupdict())
    argument = re.fullmatch(r"argument (?P<name>.+?): (?P<rest>.*)", message, re.DOTALL)
    return f"{argument['name']}: {translate_message(argument['rest'])}" if argument else message


class _SpanishHelpFormatter(argparse.HelpFormatter):
    """Help with Spanish headings."""

    def start_section(self, heading: str | None) -> None:
        super().start_section(_headings().get(heading, heading))

    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, _("uso: ") if prefix is None else prefix)


class ArgumentParser(argparse.ArgumentParser):
    r"""An `argparse.ArgumentParser` whose help and errors are in Spanish; its subparsers are of this class as well.

    >>> ArgumentParser(prog="poetas").format_usage()
    'uso: poetas [-h]\n'
    """

    def __init__(self, *, add_help: bool = True, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=_SpanishHelpFormatter, **options)
        if add_help:
            self.add_argument(
                "-h", "--help", action="help", default=argparse.SUPPRESS, help=_("mostrar esta ayuda y salir")
            )

    def error(self, message: str) -> NoReturn:
        """Print the usage and a translated message on the error stream, and exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {translate_message(message)}\n")


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers of a range, for ``type=``.

    >>> whole(1, 65535)("8866")
    8866
    """

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) <= _LONGEST and lowest <= int(text) <= highest:
            return int(text)
        sentence = _("«{text}» no es un número entero entre {lowest} y {highest}")
        raise argparse.ArgumentTypeError(sentence.format(text=text[:40], lowest=lowest, highest=highest))

    return read


def filled(text: str) -> str:
    """Read a text that may not be blank: an empty one is what a shell variable that was never set expands to."""
    if not text.strip():
        raise argparse.ArgumentTypeError(_("está vacío"))
    return text.strip()


def path(text: str) -> Path:
    """Read a path, also one whose ``~`` the shell left as it was (as in ``--data=~/cartas.csv``).

    >>> path("~/cartas.csv") == Path.home() / "cartas.csv"
    True
    """
    given = Path(filled(text))
    try:
        return given.expanduser()
    except RuntimeError:  # no user has that name: it may be a file's
        return given
