"""Licences that were accepted are kept, also where two pages say yes at the same moment."""

import multiprocessing

from poetas.models.entry import ModelEntry
from poetas.models.licences import accept_of, acceptance
from poetas.workspace import Workspace

ROUNDS, PAGES = 20, 3


def entry(name):
    return ModelEntry.from_dict({"id": f"casa/{name}", "licence": "X", "must_accept": True})


def accept_in_step(root, page, barrier):
    for index in range(ROUNDS):
        barrier.wait(30)
        accept_of(Workspace(root / str(index)), entry(page))


def test_of_licences_accepted_at_the_same_moment_none_is_lost(tmp_path):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PAGES)
    pages = [context.Process(target=accept_in_step, args=(tmp_path, page, barrier)) for page in range(PAGES)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(60)
        assert page.exitcode == 0
    lost = [
        (index, page)
        for index in range(ROUNDS)
        for page in range(PAGES)
        if acceptance(Workspace(tmp_path / str(index)), entry(page)) is None
    ]
    assert lost == []
