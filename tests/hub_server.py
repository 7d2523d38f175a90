"""A small server that speaks the Hub's file protocol on the loopback, for the real client to talk to.

It answers what `huggingface_hub` asks when a model is fetched: the model's description, its pull requests, and files
with ETag, commit, length and ranges. It can cut a download in the middle, ask for a token, and be slow; and it keeps
every request, so that a test can see what the client really sent.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from tests.loopback import LoopbackHandler, LoopbackServer

LARGE = 100_000  # files from this size on are "LFS": their sha256 is reported


@dataclass
class Repo:
    """A repository: its files, what its card says, and how it misbehaves.

    files: by name. pull: files of the robot's pull request. gated: whether a token of `allowed` is needed.
    cut: name -> how many bytes are sent before the connection is dropped, once. slow: seconds before each 64 kB.
    lie: name -> the sha256 that is reported instead of the true one. elsewhere: address of another server that has the
    bytes of large files, as the Hub's own do; "" where this one sends them.
    """

    files: dict[str, bytes]
    card: dict = field(default_factory=lambda: {"license": "apache-2.0", "language": ["es"]})
    tags: list[str] = field(default_factory=list)
    pull: dict[str, bytes] = field(default_factory=dict)
    gated: bool = False
    allowed: frozenset[str] = frozenset()
    cut: dict[str, int] = field(default_factory=dict)
    slow: float = 0.0
    lie: dict[str, str] = field(default_factory=dict)
    elsewhere: str = ""

    @classmethod
    def of(cls, folder: Path, **settings) -> Repo:
        return cls({file.name: file.read_bytes() for file in folder.iterdir()}, **settings)

    def files_at(self, revision: str) -> tuple[str, dict[str, bytes]]:
        """The commit and the files of a revision."""
        commits = {"main": ("a" * 40, self.files), "refs/pr/7": ("b" * 40, self.pull)}
        for commit, files in list(commits.values()):
            commits[commit] = (commit, files)
        return commits[revision]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    range: str
    token: str
    status: int


class HubServer(LoopbackServer):
    """``with HubServer({"ana/mini": Repo.of(folder)}) as hub: monkeypatch.setenv("HF_ENDPOINT", hub.url)``."""

    def __init__(self, repos: dict[str, Repo]) -> None:
        self.repos = repos
        self.requests: list[Request] = []
        super().__init__(_Handler)

    def gets(self, name: str) -> list[Request]:
        """The requests for a file's bytes, in order."""
        return [r for r in self.requests if r.method == "GET" and r.path.endswith(f"/{name}") and "/resolve/" in r.path]


class _Handler(LoopbackHandler):
    protocol_version = "HTTP/1.1"
    home: HubServer

    def do_HEAD(self):
        self._answer(body=False)

    def do_GET(self):
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        address = urlsplit(self.path)
        parts = unquote(address.path).strip("/").split("/")
        api = parts[:2] == ["api", "models"]
        name = "/".join(parts[2:4] if api else parts[:2])
        repo = self.home.repos.get(name)
        if repo is None:
            self._error(404 if self._token() else 401, "RepoNotFound", "Repository not found")
            return
        rest = parts[4:] if api else parts[2:]
        if api and rest == ["discussions"]:
            self._json(self._discussions(repo, name, parse_qs(address.query)))
            return
        revision = "/".join(rest[1:]) if api and rest else "main"
        if api:
            self._json(self._model(repo, name, revision))
            return
        if rest[0] != "resolve":
            self._error(404, "EntryNotFound", "no such page")
            return
        if repo.gated and self._token() not in repo.allowed:
            self._error(403 if self._token() else 401, "GatedRepo", "Access to this model is restricted")
            return
        self._file(repo, rest[1], rest[2], body=body)

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _model(self, repo: Repo, name: str, revision: str) -> dict:
        commit, files = repo.files_at(revision)
        siblings = []
        for path, data in files.items():
            entry = {
                "rfilename": path,
                "size": len(data),
                "blobId": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest(),
            }
            if len(data) >= LARGE:
                checksum = repo.lie.get(path, hashlib.sha256(data).hexdigest())
                entry["lfs"] = {"sha256": checksum, "size": len(data), "pointerSize": 134}
            siblings.append(entry)
        return {
            "_id": "1",
            "id": name,
            "modelId": name,
            "sha": commit,
            "private": False,
            "gated": "manual" if repo.gated else False,
            "tags": repo.tags,
            "cardData": repo.card,
            "siblings": siblings,
        }

    def _discussions(self, repo: Repo, name: str, asked: dict) -> dict:
        pull = {
            "num": 7,
            "title": "Adding `safetensors` variant of this model",
            "status": "open",
            "isPullRequest": True,
            "author": {"name": "SFconvertbot"},
            "createdAt": "2024-01-01T00:00:00.000Z",
            "repo": {"name": name, "type": "model"},
        }
        stranger = {**pull, "num": 8, "author": {"name": "alguien"}}
        discussions = [stranger, pull] if repo.pull and asked.get("p", ["0"]) == ["0"] else []
        return {"discussions": discussions, "count": len(discussions), "start": 0}

    def _file(self, repo: Repo, revision: str, path: str, *, body: bool) -> None:
        commit, files = repo.files_at(revision)
        if path not in files:
            self._error(404, "EntryNotFound", "Entry not found")
            return
        data = files[path]
        if repo.elsewhere and len(data) >= LARGE:
            self._redirect(f"{repo.elsewhere}{self.path}", commit, data)
            return
        byte_range = self.headers.get("Range", "")
        start = int(byte_range.removeprefix("bytes=").split("-")[0]) if byte_range else 0
        self.send_response(206 if byte_range else 200)
        self._note(206 if byte_range else 200)
        etag = hashlib.sha256(data).hexdigest() if len(data) >= LARGE else hashlib.sha1(data).hexdigest()
        self.send_header("ETag", f'"{etag}"')
        self.send_header("X-Repo-Commit", commit)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(data) - start))
        if len(data) >= LARGE:
            self.send_header("X-Linked-Etag", f'"{etag}"')
            self.send_header("X-Linked-Size", str(len(data)))
        if byte_range:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if body:
            self._send(repo, path, data, start)

    def _redirect(self, address: str, commit: str, data: bytes) -> None:
        self._note(302)
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("X-Repo-Commit", commit)
        self.send_header("X-Linked-Etag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("X-Linked-Size", str(len(data)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, repo: Repo, path: str, data: bytes, start: int) -> None:
        stop = repo.cut.pop(path, None)
        end = len(data) if stop is None else stop
        try:
            while start < end:
                time.sleep(repo.slow)
                self.wfile.write(data[start : min(end, start + 65536)])
                start += 65536
        except ConnectionError:
            self.close_connection = True
        if stop is not None:
            self.close_connection = True  # fewer bytes came than were promised: the connection was lost

    def _json(self, value: dict) -> None:
        text = json.dumps(value).encode()
        self._note(200)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _error(self, status: int, code: str, words: str) -> None:
        self._note(status)
        text = json.dumps({"error": words}).encode()
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", words)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def _note(self, status: int) -> None:
        request = Request(self.command, urlsplit(self.path).path, self.headers.get("Range", ""), self._token(), status)
        self.home.requests.append(request)
