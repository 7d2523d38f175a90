"""Order of the versions of a blind tasting: no place gives a writer away, and the same seed gives the same order."""

from collections import Counter

from poetas.evaluation.unlabelled_versions import BASE, REFERENCE, TUNED, shuffled

VERSIONS = {REFERENCE: "Llovió.", BASE: "El río.", TUNED: "Nevó en Salta."}


def test_each_writer_stands_in_each_place_about_as_often():
    orders = [[version.writers[0] for version in shuffled(VERSIONS, f"train-1 0 {index}")] for index in range(600)]
    for place in range(len(VERSIONS)):
        counts = Counter(order[place] for order in orders)
        assert all(150 <= counts[writer] <= 250 for writer in VERSIONS), counts


def test_the_order_is_there_again_and_does_not_depend_on_who_is_named_first():
    turned = dict(reversed(VERSIONS.items()))
    assert shuffled(VERSIONS, "train-1 0 0") == shuffled(VERSIONS, "train-1 0 0") == shuffled(turned, "train-1 0 0")
