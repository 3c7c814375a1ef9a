"""The Evidence page in a real browser: a Word pack of Medway, its progress, its stop, and what could not be made."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import docx
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import OpenPage
from tests.browser.dashboard import SLOW_MS, wait_until_ready

THEME = 'name = "Own"\n[colours]\nmain = "#5B1A6B"\nhighlight = "#FFD24D"\n'


def press(page: Page, key: str, then: Locator) -> None:
    """Press a button until what it brings is there: a click that meets a rerun is lost, and a person clicks again."""
    for _ in range(6):
        with suppress(PlaywrightTimeout):
            page.locator(f".st-key-{key} button").first.click(timeout=SLOW_MS / 6)
            then.first.wait_for(timeout=SLOW_MS / 6)
            return
    expect(then.first).to_be_visible()


def test_a_word_pack_holds_the_pages_number_and_the_page_says_what_could_not_be_made(
    open_page: OpenPage, tmp_path: Path
) -> None:
    need = open_page("need?place=medway")
    shown = re.search(
        r"that is about ([\d,]+ \([\d,]+ to [\d,]+\))", need.locator(".st-key-answer").inner_text()
    )
    assert shown is not None

    page = open_page("evidence?place=medway&sections=Need&sections=Workshop+record")
    expect(page.locator(".st-key-answer")).to_contain_text(
        "Two sections on Medway (need and workshop record)"
    )
    progress = page.get_by_test_id("stProgress")
    press(page, "evidence-make", progress)
    press(page, "stop-job", page.get_by_text("Stopped. Nothing was kept."))
    expect(page.locator(".st-key-evidence-file")).to_have_count(0)

    theme = tmp_path / "own.toml"
    theme.write_text(THEME)
    page.locator(".st-key-evidence_theme input[type='file']").set_input_files(theme)
    expect(page.get_by_text("colours.highlight: #FFD24D has a contrast of 1.4:1")).to_be_visible(
        timeout=SLOW_MS
    )
    wait_until_ready(page)
    press(page, "evidence-make", progress)
    file = page.locator(".st-key-evidence-file button").first
    # A pack is a minute of work for a processor that others use too.
    expect(file).to_be_visible(timeout=3 * SLOW_MS)
    expect(page.get_by_text("Workshop record is left out.")).to_contain_text("hubreach workshop list")
    wait_until_ready(page)
    with page.expect_download(timeout=SLOW_MS) as download:
        file.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)

    assert path.name == "early-help-in-medway.docx"
    document = docx.Document(str(path))
    headings = [each for each in document.paragraphs if each.style.name == "Heading 1"]
    assert [each.text for each in headings] == ["Need: how many, and where"]
    assert str(headings[0].style.font.color.rgb) == "5B1A6B"
    words = "\n".join(each.text for each in document.paragraphs)
    assert f"that is about {shown.group(1)}" in words
    assert "no workshop with an id" not in words
