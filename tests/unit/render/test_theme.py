"""Colours in both themes: most need is the strongest against its ground, and worse is told from better."""

import itertools
import re
import tomllib
from pathlib import Path

import pytest

from analysis.render.theme import (
    BIVARIATE,
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    DIVERGING,
    MISSING,
    SEQUENTIAL,
    SURFACES,
    contrast,
    shown,
)
from pages.shared.layout import DARK_CSS

MODES = ["light", "dark"]
ROOT = Path(__file__).resolve().parents[3]


def strength(colour, mode):
    return contrast(shown(colour, mode), SURFACES[mode].background)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hue", SEQUENTIAL)
def test_every_class_is_stronger_than_the_one_below_it(hue, mode):
    strengths = [strength(colour, mode) for colour in SEQUENTIAL[hue]]
    assert all(later > 1.25 * earlier for earlier, later in itertools.pairwise(strengths))


@pytest.mark.parametrize("mode", MODES)
def test_of_two_figures_each_third_is_stronger_than_the_one_below_and_both_high_is_strongest(mode):
    square = [[strength(BIVARIATE[3 * row + column], mode) for column in range(3)] for row in range(3)]
    for line in (*square, *zip(*square, strict=True)):
        assert line[0] < line[1] < line[2]
    assert len({shown(colour, mode) for colour in BIVARIATE}) == 9


@pytest.mark.parametrize("mode", MODES)
def test_no_change_is_the_quietest_and_the_ends_can_be_seen(mode):
    strengths = [strength(colour, mode) for colour in DIVERGING]
    assert min(strengths) == strengths[2]
    assert strengths[0] > strengths[1]
    assert strengths[4] > strengths[3]
    assert min(strengths[0], strengths[4]) >= 3


def test_fills_that_fade_on_a_dark_ground_are_brighter_there():
    for colour in (DARK_BLUE, DARK_PINK, DARK_GREY):
        assert strength(colour, "dark") >= 3
        assert shown(colour, "light") == colour
    assert strength(MISSING, "dark") < strength(SEQUENTIAL["blue"][2], "dark")


@pytest.mark.parametrize("mode", MODES)
def test_words_on_the_page_and_quiet_words_can_be_read(mode):
    surface = SURFACES[mode]
    for words in (surface.text, surface.quiet_text):
        assert contrast(words, surface.background) >= 4.5
    assert contrast(surface.text, surface.halo) >= 4.5


def test_what_stands_on_the_dark_themes_own_colour_is_read():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]["dark"]
    written = re.search(r"color: (#[0-9A-F]{6})", DARK_CSS)[1]
    assert contrast(written, theme["primaryColor"]) >= 4.5
