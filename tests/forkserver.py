"""Fork server: processes of jobs and services, forked from one that has already imported their libraries.

Importing torch, transformers and peft takes a job or a generation service 4 s of processor time, most of what a test
with a tiny model costs; a program without them takes half a second to start. The tests that are about something else
start their processes here: same program, arguments, environment, folder, open files, session and command line, in a
process of its own. How production starts them is held by the tests of privacy, by the pages whose server was not given
`tests.fork_broker`, and by every test marked ``cold``, which do not come here. The exit code of a fork is not known,
and is read as 0. The processes that share the tests share the servers, too: see `tests.shared_forks`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from poetas.util.fork_server import ForkedProcess, ForkServer, available

ROOT = Path(__file__).resolve().parents[1]

# What each stage of server imports. A preparation service must not find torch loaded. What production imports only
# once it saves, examines or exports would take each service a second.
LIGHT = (
    *("tests.forked_process:set_up", "poetas.jobs.run", "poetas.services.run", "poetas.services.socket_server"),
    *("poetas.data.service.service", "poetas.data.formats.csv_tsv", "charset_normalizer", "datasets", "openpyxl"),
    *("ftfy", "ssl"),
)
HEAVY = (
    *("tests.forked_process:set_up", "poetas.jobs.run", "poetas.services.run", "poetas.services.socket_server"),
    *("poetas.generation.handler", "poetas.training.train_job", "poetas.training.train"),
    *("poetas.training.dry_run_job", "poetas.training.dry_run", "poetas.evaluation.evaluate_job"),
    *("poetas.evaluation.report", "poetas.evaluation.summary_evaluation", "poetas.evaluation.style_evaluation"),
    *("poetas.models.fetch_job", "huggingface_hub.hf_api", "transformers.models.llama.modeling_llama"),
    *("poetas.evaluation.memorisation.memorisation_job", "poetas.export.export_job"),
    *("peft.utils.transformers_weight_conversion",),
)
TEMPLATES = (
    *("tests.forked_process:set_up", "poetas.models.chat_template_worker"),
    "transformers.utils.chat_template_utils",
)
STAGES = {"light": LIGHT, "heavy": HEAVY, "templates": TEMPLATES}
HEAVY_KINDS = ("fetch-", "train-", "dry_run-", "evaluate-", "memorisation-", "export-", "summarise_file-")


def stage_of(command: Sequence[str]) -> str | None:
    """Return the stage that has what ``python -P -m module ...`` imports, or None: start it as production does."""
    if not available() or list(command[1:3]) != ["-P", "-m"]:
        return None
    module, first = command[3], Path(command[4]).name
    if {"--kinds", "--registry"} & set(command):  # programs of the tests, which need no library
        return "light"
    if module == "poetas.jobs.run":
        return "heavy" if first.startswith(HEAVY_KINDS) else "light"
    return {"generation": "heavy", "preparation": "light"}.get(first) if module == "poetas.services.run" else None


PATIENCE = 240.0  # seconds: the libraries' import waits for the processors that other tests use
_servers: dict[str, ForkServer] = {}
_lock = threading.Lock()
# What forks instead of this process's own servers: (stage, command, cwd=, env=, files=) -> the fork.
elsewhere: list[Callable[..., ForkedProcess]] = []


def popen(command: Sequence[str], **options: object) -> ForkedProcess | subprocess.Popen[bytes]:
    """Start what `poetas.jobs.detached_process.spawn` starts, from a server where one has its libraries."""
    stage = stage_of(command)
    if stage is None:
        return subprocess.Popen(command, **options)
    return fork(stage, command, cwd=options["cwd"], env=options["env"], files=files_of(options))


def files_of(options: Mapping[str, Any]) -> dict[int, int]:
    """Return the open files of a `subprocess.Popen`: their numbers there, and here."""
    return {1: options["stdout"], 2: options["stderr"], **{handle: handle for handle in options["pass_fds"]}}


def fork(
    stage: str, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], files: Mapping[int, int]
) -> ForkedProcess:
    """Fork a command from the server of its stage, which is started for the first."""
    start = elsewhere[-1] if elsewhere else _fork
    return start(stage, command, cwd=cwd, env=env, files=files)


def _fork(stage: str, command: Sequence[str], **options: Any) -> ForkedProcess:
    return _server(stage).start(command, **options)


def run(command: Sequence[str], **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run the process that renders a chat template, as `subprocess.run` does; its exit code is not known."""
    if not available() or "poetas.models.chat_template_worker" not in command:
        return subprocess.run(command, **options)
    with tempfile.TemporaryFile(buffering=0) as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(options["input"])
        given.seek(0)
        files = {0: given.fileno(), 1: out.fileno(), 2: err.fileno()}
        process = fork("templates", command, cwd=Path.cwd(), env=options["env"], files=files)
        try:
            process.wait(options["timeout"])
        finally:
            process.kill()
        out.seek(0)
        return subprocess.CompletedProcess(command, 0, out.read())


def _server(stage: str) -> ForkServer:
    with _lock:
        if stage not in _servers or _servers[stage].process.poll() is not None:
            kept = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "POETAS_"))}
            _servers[stage] = ForkServer(STAGES[stage], {**kept, "PYTHONPATH": str(ROOT)}, patience=PATIENCE)
        return _servers[stage]


def begin(*stages: str) -> None:
    """Let servers import their libraries, without waiting for it."""
    for stage in stages:
        _server(stage)


def warm() -> None:
    """Wait until the servers of jobs and services have their libraries, so that no page waits for them."""
    command = [sys.executable, "-P", "-m", "tests.forked_process"]
    with ThreadPoolExecutor() as threads:  # they import side by side
        list(threads.map(lambda stage: fork(stage, command, cwd=ROOT, env=os.environ, files={}), ("light", "heavy")))
