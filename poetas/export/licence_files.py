"""Licence, notices and statement of changes that travel with an exported model.

Terms such as Gemma's ask that the recipient of a changed model gets a copy of them, a ``Notice`` file with a given
sentence, their restrictions of use, and a prominent word on what was changed; Apache's asks for the last one too.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from poetas import environment
from poetas.export.export_request import ADAPTER, GGUF_F16, GGUF_Q8, MERGED_F32, ExportRequest
from poetas.export.markdown import escaped, one_line
from poetas.i18n import _
from poetas.util.files import inside, write_text

FOLDER = "licencia"
_GEMMA = "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms"
_GEMMA_USES = "https://ai.google.dev/gemma/prohibited_use_policy"
_CHANGES = "CHANGES.md"  # what the conversion to this program's layout changed


def write_licence(request: ExportRequest, folder: Path, today: date) -> list[str]:
    """Write the folder of licence files; return the names of the texts of terms that came with the base model."""
    folder.mkdir(parents=True, exist_ok=True)
    terms = []
    for name in request.record.notices:
        source = request.base / name
        if Path(name).name == name and source.is_file() and inside(request.base, source):
            target = "CHANGES.base.md" if name == _CHANGES else name
            shutil.copyfile(source, folder / target)
            if name != _CHANGES:
                terms.append(target)
    write_text(folder / "NOTICE.txt", _notice(request, terms), mode=0o644)
    write_text(folder / "CAMBIOS.md", _changes(request, today), mode=0o644)
    return terms


def is_gemma(licence: str) -> bool:
    """Tell whether a licence is Gemma's.

    >>> is_gemma("Gemma Terms of Use"), is_gemma("Apache-2.0")
    (True, False)
    """
    return licence.casefold().startswith("gemma")


def changes_of(form: str) -> str:
    """Return what was done to the base model's weights, in one sentence."""
    if form == ADAPTER:
        return _("Los pesos del modelo de partida no cambiaron: el adaptador guarda, aparte, lo que hay que sumarles.")
    kinds = {MERGED_F32: "float32", GGUF_F16: "float16 (GGUF)", GGUF_Q8: "Q8_0 (GGUF)"}
    sentence = _(
        "Los pesos del modelo de partida fueron modificados: se les sumó el adaptador y se guardaron en {kind}."
    )
    return sentence.format(kind=kinds.get(form, "bfloat16"))


def whose_texts(*, own: bool | None) -> str:
    """Return what a model learnt from, as it follows «ajustado con». own: None where it is not known.

    >>> whose_texts(own=False)
    'textos de una muestra del programa'
    """
    if own is None:
        return _("otros textos")
    return _("textos propios") if own else _("textos de una muestra del programa")


def _notice(request: ExportRequest, terms: list[str]) -> str:
    entry = request.record.entry
    licence = one_line(entry.licence) or "?"
    lines = [f"{one_line(entry.title)}: {licence}, {one_line(entry.licence_url)}"]
    if is_gemma(licence):
        lines = [_GEMMA, "", f"Use restrictions (section 3.2): {_GEMMA_USES}", "", *lines]
    lines += ["", "This model was modified: see CAMBIOS.md."]
    lines += [f"Terms: {name}" for name in terms]
    return "\n".join(lines) + "\n"


def _changes(request: ExportRequest, today: date) -> str:
    entry = request.record.entry
    before = _("Qué se cambió en {title}").format(title=escaped(entry.title))
    trained = _("El {date}, con LLMs para poetas, {title} fue ajustado con {texts} (ajuste fino con LoRA).")
    if not environment.borrowed():  # there the texts were sent to the machine
        trained = _(
            "El {date}, con LLMs para poetas, {title} fue ajustado con {texts} (ajuste fino con LoRA), sin "
            "enviarlos a ningún lado."
        )
    figures = {"date": f"{today:%d/%m/%Y}", "texts": whose_texts(own=request.own)}
    trained = trained.format(title=escaped(entry.title), **figures)
    origin = _("El modelo de partida vino de: {origin}.").format(origin=escaped(request.record.source, 400))
    applies = _("Sigue valiendo la licencia del modelo de partida: {licence} ({url}).").format(
        licence=escaped(entry.licence) or "?", url=one_line(entry.licence_url)
    )
    return f"# {before}\n\n{trained}\n\n{changes_of(request.form)}\n\n{origin}\n\n{applies}\n"
