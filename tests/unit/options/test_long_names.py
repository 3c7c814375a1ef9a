"""Names longer than any file's: kept under a short one of their own, or refused in words."""

import pytest

from analysis.base.faults import HubreachError
from analysis.base.text import LONGEST_SLUG, slugify
from analysis.commissioning.storage import is_saved, remove_record
from analysis.options.files import find_option
from analysis.options.library import duplicate_option, is_own, rename_option, save_option
from analysis.options.option import Option
from analysis.places.finding import place_folder

LONG = "Three hubs with outreach " * 200


def test_an_option_with_a_title_of_5000_characters_is_saved_found_renamed_and_copied(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    slug = save_option(Option(LONG, "", ()), "thurrock").slug
    assert len(slug) <= LONGEST_SLUG
    assert slugify(slug) == slug
    assert slugify(f"{LONG} b") != slugify(f"{LONG} c")
    assert is_own("thurrock", LONG)
    assert find_option("thurrock", LONG).name == LONG.strip()
    assert duplicate_option("thurrock", slug, f"{LONG} copy").slug != slug
    assert rename_option("thurrock", slug, f"{LONG} renamed").slug != slug
    assert not is_saved("thurrock", "contracts", slugify(LONG))
    remove_record("thurrock", "contracts", LONG)


@pytest.mark.parametrize("name", [LONG, f"a/{LONG}", "x" * 5_000, "a\0b", "\ud800"])
def test_a_place_that_no_system_could_name_is_refused_in_words(name):
    with pytest.raises(HubreachError) as raised:
        place_folder(name)
    assert len(str(raised.value)) < 600
