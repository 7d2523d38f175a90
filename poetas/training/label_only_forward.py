"""Forward pass of a training step: hidden states for the whole text, a loss where labels are, and no other logits.

The model's own ``forward`` is replaced by one that takes labels and returns sums of losses, so that the
wrappers of the model (PEFT, `DistributedDataParallel`) are still called. Without labels it is the model's own, so that
the same model writes texts between two steps.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import nn

from poetas.training.collator import label_places
from poetas.training.label_masking import IGNORE_INDEX
from poetas.training.loss import label_loss

Sums = dict[str, torch.Tensor]
Loss = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


def use_label_only_forward(model: Any, *, seq2seq: bool, autocast: torch.dtype | None, loss: Loss = label_loss) -> bool:
    """Give ``model`` (of transformers, not wrapped) such a forward; return whether it skips the logits.

    With labels it returns ``loss`` (mean over ``num_items_in_batch`` labels, or over the batch's own), ``row_loss`` and
    ``row_labels`` (sums and counts a row). Where the labels are may be given instead, as the collator finds them
    (``places``, ``targets``). Texts are padded on the right. autocast: type in which products are computed. loss: as
    `label_loss`, which it is if none is chosen. Models whose logits are
    more than a matrix product of their last hidden state (soft-capped, scaled, with a bias) keep their own logits.
    """
    own = model.forward
    shortcut = not seq2seq and _plain_head(model)

    @functools.wraps(own)
    def forward(
        *given: Any,
        labels: Any = None,
        places: Any = None,
        targets: Any = None,
        **more: Any,
    ) -> Any:
        count = more.pop("num_items_in_batch", None)
        with autocast_products(model.device, autocast):
            if labels is None and places is None:
                return own(*given, **more)
            if not shortcut:
                losses, chosen = _from_logits(model, own, labels, *given, seq2seq=seq2seq, **more)
                return _sums(losses, torch.nonzero(chosen)[:, 0], len(chosen), torch.ones_like(losses), count)
            if places is None:
                places, targets = label_places(labels)
            hidden = _last_hidden(model, *given, **more)
            rows, columns = hidden.shape[:2]
            head = model.get_output_embeddings().weight
            real = targets != IGNORE_INDEX  # the collator may fill them up
            losses = loss(hidden.flatten(0, 1).index_select(0, places), head, targets.clamp(min=0)) * real
        return _sums(losses, places // columns, rows, real, count)

    model.forward = forward
    model.accepts_loss_kwargs = True  # tells the Trainer to count the labels of a whole step
    return shortcut


def autocast_products(device: torch.device, kind: torch.dtype | None) -> AbstractContextManager[Any]:
    """Within it, matrix products are computed in ``kind``; None leaves them as they are."""
    return torch.autocast(device.type, dtype=kind) if kind is not None else nullcontext()


def _last_hidden(model: Any, *given: Any, **more: Any) -> torch.Tensor:
    """The last hidden states [rows, columns, width]. No token is read that comes after it: padding needs no mask."""
    kept = {key: value for key, value in more.items() if value is not None and key not in _NOT_OURS}
    hidden: torch.Tensor = model.get_decoder()(*given, **kept, use_cache=False).last_hidden_state
    return hidden


def _from_logits(
    model: Any, own: Any, labels: torch.Tensor, *given: Any, seq2seq: bool, **more: Any
) -> tuple[torch.Tensor, torch.Tensor]:
    if seq2seq:
        more["decoder_input_ids"] = model.prepare_decoder_input_ids_from_labels(labels=labels)
        targets = labels
    else:
        targets = labels[:, 1:]
    logits = own(*given, **{**more, "use_cache": False}).logits
    logits = logits if seq2seq else logits[:, :-1]
    chosen = targets != IGNORE_INDEX
    exact = torch.float64 if logits.dtype == torch.float64 else torch.float32
    return nn.functional.cross_entropy(logits[chosen].to(exact), targets[chosen], reduction="none"), chosen


def _sums(
    losses: torch.Tensor, rows: torch.Tensor, count: int, real: torch.Tensor, whole: torch.Tensor | int | None
) -> Sums:
    """Sum up losses [n]. rows: of each. count: how many rows. real: which count. whole: labels of a step."""
    row_loss = losses.detach().new_zeros(count).index_add_(0, rows, losses.detach())
    row_labels = rows.new_zeros(count).index_add_(0, rows, real.long())
    whole = row_labels.sum().clamp(min=1) if whole is None else whole
    return {"loss": losses.sum() / whole, "row_loss": row_loss, "row_labels": row_labels}


# What PEFT passes through to any model, and a decoder does not take; and the mask, which it does not need.
_NOT_OURS = ("attention_mask", "return_dict", "output_attentions", "output_hidden_states", "task_ids")


def _plain_head(model: Any) -> bool:
    """Return, from a trial with four tokens, whether the logits are the last hidden state times the output matrix."""
    head = model.get_output_embeddings()
    if not isinstance(head, nn.Linear) or getattr(head, "bias", None) is not None:
        return False
    ids = torch.arange(4, device=model.device)[None, :]
    was = model.training
    model.eval()
    try:
        with torch.no_grad():
            hidden = model.get_decoder()(input_ids=ids, use_cache=False).last_hidden_state
            expected = model(input_ids=ids, use_cache=False).logits[0].float()
            product = (hidden[0].contiguous() @ head.weight.t()).float()
    except (AttributeError, TypeError, RuntimeError):
        return False
    finally:
        model.train(was)
    return torch.allclose(product, expected, rtol=2e-2, atol=2e-2 * float(expected.abs().max()))
