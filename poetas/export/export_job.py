"""Export job: one zip of a finished training, with the model in the form that was asked for, its card and its licence.

The zip appears in the job's folder whole or not at all. Nothing of the learner's texts goes into it.
"""

from __future__ import annotations

import shutil
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from poetas.environment import peak_rss_mb
from poetas.export.errors import not_for_gguf, not_mergeable
from poetas.export.export_request import ADAPTER, GGUF_F16, GGUF_Q8, MERGED_BF16, ExportRequest
from poetas.export.licence_files import FOLDER, write_licence
from poetas.generation.adapter_files import CONFIG, WEIGHTS, check_adapter, check_numbers
from poetas.i18n import _
from poetas.jobs import JobContext, Progress, Stopping
from poetas.training.process_setup import prepare_process
from poetas.util.disk_space import need_room
from poetas.util.files import CHUNK, read_json, safe_name, write_json, write_text, writing

STAGING = "armado"
_MARGIN = 30_000_000  # bytes for tokenizer, card and licence
_TELL_EVERY = 0.5  # seconds between two progress events
_STORED = frozenset({".safetensors", ".gguf"})  # weights hardly compress
_WIDTH = {MERGED_BF16: 2.0, "float32": 4.0, GGUF_F16: 2.0, GGUF_Q8: 34 / 32}


class _Meter:
    """Progress over the bytes to be made and packed; raises Stopping where a stop was requested."""

    def __init__(self, context: JobContext, total: float) -> None:
        self._context, self._total, self._done, self._last = context, total, 0.0, float("-inf")
        self.note = ""

    def add(self, count: float) -> None:
        if self._context.stop_requested():
            raise Stopping
        self._done += count
        if time.monotonic() - self._last >= _TELL_EVERY:
            self._last = time.monotonic()
            self._context.emit(Progress(round(min(self._done, self._total)), round(self._total), self.note))


def run(context: JobContext) -> dict[str, Any]:
    """Make the zip as the job's configuration says (`ExportRequest`).

    Returns ``file`` (its name in the job's folder), ``bytes``, ``form``, ``name``, ``seconds`` and ``peak_rss_mb``.
    Raises BadExport, NotForGGUF, NotMergeable, BadAdapter, DiskFull, Stopping.
    """
    begun = time.monotonic()
    request = ExportRequest.parse(context.config)
    described = check_adapter(request.adapter)
    check_numbers(request.adapter, described)
    staging = context.dir / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    largest = _largest(request)
    need_room(context.dir, int(largest * (1 if request.form == ADAPTER else 2)) + _MARGIN)
    prepare_process()
    meter = _Meter(context, largest * (1 if request.form == ADAPTER else 2))
    staging.mkdir(mode=0o700)
    try:
        linked = _build(request, described, staging, meter)
        name = f"{safe_name(request.name, fallback='mi-modelo')}-{request.form}"
        meter.note = _("Armo el zip")
        target = context.dir / f"{name}.zip"
        _pack(staging, linked, target, name, meter)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return {
        "file": target.name,
        "bytes": target.stat().st_size,
        "form": request.form,
        "name": request.name,
        "seconds": round(time.monotonic() - begun, 1),
        "peak_rss_mb": round(peak_rss_mb()),
    }


def _largest(request: ExportRequest) -> float:
    """Bytes of the weights that go into the zip."""
    base = (request.base / "model.safetensors").stat().st_size
    if request.form != ADAPTER:
        return base / 2 * _WIDTH[request.form]
    return (request.adapter / WEIGHTS).stat().st_size + (base if request.with_base else 0)


def _build(request: ExportRequest, described: dict[str, Any], staging: Path, meter: _Meter) -> dict[str, Path]:
    """Write the files of the zip into ``staging``; return those that are packed from where they are, by their name."""
    from poetas.export.usage_notebook import (  # noqa: PLC0415 - brings transformers
        prompt_kind,
        usage_notebook,
        usage_program,
    )
    from poetas.generation.tokenizer_loading import load_tokenizer  # noqa: PLC0415 - brings torch

    tokenizer = load_tokenizer(request.base)
    today = _today()
    model, adapter, gguf = "modelo", None, None
    linked: dict[str, Path] = {}
    if request.form == ADAPTER:
        model, adapter = _write_adapter(request, described, staging, linked)
    else:
        meter.note = _("Uno tu adaptador con el modelo")
        gguf = _write_merged(request, described, staging, tokenizer, meter)
        model = "gguf" if gguf else model
    terms = write_licence(request, staging / FOLDER, today)
    program = usage_program(request, tokenizer, model=model, adapter=adapter, gguf=gguf)
    write_text(staging / "usar.ipynb", usage_notebook(program), mode=0o644)
    from poetas.export.readme_card import model_card  # noqa: PLC0415 - after what it describes

    files = [path.relative_to(staging).as_posix() for path in staging.rglob("*") if path.is_file()]
    card = model_card(request, prompt_kind(request, tokenizer), terms, files, today)
    write_text(staging / "README.md", card, mode=0o644)
    return linked


def _write_adapter(
    request: ExportRequest, described: dict[str, Any], staging: Path, linked: dict[str, Path]
) -> tuple[str, str]:
    from poetas.export.merged_model import TOKENIZER_FILES  # noqa: PLC0415

    folder = staging / "adaptador"
    folder.mkdir()
    base = "base" if request.with_base else request.hub[0] if request.hub else request.record.entry.id
    own = {key: value for key, value in described.items() if key not in {"revision", "auto_mapping"}}
    write_json(folder / CONFIG, {**own, "base_model_name_or_path": base}, mode=0o644)
    linked[f"adaptador/{WEIGHTS}"] = request.adapter / WEIGHTS
    if request.with_base:
        for name in ("config.json", "model.safetensors", *TOKENIZER_FILES):
            if (request.base / name).is_file():
                linked[f"base/{name}"] = request.base / name
    return base, "adaptador"


def _write_merged(
    request: ExportRequest, described: dict[str, Any], staging: Path, tokenizer: Any, meter: _Meter
) -> str | None:
    """Write the merged model; return the GGUF file's name, None for safetensors."""
    from poetas.export.gguf_export import write_gguf  # noqa: PLC0415
    from poetas.export.merged_model import copy_tokenizer, write_merged  # noqa: PLC0415
    from poetas.export.weight_merging import MergedWeights  # noqa: PLC0415

    title, width = request.record.entry.title, _WIDTH[request.form]
    try:
        weights = MergedWeights(request.base / "model.safetensors", request.adapter, described)
    except ValueError as error:
        raise not_mergeable(title, str(error)) from error
    if request.form not in {GGUF_F16, GGUF_Q8}:
        (staging / "modelo").mkdir()
        write_merged(weights, request.base, staging / "modelo", request.form, lambda count: meter.add(width * count))
        return None
    folder = staging / "gguf"
    folder.mkdir()
    file = f"{safe_name(request.name, fallback='mi-modelo')}-{request.form}.gguf"
    roles = ("bos_token", "eos_token", "unk_token", "pad_token", "chat_template")
    try:
        write_gguf(
            weights,
            request.base,
            folder / file,
            request.form,
            name=request.name,
            tokenizer=read_json(request.base / "tokenizer.json"),
            naming={role: getattr(tokenizer, role, None) for role in roles},
            advance=lambda count: meter.add(width * count),
            licence=request.record.entry.licence,
        )
    except (NotImplementedError, KeyError, AttributeError) as error:  # an attribute that its configuration lacks
        raise not_for_gguf(title, f"{type(error).__name__}: {error}") from error
    copy_tokenizer(request.base, folder)
    shutil.copyfile(request.base / "config.json", folder / "config.json")
    return file


def _pack(staging: Path, linked: dict[str, Path], target: Path, root: str, meter: _Meter) -> None:
    files = {path.relative_to(staging).as_posix(): path for path in staging.rglob("*") if path.is_file()} | linked
    moment = datetime.now(UTC).timetuple()[:6]
    with writing(target) as out, zipfile.ZipFile(out, "w") as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{root}/{name}", moment)
            stored = path.suffix in _STORED
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as member:
                while chunk := source.read(CHUNK):
                    member.write(chunk)
                    meter.add(len(chunk) if stored else 0)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
