"""Exports of a class for tests: learners with a known chance of being right, through the state and `answers`."""

import random
from datetime import UTC, datetime, timedelta

from poetas.course.answers_file import answers
from poetas.course.app_steps import app_steps, finished_name
from poetas.course.course_record import APPS, Part, course_path
from poetas.course.question_bank import current_bank
from poetas.course.sittings import AFTER, BEFORE, LEARNER, Learner, Sitting
from poetas.data.storage.state_scopes import with_values

START = datetime(2025, 3, 10, 14, 0, tzinfo=UTC)


def export(seed, *, before=0.4, after=0.8, apps=APPS, text=""):
    """Return the content of one learner's file. before, after: probability of a right answer."""
    rng = random.Random(seed)
    learner, bank = Learner.draw(rng), current_bank()
    values = {LEARNER: learner.value()}
    time = START + timedelta(minutes=rng.randrange(600))
    steps = []
    for app in apps:
        for moment, share_right in ((BEFORE, before), (AFTER, after)):
            choices = {}
            for item in bank.form(app, learner.form(moment)):
                wrong = [index for index in range(len(item.options)) if index != item.right]
                choices[item.id] = item.right if rng.random() < share_right else rng.choice(wrong)
            time += timedelta(minutes=40)
            sitting = Sitting(learner.form(moment), choices, submitted=True, time=time.isoformat(timespec="seconds"))
            values[course_path(Part.QUESTIONNAIRES, app, moment)] = sitting.value()
        marks = {scale: rng.randint(2, 5) for scale in ("clarity", "difficulty", "usefulness", "trust")}
        values[course_path(Part.FEEDBACK, app)] = {**marks, "text": text}
        own = app_steps(app)
        values[course_path(Part.TIMES, app)] = {step: rng.uniform(20, 600) for step in own}
        steps += [finished_name(app, step) for step in own[: rng.randint(2, len(own) - 1)]]  # the last one has no card
    values[course_path(Part.QUESTIONS)] = {
        item.id: {"choice": item.right if rng.random() < 0.6 else (item.right + 1) % len(item.options), "tries": 2}
        for item in bank.items.values()
        if item.step and item.app in apps
    }
    values[course_path(Part.BETS)] = {
        "tokens": {"app": "preparar", "step": "tokens", "won": rng.random() < 0.3},
        "cuanto-entra": {"app": "preparar", "step": "cuanto-entra", "won": rng.random() < 0.5},
    }
    values[course_path(Part.EXERCISES)] = {
        name: {"solved": rng.random() < 0.7, "hints": rng.randint(0, 3), "answer_seen": rng.random() < 0.2}
        for name in list(bank.exercises)[:3]
    }
    values[course_path(Part.ERRORS)] = {"out-of-memory": 2} if rng.random() < 0.2 else {}
    return answers(with_values({"steps": steps}, values), bank=bank, now=time + timedelta(minutes=5))
