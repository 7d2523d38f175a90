"""The samples: enough of them, varied, in their form, described by their cards."""

import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter

import pytest

from poetas.data.pipeline.mapping import ColumnMapping, guess
from poetas.data.pipeline.pipeline import prepare
from poetas.data.pipeline.reading import read_file
from poetas.data.storage.samples import sample, samples
from tests.unit import verse

# silabeador reads its lists through a call that Python 3.11 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:(read_text|open_text) is deprecated:DeprecationWarning")
WORD = re.compile(r"\w+")
RUN = 8
LEAST = {"noticias": 160, "coplas": 120, "stories": 60}
PAIRS = ("noticias", "stories")


@pytest.fixture(scope="module")
def readings():
    return {item.name: read_file(item.path) for item in samples()}


def pairs(reading):
    mapping = guess(reading.table).mapping
    return list(zip(reading.table[mapping.text], reading.table[mapping.summary], strict=True))


def words(text):
    return WORD.findall(text.lower())


def runs(text):
    result = words(text)
    return {tuple(result[index : index + RUN]) for index in range(len(result) - RUN + 1)}


def first_sentence(text):
    return re.split(r"(?<=[.!?…])[”»\"]?\s", text)[0]


@pytest.mark.parametrize("name", LEAST)
def test_a_sample_is_large_enough_and_read_without_a_remark(readings, name):
    reading = readings[name]
    assert len(reading.table) >= LEAST[name]
    assert reading.encoding == "UTF-8"
    assert not reading.notices


@pytest.mark.parametrize("name", LEAST)
def test_a_sample_is_for_the_task_and_the_columns_it_says(readings, name):
    result = guess(readings[name].table)
    assert result.sure
    assert str(result.mapping.task) == sample(name).task
    expected = {"noticias": ("texto", "resumen"), "stories": ("text", "summary"), "coplas": ("texto", None)}
    assert (result.mapping.text, result.mapping.summary) == expected[name]


@pytest.mark.parametrize("name", PAIRS)
def test_texts_have_60_to_140_words_and_summaries_one_sentence_of_at_most_25(readings, name):
    for text, summary in pairs(readings[name]):
        assert 60 <= len(text.split()) <= 140, text
        assert len(summary.split()) <= 25, summary
        assert summary[-1] in ".!?", summary
        # A full stop inside a sentence stands before a small letter or in an abbreviation; these have none.
        assert not re.search(r"[.!?…][”»\"]?\s+\S", summary), summary


@pytest.mark.parametrize("name", PAIRS)
def test_no_summary_is_the_first_sentence_of_its_text(readings, name):
    for text, summary in pairs(readings[name]):
        first, summarised = set(words(first_sentence(text))), words(summary)
        assert words(summary) != words(first_sentence(text))
        assert sum(word in first for word in summarised) <= 0.75 * len(summarised), summary


def test_no_run_of_eight_words_stands_in_two_texts(readings):
    seen = {}
    texts = [(name, text) for name in LEAST for text in readings[name].table.iloc[:, 0]]
    for index, (name, text) in enumerate(texts):
        for run in runs(text):
            assert seen.setdefault(run, index) == index, f"{name}: {' '.join(run)}"


@pytest.mark.parametrize("name", PAIRS)
def test_texts_are_varied_and_no_template(readings, name):
    texts = [text for text, _summary in pairs(readings[name])]
    openings = Counter(" ".join(words(text)[:2]) for text in texts)
    assert openings.most_common(1)[0][1] <= max(4, 0.05 * len(texts)), openings.most_common(3)
    lengths = [len(text.split()) for text in texts]
    assert max(lengths) - min(lengths) >= 30


@pytest.mark.parametrize("name", LEAST)
def test_letters_are_composed_and_quotes_are_of_one_kind(readings, name):
    text = "\n".join(cell for column in readings[name].table for cell in readings[name].table[column])
    assert unicodedata.normalize("NFC", text) == text
    assert "\ufffd" not in text
    assert not re.search(r"Ã.|â€", text)
    if name == "noticias":
        assert '"' not in text
        assert text.count("“") == text.count("”")


@pytest.mark.parametrize("name", LEAST)
def test_no_two_texts_of_a_sample_are_nearly_the_same(readings, name):
    mapping = guess(readings[name].table).mapping
    prepared = prepare(readings[name], mapping)
    assert sum(prepared.split.counts.values()) == len(readings[name].table)
    assert prepared.split.kept_together == 0


def test_noticias_leave_at_least_forty_texts_for_the_exam(readings):
    counts = prepare(readings["noticias"], ColumnMapping("texto", "resumen")).split.counts
    assert counts["test"] >= 40


@pytest.fixture(scope="module")
def stanzas(readings):
    return [text.split("\n") for text in readings["coplas"].table["texto"]]


@pytest.fixture(scope="module")
def metre(stanzas):
    measure = verse.load()
    return {line: measure(line) for stanza in stanzas for line in stanza}


def test_a_copla_has_four_lines_and_none_comes_twice(stanzas):
    assert {len(stanza) for stanza in stanzas} == {4}
    lines = Counter(line for stanza in stanzas for line in stanza)
    assert lines.most_common(1)[0][1] == 1


def test_at_least_nine_in_ten_lines_have_eight_syllables(metre):
    eight = sum(item.count == 8 for item in metre.values())
    assert eight >= 0.9 * len(metre)


def test_the_even_lines_of_a_copla_rhyme_and_not_with_the_same_word(stanzas, metre):
    for _first, second, _third, fourth in stanzas:
        assert metre[second].asson == metre[fourth].asson, f"{second} / {fourth}"
        assert words(second)[-1] != words(fourth)[-1], f"{second} / {fourth}"


def test_the_library_tells_syllables_and_rhymes_apart(metre):
    """The two tests above are worth something only if the count can come out otherwise."""
    measure = verse.load()
    assert measure("Volverán las oscuras golondrinas").count == 11
    assert measure("Caminante, no hay camino").count == 8
    assert measure("Volverán las oscuras golondrinas").asson != measure("Caminante, no hay camino").asson


@pytest.mark.parametrize("name", LEAST)
def test_a_card_tells_the_numbers_as_they_are(readings, name):
    card = sample(name).card
    table = readings[name].table
    counted = sum(len(text.split()) for text in table.iloc[:, 0])
    grouped = f"{counted:,}" if sample(name).language == "en" else f"{counted:,}".replace(",", ".")
    assert str(len(table)) in card
    assert grouped in card
    assert "CC0 1.0" in card
    lengths = [len(text.split()) for text in table.iloc[:, 0]]
    if name != "coplas":
        assert re.search(rf"\b{min(lengths)}\b.*\b{max(lengths)}\b", card)


def test_samples_can_be_listed_without_pandas_or_arrow():
    code = (
        "import sys, poetas.data.storage.samples as s; s.samples(); "
        "print([name for name in ('pandas', 'pyarrow') if name in sys.modules])"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"


def test_stories_are_one_json_object_a_line_with_nothing_else():
    lines = sample("stories").path.read_text("utf-8").splitlines()
    assert all(set(json.loads(line)) == {"text", "summary"} for line in lines)
