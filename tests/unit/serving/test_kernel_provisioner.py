"""Kernels by fork: what they have imported, that Jupyter can signal and restart them, and what happens without one."""

import asyncio
import os
import sys

import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager

from poetas.serving.kernel_manager import OwnInterpreter
from poetas.serving.kernel_provisioner import PRELOADED, kernel_server
from poetas.util import fork_server

pytestmark = pytest.mark.slow

needs_fork = pytest.mark.skipif(not fork_server.available(), reason="a fork server needs Linux")

PROBE = """
import sys, threading, psutil

def main():
    heavy = {"numpy", "pandas", "torch", "transformers", "datasets", "bqplot"} & set(sys.modules)
    print(sorted(heavy), psutil.Process().num_threads(), "widgets.core.step_card" in sys.modules, flush=True)
"""


# ipywidgets registers its comms when it is imported, which in a fork was before the kernel.
WIDGETS = """
import os, sys
assert os.getcwd() == {folder!r}
registered = set(get_ipython().kernel.comm_manager.targets)
assert ("ipywidgets" in sys.modules) == ({{"jupyter.widget", "jupyter.widget.control"}} <= registered)
"""


@pytest.fixture
def own_server():
    """A fork server of this test's own, ended with it."""
    kernel_server.cache_clear()
    yield kernel_server()
    if (running := kernel_server()) is not None:
        running.close()
    kernel_server.cache_clear()


@needs_fork
def test_what_is_preloaded_starts_no_thread_and_is_nothing_heavy(own_server, tmp_path):
    (tmp_path / "probe.py").write_text(PROBE)
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", "probe"]
        own_server.start(command, cwd=tmp_path, env=dict(os.environ), files={1: log.fileno()}).wait(60)
    assert (tmp_path / "log").read_text().strip() == "[] 1 True"
    assert "widgets.preload" in PRELOADED


async def kernel_run(tmp_path):
    """Start a kernel as a page's, compute, interrupt, restart and compute again; its parents' commands."""
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=OwnInterpreter())
    await manager.start_kernel(cwd=str(tmp_path))
    client = manager.client()
    client.start_channels()
    parents = []
    try:
        for _time in range(2):
            await client.wait_for_ready(timeout=120)
            reply = await client.execute_interactive(WIDGETS.format(folder=str(tmp_path)), timeout=60)
            assert reply["content"]["status"] == "ok", reply["content"]
            kernel = psutil.Process(manager.provisioner.pid)
            parents.append(" ".join(kernel.parent().cmdline()))
            assert "poetas.serving.kernel_launcher -f" in " ".join(kernel.cmdline())
            waiting = client.execute("import time; print('here'); time.sleep(600)")
            while (await client.get_iopub_msg(timeout=60))["msg_type"] != "stream":
                pass
            await manager.interrupt_kernel()
            interrupted = await client.get_shell_msg(timeout=60)
            assert interrupted["parent_header"]["msg_id"] == waiting
            assert interrupted["content"]["ename"] == "KeyboardInterrupt"
            await manager.restart_kernel(now=True)
            assert not kernel.is_running()
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
    return parents


@needs_fork
def test_a_page_has_a_forked_kernel_that_jupyter_interrupts_and_restarts(own_server, tmp_path):
    parents = asyncio.run(kernel_run(tmp_path))
    assert all("poetas.util.fork_server_program" in parent for parent in parents)


@pytest.mark.parametrize("why", ["this system has none", "it died"])
def test_without_a_fork_server_a_kernel_starts_in_a_new_interpreter(own_server, monkeypatch, tmp_path, why):
    if own_server is not None:
        own_server.process.kill()
        own_server.process.wait()
    if why == "this system has none":
        kernel_server.cache_clear()
        monkeypatch.setattr(fork_server, "available", lambda: False)
    parents = asyncio.run(kernel_run(tmp_path))
    assert not any("poetas.util.fork_server_program" in parent for parent in parents)
