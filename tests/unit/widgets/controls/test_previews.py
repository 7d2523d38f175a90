"""A line of verse begins outside what is marked in it: otherwise the mark would be painted beside the words."""

from html.parser import HTMLParser

from poetas.generation.ngram_model import NGramModel
from poetas.generation.text_loop import find_repetition
from widgets.controls.highlighting import marked
from widgets.controls.previews import broken, continued, xray
from widgets.explore.next_token import greedy_loop
from widgets.explore.task_bench.bench_html import answer_html
from widgets.explore.toy_model import toy_html
from widgets.train import sample_html
from widgets.train.learnt_spans import learnt_spans
from widgets.train.try_it.answer_card import answer_card

COPLA = "Al viento norte le debo\nla sombra de mi parral,\nel canto de la calandria\ny el olor de mi nogal."
BEGINNING, WRITTEN = COPLA[:23], COPLA[23:]


class _Lines(HTMLParser):
    """The elements that each line's beginning stands in, and the text."""

    def __init__(self, html):
        super().__init__()
        self.around, self.begun, self.words = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if ("class", "line-start") in attrs:
            self.begun.append([name for name in self.around if name not in {"div", "p"}])
        if tag != "br":
            self.around.append(tag)

    def handle_endtag(self, tag):
        assert self.around.pop() == tag

    def handle_data(self, data):
        self.words += data


def test_an_empty_line_of_what_goes_round_has_no_background_and_neither_has_the_blank_between_two_times():
    written = "pasa un tren.\n\nEra el río pasa un tren.\n\nEra el río"
    html = broken(greedy_loop.marked(written, find_repetition(written)), verse=False)
    assert "<br><br><mark>" in html
    assert "</mark> <mark>" in html
    assert 'class="written"' not in html, "all of it is marked"
    assert 'class="written"> y más<' in greedy_loop.marked(
        "ay, sol, ay, sol y más", find_repetition("ay, sol, ay, sol")
    )


def test_elements_are_closed_before_a_break_and_opened_again_where_words_follow():
    html = broken('<u class="doubt"><mark>a\n</mark>\nb</u>c', verse=True)
    start = '<br><i class="line-start"></i>'
    assert html == f'<u class="doubt"><mark>a</mark></u>{start}{start}<u class="doubt">b</u>c'


def test_lines_begin_outside_of_what_is_marked_wherever_a_verse_is_drawn():
    model = NGramModel.of_text(f"{COPLA}\n\nOtra")
    pages = {
        "shared words": marked(COPLA, [(3, len(COPLA))]),
        "what goes on": continued(BEGINNING, WRITTEN),
        "where it is cut": xray(BEGINNING, WRITTEN, 30),
        "task bench": answer_html(WRITTEN, beginning=BEGINNING, answer={"cut": False}),
        "before training": sample_html.drawn([{"text": BEGINNING, "plain": WRITTEN}], style=True),
        "own trial": answer_card("tuned", WRITTEN, source=BEGINNING, beginning=BEGINNING),
        "what is learnt": learnt_spans.drawn(
            [{"kind": "masked", "text": BEGINNING}, {"kind": "learnt", "text": WRITTEN}]
        ),
        "toy": toy_html.marked(model, model.words[1 : model.words.index("nogal") + 1]),
    }
    for place, html in pages.items():
        page = _Lines(html)
        assert page.begun == [[]] * COPLA.count("\n"), place
        assert all(last in page.words for last in ("debo", "parral", "calandria", "nogal")), place
