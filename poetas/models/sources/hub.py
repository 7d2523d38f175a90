"""Source of models: the Hugging Face Hub, through its own client, with resumed downloads and an optional token.

Only files chosen by name come (`hub_files`): safetensors or GGUF, configuration, tokenizer, licence. No code of a
repository is ever run. The client is imported when it is used: pages read this module's table, never the network.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from poetas.errors import PoetasError, no_network
from poetas.i18n import _, size
from poetas.models.errors import UnsafeWeights, gated_model
from poetas.models.name_errors import unknown_model
from poetas.models.sources.base import FetchedFiles, FetchInterrupted, SourceContext
from poetas.models.sources.hub_download import download
from poetas.models.sources.hub_files import HubFile, chosen

_CONVERTER = "SFconvertbot"  # the Hub's own robot, which offers safetensors of pickled weights as a pull request
_CONVERTED_TITLE = "Adding `safetensors` variant of this model"
_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404


@dataclass(frozen=True, slots=True)
class Hub:
    """A repository on the Hub: ``owner/name``, and the revision ("" = the newest)."""

    kind: ClassVar[str] = "hub"
    repo: str
    revision: str = ""

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Self:
        """Read a source from its table in the catalogue."""
        return cls(repo=str(table["repo"]), revision=str(table.get("revision", "")))

    def available(self) -> bool:
        """Tell whether the Hub's client is there."""
        return importlib.util.find_spec("huggingface_hub") is not None

    def obtain(self, source_context: SourceContext) -> FetchedFiles:
        """Download what is missing, check it, and hand it over."""
        source_context.asked(host(), self.repo)
        with speaking(self.repo, source_context.token):
            commit, files = listing(self, source_context.token)
            folder = source_context.folder / commit
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for older in source_context.folder.glob("*/"):
                if older != folder:
                    shutil.rmtree(older, ignore_errors=True)  # an older revision's leftovers
            total, done = sum(file.size for file in files), 0
            note = _("Descargo de Hugging Face ({size})").format(size=size(total))
            for file in files:

                def say(here: float, before: int = done) -> None:
                    source_context.say(before + here, total, note)

                say(0)
                target = folder / file.name
                place = (self.repo, commit)
                sender = download(
                    place, file, target, token=source_context.token, say=say, stop=source_context.stopping
                )
                if sender:
                    source_context.downloaded(sender, f"{self.repo}/{file.name}", target.stat().st_size)
                done += file.size
        weights = [file.name for file in files if file.name.endswith((".safetensors", ".gguf"))]
        gguf = folder / weights[0] if weights[0].endswith(".gguf") else None
        sums = {file.name: file.sha256 for file in files if file.sha256}
        terms = {file.name: folder / file.name for file in files if _is_terms(file.name)}
        return FetchedFiles(folder, gguf, f"hub {self.repo}@{commit}", sums, terms)


def address() -> str:
    """Return the Hub's address, or that of the mirror that HF_ENDPOINT names."""
    return (os.environ.get("HF_ENDPOINT", "") or "https://huggingface.co").rstrip("/")


def host() -> str:
    """Return the host (and port) of that address, for the ledger."""
    return urlsplit(address()).netloc


def listing(source: Hub, token: str) -> tuple[str, list[HubFile]]:
    """Ask the Hub for the newest commit of a revision and choose its files.

    Where the revision has only pickles, the Hub's own robot may have offered safetensors as a pull request: that one
    is taken. Raises UnsafeWeights otherwise.
    """
    from huggingface_hub import HfApi  # noqa: PLC0415

    api = HfApi(token=token or None)
    info = api.model_info(source.repo, revision=source.revision or None, files_metadata=True)
    try:
        return str(info.sha), chosen(source.repo, files_of(info))
    except UnsafeWeights:
        offered = _converted_revision(api, source.repo)
        if source.revision or not offered:
            raise
        pull = api.model_info(source.repo, revision=offered, files_metadata=True)
        return str(pull.sha), chosen(source.repo, files_of(pull))


def files_of(info: Any) -> list[HubFile]:
    """Read the files of the Hub's answer about a model."""
    return [
        HubFile(item.rfilename, int(item.size or 0), item.lfs.sha256 if item.lfs else "", item.blob_id or "")
        for item in info.siblings or ()
    ]


def _converted_revision(api: Any, repo: str) -> str:
    for pull in api.get_repo_discussions(repo, author=_CONVERTER, discussion_type="pull_request"):
        if pull.author == _CONVERTER and pull.title == _CONVERTED_TITLE and pull.status in ("open", "merged"):
            return str(pull.git_reference)
    return ""


def _is_terms(name: str) -> bool:
    return name == "README.md" or name.startswith(("LICEN", "NOTICE", "USE_POLICY", "GEMMA_TERMS"))


@contextmanager
def speaking(repo: str, token: str) -> Iterator[None]:
    """Turn what the Hub and its client say into our cards. The token is in none of them."""
    from huggingface_hub import errors as hub  # noqa: PLC0415

    try:
        yield
    except (PoetasError, FetchInterrupted):
        raise
    except hub.GatedRepoError as error:
        raise gated_model(repo, has_token=bool(token), detail=type(error).__name__) from None
    except (hub.RepositoryNotFoundError, hub.RevisionNotFoundError, hub.HFValidationError) as error:
        raise unknown_model(repo, type(error).__name__) from None
    except hub.HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        if status in (_UNAUTHORISED, _FORBIDDEN):
            raise gated_model(repo, has_token=bool(token), detail=f"HTTP {status}") from None
        if status == _NOT_FOUND:
            raise unknown_model(repo, f"HTTP {status}") from None
        raise no_network(f"the Hub answered {status}") from None
    except (hub.LocalEntryNotFoundError, hub.OfflineModeIsEnabled) as error:
        raise no_network(f"{type(error).__name__}") from None
    except Exception as error:
        if _is_connection(error):
            raise no_network(f"{type(error).__name__}: {error}") from None
        raise


def _is_connection(error: BaseException) -> bool:
    """Tell whether an error comes from the HTTP client underneath, whichever the Hub's client uses."""
    names = {kind.__name__ for kind in type(error).__mro__}
    modules = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return bool(
        names & {"TransportError", "ConnectionError", "HTTPError"} and modules & {"httpx", "httpx2", "requests"}
    )
