"""Network namespace of a worker, in which only loopback exists (Linux, where the kernel allows it).

It also isolates native code, which the guard cannot see. Unix sockets with a path go through, so services and jobs can
be reached; nothing else can. See `namespaces(7)`, `user_namespaces(7)` and `netdevice(7)`.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path

_NEWUSER, _NEWNET = 0x10000000, 0x40000000  # CLONE_* of sched.h
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
_EVERY_ID = b"0 0 4294967295\n"

_INSIDE = "POETAS_NAMESPACE"  # tells programs started inside which namespace they are in


def enter_namespace() -> bool:
    """Leave the machine's network for an empty one with loopback; False where the system does not allow it.

    Must come first in a worker, before any thread. It is tried in a child first, because a system may allow the
    first half of it (Ubuntu's AppArmor rule does), and half a namespace would leave a process without its user.
    A process that is inside already stays where it is: workers that train together share one loopback.
    """
    if sys.platform != "linux":
        return False
    if os.environ.get(_INSIDE) == _present():
        return True
    if len(list(Path("/proc/self/task").glob("*"))) != 1:  # the kernel refuses it to a process with threads
        return False
    child = os.fork()
    if child == 0:
        ok = False
        with suppress(BaseException):
            _enter()
            ok = True
        os._exit(0 if ok else 1)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        return False
    try:
        _enter()
    except OSError:  # what a single-threaded child could do, a parent with threads cannot
        return False
    os.environ[_INSIDE] = _present()
    return True


def _present() -> str:
    """Name of the network namespace that this process is in."""
    return str(Path("/proc/self/ns/net").readlink())


def _enter() -> None:
    user, group = os.geteuid(), os.getegid()
    ready, mapper = _mapper() if user == 0 else (-1, 0)
    done = False
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_NEWUSER | _NEWNET) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        done = True
    finally:
        if mapper:
            os.write(ready, b"1" if done else b"0")
            os.close(ready)
            os.waitpid(mapper, 0)
    if not Path("/proc/self/uid_map").read_bytes().strip():
        Path("/proc/self/setgroups").write_bytes(b"deny")
        Path("/proc/self/uid_map").write_bytes(b"%d %d 1\n" % (user, user))
        Path("/proc/self/gid_map").write_bytes(b"%d %d 1\n" % (group, group))
    _raise_loopback()


def _mapper() -> tuple[int, int]:
    """Fork a child that stays outside and maps every id to itself: (pipe to tell it, its process id).

    Root needs this: with only its own id mapped it could no longer read files of other users, such as those of a
    folder mounted into a container. Where the child is not allowed to, the single id is mapped afterwards.
    """
    read_end, ready = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(ready)
        with suppress(BaseException):
            if os.read(read_end, 1) == b"1":
                for name in ("uid_map", "gid_map"):
                    Path(f"/proc/{parent}/{name}").write_bytes(_EVERY_ID)
        os._exit(0)
    os.close(read_end)
    return ready, child


def _raise_loopback() -> None:
    import fcntl  # noqa: PLC0415 (this system only)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        answer = fcntl.ioctl(handle, _GET_FLAGS, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", answer)[1]
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _UP))
