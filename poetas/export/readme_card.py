"""Model card of an exported model (README.md): base, licence, changes, knobs, verdict, what it is not for.

None of the learner's texts is in it, nor the name of their file: only counts and figures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from poetas.evaluation.memorisation.memorisation_words import card_sentences
from poetas.export.export_request import ADAPTER, GGUF_F16, GGUF_Q8, ExportRequest
from poetas.export.licence_files import FOLDER, changes_of, is_gemma, whose_texts
from poetas.export.markdown import escaped, one_line
from poetas.export.usage_notebook import prompt_text
from poetas.i18n import _, ngettext, number
from poetas.training.config import TrainingConfig

_IDENTIFIERS = {"apache-2.0": "apache-2.0", "mit": "mit"}
_KNOBS = ("epochs", "learning_rate", "batch_size", "lora_rank", "longest", "alpha_ratio", "dropout", "seed")


def model_card(request: ExportRequest, kind: str, terms: Sequence[str], files: Sequence[str], today: date) -> str:
    """Write the card. kind: see `prompt_kind`. terms: texts of the base's terms. files: the zip's main files."""
    sections = [
        (_("Qué es"), _what(request)),
        (_("De qué está hecho"), _made_of(request, terms, today)),
        (_("Con qué perillas"), _knobs(request)),
        (_("¿Mejoró?"), _verdict(request)),
        (_("¿Memorizó algo privado?"), _memorised(request)),
        (_("Para qué no hay que usarlo"), _not_for(request)),
        (_("Cómo se usa"), _use(request, kind, files)),
    ]
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections)
    return f"{_front_matter(request)}\n# {escaped(request.name)}\n\n{body}\n"


def _front_matter(request: ExportRequest) -> str:
    """Return the header that the Hub reads; JSON strings are YAML strings, whatever is in them."""
    entry = request.record.entry
    identifier = "gemma" if is_gemma(entry.licence) else _IDENTIFIERS.get(entry.licence.casefold(), "other")
    base = request.hub[0] if request.hub else entry.id
    values = {
        "license": identifier,
        "license_link": one_line(entry.licence_url),
        "base_model": one_line(base),
        "language": [request.language],
        "library_name": "peft" if request.form == ADAPTER else "transformers",
        "pipeline_tag": "summarization" if request.task == "summary" else "text-generation",
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(["---", *lines, "---"])


def _what(request: ExportRequest) -> str:
    title = escaped(request.record.entry.title)
    if request.task == "style":
        words = _("{title}, ajustado con {texts} para seguir comienzos con su voz.")
    else:
        words = _("{title}, ajustado con {texts} para resumir otros parecidos.")
    return words.format(title=title, texts=whose_texts(own=request.own))


def _made_of(request: ExportRequest, terms: Sequence[str], today: date) -> str:
    entry, examples = request.record.entry, request.result.get("examples") or {}
    base = _("Modelo de partida: {title} (`{id}`).").format(
        title=escaped(entry.title), id=one_line(entry.id).replace("`", "")
    )
    licence = _("Licencia del modelo de partida, que vale también para este: {licence}, {url}.").format(
        licence=escaped(entry.licence) or "?", url=one_line(entry.licence_url)
    )
    beside = _("Sus condiciones y avisos están en la carpeta `{folder}`.").format(folder=FOLDER)
    if not terms:
        beside = _("Sus condiciones están en esa dirección; los avisos, en la carpeta `{folder}`.").format(
            folder=FOLDER
        )
    lines = [base, f"{licence} {beside}", f"{changes_of(request.form)} ({today:%d/%m/%Y})"]
    count = examples.get("train")
    if isinstance(count, int):
        sentence = ngettext(
            "Aprendió de {n} texto, que no está en este archivo.",
            "Aprendió de {n} textos, que no están en este archivo.",
            count,
        )
        lines.append(sentence.format(n=number(count)))
    else:
        lines.append(_("Los textos de los que aprendió no están en este archivo."))
    return "\n".join(f"- {line}" for line in lines)


def _knobs(request: ExportRequest) -> str:
    try:
        values = TrainingConfig.from_dict(dict(request.knobs)).to_dict()
    except Exception:  # noqa: BLE001 - a record of another version: the card says so
        return _("No se guardaron.")
    rows = [f"| `{name}` | {values[name]} |" for name in _KNOBS if name in values]
    steps = request.result.get("steps")
    if isinstance(steps, int):
        rows.append(f"| `steps` | {steps} |")
    best = request.result.get("best_loss")
    if isinstance(best, float):
        rows.append(f"| `eval_loss` | {best:.4f} |")
    return "\n".join([f"| {_('perilla')} | {_('valor')} |", "|---|---|", *rows])


def _verdict(request: ExportRequest) -> str:
    if not request.verdict:
        return _("No se le tomó ningún examen: no se sabe si es mejor que el modelo como vino.")
    headline, *sentences = (escaped(sentence, 600) for sentence in request.verdict)
    return "\n\n".join([_("Esto es lo que se le dijo a quien lo hizo:"), f"**{headline}**", *sentences])


def _memorised(request: ExportRequest) -> str:
    if not request.memorised:
        return _("No se revisó: no se sabe si repite pasajes de los textos con los que aprendió.")
    return "\n\n".join(escaped(sentence, 600) for sentence in card_sentences(request.memorised))


def _not_for(request: ExportRequest) -> str:
    lines = [
        _("Para decidir sobre personas: trabajo, salud, crédito, justicia, notas."),
        _("Para informar sin que alguien compare con el original: puede inventar nombres, números y hechos."),
        _("Para hacer pasar por escrito por una persona lo que escribió un modelo."),
        _("Para sacarle datos de quienes aparecen en los textos con los que aprendió."),
    ]
    if request.task == "style":
        lines.append(_("Para publicar como propio un verso sin fijarse antes si es de otro: puede recitar."))
    if is_gemma(request.record.entry.licence):
        lines.append(_("Para nada de lo que prohíbe https://ai.google.dev/gemma/prohibited_use_policy."))
    return "\n".join(f"- {line}" for line in lines)


def _use(request: ExportRequest, kind: str, files: Sequence[str]) -> str:
    lines = [_("El cuaderno `usar.ipynb` lo usa con `torch`, `transformers` y `peft`, sin ningún otro programa.")]
    if request.form in {GGUF_F16, GGUF_Q8}:
        [path] = [name for name in files if name.endswith(".gguf")]
        words = _("tu comienzo") if request.task == "style" else _("tu texto")
        escaped_prompt = prompt_text(request, words, kind).replace("\n", "\\n")  # as llama.cpp reads line breaks
        command = f'llama-completion -m {path} -p "{escaped_prompt}"'
        lines.append(_("Con llama.cpp: `{command}`.").format(command=command))
        lines.append(_ollama(request, path, words, kind))
    if request.form == ADAPTER and not request.with_base:
        name = one_line(request.hub[0]) if request.hub else one_line(request.record.entry.id)
        lines.append(_("El modelo de partida, `{name}`, se baja aparte.").format(name=name.replace("`", "")))
    return "\n\n".join(lines)


def _ollama(request: ExportRequest, path: str, words: str, kind: str) -> str:
    """Return how Ollama uses a GGUF: its Modelfile has the training's prompt, a chat's own template is in the GGUF."""
    chat = request.task == "summary" and kind == "chat"
    template = "" if chat else f'\nTEMPLATE """{prompt_text(request, "{{ .Prompt }}", kind)}"""'
    asked = prompt_text(request, words, kind) if chat else words
    lines = [
        _("Con Ollama: al lado de este archivo, uno que se llame `Modelfile` y diga"),
        f"```\nFROM ./{path}{template}\n```",
        _("y después:"),
        f'```\nollama create mi-modelo -f Modelfile\nollama run mi-modelo "{asked}"\n```',
    ]
    if chat:
        lines.append(
            _(
                "El pedido va entero, como está ahí. La plantilla del chat viene en el GGUF; si Ollama no la conoce, "
                "hay que escribirla en `TEMPLATE`."
            )
        )
    return "\n\n".join(lines)
