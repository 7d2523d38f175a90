"""The `poetas` command line: a table of subcommands, each a function that imports its libraries when it runs."""

# ruff: noqa: PLC0415  (an import inside each function: `poetas --help` must not wait for Voilà)

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from poetas import __version__
from poetas.i18n import _
from poetas.util.cli_arguments import ArgumentParser, filled, path, whole
from poetas.util.console import accept_any_text

_LAST_PORT = 65_535
_A_WEEK = 604_800  # seconds


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: what it is for, the arguments it takes, and the function that does it.

    rest: arguments that follow are not ours to read (``demo`` reads its own).
    """

    name: str
    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    rest: bool = False


def _where(parser: argparse.ArgumentParser) -> None:
    port, host = _("puerto (sin esta opción, uno libre)"), _("dirección en la que escucha (si no, solo esta máquina)")
    parser.add_argument("--port", type=whole(0, _LAST_PORT), default=0, metavar=_("PUERTO"), help=port)
    parser.add_argument("--host", type=filled, default="127.0.0.1", metavar=_("DIRECCIÓN"), help=host)


def _serving(parser: argparse.ArgumentParser) -> None:
    _where(parser)
    apps = _("otra carpeta de cuadernos, con la misma página")
    parser.add_argument("--apps", type=path, metavar=_("CARPETA"), help=apps)
    parser.add_argument("--preheat", action="store_true", help=_("tener las apps listas de antemano (más memoria)"))
    parser.add_argument(
        "--page-timeout",
        type=whole(1, _A_WEEK),
        default=300,
        metavar=_("SEGUNDOS"),
        help=_("segundos que un núcleo espera a una página que se cortó"),
    )


def _lab_arguments(parser: argparse.ArgumentParser) -> None:
    _where(parser)
    parser.add_argument("--no-browser", action="store_true", help=_("no abrir el navegador"))


def _fetch_arguments(parser: argparse.ArgumentParser) -> None:
    model = _("por ejemplo smollm2-135m o gemma3-270m; con --folder, cómo se va a llamar (si no, como la carpeta)")
    parser.add_argument("model", nargs="?", type=str.strip, metavar=_("MODELO"), help=model)
    parser.add_argument("--accept-license", action="store_true", help=_("aceptar la licencia del modelo"))
    folder = _("tomarlo de una carpeta de esta máquina, sin bajar nada")
    parser.add_argument("--folder", type=path, metavar=_("CARPETA"), help=folder)
    parser.add_argument("--quiet", action="store_true", help=_("no decir nada si ya está listo"))


def _read_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=path, metavar=_("ARCHIVO"), help=_("un archivo o una carpeta de textos"))
    parser.add_argument("--json", action="store_true", help=_("decirlo como datos, para otro programa"))


def _report_arguments(parser: argparse.ArgumentParser) -> None:
    answers = _("la carpeta con los archivos de respuestas que te entregaron")
    parser.add_argument("folder", type=path, metavar=_("CARPETA"), help=answers)
    page, table = _("guardar el informe como página"), _("guardar los números como tabla (.csv o .xlsx)")
    parser.add_argument("--html", type=path, metavar=_("ARCHIVO"), help=page)
    parser.add_argument("--csv", type=_table_path, metavar=_("ARCHIVO"), help=table)


def _table_path(text: str) -> Path:
    named = path(text)
    if named.suffix.lower() not in {".csv", ".xlsx"}:
        raise argparse.ArgumentTypeError(_("el nombre tiene que terminar en .csv o .xlsx"))
    return named


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs=argparse.REMAINDER)


def _none(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def _start(arguments: argparse.Namespace, *, browser: bool) -> int:
    from poetas.serving.config import ServerOptions, apps_folder

    apps = apps_folder(arguments.apps)  # before Voilà is imported: a mistake is reported at once
    from poetas.serving.start import start

    options = ServerOptions(
        apps=apps,
        host=arguments.host,
        port=arguments.port,
        preheat=arguments.preheat,
        alone_seconds=arguments.page_timeout,
    )
    return start(options, browser=browser)


def _apps(arguments: argparse.Namespace) -> int:
    return _start(arguments, browser=True)


def _serve(arguments: argparse.Namespace) -> int:
    return _start(arguments, browser=False)


def _lab(arguments: argparse.Namespace) -> int:
    from poetas.serving.lab import lab

    return lab(host=arguments.host, port=arguments.port, browser=not arguments.no_browser)


def _fetch(arguments: argparse.Namespace) -> int:
    if arguments.model is None and arguments.folder is None:
        arguments.refuse(_("falta: MODELO, o --folder CARPETA"))
    from poetas.serving.fetch_command import fetch

    return fetch(arguments.model, accept=arguments.accept_license, quiet=arguments.quiet, source=arguments.folder)


def _read(arguments: argparse.Namespace) -> int:
    from poetas.privacy import go_offline

    go_offline(None, namespace=False)  # from here on this process sees texts
    from poetas.serving.read_command import read

    return read(arguments.file, as_json=arguments.json)


def _report(arguments: argparse.Namespace) -> int:
    from poetas.privacy import go_offline

    go_offline(None, namespace=False)  # from here on this process sees what learners answered
    from poetas.serving.report_command import report

    return report(arguments.folder, html=arguments.html, table=arguments.csv)


def _demo(arguments: argparse.Namespace) -> int:
    from poetas.demo import main as demo

    code: int = demo(arguments.rest)
    return code


def _check(_arguments: argparse.Namespace) -> int:
    from poetas.serving.check_command import check

    return check()


COMMANDS: tuple[Command, ...] = (
    Command("apps", _("abrir las tres apps en el navegador (lo mismo que no escribir nada)"), _serving, _apps),
    Command("serve", _("servir las tres apps sin abrir el navegador"), _serving, _serve),
    Command("lab", _("abrir los cuadernos en JupyterLab: la vista de código y la de app"), _lab_arguments, _lab),
    Command("fetch", _("bajar un modelo y dejarlo listo"), _fetch_arguments, _fetch),
    Command("read", _("decir qué se lee en un archivo, y cada fila tal como se usaría"), _read_arguments, _read),
    Command("report", _("juntar las respuestas de una clase en un informe"), _report_arguments, _report),
    Command("demo", _("hacer todo el recorrido sin navegador"), _demo_arguments, _demo, rest=True),
    Command("check", _("decir qué puede hacer esta máquina"), _none, _check),
)


def parser() -> argparse.ArgumentParser:
    """Build the parser from the table.

    >>> parser().parse_args(["serve", "--port", "8866"]).port
    8866
    """
    top = ArgumentParser(
        prog="poetas",
        description=_("Tres apps para conocer un modelo de lenguaje, preparar textos y entrenarlo con ellos."),
    )
    version = _("mostrar la versión y salir")
    top.add_argument("--version", action="version", version=f"poetas {__version__}", help=version)
    commands = top.add_subparsers(dest="command", title=_("órdenes"), metavar=_("ORDEN"))
    for command in COMMANDS:
        sub = commands.add_parser(
            command.name, help=command.summary, description=command.summary, add_help=not command.rest
        )
        command.arguments(sub)
        sub.set_defaults(run=command.run, refuse=sub.error)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code. An error is printed in plain lines, never as a traceback."""
    accept_any_text()
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (words[0].startswith("-") and words[0] not in {"-h", "--help", "--version"}):
        words.insert(0, "apps")
    try:
        if words[0] == "demo":  # argparse would read options that follow at once as its own
            return _demo(argparse.Namespace(rest=words[1:]))
        arguments = parser().parse_args(words)
        code: int = arguments.run(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # a learner is never shown a traceback
        from poetas.serving.terminal import tell_error

        return tell_error(error)
    return code


if __name__ == "__main__":
    sys.exit(main())
