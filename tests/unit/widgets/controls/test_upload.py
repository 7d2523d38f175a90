"""A file on its way from the page to the project: whole or not at all, under a name that stays where it is put."""

import errno
import os
import subprocess
import sys

import pytest

from poetas.errors import DiskFull
from widgets.controls.upload.incoming_file import ChunkOutOfOrder, IncomingFile, UnreadCopies, copy_in, named
from widgets.controls.upload.upload import Upload
from widgets.controls.upload.upload_field import UploadField
from widgets.core.elements import is_shown


def inside(folder):
    """Names of what lies in a folder."""
    return sorted(entry.name for entry in folder.iterdir())


class Page:
    """What a page does with `Upload`: sends messages, keeps the answers."""

    def __init__(self, folder, limit=1_000_000):
        self.problems, self.seen, self.answers = [], [], []
        self.upload = Upload(
            lambda: folder, limit=limit, failed=self.problems.append, here=lambda: self.seen.append("here")
        )
        self.upload.send = self.answers.append

    def send(self, buffers=(), **message):
        self.upload._handle_custom_msg(message, list(buffers))

    def bring(self, name, data, piece=100):
        self.send(type="begin", turn=1, name=name, size=len(data))
        for offset in range(0, len(data), piece):
            self.send([memoryview(data[offset : offset + piece])], type="piece", turn=1, offset=offset)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "home" / "fuentes"


def test_a_file_in_pieces_arrives_whole_and_private(folder):
    page, data = Page(folder), os.urandom(1234)
    page.bring("Mis cartas (2024).csv", data)
    path = folder / "Mis cartas (2024).csv"
    assert page.upload.value == str(path)
    assert path.read_bytes() == data
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert [answer["offset"] for answer in page.answers if answer["type"] == "more"] == [*range(0, 1234, 100)]
    assert page.answers[-1]["type"] == "here"
    assert inside(folder) == [path.name]


def test_nothing_exists_before_the_first_file(folder):
    Page(folder)
    assert not folder.exists()


def test_cancel_leaves_nothing_behind_and_the_next_file_works(folder):
    page = Page(folder)
    page.send(type="begin", turn=1, name="a.csv", size=500)
    page.send([b"x" * 100], type="piece", turn=1, offset=0)
    page.send(type="cancel", turn=1)
    assert inside(folder) == []
    page.send([b"x" * 100], type="piece", turn=1, offset=100)  # was on its way
    assert not page.problems
    page.bring("b.csv", b"texto\nhola")
    assert (folder / "b.csv").read_bytes() == b"texto\nhola"


@pytest.mark.parametrize("offset", [0, 50, 200])
def test_a_piece_that_does_not_follow_ends_in_a_card_and_leaves_nothing(folder, offset):
    page = Page(folder)
    page.send(type="begin", turn=1, name="a.csv", size=500)
    page.send([b"x" * 100], type="piece", turn=1, offset=0)
    page.send([b"x" * 100], type="piece", turn=1, offset=offset)
    assert [problem.code for problem in page.problems] == ["upload-broken"]
    assert inside(folder) == []
    assert page.answers[-1]["type"] == "no"


@pytest.mark.parametrize(
    ("why", "code"), [("NotReadableError", "file-being-written"), ("NotFoundError", "file-missing"), (7, None)]
)
def test_a_file_that_changed_or_went_while_it_travelled_is_a_card_with_its_name(folder, why, code):
    page = Page(folder)
    page.send(type="begin", turn=1, name="mis cartas.csv", size=500)
    page.send([b"x" * 100], type="piece", turn=1, offset=0)
    page.send(type="broken", turn=1, why=why)
    [problem] = page.problems
    assert problem.code == (code or "file-being-written")
    assert "mis cartas.csv" in problem.what
    assert inside(folder) == []


def test_a_page_that_lies_about_the_size_is_refused(folder):
    page = Page(folder, limit=1000)
    page.send(type="begin", turn=1, name="a.csv", size=1001)
    assert [problem.code for problem in page.problems] == ["upload-broken"]
    page.problems.clear()
    page.send(type="begin", turn=2, name="a.csv", size=10)
    page.send([b"x" * 11], type="piece", turn=2, offset=0)
    assert [problem.code for problem in page.problems] == ["upload-broken"]
    assert inside(folder) == []


@pytest.mark.parametrize("message", [{"type": "begin"}, {"type": "begin", "size": "x", "name": 3}, {}, "begin", None])
def test_nonsense_from_a_page_does_no_harm(folder, message):
    page = Page(folder)
    page.upload._handle_custom_msg(message, [])
    assert page.upload.value == ""
    page.bring("b.csv", b"hola")
    assert page.upload.value


def test_an_empty_file_arrives_too_so_that_reading_can_say_so(folder):
    page = Page(folder)
    page.bring("vacio.csv", b"")
    assert (folder / "vacio.csv").stat().st_size == 0


def test_a_full_disk_is_a_card_and_leaves_nothing(folder, monkeypatch):
    page = Page(folder)
    page.send(type="begin", turn=1, name="a.csv", size=500)

    class Full:
        def __init__(self, out):
            self.out = out

        def write(self, _piece):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            self.out.close()

    page.upload._incoming._out = Full(page.upload._incoming._out)
    page.send([b"x" * 100], type="piece", turn=1, offset=0)
    assert [problem.code for problem in page.problems] == ["disk-full"]
    assert inside(folder) == []


def test_a_file_larger_than_the_free_disk_is_refused_before_it_comes(folder):
    with pytest.raises(DiskFull):
        IncomingFile(folder, "a.csv", 10**18)
    assert inside(folder) == []


def test_the_same_file_twice_is_kept_once_and_a_namesake_beside_it(folder):
    page = Page(folder)
    page.bring("a.csv", b"uno")
    page.bring("a.csv", b"uno")
    assert inside(folder) == ["a.csv"]
    page.bring("a.csv", b"otro")
    assert inside(folder) == ["a (2).csv", "a.csv"]
    assert (folder / "a.csv").read_bytes() == b"uno"


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\boot.ini",
        "/etc/shadow",
        "a\0b.csv",
        "~/.ssh/id_rsa",
        "con.txt",
        ".bashrc",
        "a/",
        "x" * 500,
        "ñandú\n.csv",
        "<img src=x>.csv",
        "",
    ],
)
def test_a_hostile_name_stays_in_its_folder(folder, name):
    page = Page(folder)
    page.bring(name, b"hola")
    (entry,) = inside(folder)
    assert not entry.startswith(".")
    assert len(entry.encode()) < 120
    assert not set(entry) & set("/\\\0<>\n")
    assert not page.problems


def test_the_ending_survives_because_it_tells_the_format():
    assert named("x" * 300 + ".XLSX").endswith("x.xlsx")
    assert named("notas.tar.gz") == "notas.tar.gz"


def test_an_unfinished_file_cannot_be_put_in_place(folder):
    incoming = IncomingFile(folder, "a.csv", 10)
    incoming.write(0, b"12345")
    with pytest.raises(ChunkOutOfOrder):
        incoming.finish()
    assert inside(folder) == []


def test_old_parts_of_dead_pages_are_swept_away(folder):
    folder.mkdir(parents=True)
    old, fresh = folder / ".llega-1.part", folder / ".llega-2.part"
    for path in (old, fresh):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    Page(folder).bring("a.csv", b"hola")
    assert inside(folder) == [".llega-2.part", "a.csv"]


def test_a_file_of_this_machine_is_copied(folder, tmp_path):
    source = tmp_path / "Poemas sueltos.txt"
    source.write_bytes(b"la luna\n" * 1000)
    unread, other = UnreadCopies(), UnreadCopies()
    copy = copy_in(source, folder, unread)
    assert copy == folder / "Poemas sueltos.txt"
    assert copy_in(source, folder, other) == copy
    other.discard(copy)
    assert copy.exists(), "another page made it"
    unread.keep(copy)
    unread.discard(copy)
    assert copy.exists(), "it was read"
    assert (folder / "Poemas sueltos.txt").read_bytes() == source.read_bytes()


def test_the_plain_way_takes_the_values_of_both_ipywidgets(folder):
    arrived, problems = [], []
    uploader = UploadField(lambda: folder, limit=100, endings=(".csv",), arrived=arrived.append, failed=problems.append)
    uploader._take({"a.csv": {"metadata": {"size": 4}, "content": b"hola"}})
    uploader._take(({"name": "b.csv", "size": 4, "content": memoryview(b"chau")},))
    uploader._take(())
    assert [(folder / name).read_bytes() for name in ("a.csv", "b.csv")] == [b"hola", b"chau"]
    assert arrived == [str(folder / "a.csv"), str(folder / "b.csv")]
    assert not problems


def test_the_plain_way_goes_when_the_good_one_says_that_it_is_there(folder):
    here = []
    uploader = UploadField(
        lambda: folder, limit=100, endings=(), arrived=here.append, failed=here.append, here=lambda: here.append("x")
    )
    assert is_shown(uploader.fallback)
    uploader.uploader._handle_custom_msg({"type": "here"}, [])
    assert not is_shown(uploader.fallback)
    assert here == ["x"]


NAMESAKES = """
import sys
from pathlib import Path
from widgets.controls.upload.incoming_file import IncomingFile
folder, letter = Path(sys.argv[1]), sys.argv[2].encode()
for turn in sys.stdin:
    spot = folder / turn.strip()
    incoming = IncomingFile(spot, "textos.csv", 1000)
    incoming.write(0, letter * 1000)
    print("ready", flush=True)
    sys.stdin.readline()
    print(incoming.finish().name, flush=True)
"""


def test_two_files_of_one_name_that_arrive_at_once_are_both_kept(tmp_path):
    command = [sys.executable, "-c", NAMESAKES, str(tmp_path)]
    pages = [
        subprocess.Popen([*command, letter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        for letter in "ab"
    ]

    def tell(line):
        for page in pages:
            page.stdin.write(line + "\n")
            page.stdin.flush()
        return [page.stdout.readline().strip() for page in pages]

    try:
        for turn in range(60):
            tell(f"{turn}")
            named = tell("now")
            assert sorted(named) == ["textos (2).csv", "textos.csv"]
            for name, letter in zip(named, b"ab", strict=True):
                assert (tmp_path / f"{turn}" / name).read_bytes() == bytes([letter]) * 1000
            assert inside(tmp_path / f"{turn}") == ["textos (2).csv", "textos.csv"]
    finally:
        for page in pages:
            page.stdin.close()
            page.wait(20)
            page.stdout.close()


def test_a_disk_without_links_takes_files_too(folder, monkeypatch):
    def refuse(*_paths):
        raise OSError(errno.EPERM, "Operation not permitted")  # what vfat says

    monkeypatch.setattr("os.link", refuse)
    for data in (b"uno", b"dos", b"uno"):
        Page(folder).bring("a.csv", data)
    assert [(folder / name).read_bytes() for name in inside(folder)] == [b"dos", b"uno"]
    assert inside(folder) == ["a (2).csv", "a.csv"]
    assert oct((folder / "a.csv").stat().st_mode & 0o777) == "0o600"
