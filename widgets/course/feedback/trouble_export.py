"""Export of the trouble report, for the instructor: versions, jobs, places of errors, shown whole and then saved."""

from __future__ import annotations

from pathlib import Path

from poetas.i18n import _
from widgets.core.html import tag, text
from widgets.course.feedback.shown_file import ShownFile


class TroubleExport(ShownFile):
    """The report, for the instructor: where the program failed, and on what kind of machine."""

    def purpose(self) -> str:
        """Return what the file is for."""
        return _("¿Algo falló? Con este informe, quien enseña puede ver dónde. No lleva ninguna palabra tuya.")

    def label(self) -> str:
        """Return the label of the button."""
        return _("Ver el informe de fallas")

    def make(self) -> str:
        """Return the report as it is now."""
        from poetas.course.trouble_report import trouble_report  # noqa: PLC0415 - where something failed, not before

        return trouble_report(self.context.project, self.context.state())

    def explanation(self) -> str:
        """Return what the report has of the logs."""
        words = _(
            "De los registros van solamente los lugares del programa donde algo falló: lo demás podría citar un texto "
            "tuyo, y se deja afuera. Es para quien arregla el programa: no hace falta entenderlo. Acá está, entero:"
        )
        return tag("p", text(words), role="status")

    def write(self, folder: Path) -> Path:
        """Write the report that is shown."""
        from poetas.course.trouble_report import write_trouble_report  # noqa: PLC0415 - as above

        return write_trouble_report(self.shown, folder)
