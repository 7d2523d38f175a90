"""Box for the learner's token of the Hugging Face Hub: hidden until a fetch needs one."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import HBox, Password

from poetas.i18n import _
from poetas.models.fetch import save_token
from poetas.workspace import Workspace
from widgets.core.elements import look, make_button, show


class HubToken(HBox):
    """A password box and a button. after: called once the token is saved; `ask` sets it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.box = Password(description=_("Tu clave de Hugging Face"), placeholder="hf_…")
        self.button = make_button(_("Guardar la clave y volver a intentar"))
        self.after: Callable[[], None] = lambda: None
        super().__init__((self.box, self.button), **look("row", shown=False))

    def ask(self, then: Callable[[], None]) -> None:
        """Show the box. then: what needs the token."""
        self.after = then
        show(self, True)

    def save(self) -> None:
        """Save the token, hide, and go on with what needed it. Raises OSError where the disk is full."""
        save_token(self._workspace, self.box.value)
        self.box.value = ""
        show(self, False)
        self.after()
