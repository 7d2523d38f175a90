"""Process of a job: ``python -m poetas.jobs.run FOLDER``.

It holds the job's lock, writes `Started`, leaves the network unless its kind needs it, runs the program and writes how
it ended. Nothing heavy is imported before the network is left.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from poetas.errors import explain
from poetas.i18n import _
from poetas.jobs import emergency_record, process_lock
from poetas.jobs.events import Failed, Finished, Started, Stopped, decode, plain
from poetas.jobs.job_context import JobContext, Stopping
from poetas.jobs.job_record import JobRecord, JobUnreadable
from poetas.jobs.job_state import StateReader
from poetas.jobs.kinds import kind_named
from poetas.privacy import Ledger, go_offline, go_online
from poetas.util.files import write_json
from poetas.util.quick_exit import QuickExit

_LINGER = 5.0  # seconds that a library's thread may keep the process alive after its last event


def main(arguments: list[str] | None = None) -> int:
    """Run one job to its end; 0 finished or stopped, 1 failed, 2 not a job, 3 another process has it."""
    parser = argparse.ArgumentParser(prog="poetas.jobs.run")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lock", type=int, default=-1, help="open handle of the lock, when it was handed over")
    parser.add_argument("--kinds", default=None, help="module with further kinds, for tests")
    options = parser.parse_args(arguments)
    os.umask(0o077)
    faulthandler.enable()
    raise_oom_score()
    folder = options.folder.resolve()
    if not folder.is_dir():
        return _refuse(2, _("No encuentro la carpeta {folder}.").format(folder=folder))
    try:
        record = JobRecord.read(folder)
        hold = (
            process_lock.Lock(options.lock) if options.lock >= 0 else process_lock.acquire(folder / "lock", patience=2)
        )
        if hold is None:
            return _refuse(3, _("Otro proceso está haciendo el trabajo de {folder}.").format(folder=folder))
        hold.keep_from_children()
        context = JobContext(folder, record.kind, dict(record.config), _begun(folder))
        context.log = _logger(folder)
    except JobUnreadable as error:
        explanation = error.explanation
        return _refuse(2, f"{explanation.what} {explanation.why} ({explanation.detail})")
    except OSError as error:
        return _refuse(2, _("No puedo trabajar en {folder}: {error}.").format(folder=folder, error=error))
    context.ledger = Ledger(Path(record.ledger)) if record.ledger else None
    signal.signal(signal.SIGTERM, lambda *_args: context.request_stop())
    code = _work(context, options.kinds)
    logging.shutdown()
    _exit_later(code)
    return code


def _exit_later(code: int) -> None:
    """Exit after a while, whatever threads are left."""
    if hasattr(signal, "setitimer"):  # no thread: where memory was short, one may never start, and be waited for
        signal.signal(signal.SIGALRM, lambda *_args: os._exit(code))
        signal.setitimer(signal.ITIMER_REAL, _LINGER)
        return
    timer = threading.Timer(_LINGER, os._exit, [code])
    timer.daemon = True
    timer.start()


def _refuse(code: int, sentence: str) -> int:
    """Print one line that says why no job runs; a page finds it in ``log.txt``."""
    print(" ".join(sentence.split()), file=sys.stderr)  # noqa: T201  # a program's own words
    return code


def _work(context: JobContext, kinds: str | None) -> int:
    try:
        _begin(context)
        result = _program(context, kinds)(context)
        result = json.loads(json.dumps(result or {}, default=plain))
        write_json(context.dir / "result.json", result)
        context.emit(Finished(result))
    except Stopping as stopping:
        try:
            context.emit(Stopped(stopping.step))
        except OSError as error:
            return _fail(context, error)
    except BaseException as error:  # noqa: BLE001 (every end is written)
        return _fail(context, error)
    return 0


def _begin(context: JobContext) -> None:
    """Write `Started`, after the failure that an earlier process could not write on a full disk."""
    for part in context.dir.glob(".*.part"):  # what an earlier process was writing when it was killed
        if not part.is_dir():  # folders are left to `poetas.util.atomic_folder.recover`
            part.unlink(missing_ok=True)
    words = StateReader(context.dir).unwritten()
    if words is not None:
        context.emit(words)
    context.emit(Started(os.getpid(), context.resumed))
    (context.dir / "starting").unlink(missing_ok=True)  # not before: until then the last event is of an earlier process
    emergency_record.prepare(context.dir)


def _fail(context: JobContext, error: BaseException) -> int:
    """Write `Failed`; where the disk is full, into the emergency record. The traceback goes to the log."""
    with suppress(Exception):
        context.log.error("the job failed", exc_info=error)
    end = Failed.of(explain(error))
    try:
        context.emit(end)
    except OSError:
        emergency_record.write(context.dir, end)
    (context.dir / "starting").unlink(missing_ok=True)
    return 1


def _program(context: JobContext, kinds: str | None) -> Callable[[JobContext], dict[str, Any]]:
    kind = kind_named(context.kind, kinds)
    if kind.network:
        go_online(os.environ)
    else:
        walled = go_offline(context.ledger.path if context.ledger else None)
        context.log.info("network: %s", "namespace and guard" if walled else "guard")
    module, _colon, name = kind.target.partition(":")
    function: Callable[[JobContext], dict[str, Any]] = getattr(importlib.import_module(module), name)
    return function


def _begun(folder: Path) -> bool:
    """Tell whether an earlier process had begun the work."""
    with suppress(FileNotFoundError), (folder / "events.jsonl").open("rb") as lines:
        return any(isinstance(decode(line), Started) for line in lines)
    return False


def _logger(folder: Path) -> logging.Logger:
    """Send the program's log, and the libraries' warnings, to ``log.txt``."""
    handler = logging.FileHandler(folder / "log.txt", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logger = logging.getLogger("poetas.job")
    logger.setLevel(logging.INFO)
    return logger


def raise_oom_score() -> None:
    """Make the kernel's OOM killer prefer this process to the page: a job can be resumed, a page cannot."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")


if __name__ == "__main__":
    leaving = QuickExit()
    leaving.code = main()
    sys.exit(leaving.code)
