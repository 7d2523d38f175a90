"""What the tests of app 2's steps share: a file brought into a project, and HTML without its tags."""

import re
from html import unescape

from widgets import FilePicker

ROWS = 24


def plain(html):
    """What a reader sees of a piece of HTML, without tags."""
    return unescape(re.sub(r"<[^>]+>", "", html.replace("<br>", "\n")))


def bring(context, path):
    picker = FilePicker(context=context)
    picker.copy(str(path))
    context.poller.drain()
    return picker
