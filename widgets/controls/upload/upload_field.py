"""Upload field: `Upload`, with ipywidgets' `FileUpload` as a fallback where the page cannot load it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ipywidgets import FileUpload, VBox, Widget

from poetas.errors import Explanation
from poetas.i18n import _, size
from widgets.controls.upload.incoming_file import UnreadCopies, write_in
from widgets.core.elements import column_of, html, show
from widgets.core.error_reporting import explain_error
from widgets.core.html import tag, text

try:
    from widgets.controls.upload.upload import Upload
except ImportError:  # an environment without anywidget: only the fallback works
    Upload = None  # type: ignore[assignment, misc]

PLAIN_LIMIT = 10_000_000  # bytes; a larger FileUpload message is lost without an error


class UploadField(VBox):
    """`Upload`, and below it a plain button that is shown until `Upload` reports that the page displays it.

    arrived: called with the path of a file that is whole. here: called when a page shows this widget. unread: registers
    the copies.
    """

    def __init__(
        self,
        folder: Callable[[], Path],
        *,
        limit: int,
        endings: Sequence[str],
        arrived: Callable[[str], None],
        failed: Callable[[Explanation], None],
        here: Callable[[], None] = lambda: None,
        unread: UnreadCopies | None = None,
    ) -> None:
        super().__init__()
        self._folder, self._arrived, self._failed, self._here = folder, arrived, failed, here
        self._unread = unread
        self.plain = FileUpload(accept=",".join(endings), multiple=False, description=_("Subir un archivo"))
        self.plain.observe(lambda change: self._take(change.new), "value")
        words = _("Si acá arriba no aparece nada, usá este botón: acepta archivos de hasta {size}.")
        note = html(tag("p", text(words.format(size=size(PLAIN_LIMIT))), class_="soft small"))
        self.fallback = column_of((note, self.plain), "poetas-upload-plain")
        children: list[Widget] = [self.fallback]
        self.uploader = None
        if Upload is not None:
            self.uploader = Upload(folder, limit=limit, endings=endings, failed=failed, here=self._seen, unread=unread)
            self.uploader.observe(lambda change: arrived(change.new) if change.new else None, "value")
            children.insert(0, self.uploader)
        else:
            self.fallback.remove_class("poetas-upload-plain")
            note.value = tag(
                "p", text(_("Archivos de hasta {size}.").format(size=size(PLAIN_LIMIT))), class_="soft small"
            )
        self.children = tuple(children)

    def _seen(self) -> None:
        show(self.fallback, False)
        self._here()

    def _take(self, value: Any) -> None:
        for name, content in uploaded(value):
            try:
                path = write_in(content, name, self._folder(), self._unread)
            except Exception as problem:  # noqa: BLE001  (shown as a card)
                self._failed(explain_error(problem))
            else:
                self._arrived(str(path))


def uploaded(value: Any) -> list[tuple[str, bytes]]:
    """Return the files of a `FileUpload`: its value is a dict in ipywidgets 7, a tuple of dicts in 8.

    >>> uploaded({"a.txt": {"metadata": {}, "content": b"la"}}), uploaded(({"name": "a.txt", "content": b"la"},))
    ([('a.txt', b'la')], [('a.txt', b'la')])
    """
    if isinstance(value, Mapping):
        return [(str(name), bytes(entry["content"])) for name, entry in value.items()]
    return [(str(entry["name"]), bytes(entry["content"])) for entry in value or ()]
