"""Prepared dataset as token ids, and the notices about shortened and dropped texts before a run."""

from __future__ import annotations

from dataclasses import dataclass

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.generation.model import LanguageModel
from poetas.i18n import _, ngettext, number, percent_phrase
from poetas.jobs.events import Notice
from poetas.training.batching import by_length
from poetas.training.errors import nothing_to_learn
from poetas.training.row_encoding import Examples, encode_rows
from poetas.training.training_request import TrainingRequest


@dataclass(frozen=True, slots=True)
class EncodedDataset:
    """Encoded splits of a dataset.

    train, validation: encoded. rows: of the validation split, as they are. room: tokens that the model holds at once.
    """

    train: Examples
    validation: Examples
    rows: list[dict[str, str]]
    task: str
    language: str
    room: int = 0


def encode_dataset(request: TrainingRequest, model: LanguageModel) -> EncodedDataset:
    """Encode the training and validation splits. Raises DatasetBroken, NothingToLearn."""
    dataset = PreparedDataset.open(request.dataset)
    rows = {part: dataset.rows(part) for part in ("train", "validation")}
    longest = request.training.longest
    made = {
        part: encode_rows(
            model.tokenizer,
            model.style,
            some,
            task=dataset.task,
            longest=longest,
            room=model.room,
            parted=dataset.parted,
            going_on=dataset.going_on(part),
        )
        for part, some in rows.items()
    }
    if not made["train"].items:
        raise nothing_to_learn(f"{len(rows['train'])} rows, none usable")
    exam = made["validation"].in_order(by_length(made["validation"].lengths))
    return EncodedDataset(made["train"], exam, rows["validation"], dataset.task, model.style.language, model.room)


def dataset_notices(encoded: EncodedDataset) -> list[Notice]:
    """Return the notices about the examples, for before the run starts."""
    notices = []
    train = encoded.train
    if train.parted:
        notices.append(Notice("parted", _parted(train)))
    if train.shortened:
        cut = ngettext(
            "{n} texto se cortó: el modelo no va a leer su final ({lost}).",
            "{n} textos se cortaron: el modelo no va a leer su final ({lost}).",
            train.shortened,
        )
        lost = ngettext("{n} token en total", "{n} tokens en total", train.lost).format(n=number(train.lost))
        share = _("Estudia {share} de las palabras.").format(share=percent_phrase(train.words.share, 1))
        notices.append(Notice("truncated", f"{cut.format(n=number(train.shortened), lost=lost)} {share}"))
    if train.confined:
        words = ngettext(
            "Este modelo lee hasta {room} tokens de una vez: {n} texto no entra hasta donde elegiste.",
            "Este modelo lee hasta {room} tokens de una vez: {n} textos no entran hasta donde elegiste.",
            train.confined,
        )
        notices.append(Notice("room", words.format(room=number(encoded.room), n=number(train.confined))))
    if train.dropped:
        left = ngettext(
            "{n} texto quedó afuera: está vacío, o su resumen no entra en lo que lee el modelo.",
            "{n} textos quedaron afuera: están vacíos, o su resumen no entra en lo que lee el modelo.",
            train.dropped,
        )
        notices.append(Notice("left-out", left.format(n=number(train.dropped))))
    if not encoded.validation.items:
        text = _("No hay textos para el simulacro: no voy a poder decir en qué paso estuvo mejor, y queda el último.")
        notices.append(Notice("no-validation", text))
    return notices


def _parted(train: Examples) -> str:
    """Return what became of the texts that were parted into windows."""
    words = ngettext(
        "{n} texto largo se partió en ventanas: se estudia entero, con {all} ventanas y textos en total.",
        "{n} textos largos se partieron en ventanas: se estudian enteros, con {all} ventanas y textos en total.",
        train.parted,
    )
    return words.format(n=number(train.parted), all=number(len(train)))
