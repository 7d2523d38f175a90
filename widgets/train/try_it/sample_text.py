"""Text in the box of «Probalo» before the learner writes one: a beginning for a style, else a news item."""

from __future__ import annotations

from poetas.i18n import _


def sample_text(*, style: bool) -> str:
    """Return the text."""
    if style:
        return _("Cuando baja la crecida,")
    return _(
        "La biblioteca de Villa Sauce volvió a abrir el sábado, después de once meses de obra. El techo, que "
        "goteaba desde el temporal de 2019, se rehízo con maderas donadas por el aserradero del pueblo, y los "
        "2.300 libros que se habían mojado se secaron de a uno, entre papel de diario, en el gimnasio de la "
        "escuela. «Perdimos apenas cuarenta», contó Elvira Sosa, que la dirige desde hace veinte años."
    )
