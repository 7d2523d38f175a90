"""The parts that all steps share: poller, context, slider, code, cards; with real services and jobs."""

import asyncio
import errno
import itertools
import json
import re
import threading
import time
from base64 import b64decode
from concurrent.futures import Future

import pytest
from ipywidgets import Button

from poetas.errors import disk_full, explain
from poetas.jobs import Job, JobState, Started, Step, process_lock
from poetas.services import Service
from poetas.services.errors import RemoteError
from poetas.workspace import Workspace
from tests.paths import UNIT
from tests.unit.widgets.pollers import needs_loop, new_poller, sweep
from tests.unit.widgets.virtual_time import run_in_virtual_time
from widgets import Glossary, JobCard, PageContext, Poller, SliderField, StepCard, StepCode
from widgets.core.component import Component
from widgets.core.elements import is_shown
from widgets.core.error_card import ErrorCard
from widgets.core.html import markdown

HERE = str(UNIT)


@pytest.fixture(autouse=True)
def programs_of_tests(monkeypatch):
    """Let real processes import the programs and handlers that stand beside the tests."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("PYTHONPATH", HERE)


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    yield context
    context.close()


def test_the_poller_runs_on_the_kernels_loop_at_most_four_times_a_second_and_ends_when_nothing_is_polled():
    times = []

    async def page():
        poller = Poller(inline=False)
        poller.watch(lambda: times.append(time.monotonic()) or len(times) < 5)
        await asyncio.wait_for(poller._loop_task, 30)
        await asyncio.sleep(0.3)
        return poller._loop_task.done()

    assert asyncio.run(page())
    assert len(times) == 5
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.2


def test_a_short_answer_does_not_wait_for_the_next_poll():
    async def page():
        poller, answer, seen = Poller(inline=False, period=5), Future(), []
        start = time.monotonic()
        poller.settle(answer, lambda value: seen.append((value, time.monotonic() - start)), seen.append)
        threading.Timer(0.05, answer.set_result, args=("sí",)).start()
        await asyncio.wait_for(poller._loop_task, 30)
        return seen

    [(value, seconds)] = asyncio.run(page())
    assert value == "sí"
    assert seconds < 1


def test_a_poll_task_that_fails_does_not_stop_the_others():
    poller, seen = Poller(inline=False), []
    poller.watch(lambda: 1 / 0)
    poller.watch(lambda: seen.append(1) or len(seen) < 3)
    poller.drain(5)
    assert len(seen) == 3


def test_a_patient_task_is_polled_less_and_less_until_it_is_hurried(monkeypatch):
    async def page():
        now, polls = asyncio.get_running_loop().time, []
        poller = Poller(inline=False, period=0.02)
        task = poller.watch(lambda: polls.append(now()) or True)
        task.patient, task.began = True, now()
        await asyncio.sleep(2)
        young = list(polls)
        task.began -= 60
        await asyncio.sleep(1)
        polls.clear()
        await asyncio.sleep(20)
        old, asked = list(polls), now()
        poller.hurry(task)
        await asyncio.sleep(0.2)
        task.cancel()
        return young, old, polls[len(old)] - asked, len(polls) - len(old)

    young, old, waited, again = run_in_virtual_time(page(), monkeypatch)
    pauses = [second - first for first, second in itertools.pairwise(young)]
    assert pauses[0] == pytest.approx(0.02, abs=1e-3)
    assert pauses == pytest.approx([max(0.02, moment / 10) for moment in young[:-1]], abs=1e-3)
    assert len(old) == 5
    assert [second - first for first, second in itertools.pairwise(old)] == pytest.approx([4.0] * 4, abs=1e-3)
    assert waited == pytest.approx(0.02, abs=1e-3)  # in which answers that come together are gathered
    assert again >= 8


class Counting(Poller):
    """Counts how often it woke up."""

    sweeps = 0

    def _sweep(self):
        self.sweeps += 1
        super()._sweep()


def test_the_poller_sleeps_until_a_task_is_due_and_another_task_does_not_wait_for_a_patient_one(monkeypatch):
    async def page():
        poller, polls = Counting(inline=False, period=0.02), []
        patient = poller.watch(lambda: True)
        patient.patient = True
        patient.began = asyncio.get_running_loop().time() - 60
        await asyncio.sleep(0.1)
        poller.sweeps = 0
        await asyncio.sleep(0.5)
        slept = poller.sweeps
        poller.watch(lambda: polls.append(1) or len(polls) < 5)
        await asyncio.sleep(0.4)
        patient.cancel()
        return slept, len(polls)

    slept, polls = run_in_virtual_time(page(), monkeypatch)
    assert slept == 0
    assert polls == 5


def test_interrupting_the_cell_in_colab_asks_the_polled_work_to_stop_and_waits_for_it():
    poller, polls, asked = Poller(inline=True, period=0.01), [], []

    def poll():
        polls.append(1)
        if len(polls) == 3:
            raise KeyboardInterrupt
        return len(asked) == 0 or len(polls) < 6

    poller.watch(poll, interrupt=lambda: asked.append(1))
    assert asked == [1]
    assert len(polls) >= 6


def test_a_look_in_colab_polls_at_least_once_and_gives_up_after_its_time():
    poller, polls = Poller(inline=True, period=0.01), []
    poller.watch(lambda: polls.append(1) or True, longest=0.0)
    assert len(polls) == 1
    assert poller.tasks == ()
    poller.watch(lambda: polls.append(1) or True, longest=0.3)
    assert 3 <= len(polls) <= 32
    assert poller.tasks == ()


def service_of_tests(context, monkeypatch):
    """The page's services, where every name leads to the handlers of the tests."""
    service = Service.private("echo", context.workspace.root, table="service_handlers")
    monkeypatch.setattr(context.services, "connect", lambda _name: service)
    return context.services, service


def test_a_page_asks_a_real_service_and_the_answer_or_the_card_comes_through_the_poller(context, monkeypatch):
    services, service = service_of_tests(context, monkeypatch)
    answers, cards = [], []
    services.ask(lambda: service.call("add", a=2, b=3), done=answers.append, failed=cards.append)
    services.ask(lambda: service.call("fail"), done=answers.append, failed=cards.append)
    context.poller.drain(60)
    assert answers == [5]
    assert [card.code for card in cards] == ["wrong-column"]


@needs_loop
def test_a_page_streams_and_a_cancelled_stream_ends_quietly(context, monkeypatch):
    services, service = service_of_tests(context, monkeypatch)
    bits, ends, cards = [], [], []
    services.stream(lambda: service.submit("count", n=5), each=bits.extend, done=ends.append, failed=cards.append)
    context.poller.drain(60)
    assert bits == [0, 1, 2, 3, 4]
    assert len(ends) == 1
    more = []
    stream = services.stream(
        lambda: service.submit("count", n=100000, pause=0.01),
        each=lambda fresh: (more.extend(fresh), stream.cancel()),
        done=ends.append,
        failed=cards.append,
    )
    context.poller.drain(60)
    assert 0 < len(more) < 1000
    assert not cards
    assert len(ends) == 2


def test_what_is_chosen_and_done_survives_a_reload_and_looking_writes_nothing(context):
    assert not context.workspace.root.exists()
    context.model = "tiny"
    context.finish("modelo")
    context.finish("modelo")
    again = PageContext(context.workspace, poller=new_poller())
    assert (again.model, again.steps) == ("tiny", ("modelo",))
    again.open("otro")
    assert (again.model, again.steps) == ("", ())


def test_a_slider_field_says_the_same_number_in_both_places_and_stays_in_range():
    field = SliderField("Épocas", 3, lowest=1, highest=10, step=1)
    field.slider.value = 7
    assert (field.value, field.box.value) == (7, 7)
    field.box.value = 99
    assert (field.value, field.slider.value) == (10, 10)
    field.value = 2
    assert (field.box.value, field.slider.value) == (2, 2)
    rate = SliderField("Tasa", 2e-4, lowest=1e-6, highest=1e-2, step=1e-5, log=True)
    rate.slider.value = 1e-3
    assert rate.box.value == pytest.approx(1e-3)


class Poem(Component):
    needs = ("model",)

    def build(self):
        self.button = Button(description="Leer")
        self.button.on_click(lambda _button: setattr(self, "done", True))
        return (self.button,)


def test_a_step_card_says_what_is_missing_and_marks_the_step_when_it_is_done(context):
    poem = Poem(context)
    card = StepCard("poema", poem, context=context)
    assert 'href="#modelo"' in poem.notice.value
    assert sum("notice" in getattr(part, "value", "") for part in (*card.children, *poem.children)) == 1
    context.model = "tiny"
    assert poem.notice.value == ""
    poem.button.click()
    assert context.steps == ("poema",)


def test_an_error_card_offers_the_one_button_that_helps_and_escapes_everything():
    card, clicked = ErrorCard(), []
    problem = disk_full("<script>").explanation
    card.show(problem, {"retry": lambda: clicked.append(1)})
    assert "<script>" not in card.message.value
    card.button.click()
    assert clicked == [1]
    assert card.problem is None
    card.show(problem, {})
    assert card.button not in card.children


def test_a_job_card_follows_a_real_job_stops_it_resumes_it_and_reattaches(context, tmp_path):
    kinds = "job_programs"
    job = Job.start("count", {"n": 30, "pause": 0.03}, parent=tmp_path / "jobs", kinds=kinds)
    card, ends, seen = JobCard(context.poller), [], []

    def events(fresh):
        seen.extend(fresh)
        if sum(type(event).__name__ == "Step" for event in seen) >= 5:
            card.stop()

    card.follow(job, events=events, over=ends.append)
    card.look()
    context.poller.drain(60)
    assert ends == [JobState.STOPPED]
    assert is_shown(card.resume_button)
    assert 0 < card.bar.value < 1
    again, more = JobCard(context.poller), []
    again.follow(Job.open(job.dir, kinds=kinds), events=more.extend)
    again.look()
    context.poller.drain(60)
    assert len(more) >= len(seen)
    again.resume()
    context.poller.drain(60)
    assert again.value is JobState.FINISHED
    assert again.job.result() == {"sum": 30 * 31 // 2}
    assert again.bar.value == 1


def test_a_training_is_polled_seldom_until_it_is_asked_to_stop_and_its_end_is_shown_soon(tmp_path):
    async def page():
        job = Job.start("count", {"n": 4000, "pause": 0.05}, parent=tmp_path / "jobs", kinds="job_programs")
        card, looks, learns, ended = JobCard(Poller(inline=False)), [], asyncio.Event(), asyncio.Event()

        def events(fresh):
            looks.append(time.monotonic())
            if any(isinstance(event, Step) for event in fresh):
                learns.set()

        card.follow(job, events=events, over=lambda _state: ended.set())
        await learns.wait()
        await asyncio.sleep(0.3)
        card._poll_task.began -= 600
        await asyncio.sleep(0.4)
        looks.clear()
        await asyncio.sleep(1.2)
        seen, asked = len(looks), time.monotonic()
        card.stop()
        await ended.wait()
        return seen, time.monotonic() - asked, card.value

    seen, waited, state = asyncio.run(page())
    assert seen <= 1
    assert state is JobState.STOPPED
    assert waited < 3  # at its age it is polled every four seconds


def test_the_last_step_ends_the_patience():
    poller = Poller(inline=False)
    card = JobCard(poller)
    card._poll_task = poller.watch(lambda: True)
    card._draw([Step(1, 2, 0.1, 2.0, 1e-4, 50.0, 60.0)], over=False)
    assert card._poll_task.patient
    card._draw([Step(2, 2, 0.2, 2.0, 1e-4, 50.0, 0.0)], over=False)
    assert not card._poll_task.patient


def test_a_failed_job_shows_its_card_and_no_traceback(context, tmp_path):
    job = Job.start("explode", {}, parent=tmp_path / "jobs", kinds="job_programs")
    card = JobCard(context.poller)
    card.follow(job, actions={"smaller": lambda: None})
    card.look()
    context.poller.drain(60)
    assert card.value is JobState.FAILED
    assert "Traceback" not in card.alert.message.value
    assert card.alert.button in card.alert.children


@needs_loop
@pytest.mark.parametrize("reloaded", [False, True])
def test_a_failed_job_that_goes_on_shows_no_failure_any_more(context, tmp_path, reloaded):
    config = {"n": 400, "pause": 0.05, "every": 1}
    job = Job.start("stumble", config, parent=tmp_path / "jobs", kinds="job_programs")
    card = JobCard(context.poller)
    card.follow(job)
    card.look()
    context.poller.drain(60)
    assert card.alert.problem.code == "disk-full"
    card.alert.button.click()
    if reloaded:
        card = JobCard(context.poller)
        card.follow(Job.open(job.dir, kinds="job_programs"))
    shown = []
    while card.bar.value == 0 or card.value is not JobState.RUNNING:
        sweep(context.poller)
        shown.append(card.alert.problem)
        time.sleep(0.01)
    assert shown == [None] * len(shown)
    assert "No pudo terminar" not in card.message.value
    job.kill()
    context.poller.drain(60)
    assert card.value is JobState.LOST
    assert "disk" not in (card.alert.problem.code if card.alert.problem else "")
    assert "No queda lugar" not in card.alert.message.value


def test_what_keeps_a_job_from_being_resumed_is_a_card(context, tmp_path):
    job = Job.start("explode", {}, parent=tmp_path / "jobs", kinds="job_programs")

    def refuse():
        raise OSError(errno.EIO, "Input/output error")

    card = JobCard(context.poller)
    card.follow(job, blocking_reason=refuse)
    context.poller.drain(60)
    card.resume()
    assert card.alert.problem.code == explain(OSError(errno.EIO, "")).code


def test_a_click_does_not_wait_long_for_a_process_that_does_not_exit_and_a_second_one_resumes(
    context, tmp_path, monkeypatch
):
    job = Job.start("explode", {}, parent=tmp_path / "jobs", kinds="job_programs")
    assert job.wait(60) is JobState.FAILED
    card = JobCard(context.poller)
    card.follow(job)
    context.poller.drain(60)
    assert card.value is JobState.FAILED
    monkeypatch.setattr("poetas.jobs.job._EXIT_PATIENCE", 0.2)
    hold = process_lock.acquire(job.dir / "lock", patience=20)  # once its process is gone: as if it were there still
    card.resume()
    assert card.alert.problem.code == "job-exiting"
    hold.release()
    card.alert.button.click()
    end = time.monotonic() + 60
    while sum(isinstance(event, Started) for event in job.events()[0]) < 2:
        assert time.monotonic() < end, "the second click did not resume it"
        time.sleep(0.05)
    context.poller.drain(60)


def test_lesson_texts_turn_glossary_links_into_notes_that_open_without_a_script():
    shown = markdown("Con la [temperatura](#glosa-temperatura) baja gana la favorita. <b>no</b>")
    assert "popovertarget" in shown
    assert "<b>no</b>" not in shown
    assert "Cuánto dejás jugar al azar" in shown
    with pytest.raises(KeyError):
        markdown("[nada](#glosa-nada-de-eso)")
    assert "glosa-token" in Glossary().value


def test_the_code_of_a_step_cannot_be_broken_out_of_by_a_text(tmp_path, monkeypatch):
    monkeypatch.setattr("poetas.recipes.snippet_source.SNIPPETS", tmp_path)
    (tmp_path / "demo.py").write_text('TEXT = "hola"\nprint(len(TEXT))\n', "utf-8")
    code = StepCode("demo", {"TEXT": '"\nraise SystemExit("</code><script>")\n"'})
    assert "<script>" not in code.value
    kept = b64decode(
        re.search(r'href="data:application/x-ipynb\+json;base64,([^"]+)" download="demo.ipynb"', code.value)[1]
    )
    [cell] = json.loads(kept)["cells"]
    assert cell["source"] == code.code.rstrip("\n")
    exec(compile(code.code, "demo", "exec"), {})


def test_an_unexpected_error_is_logged_where_its_card_says_and_an_expected_one_is_not(context):
    cards = []

    def fail(error):
        raise error

    context.services.ask(lambda: fail(disk_full()), done=cards.append, failed=cards.append)
    context.poller.drain(20)
    log = context.workspace.root / "run" / "pagina.log"
    assert not log.exists()
    context.services.ask(lambda: fail(KeyError("columna")), done=cards.append, failed=cards.append)
    context.poller.drain(20)
    assert [card.code for card in cards] == ["disk-full", "unexpected"]
    assert "run/pagina.log)" in cards[1].remedy
    assert "Traceback" in log.read_text("utf-8")
    assert "KeyError: 'columna'" in log.read_text("utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_a_step_that_cannot_be_built_or_a_job_that_cannot_be_followed_is_logged(context, monkeypatch):
    def broken():
        raise KeyError("sin pieza")

    monkeypatch.setattr("widgets.core.step_card.in_voila", lambda: True)
    card = StepCard("tokens", broken, context=context)
    log = context.workspace.root / "run" / "pagina.log"
    assert "KeyError: 'sin pieza'" in log.read_text("utf-8")
    assert "pagina.log" in card.children[0].problem.remedy
    log.unlink()
    monkeypatch.setenv("POETAS_HOME", str(context.workspace.root))
    followed = JobCard(context.poller)
    followed.job = Job.start("explode", {}, parent=context.project.jobs, kinds="job_programs")
    followed._show_poll_error(KeyError("sin evento"))
    assert "KeyError: 'sin evento'" in log.read_text("utf-8")
    assert "pagina.log" in followed.alert.problem.remedy


def test_of_requests_at_the_same_moment_one_starts_the_service(context):
    together, result = threading.Barrier(4), []

    def ask():
        together.wait(20)
        result.append(context.services.connect("preparation"))

    threads = [threading.Thread(target=ask) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(result) == 4
    assert len({id(service) for service in result}) == 1
    context.services.disconnect()


def test_an_unexpected_error_of_a_service_is_logged_with_what_it_said(context):
    cards = []
    explanation = explain(KeyError("columna"))
    context.services.ask(
        lambda: (_ for _ in ()).throw(RemoteError(explanation)), done=cards.append, failed=cards.append
    )
    context.poller.drain(20)
    assert "run/pagina.log)" in cards[0].remedy
    assert "KeyError: 'columna'" in (context.workspace.root / "run" / "pagina.log").read_text("utf-8")
