"""The generation service, asked in this process and in its own: answers, cards, sessions kept apart."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poetas.errors import PoetasError
from poetas.evaluation.sentences import sentence_spans
from poetas.generation.errors import BadAdapter, BadSettings, ModelNotReady, PromptTooLong
from poetas.generation.handler import Generation
from poetas.models.errors import UnknownModel
from poetas.models.model_store import model_folder
from poetas.services import RemoteError, Service, Session
from poetas.services.errors import CallCancelled
from poetas.services.session import FairLock, running
from poetas.tokens.special_token_guard import plain_ids
from poetas.workspace import Workspace
from tests.tiny_adapter import make_adapter
from tests.tiny_model import TINY, register_tiny_model

TEXT = "La panadera del barrio abre antes de que salga el sol"
HOT = {"temperature": 1.3, "top_k": 40, "max_tokens": 25, "seed": 3}


pytestmark = pytest.mark.usefixtures("one_core")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("home"))
    register_tiny_model(workspace)
    register_tiny_model(workspace, chat=True, id="tiny-chat")
    jobs = workspace.project("p").jobs
    for number in range(1, 7):
        make_adapter(model_folder(workspace, TINY), jobs / f"train-{number}" / "adapter", seed=number)
    return workspace


@pytest.fixture(scope="module")
def handler(home: Workspace) -> Generation:
    return Generation(home)


def adapter(home: Workspace, number: int) -> str:
    return str(home.project("p").jobs / f"train-{number}" / "adapter")


def new_session(number: int = 1) -> Session:
    return Session(number, FairLock())


@pytest.fixture
def session(handler: Generation) -> Iterator[Session]:
    new = new_session(99)
    yield new
    new.drop()


def consume(stream: Any) -> tuple[list[str], dict[str, Any]]:
    pieces = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def write(handler: Generation, session: Session, **options: Any) -> str:
    arguments = {"text": TEXT, "model": TINY, "settings": HOT, **options}
    pieces, result = consume(handler.generate(session, **arguments))
    assert "".join(pieces) == result["text"]
    return result["text"]


def test_the_next_token_comes_with_every_logit_and_the_likeliest_in_words(
    handler: Generation, session: Session, home: Workspace
) -> None:
    from poetas.generation.model import load_model

    loaded = handler.load(session, TINY)
    answer = handler.next_token(session, TEXT)
    logits = answer["logits"]
    assert logits.dtype == np.float32
    assert logits.shape == (loaded["vocabulary"],)
    assert answer["ids"].tolist() == np.argsort(-logits, kind="stable")[:200].tolist()
    assert len(answer["pieces"]) == 200
    assert answer["pieces"][0] == load_model(model_folder(home, TINY)).pieces.text(int(answer["ids"][0]))
    assert "".join(answer["prompt_pieces"]) == TEXT
    assert answer["truncated"] == 0


def test_a_summary_that_has_begun_is_followed_as_it_stands_in_a_training_example(
    handler: Generation, session: Session, home: Workspace
) -> None:
    import torch

    from poetas.generation.model import load_model
    from poetas.training.label_masking import encode_example

    handler.load(session, TINY)
    model = load_model(model_folder(home, TINY))
    whole = encode_example(model.tokenizer, model.style, TEXT, "El río").input_ids[:-1]  # without its end
    with torch.inference_mode():
        logits = model.model(torch.tensor([whole])).logits[0, -1].float().numpy()
    answer = handler.next_token(session, "El río ", source=TEXT)
    assert answer["logits"] == pytest.approx(logits, abs=1e-3)
    assert "".join(answer["prompt_pieces"]) == "El río "


def likelihood(home: Workspace, text: str, word: str) -> float:
    from poetas.generation.log_likelihood import log_likelihoods
    from poetas.generation.model import load_model
    from poetas.generation.prompts import encode_beginning

    model = load_model(model_folder(home, TINY))
    prompt = encode_beginning(model.tokenizer, model.style, text).input_ids
    return float(log_likelihoods(model, prompt, [plain_ids(model.tokenizer, word)])[0].sum())


def test_a_guess_gets_its_probability_as_a_whole_word(handler: Generation, session: Session, home: Workspace) -> None:
    handler.load(session, TINY)
    answer = handler.next_token(session, TEXT, guess="y")
    assert answer["guess"] == pytest.approx(likelihood(home, TEXT, " y"))
    assert "guess" not in handler.next_token(session, TEXT, guess="  ")
    blank = handler.next_token(session, f"{TEXT}\n", guess=" y ")
    assert blank["guess"] == pytest.approx(likelihood(home, f"{TEXT}\n", "y"))


def test_a_text_too_long_is_cut_at_its_beginning_and_reported(handler: Generation, session: Session) -> None:
    room = handler.load(session, TINY)["room"]
    answer = handler.next_token(session, f"{TEXT} " * 400)
    assert answer["truncated"] > 0
    assert len(answer["prompt_pieces"]) == room
    assert len(handler.next_token(session, f"{TEXT} " * 400, longest=50)["prompt_pieces"]) == 50
    result = consume(handler.summarise(session, f"{TEXT} " * 400, settings={"max_tokens": 3}))[1]
    assert result["truncated"] > 0


def test_a_seed_repeats_its_text_and_settings_count(handler: Generation, session: Session) -> None:
    first = write(handler, session)
    assert write(handler, session) == first
    assert write(handler, session, settings={**HOT, "seed": 4}) != first
    cold = write(handler, session, settings={"max_tokens": 10})
    assert cold == write(handler, session, settings={"max_tokens": 10, "seed": 9})


@pytest.mark.parametrize("temperature", [0.0, 0.05])
def test_a_text_that_goes_round_does_not_where_no_three_tokens_may_come_twice(
    handler: Generation, session: Session, temperature: float
) -> None:
    rounds = []
    for rule in (0, 3):
        settings = {"max_tokens": 60, "temperature": temperature, "unrepeated": rule}
        text = consume(handler.generate(session, TEXT, settings=settings, model=TINY))[1]["text"]
        rounds.append(re.search(r"(.{4,})\1{3}", text) is not None)
    assert rounds == [True, False]


def test_what_is_streamed_is_what_a_batch_would_write(handler: Generation, session: Session, home: Workspace) -> None:
    from poetas.generation.batch_generation import generate_texts
    from poetas.generation.model import load_model
    from poetas.generation.prompts import encode_prompt
    from poetas.generation.sampling import GenerationSettings

    for name in (TINY, "tiny-chat"):
        _, result = consume(handler.summarise(session, TEXT, settings={"max_tokens": 20}, model=name))
        model = load_model(model_folder(home, name))
        prompt = encode_prompt(model.tokenizer, model.style, TEXT).input_ids
        stop = "\n" if name == TINY else ""
        [text] = generate_texts(model, [prompt], GenerationSettings(max_tokens=20), stop=stop)
        assert (result["text"].strip(), result["tokens"], result["complete"]) == (text.text, text.tokens, text.complete)


def test_the_first_sentences_are_kept_where_they_are_asked_for(handler: Generation, session: Session) -> None:
    settings = {**HOT, "max_tokens": 60}
    whole = consume(handler.summarise(session, TEXT, settings=settings, model=TINY))[1]["text"]
    pieces, kept = consume(handler.summarise(session, TEXT, settings=settings, model=TINY, sentences=1))
    spans = sentence_spans(whole)
    assert kept["text"] == whole[spans[0].start : spans[0].end]
    assert "".join(pieces).strip() == kept["text"]


def test_labels_share_out_the_whole_and_what_is_no_different_with_the_text_is_even(
    handler: Generation, session: Session
) -> None:
    for name in (TINY, "tiny-chat"):
        answer = handler.classify(session, TEXT, ["deporte", "cocina", "clima"], model=name)
        assert answer["shares"].sum() == pytest.approx(1)
        even = handler.classify(session, "", ["deporte", "cocina", "clima"], model=name)
        assert even["shares"] == pytest.approx([1 / 3] * 3)
    repeated = handler.classify(session, TEXT, ["sol", "sol"], model=TINY)
    assert repeated["shares"] == pytest.approx([0.5, 0.5])


def test_two_sessions_one_tuned_and_one_not_do_not_mix_while_they_take_turns(
    handler: Generation, home: Workspace
) -> None:
    sessions = {name: new_session(number) for number, name in enumerate(("base", "one", "two"), start=1)}
    adapters = {"base": None, "one": adapter(home, 1), "two": adapter(home, 2)}
    for name, opened in sessions.items():
        handler.load(opened, TINY, adapters[name])
    alone = {name: write(handler, opened, model="") for name, opened in sessions.items()}
    assert len(set(alone.values())) == 3
    together: dict[str, str] = {}
    order: list[str] = []

    def work(name: str) -> None:
        pieces = []
        stream = handler.generate(sessions[name], TEXT, settings=HOT)
        for piece in stream:
            pieces.append(piece)
            order.append(name)
        together[name] = "".join(pieces)

    threads = [threading.Thread(target=work, args=(name,)) for name in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert together == alone
    switches = sum(before != other for before, other in itertools.pairwise(order))
    assert switches > 10  # token by token, not one text after the other
    for opened in sessions.values():
        opened.drop()


def test_a_session_that_ends_leaves_no_adapter_behind(handler: Generation, home: Workspace) -> None:
    first, second = new_session(11), new_session(12)
    handler.load(first, TINY, adapter(home, 1))
    handler.load(second, TINY, adapter(home, 1))
    model = handler._model_cache._model
    assert len(model.adapters.names) == 1
    first.drop()
    assert len(model.adapters.names) == 1  # the second one's
    second.drop()
    assert model.adapters.names == ()
    assert not any("lora" in name for name, _ in model.model.named_parameters())


def test_only_a_few_adapters_stay_in_memory_and_all_of_them_work(
    handler: Generation, session: Session, home: Workspace
) -> None:
    texts = {number: write(handler, session, adapter=adapter(home, number)) for number in range(1, 7)}
    assert len(set(texts.values())) == 6
    assert len(handler._model_cache._model.adapters.names) <= 4
    assert write(handler, session, adapter=adapter(home, 1)) == texts[1]


def test_an_adapter_trained_again_in_the_same_folder_is_another(
    handler: Generation, session: Session, home: Workspace
) -> None:
    folder = home.project("p").jobs / "again" / "adapter"
    make_adapter(model_folder(home, TINY), folder, seed=1)
    before = write(handler, session, adapter=str(folder))
    time.sleep(0.02)
    make_adapter(model_folder(home, TINY), folder, seed=2)
    assert write(handler, session, adapter=str(folder)) != before
    assert write(handler, session, adapter=str(folder)) == write(handler, session, adapter=adapter(home, 2))


@pytest.mark.parametrize("where", ["/etc", "..", "proyectos/p/../../../x", "enlace", "proyectos/p"])
def test_an_adapter_elsewhere_or_none_at_all_is_a_card(
    handler: Generation, session: Session, home: Workspace, tmp_path: Path, where: str
) -> None:
    link = home.root / "enlace"
    if not link.is_symlink():
        link.symlink_to(make_adapter(model_folder(home, TINY), tmp_path / "outside"))
    with pytest.raises(BadAdapter):
        handler.load(session, TINY, where)
    assert write(handler, session)  # it goes on working


def test_asking_without_a_model_or_for_one_that_is_not_here_is_a_card(handler: Generation, session: Session) -> None:
    with pytest.raises(ModelNotReady):
        handler.next_token(session, TEXT)
    with pytest.raises(ModelNotReady):
        handler.load(session, "smollm2-135m-not-fetched")
    with pytest.raises(UnknownModel):
        handler.load(session, "../../etc")
    with pytest.raises(BadSettings):
        consume(handler.generate(session, TEXT, settings={"temperature": -1}, model=TINY))


def test_examples_that_leave_no_room_are_a_card(handler: Generation, session: Session) -> None:
    with pytest.raises(PromptTooLong):
        consume(handler.summarise(session, TEXT, examples=[(TEXT * 300, "x")], model=TINY))


def test_a_model_too_large_for_the_memory_is_a_card_and_the_others_still_work(
    handler: Generation, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(handler, session)
    with monkeypatch.context() as patched:
        patched.setattr("poetas.generation.model.free_memory", lambda _device: 1_000_000)
        with pytest.raises(PoetasError) as caught:
            handler.load(session, "tiny-chat")
    assert caught.value.explanation.code == "out-of-memory"
    assert write(handler, session)


def test_another_model_waits_for_a_text_in_the_making_and_then_takes_its_place(handler: Generation) -> None:
    first, second = new_session(21), new_session(22)
    stream = handler.generate(first, TEXT, settings=HOT, model=TINY)
    started = [next(stream)]
    loaded: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: loaded.append(handler.load(second, "tiny-chat")))
    thread.start()
    thread.join(0.5)
    assert not loaded
    rest, result = consume(stream)
    assert "".join(started + rest) == result["text"]
    thread.join(60)
    assert loaded[0]["model"] == "tiny-chat"
    assert handler._model_cache._version is not None
    assert handler._model_cache._version[0].name == "tiny-chat"


def test_cancelling_ends_a_text_between_tokens_and_frees_the_model(handler: Generation, session: Session) -> None:
    cancelled = threading.Event()
    running.cancelled = cancelled
    try:
        stream = handler.generate(session, TEXT, settings={"max_tokens": 500}, model=TINY)
        next(stream)
        cancelled.set()
        with pytest.raises(CallCancelled):
            consume(stream)
    finally:
        running.cancelled = None
    assert handler._model_cache._users == 0
    assert write(handler, session)


def test_a_stream_that_is_not_read_to_its_end_gives_the_model_back(handler: Generation, session: Session) -> None:
    stream = handler.generate(session, TEXT, settings=HOT, model=TINY)
    next(stream)
    assert handler._model_cache._users == 1
    stream.close()
    assert handler._model_cache._users == 0


@pytest.fixture(scope="module")
def service(home: Workspace) -> Iterator[Service]:
    with Service.shared("generation", home.root) as shared:
        yield shared
        shared.quit()


def test_the_real_service_answers_streams_and_tells_its_cards(
    service: Service, handler: Generation, session: Session, home: Workspace
) -> None:
    service.call("load", model=TINY)
    answer = service.call("next_token", text=TEXT)
    assert np.allclose(answer["logits"], handler.next_token(session, TEXT, model=TINY)["logits"], atol=0.05)
    call = service.submit("generate", text=TEXT, settings=HOT)
    result = call.result(60)
    assert "".join(call.items()) == result["text"]
    assert service.call("classify", text=TEXT, labels=["sol", "luna"])["total"].dtype == np.float64
    for arguments in ({"model": "nope"}, {"model": TINY, "adapter": "/etc"}):
        with pytest.raises(RemoteError) as caught:
            service.call("load", **arguments)
        assert caught.value.explanation.code in {"model-not-ready", "bad-adapter"}
    long = service.submit("generate", text=TEXT, settings={"max_tokens": 2000})
    while not long.items():
        time.sleep(0.01)
    long.cancel()
    start = time.monotonic()
    service.call("next_token", text="y")
    assert time.monotonic() - start < 20
    assert service.alive


def test_the_real_service_keeps_two_pages_apart(service: Service, home: Workspace) -> None:
    with Service.shared("generation", home.root) as other:
        service.call("load", model=TINY)
        other.call("load", model=TINY, adapter=str(Path(adapter(home, 3)).relative_to(home.root)))
        calls = [page.submit("generate", text=TEXT, settings=HOT) for page in (service, other, service, other)]
        texts = [call.result(120)["text"] for call in calls]
        assert texts[0] == texts[2] != texts[1] == texts[3]


@pytest.mark.parametrize(
    ("text", "language"), [("El gato duerme en la silla.", "es"), ("The cat is on the mat.", "en")]
)
def test_a_request_is_worded_in_the_language_of_its_text_as_in_training(handler, session, home, text, language) -> None:
    from poetas.generation.batch_generation import generate_texts
    from poetas.generation.model import load_model
    from poetas.generation.prompt_templates import PromptStyle
    from poetas.generation.prompts import encode_prompt
    from poetas.generation.sampling import GenerationSettings

    _, result = consume(handler.summarise(session, text, settings={"max_tokens": 20}, model="tiny-chat"))
    model = load_model(model_folder(home, "tiny-chat"))
    asked = {word: encode_prompt(model.tokenizer, PromptStyle("chat", word), text).input_ids for word in ("es", "en")}
    assert asked["es"] != asked["en"]
    [written] = generate_texts(model, [asked[language]], GenerationSettings(max_tokens=20))
    assert result["text"].strip() == written.text


def test_a_dataset_says_where_a_summary_ends(handler: Generation, home: Workspace, monkeypatch: Any) -> None:
    """As in the evaluation: as long as a quarter more than its longest training summary, the first sentences only."""
    from poetas.evaluation.length_limits import Decoding
    from poetas.generation import handler as module

    monkeypatch.setattr(module, "dataset_rules", lambda _folder, _count: (Decoding(6, 1), "en"))
    session = new_session()
    handler.load(session, TINY)
    pieces, answer = consume(handler.summarise(session, TEXT, settings={"max_tokens": 20}, dataset="conjunto"))
    assert 0 < answer["tokens"] <= 6
    assert answer["cut"] == (not answer["complete"])
    assert "".join(pieces) == answer["text"]
    assert consume(handler.generate(session, TEXT, settings={"max_tokens": 20}, dataset="conjunto"))[1]["tokens"] <= 6

    def ramble(*_arguments: Any, **_options: Any) -> Any:
        yield from ("Llovió. ", "Des", "pués no, y nunca más.")
        return {"text": "Llovió. Después no, y nunca más.", "tokens": 9, "complete": False, "seconds": 1.0}

    monkeypatch.setattr(module, "stream_text", ramble)
    pieces, answer = consume(handler.summarise(session, TEXT, settings={"max_tokens": 20}, dataset="conjunto"))
    assert (pieces, answer["text"], answer["cut"]) == (["Llovió."], "Llovió.", False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("🧉🌙🧉", 1),
        ("قال البحر", 2),
        ("<script>alert(1)</script>", 1),
        ("a\0b c", 2),
        ("palabra " * 6250, 40),
    ],
    ids=["empty", "emoji", "right to left", "script", "nul", "50,000 characters"],
)
def test_any_text_can_be_read_without_a_word_and_through_a_window(handler, session, text, words):
    weights = handler.word_weights(session, text, 5, model=TINY)
    assert len(weights["spans"]) == len(weights["lacking"]) == len(weights["favourites"]) == words
    windows = handler.context_windows(session, text, model=TINY)
    assert len(windows["sizes"]) == len(windows["shares"]) == len(windows["pieces"])
    assert (len(windows["sizes"]) > 0) == bool(text)
    assert all(len(row) == 10 for row in windows["pieces"])
