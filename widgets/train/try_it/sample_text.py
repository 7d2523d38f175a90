"""Text in the box of «Probalo» before the learner writes one: a beginning for a style, else a news item."""

from __future__ import annotations

from poetas.i18n import _
from widgets.core.note_conditions import chosen_model, dataset_language
from widgets.core.page_context import PageContext

# The samples for texts, or a model, without Spanish; not translated with the page.
_ENGLISH_STYLE = "When the river comes down"
_ENGLISH_NEWS = (
    "The library of Willow Creek opened its doors again on Saturday, after eleven months of work. The roof, which had "
    "leaked since the storm of 2019, was rebuilt with timber given by the town's sawmill, and the 2,300 books that had "
    'got wet were dried one by one, between sheets of newspaper, in the school\'s gymnasium. "We lost only forty," '
    "said Elvira Sosa, who has run it for twenty years."
)


def sample_text(context: PageContext, *, style: bool) -> str:
    """Return the text, in the language of the texts in use, or else in one that the model writes."""
    return _samples(style=style)[_language(context)]


def is_sample(words: str) -> bool:
    """Tell whether a text is one of the samples."""
    return any(words in _samples(style=style).values() for style in (False, True))


def _language(context: PageContext) -> str:
    if language := dataset_language(context.dataset):
        return language
    model = chosen_model(context)
    return "es" if model is None or model.writes("es") else "en"


def _samples(*, style: bool) -> dict[str, str]:
    if style:
        return {"es": _("Cuando baja la crecida,"), "en": _ENGLISH_STYLE}
    news = _(
        "La biblioteca de Villa Sauce volvió a abrir el sábado, después de once meses de obra. El techo, que "
        "goteaba desde el temporal de 2019, se rehízo con maderas donadas por el aserradero del pueblo, y los "
        "2.300 libros que se habían mojado se secaron de a uno, entre papel de diario, en el gimnasio de la "
        "escuela. «Perdimos apenas cuarenta», contó Elvira Sosa, que la dirige desde hace veinte años."
    )
    return {"es": news, "en": _ENGLISH_NEWS}
