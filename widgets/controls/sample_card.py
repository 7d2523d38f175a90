"""Card of a sample dataset, whole and folded: its README in, HTML out."""

from __future__ import annotations

from poetas.data.storage.samples import SampleDataset
from poetas.i18n import _
from widgets.core.html import markdown, tag, text


def sample_card(sample: SampleDataset, *, level: int) -> str:
    """Draw the card; its headings are put at a level below those of the page."""
    _title, body = sample.card.split("\n", 1)
    title = _("La ficha de «{title}»").format(title=sample.title)
    drawn = markdown(body.replace("\n## ", f"\n{'#' * level} "))
    drawn = tag("div", drawn, lang=sample.language, class_="scroll", tabindex="0", role="region", aria_label=title)
    return tag("details", tag("summary", text(title)) + drawn, class_="poetas-whole")
