"""Distributed training on one machine: worker processes started by the job's own process, which has rank 0.

The others get the variables that ``accelerate launch`` and ``torchrun`` set (rank, size, where the first one listens),
so that accelerate finds the same group in each. They write no event; they end when the first one does.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import torch
from torch import distributed

from poetas.training.errors import process_lost
from poetas.training.hardware_plan import AGREED

LOOPBACK = "127.0.0.1"
_WISHES = ("", "save", "stop")
_LOOK_EVERY = 0.05  # seconds
_PATIENCE = 20.0  # seconds that the others may take to leave after the first


def rank() -> int:
    """Which of the processes this is; 0 is the job's own."""
    return int(os.environ.get("RANK", "0"))


def shared_device(device: torch.device) -> torch.device:
    """Where tensors are that all processes exchange: NCCL takes those of a graphics card alone, gloo others."""
    over_cards = distributed.is_initialized() and distributed.get_backend() == "nccl"
    return device if over_cards else torch.device("cpu")


def wait_for_all(device: torch.device) -> None:
    """Wait until every process is here; nothing to wait for where there is but one.

    accelerate's own names each process's card by its number, and of two processes on one card the second has none.
    """
    if distributed.is_initialized():
        here = torch.ones(1, device=shared_device(device))
        distributed.all_reduce(here)
        here.item()  # NCCL goes on by itself until the value is read


class ProcessGroup:
    """The processes of a run. In the others than the first, and where there is but one, nothing is started."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._others: list[subprocess.Popen[bytes]] = []

    def start(self, folder: Path, threads: int, *, cards: int = 0, memory: int = 0) -> None:
        """Start the others for the job in ``folder``; do it before torch is asked to distribute anything.

        cards: graphics cards, of which several processes may share one. memory: bytes of a card for each process.
        """
        if self.size == 1 or rank() != 0:
            return
        common = {
            "MASTER_ADDR": LOOPBACK,
            "MASTER_PORT": str(_free_port()),
            "WORLD_SIZE": str(self.size),
            "LOCAL_WORLD_SIZE": str(self.size),
            "OMP_NUM_THREADS": str(threads),
            "NCCL_SOCKET_IFNAME": "lo",  # the only one in a process without network
        }
        if self.size > cards:  # else accelerate looks for a card with each process's own number
            common["ACCELERATE_BYPASS_DEVICE_MAP"] = "true"
        if memory:
            common[AGREED] = str(memory)
        os.environ.update(common, RANK="0", LOCAL_RANK="0")
        for left in folder.glob("ready-*"):
            left.unlink()
        with (folder / "log.txt").open("ab") as log:
            for number in range(1, self.size):
                self._others.append(
                    subprocess.Popen(  # noqa: S603 - this interpreter, our own module
                        [sys.executable, "-P", "-m", "poetas.training.distributed_worker", str(folder)],
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        cwd=folder,
                        env={**os.environ, "RANK": str(number), "LOCAL_RANK": str(number)},
                    )
                )

    def meet(self, folder: Path) -> None:
        """Wait until all are ready to connect, or raise TrainingProcessLost: torch would wait half an hour for one."""
        if self.size == 1:
            return
        if rank() != 0:
            (folder / f"ready-{rank()}").touch(mode=0o600)
            return
        for number, other in enumerate(self._others, start=1):
            mark = folder / f"ready-{number}"
            while not mark.exists():
                code = other.poll()
                if code is not None:
                    raise process_lost(number, code)
                time.sleep(_LOOK_EVERY)
            mark.unlink()

    def agree(self, wish: str) -> str:
        """Return the first process's ``wish`` ("", "save" or "stop") in every process."""
        if self.size == 1:
            return wish
        device = shared_device(torch.device("cuda"))
        choice = torch.tensor([_WISHES.index(wish) if rank() == 0 else 0], device=device)
        distributed.broadcast(choice, src=0)
        return _WISHES[int(choice.item())]

    def check(self) -> None:
        """Raise TrainingProcessLost if one of the others ended with an error."""
        for number, other in enumerate(self._others, start=1):
            with suppress(subprocess.TimeoutExpired):
                code = other.wait(2)
                if code:
                    raise process_lost(number, code)

    def end(self) -> None:
        """Wait for the other processes to exit, and kill those that do not."""
        if distributed.is_initialized():
            with suppress(RuntimeError, ValueError):
                distributed.destroy_process_group()
        for other in self._others:
            try:
                other.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                other.kill()
                other.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
