"""The foot of a projector's screen: a source that is too long is cut at a part of it, and never left out."""

import pytest

from pages.shared.projector import fitting

LONG = (
    "Modelled travel: 11 family hubs, ages 0 to 17, as open today; on foot. Source: Office (2020). Licence."
)


@pytest.mark.parametrize(
    ("longest", "words"),
    [
        (200, LONG),
        (
            95,
            "Modelled travel: 11 family hubs, ages 0 to 17, as open today; on foot. Source: Office (2020) …",
        ),
        (70, "Modelled travel: 11 family hubs, ages 0 to 17, as open today; on foot …"),
        (62, "Modelled travel: 11 family hubs, ages 0 to 17, as open today …"),
        (20, "Modelled travel: 1 …"),
    ],
)
def test_whole_parts_are_kept_and_the_rest_is_said_to_be_left_out(longest, words):
    assert fitting(LONG, longest) == words
