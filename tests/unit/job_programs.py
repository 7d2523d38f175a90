"""Programs that the tests of jobs run in real processes; see `KINDS`."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import sys
import time
from pathlib import Path

from poetas import jobs
from poetas.errors import PoetasError
from poetas.jobs import JobContext, JobKind
from poetas.util.files import write_json


def count(context: JobContext) -> dict:
    """Add 1 to `total` up to n, saving after each `every`; the right result is the sum however often it is killed."""
    total = context.config["n"]
    pause = context.config.get("pause", 0.01)
    path = context.checkpoints / "count.json"
    state = json.loads(path.read_text()) if path.exists() else {"step": 0, "sum": 0}
    for step in range(state["step"] + 1, total + 1):
        time.sleep(pause)
        state = {"step": step, "sum": state["sum"] + step}
        context.emit(jobs.Step(step, total, step / total, 1 / step, 1e-4, 10.0, (total - step) * pause))
        if step % context.config.get("every", 5) == 0 or context.stop_requested():
            write_json(path, state)
            context.emit(jobs.Saved(step, "checkpoints/count.json"))
        if context.stop_requested():
            raise jobs.Stopping(step)
    return {"sum": state["sum"]}


def fill(context: JobContext) -> dict:
    """Write until the disk is full, or until a limit on the size of files."""
    if "limit" in context.config:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (context.config["limit"], context.config["limit"]))
    while True:
        context.emit(jobs.Notice("fill", "x" * context.config.get("length", 2000)))


def explode(context: JobContext) -> dict:
    class Nan(PoetasError):
        code = "loss-nan"

    raise Nan("La pérdida dejó de ser un número.", why="w", remedy="r", action="smaller", detail="d")


def stumble(context: JobContext) -> dict:
    """Fail the first time, as where the disk was full; then count."""
    mark = context.dir / "stumbled"
    if not mark.exists():
        mark.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return count(context)


def crash(context: JobContext) -> dict:
    ctypes.string_at(0)
    return {}


def hog(context: JobContext) -> dict:
    """Meet a limit of memory."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    return {"size": len(bytearray(4 << 30))}


def hold(context: JobContext) -> dict:
    """Fork a child that lives on, then sleep."""
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
    context.emit(jobs.Notice("forked", ""))
    time.sleep(30)
    return {}


def native_connect(port: int) -> str:
    """Connect to a port of 127.0.0.1 through libc, which no guard sees; return what came of it."""
    import socket

    libc = ctypes.CDLL(None, use_errno=True)
    address = socket.AF_INET.to_bytes(2, sys.byteorder) + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    with socket.socket() as sock:
        failed = libc.connect(sock.fileno(), address, len(address))
    return errno.errorcode[ctypes.get_errno()] if failed else "connected"


def look(context: JobContext) -> dict:
    """Tell what the process may do, and what it was given."""
    import socket

    refused = ""
    if context.kind == "look":  # the others are not asked: nothing is to leave this machine in a test
        try:
            socket.create_connection(("192.0.2.1", 9), timeout=1)
        except OSError as error:
            refused = type(error).__name__
    return {
        "refused": refused,
        "offline": os.environ.get("HF_HUB_OFFLINE"),
        "memory": os.environ.get("GLIBC_TUNABLES", ""),
        "proxy": os.environ.get("NO_PROXY"),
        "cwd": str(Path.cwd()),
        "path": sys.path,
        "umask": os.umask(0o077),
        "native": native_connect(context.config["port"]) if "port" in context.config else "",
        "dies": Path("/proc/self/oom_score_adj").read_text() if sys.platform == "linux" else "",
    }


def outlive(context: JobContext) -> dict:
    """Put another process's id into the events, then ignore the stop."""
    context.emit(jobs.Started(context.config["pid"], resumed=False))
    context.emit(jobs.Notice("forged", ""))
    time.sleep(60)
    return {}


def linger(context: JobContext) -> dict:
    """Return while a forgotten thread goes on; in a fork, where the program is no `__main__`."""
    import threading

    from poetas.jobs import run

    run._LINGER = context.config["patience"]
    threading.Thread(target=time.sleep, args=(60,)).start()
    if context.config.get("fail"):
        raise ValueError("on purpose")
    return {}


def lose_card(context: JobContext) -> dict:
    """Train; the first time the graphics card fails at a step, as PyTorch says it."""
    from poetas.training.train_job import run

    lost_at = context.config["lost_at"]
    if not context.resumed:
        import torch

        from poetas.training.trainer import LabelTrainer

        step = LabelTrainer.training_step

        def failing(trainer, *given, **more):
            if trainer.state.global_step + 1 == lost_at:
                raise torch.AcceleratorError("CUDA error: unspecified launch failure")
            return step(trainer, *given, **more)

        LabelTrainer.training_step = failing
    return run(context)


KINDS = {
    name: JobKind(f"job_programs:{name}")
    for name in (
        "count",
        "fill",
        "explode",
        "stumble",
        "crash",
        "hog",
        "hold",
        "look",
        "linger",
        "outlive",
        "lose_card",
    )
} | {
    "reach": JobKind("job_programs:look", network=True),
    "write": JobKind("job_programs:look", writes=True),
}
