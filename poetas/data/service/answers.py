"""The answers of the preparation service, as typed dictionaries: what `PreparationClient` returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

if TYPE_CHECKING:  # a page's kernel imports this module before it needs numpy
    import numpy as np
    from numpy.typing import NDArray


class Columns(TypedDict):
    """Names of the chosen columns; summary is None for the style task."""

    text: str
    summary: str | None


class WorkDone(TypedDict):
    """Progress of a long call: what is being done, in words, and the share of it that is done."""

    note: str
    done: float


class ReadAnswer(TypedDict):
    """A file as it was understood: its first rows, and the columns that were guessed."""

    name: str
    format: str
    encoding: str
    delimiter: str
    decimal: str
    header: bool
    size: int
    rows: int
    columns: list[str]
    sentence: str
    notices: list[str]
    notice_codes: list[str]
    head: list[list[str]]
    mapping: Columns
    task: str
    sure: bool
    guess: str


class MappedAnswer(TypedDict):
    """What the chosen columns hold. few: why they cannot be split, "" where they can. repairs: those chosen."""

    mapping: Columns
    task: str
    rows: int
    source_rows: int
    few: str
    repairs: dict[str, bool]
    findings: list[dict[str, Any]]
    steps: list[str]
    preview: list[dict[str, str]]


class PairAnswer(TypedDict):
    """A text, from 0, of the file's distinct ones, and the summary that the learner wrote, "" before.

    written: how many of the texts have one.
    """

    index: int
    total: int
    written: int
    text: str
    summary: str


class HealthExampleAnswer(TypedDict):
    """A row that a check found, shortened. row: counted from 1. after: as it is repaired, "" where it is left out."""

    row: int
    before: str
    after: str


class HealthFindingAnswer(TypedDict):
    """A check that found something.

    light: "repair", "look", or "healthy" where it is repaired. on: whether the repair is applied. button: the label of
    what switches it, "" where nothing does.
    """

    code: str
    light: str
    count: int
    sentence: str
    advice: str
    examples: list[HealthExampleAnswer]
    on: bool
    button: str


class HealthAnswer(TypedDict):
    """All findings, the healthy checks in words, the chosen repairs, and what the columns hold with them."""

    findings: list[HealthFindingAnswer]
    healthy: list[str]
    repairs: dict[str, bool]
    mapped: MappedAnswer


class PreviewAnswer(TypedDict):
    """Some rows from ``first`` on, of ``total``."""

    first: int
    total: int
    rows: list[dict[str, str]]


class RowAnswer(TypedDict):
    """One clean row. source_row: its number in the file (`Reading.row_number`)."""

    index: int
    source_row: int
    text: str
    summary: NotRequired[str]


class AccountRowAnswer(TypedDict):
    """What became of a row. where: its place. outcome: "used", "changed" or "left-out". words: how, or why."""

    where: str
    outcome: str
    words: str
    text: str
    summary: str


class AccountReasonAnswer(TypedDict):
    """A reason or a change with its count of rows. outcome: "changed" or "left-out"."""

    code: str
    outcome: str
    words: str
    count: int


class AccountAnswer(TypedDict):
    """The rows of the file; rows is the sum of used, changed and left_out. total: rows that fit the question."""

    counts: dict[str, int]
    reasons: list[AccountReasonAnswer]
    first: int
    total: int
    rows: list[AccountRowAnswer]


class TokenPiece(TypedDict):
    """One token: its text, how it is drawn, its id, and its place in the text in characters."""

    text: str
    visible: str
    id: int
    start: int
    end: int


class TokensAnswer(TypedDict):
    """A text in tokens. shortened: whether only its beginning was cut into tokens."""

    pieces: list[TokenPiece]
    count: int
    words: int
    tokens_per_word: float
    shortened: bool


class LengthsAnswer(TypedDict):
    """Tokens of every text and of every summary: int64[rows] each (no summaries: int64[0])."""

    text: NDArray[np.int64]
    summary: NDArray[np.int64]


class CutAnswer(TypedDict):
    """What keeping a number of tokens of each text loses, and both sides of the cut in one text."""

    texts: int
    words: int
    words_lost: int
    share_lost: float
    index: int
    tokens: int
    kept: str
    lost: str
    text_words: int
    text_words_lost: int


class WindowsAnswer(TypedDict):
    """Windows of all texts. texts: parted ones. work: tokens studied, times those of the cut texts.

    shown: beginning and end ("" where it is shown whole) of the first windows of the longest text, of ``shown_of``.
    """

    texts: int
    windows: int
    work: float
    shown: list[list[str]]
    shown_of: int


class BeyondAnswer(TypedDict):
    """Summaries that name what is cut off, of ``read`` ones of cut texts; of the first, its row and what it names."""

    texts: int
    read: int
    row: int
    example: str


class SplitAnswer(TypedDict):
    """How many texts each part gets, with examples of each."""

    counts: dict[str, int]
    examples: dict[str, list[dict[str, str]]]
    kept_together: int
    grouped: int
    notices: list[str]
    notice_codes: list[str]


class SavedAnswer(TypedDict):
    """A saved dataset: its folder, its name, texts in each part, and the steps that changed rows."""

    folder: str
    path: str
    name: str
    task: str
    counts: dict[str, int]
    steps: list[str]


class ExportAnswer(TypedDict):
    """A zip of a dataset. size: in bytes."""

    path: str
    size: int


class TextsAnswer(TypedDict):
    """Rows of one part of a saved dataset."""

    rows: list[dict[str, str]]
