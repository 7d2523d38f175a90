"""Worker of a distributed run: ``python -m poetas.training.distributed_worker FOLDER``, rank in the environment.

It leaves the network as the job did, does the same work on its share of each batch, and writes nothing. When the job's
process is gone, so that the job can be resumed, it exits at once.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from poetas.jobs.job_context import JobContext, Stopping
from poetas.jobs.job_record import JobRecord
from poetas.jobs.run import raise_oom_score
from poetas.privacy import go_offline

_LOOK_EVERY = 1.0


def main(arguments: list[str]) -> int:
    """Run the worker; 0 where the run ended."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the first process handles it and stops the others
    raise_oom_score()
    folder = Path(arguments[0]).resolve()
    record = JobRecord.read(folder)
    go_offline(Path(record.ledger) if record.ledger else None)
    context = JobContext(folder, record.kind, dict(record.config), resumed=True)
    threading.Thread(target=_watch, args=(context,), daemon=True).start()
    program = importlib.import_module("poetas.training.train_job")
    with suppress(Stopping):
        program.run(context)
    return 0


def _watch(context: JobContext) -> None:
    while not context.orphaned():
        time.sleep(_LOOK_EVERY)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
