"""Libreta: the bets of the three apps as they were made, also those that the same page makes now."""

import pytest

from poetas.course.bets import choice_verdict, number_verdict
from poetas.privacy.erasure import erase_personal_data
from poetas.workspace import Workspace
from tests.unit.widgets.pollers import new_poller
from widgets import BetPrompt, Exercises, Libreta, PageContext
from widgets.controls.bet_prompt.bet_prompt import BetOption


@pytest.fixture
def context(tmp_path):
    context = PageContext(Workspace(tmp_path / "home"), poller=new_poller())
    context.app = "preparar"
    yield context
    context.close()


def test_an_empty_one_leads_to_the_first_bet_of_each_app_and_leaves_no_trace_on_the_disk(context):
    page = Libreta(context=context).page.value
    assert "Todavía está en blanco" in page
    assert 'href="1_conocer.ipynb#que-sigue"' in page
    assert 'href="#tokens"' in page
    assert "Acertaste" not in page
    assert not context.workspace.root.exists()


def test_a_bet_is_there_at_once_on_its_page_and_after_a_reload_on_another(context):
    libreta = Libreta(context=context)
    tokens = BetPrompt("¿en cuántos pedacitos?", bet="tokens", counts=True, context=context)
    tokens.place("12")
    tokens.answer(number_verdict(12, 16, "mirá «<b>ombú</b>», se llevó 3"))
    curve = BetPrompt("¿qué hace?", [BetOption("rises", "Sube")], bet="curva", context=context)
    curve.place("rises")
    curve.answer(choice_verdict("que subía", "que subió", "Sube", won=True))
    shown = libreta.page.value
    assert "¿En cuántos pedacitos?" in shown
    assert "Apostaste: 12 · Salió: 16" in shown
    assert "&lt;b&gt;ombú" in shown
    assert shown.index("Prepará tus datos") < shown.index("Sorpresa") < shown.index("Entrená y evaluá")
    assert shown.index("Entrená y evaluá") < shown.index("Acierto")
    assert shown.index("Acertaste 1 de 2.") < shown.index("Prepará tus datos"), "what it comes to is read first"
    assert "Donde más te sorprendió: en cuántos pedacitos" in shown
    other = PageContext(context.workspace, poller=new_poller())
    other.app = "entrenar"
    there = Libreta(context=other).page.value
    assert 'href="2_preparar.ipynb#tokens"' in there
    assert 'href="#entrena"' in there
    other.close()


def test_what_was_erased_leaves_the_libreta_and_the_exercises_although_no_step_was_finished(context):
    libreta, exercises = Libreta(context=context), Exercises(context=context)
    tokens = BetPrompt("¿en cuántos pedacitos?", bet="tokens", counts=True, context=context)
    tokens.place("12")
    tokens.answer(number_verdict(12, 16, "mirá"))
    exercises.cards[0].hint.click()
    assert "Apostaste" in libreta.page.value
    erase_personal_data(context.workspace)
    context.reset()
    assert "Apostaste" not in libreta.page.value
    assert not exercises.cards[0].hints
