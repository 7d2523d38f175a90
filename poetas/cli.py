"""The `poetas` command: one table of subcommands, one function each, importing what it needs when it runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import format_exc

from poetas import __version__
from poetas.errors import PoetasError, explain
from poetas.files import private_folder
from poetas.i18n import _
from poetas.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: what it is for, the arguments it takes, and the function that does it."""

    name: str
    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help=_("puerto; sin esta opción, uno libre"))
    parser.add_argument("--host", default="127.0.0.1", help=_("dirección en la que escucha (por defecto, solo esta máquina)"))
    parser.add_argument("--apps", type=Path, help=_("otra carpeta de cuadernos, con la misma página"))
    parser.add_argument("--preheat", action="store_true", help=_("tener las tres apps listas de antemano (usa más memoria)"))


def _fetch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help=_("por ejemplo smollm2-135m o gemma3-270m"))
    parser.add_argument("--accept-license", action="store_true", help=_("aceptar la licencia del modelo"))


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def _start(arguments: argparse.Namespace, *, browser: bool) -> int:
    from poetas.serving.commands import start

    return start(arguments, browser=browser)


def _apps(arguments: argparse.Namespace) -> int:
    return _start(arguments, browser=True)


def _serve(arguments: argparse.Namespace) -> int:
    return _start(arguments, browser=False)


def _lab(arguments: argparse.Namespace) -> int:
    from poetas.serving.lab import lab

    return lab(arguments)


def _fetch(arguments: argparse.Namespace) -> int:
    from poetas.serving.commands import fetch

    return fetch(arguments.model, accept=arguments.accept_license)


def _check(_arguments: argparse.Namespace) -> int:
    from poetas.serving.check import check

    return check()


COMMANDS: tuple[Command, ...] = (
    Command("apps", _("abrir las tres apps en el navegador (lo mismo que no escribir nada)"), _serving, _apps),
    Command("serve", _("servir las tres apps sin abrir el navegador"), _serving, _serve),
    Command("fetch", _("bajar un modelo y dejarlo listo"), _fetch_arguments, _fetch),
)


def parser() -> argparse.ArgumentParser:
    """Build the parser from the table."""
    top = argparse.ArgumentParser(prog="poetas", description=_("LLMs para poetas: tres apps para conocer, preparar y ajustar un modelo."))
    top.add_argument("--version", action="version", version=f"poetas {__version__}")
    commands = top.add_subparsers(dest="command", metavar=_("ORDEN"))
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.summary, description=command.summary)
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (words[0].startswith("-") and words[0] not in {"-h", "--help", "--version"}):
        words.insert(0, "apps")
    arguments = parser().parse_args(words)
    try:
        code: int = arguments.run(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # the learner gets three lines, never a traceback
        return _tell(error)
    return code


def _tell(error: Exception) -> int:
    """Print an error in three plain lines; what nobody foresaw goes to a log, which is named."""
    told = explain(error)
    lines = [told.what, told.why, told.remedy]
    if not isinstance(error, PoetasError):
        log = private_folder(Workspace.default().root / "run") / "poetas-log.txt"
        with log.open("a", encoding="utf-8") as out:
            out.write(format_exc() + "\n")
        lines[2] = _("El detalle está en {log}.").format(log=log)
    print("\n".join(line for line in lines if line), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
