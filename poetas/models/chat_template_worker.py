"""Worker process that renders a chat template (``python -m poetas.models.chat_template_worker``), request on stdin.

A template is a program that came with a model. Here it can neither hang nor fill the memory of the process that uses
the model; it is given roles and holes, never a text.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

SECONDS = 3  # of the processor, for all conversations
MEMORY = 256 << 20  # bytes, beside those that the libraries hold
LONGEST = 20_000  # characters of a page without what people wrote


def main() -> int:
    """Read ``{template, variables, conversations: [[messages, answer]]}``; write a list of texts or ``{error}``."""
    asked = json.load(sys.stdin)
    from transformers.utils.chat_template_utils import render_jinja_template  # noqa: PLC0415 - its import is not limited

    _limit()
    results: list[str | dict[str, str]] = []
    for messages, answer in asked["conversations"]:
        try:
            rendered: Any = render_jinja_template(
                [messages], chat_template=asked["template"], add_generation_prompt=answer, **asked["variables"]
            )
            page = rendered[0][0]
            results.append(page if len(page) <= LONGEST else {"error": f"it wrote {len(page)} characters"})
        except Exception as error:  # noqa: BLE001 - the template's own, of any kind
            results.append({"error": f"{type(error).__name__}: {error}"[:500]})
    json.dump(results, sys.stdout)
    return 0


def _limit() -> None:
    """Have the system end what takes too long; where it cannot (Windows), the waiting process does."""
    with suppress(ImportError, ValueError):  # ValueError: a shell allows less already
        import resource  # noqa: PLC0415 - there is none on Windows

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
        with suppress(OSError):  # Linux alone tells how much is held
            held = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))


if __name__ == "__main__":
    sys.exit(main())
