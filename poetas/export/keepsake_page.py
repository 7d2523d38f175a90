"""Keepsake of a model: one self-contained HTML page to keep, share and print.

No script, no outside address, everything escaped; a Content-Security-Policy in the page holds it to that. Of the
learner's texts it has what she chose, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from pathlib import Path

from poetas import environment
from poetas.evaluation.verse_detection import is_verse
from poetas.export.keepsake_chart import Points, loss_chart
from poetas.export.licence_files import whose_texts
from poetas.export.markdown import one_line
from poetas.i18n import _, ngettext, number
from poetas.util.excerpt import shortened
from poetas.util.files import write_text
from poetas.util.self_contained_page import self_contained_page

MOST_LINES = 3
_LONGEST_LINE, _LONGEST_TEXT, _LONGEST_NAME = 400, 4000, 80
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
    *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """What both models wrote. given: the beginning or the text, "" where the learner did not tick it."""

    before: str
    after: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class KeepsakeContent:
    """What the page shows.

    name: of the model, given by the learner. day: of the page. texts: how many it learnt from. base: title of the model
    as it came. task: "summary" or "style". lines: chosen by the learner among what the model wrote, at most three.
    pair: the same text before and after, None to leave it out. training, validation: losses by step. verdict: headline
    and sentences, () where no exam was taken. author: as the learner signs, "" for no name. own: whether the texts were
    the learner's, not a sample's; None where that is not known.
    """

    name: str
    day: date
    texts: int
    base: str
    task: str = "style"
    lines: tuple[str, ...] = ()
    pair: BeforeAfter | None = None
    training: Points = ()
    validation: Points = ()
    verdict: tuple[str, ...] = ()
    author: str = ""
    own: bool | None = None


def write_keepsake(path: Path, keepsake: KeepsakeContent) -> None:
    """Write the page, whole or not at all. Raises OSError."""
    write_text(path, keepsake_page(keepsake))


def keepsake_page(keepsake: KeepsakeContent) -> str:
    """Return the page."""
    name = one_line(keepsake.name, _LONGEST_NAME) or _("Mi modelo")
    parts = [_heading(keepsake, name), _lines(keepsake), _pair(keepsake.pair), _verdict(keepsake), _curve(keepsake)]
    body = "\n".join(part for part in parts if part)
    return self_contained_page(name, _css(), f"{body}\n{_foot(keepsake)}")


def _heading(keepsake: KeepsakeContent, name: str) -> str:
    day = _("{day} de {month} de {year}").format(
        day=keepsake.day.day, month=_MONTHS[keepsake.day.month - 1], year=keepsake.day.year
    )
    learnt = ngettext("aprendió de {n} texto", "aprendió de {n} textos", keepsake.texts)
    facts = [day, learnt.format(n=number(keepsake.texts)), _("sobre {base}").format(base=one_line(keepsake.base))]
    return (
        f'<header>\n<p class="over">{escape(_above(keepsake))}</p>\n<h1>{escape(name)}</h1>\n'
        f'<p class="facts">{escape(" · ".join(facts))}</p>\n</header>'
    )


def _above(keepsake: KeepsakeContent) -> str:
    """Return the line above the name: «mi», or the author's, only where the texts were."""
    author, style = one_line(keepsake.author, _LONGEST_NAME), keepsake.task == "style"
    if not keepsake.own:
        words = _("Un modelo ajustado por {author} con {texts}") if author else _("Un modelo ajustado con {texts}")
        return words.format(author=author, texts=whose_texts(own=keepsake.own))
    if author:
        words = _("Un modelo que escribe con la voz de {author}")
        return (words if style else _("Un modelo que resume los textos de {author}")).format(author=author)
    return _("Un modelo que escribe con mi voz") if style else _("Un modelo que resume mis textos")


def _lines(keepsake: KeepsakeContent) -> str:
    chosen = [line.strip() for line in keepsake.lines if line.strip()][:MOST_LINES]
    if not chosen:
        return ""
    quotes = "\n".join(f"<blockquote>{escape(_cut(line, _LONGEST_LINE))}</blockquote>" for line in chosen)
    label = escape(_("Lo mejor que escribió"))
    look = "lines hung" if keepsake.task == "style" else "lines"
    return f'<section class="{look}" aria-label="{label}">\n{quotes}\n</section>'


def _pair(pair: BeforeAfter | None) -> str:
    if pair is None:
        return ""
    given = ""
    if pair.given.strip():
        given = f'<p class="verse given">{_hung(_cut(pair.given.strip(), _LONGEST_TEXT))}</p>\n'
    columns = "\n".join(
        f'<div class="{kind}">\n<h3>{escape(title)}</h3>\n<p class="verse">{_written(text)}</p>\n</div>'
        for kind, title, text in (("before", _("Antes"), pair.before), ("after", _("Después"), pair.after))
    )
    title = escape(_("Antes y después"))
    return f'<section>\n<h2>{title}</h2>\n{given}<div class="pair">\n{columns}\n</div>\n</section>'


def _written(text: str) -> str:
    if not text.strip():
        return f'<span class="soft">{escape(_("No escribió nada."))}</span>'
    return _hung(_cut(text.strip(), _LONGEST_TEXT))


def _hung(text: str) -> str:
    """Return a text as HTML; lines of verse are blocks, so that what a narrow page breaks off is seen to go on."""
    if not is_verse([text]):
        return escape(text)
    return "".join(f'<span class="line">{escape(line) or "<br>"}</span>' for line in text.split("\n"))


def _verdict(keepsake: KeepsakeContent) -> str:
    title = escape(_("¿Mejoró?"))
    if not keepsake.verdict:
        unknown = escape(_("No se le tomó examen: no se sabe si es mejor que antes."))
        return f"<section>\n<h2>{title}</h2>\n<p>{unknown}</p>\n</section>"
    headline, *rest = (escape(one_line(sentence, 600)) for sentence in keepsake.verdict)
    more = "".join(f"\n<p>{sentence}</p>" for sentence in rest)
    if more:  # folded, as in the app: figures are for who asks
        more = f"\n<details>\n<summary>{escape(_('En qué se apoya este veredicto'))}</summary>{more}\n</details>"
    return f'<section class="verdict">\n<h2>{title}</h2>\n<p><strong>{headline}</strong></p>{more}\n</section>'


def _curve(keepsake: KeepsakeContent) -> str:
    picture = loss_chart(keepsake.training, keepsake.validation)
    if not picture:
        return ""
    title, note = escape(_("Mientras aprendía")), escape(_("La pérdida es la sorpresa del modelo ante los textos."))
    return f'<section>\n<h2>{title}</h2>\n{picture}\n<p class="soft">{note}</p>\n</section>'


def _foot(keepsake: KeepsakeContent) -> str:
    written = _(
        "Las líneas citadas, y lo que dice «Antes» y «Después», lo escribió un modelo de lenguaje, no una persona."
    )
    if not keepsake.lines and keepsake.pair is None:
        written = _("Este modelo es un programa: lo que escribe no lo escribió una persona.")
    made = _("Hecho con LLMs para poetas, en una sola máquina, sin enviar los textos a ningún lado.")
    if environment.borrowed():  # the texts were sent there
        made = _("Hecho con LLMs para poetas, en una máquina prestada.")
    return f"<footer>\n<p>{escape(written)}</p>\n<p>{escape(made)}</p>\n</footer>"


def _cut(text: str, longest: int) -> str:
    kept = "".join(char for char in text if char in "\n\t" or char.isprintable())
    return shortened(kept, longest)


@cache
def _css() -> str:
    return Path(__file__).with_name("keepsake_page.css").read_text("utf-8")


def chosen_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """Return at most three lines, without blanks around them and without repeats.

    >>> chosen_lines(["uno ", "", "uno", "dos", "tres", "cuatro"])
    ('uno', 'dos', 'tres')
    """
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))[:MOST_LINES]
