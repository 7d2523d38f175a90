"""Picker of the toy model's text: the coplas of the course, or what the learner pastes, which can be erased."""

from __future__ import annotations

from ipywidgets import Textarea
from traitlets import Bool, Unicode

from poetas.course.own_text import LONGEST, OWN_TEXT, OWN_TEXT_TAKEN, own_text
from poetas.data.storage.samples import sample
from poetas.generation.ngram_model import divided
from poetas.i18n import _, number
from widgets.controls.own_text_offer import was_taken
from widgets.core.elements import column_of, html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import first_markup, tag, text
from widgets.core.page_context import PageContext
from widgets.core.theme import Themed


class CorpusPicker(Themed):
    """Which text the toy model is made of.

    value: the text. own: whether the learner pasted it; then it is kept in the project (`poetas.course.own_text`).
    """

    value = Unicode()
    own = Bool()

    def __init__(self, context: PageContext) -> None:
        super().__init__(**look("stack"))
        self._context = context
        self.paste = make_button(_("Hacerlo con mis textos"))
        self.erase = make_button(_("Borrar mis textos"), "link")
        self.box = Textarea(description=_("Tus textos"), rows=8, placeholder=_("Un verso por renglón."))
        self.help = html(tag("p", text(self._how()), class_="soft"))
        self.use = make_button(_("Hacer el modelo"), kind="primary")
        self.cancel = make_button(_("Ahora no"))
        self.form = column_of((self.box, self.help, row_of((self.use, self.cancel))), "stack", shown=False)
        self.problem = html("")
        self.children = (row_of((self.paste, self.erase)), self.form, self.problem)
        on_click(self.paste, lambda: self._open(shown=True))
        on_click(self.cancel, lambda: self._open(shown=False))
        on_click(self.use, self._use)
        on_click(self.erase, self._erase)
        self._take(own_text(context.state()))

    @staticmethod
    def _how() -> str:
        return _(
            "Pegá diez poemas, o los que tengas: un verso por renglón y un renglón vacío entre un poema y otro. Se "
            "cuentan acá mismo, y quedan en este proyecto hasta que los borres."
        )

    def _open(self, *, shown: bool) -> None:
        self.box.value = own_text(self._context.state()) if shown else ""
        self.problem.value = ""
        show(self.form, shown)
        show(self.paste, not shown)

    def _use(self) -> None:
        """Take what was pasted, unless it holds no words: then say what to do."""
        pasted = self.box.value
        if not divided(pasted[:LONGEST]):
            self._say(self._no_words(pasted))
            return
        self._context.save_at({OWN_TEXT: pasted[:LONGEST]})
        self._open(shown=False)
        self._take(pasted)
        said = []
        if markup := first_markup(pasted[:LONGEST]):
            words = _(
                "Tu texto trae marcas de página web, como «{tag}», y sus letras también se contaron. Si te molestan, "
                "sacalas en «{button}»."
            )
            said.append(words.format(tag=markup, button=self.paste.description))
        if len(pasted) > LONGEST:
            words = _("Era largo: me quedé con las primeras {n} letras, que alcanzan para jugar.")
            said.append(words.format(n=number(LONGEST)))
        if said:
            self._say(" ".join(said))

    @staticmethod
    def _no_words(pasted: str) -> str:
        if any(character.isalpha() for character in pasted):
            return _(
                "Acá no encuentro palabras separadas por espacios, y este modelo cuenta palabras. Probá con otro texto."
            )
        if pasted.strip(" \n\t\0"):
            return _("Acá no encuentro ninguna palabra: solo signos o dibujos. Pegá un poema y probamos.")
        return _("Todavía no pegaste nada. Si no tenés un poema a mano, seguí con las coplas.")

    def _erase(self) -> None:
        taken = was_taken(self._context)
        self._context.save_at({OWN_TEXT: "", OWN_TEXT_TAKEN: False})
        self._open(shown=False)
        self._take("")
        self._say(self._erased(taken=taken))

    @staticmethod
    def _erased(*, taken: bool) -> str:
        if taken:
            return _(
                "Listo: acá ya no están, y las otras apps no los ofrecen más. Lo que hiciste con ellos en esas apps "
                "sigue ahí: lo borra «Borrar mis datos», al final de la tercera. El modelo volvió a las coplas."
            )
        return _("Listo: tus textos ya no están en el proyecto. El modelo volvió a las coplas.")

    def _take(self, pasted: str) -> None:
        """Use the learner's text, or the coplas where there is none with words in it."""
        kept = pasted[:LONGEST]
        own = bool(divided(kept))
        self.paste.description = _("Cambiar mis textos") if own else _("Hacerlo con mis textos")
        show(self.erase, own)
        with self.hold_trait_notifications():
            self.own = own
            self.value = kept if own else sample("coplas").path.read_text("utf-8")

    def _say(self, words: str) -> None:
        self.problem.value = tag("p", text(words), class_="notice", role="status")
