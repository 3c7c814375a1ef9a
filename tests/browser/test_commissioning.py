"""Commissioning in a real browser: a refused extension changes total, chart and download; a count of 3 stays hidden."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote_plus

import pandas as pd
from playwright.sync_api import Page, expect

from analysis.commissioning.contract import find_contract, schedule
from analysis.places.finding import place_folder
from tests.browser.conftest import OpenPage
from tests.browser.dashboard import SIZES, SLOW_MS, downloaded, wait_until_ready

NAMES = {
    "contract": "Contract",
    "unit": "Unit costs",
    "allocation": "Allocation",
    "cohort": "Cohort",
    "appraisal": "Appraisal",
    "monitoring": "Monitoring",
    "takeup": "Take-up",
}


def answer(page: Page):
    return page.locator(".st-key-answer")


def bars(page: Page, key: str):
    return page.locator(f".st-key-chart-{key} .bars .point path")


def table_of(page: Page, key: str) -> pd.DataFrame:
    return pd.read_csv(downloaded(page, f"csv-{key}"), dtype=str, keep_default_na=False)


def test_no_view_scrolls_sideways(open_page: OpenPage) -> None:
    page = open_page("commissioning?place=wirral")
    for key, name in NAMES.items():
        page.locator(".st-key-views").get_by_text(name, exact=True).click()
        if key != "contract":
            expect(page).to_have_url(re.compile(f"view=({key}|{re.escape(quote_plus(name))})"))
        wait_until_ready(page)
        expect(answer(page)).to_be_visible()
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            wait_until_ready(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, key


def test_a_refused_extension_changes_the_total_the_chart_and_the_download(open_page: OpenPage) -> None:
    page = open_page("commissioning?place=wirral&view=contract")
    expect(answer(page)).to_contain_text("£3,525,000")
    for number, total in ((1, "£4,935,000"), (2, "£6,345,000")):
        page.get_by_text(f"Extension {number} (+2)", exact=True).click()
        expect(answer(page)).to_contain_text(f"costs {total}", use_inner_text=True, ignore_case=True)
    expect(bars(page, "years")).to_have_count(9)
    before = table_of(page, "schedule")
    assert sum(Decimal(cash) for cash in before["cash_gbp"]) == 6_345_000

    page.get_by_text("Extension 2 (+2)", exact=True).click()
    expect(answer(page)).to_contain_text("costs £4,935,000 in cash over seven years")
    expect(bars(page, "years")).to_have_count(7)
    after = table_of(page, "schedule")
    expected = schedule(find_contract(place_folder("wirral")).lasting(7))
    for column in ("cash_gbp", "present_value_gbp"):
        assert [Decimal(text) for text in after[column]] == expected[column].tolist()
    assert after["source"].str.contains("changed by the user").all()


def test_medways_cohort_from_a_file_never_shows_the_three(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("commissioning?place=medway&view=cohort", ready=False)
    received: list[bytes] = []

    def listen(socket) -> None:
        socket.on("framereceived", lambda frame: received.append(_bytes(frame)))

    page.on("websocket", listen)
    page.reload()
    wait_until_ready(page)
    file = tmp_path / "cohort.csv"
    file.write_text("ward_name,mothers\nChatham Central & Brompton,3\nFort Pitt,12347\nTwydall,8\n")
    page.get_by_role("tab", name="Upload").click()
    page.locator("[class*='st-key-counts-upload'] input[type='file']").set_input_files(file)
    expect(answer(page)).to_contain_text(re.compile(r"12,3(55|60) mothers \(protected\)"), timeout=SLOW_MS)

    labels = page.locator(".st-key-chart-cohort-counts .bars text")
    expect(labels).to_have_count(3)
    allowed = {"12,345", "12,350", "10", "5", "0 to 4"}
    assert set(labels.all_text_contents()) <= allowed
    assert re.search(r"(?<![\d,.])3(?![\d,.])", page.locator(".st-key-people").inner_text()) is None
    page.get_by_role("tab", name="Table").click()
    table = table_of(page, "cohort-protected")
    page.get_by_role("tab", name="Chart").click()
    assert dict(zip(table["area_name"], table["mothers"], strict=True))["Chatham Central & Brompton"] in {
        "0 to 4",
        "5",
    }
    assert not set(table["mothers"]) & {"3", "8", "12347"}
    chart = table_of(page, "cohort-counts")
    assert set(chart["label"]) <= allowed

    # What was entered never reaches the browser again, not even in the table it was entered in.
    page.get_by_role("tab", name="Type").click()
    wait_until_ready(page)
    assert received, "no message was seen"
    assert not any(b"12347" in frame or b"12,347" in frame for frame in received)


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def test_what_is_saved_is_there_after_a_reload(open_page: OpenPage) -> None:
    page = open_page("commissioning?place=plymouth&view=contract")
    page.get_by_role("button", name="Start an empty contract").click()
    expect(answer(page)).to_contain_text("cannot be costed yet")
    for label, text in (("A year", "£120,000"), ("Term, years", "3")):
        box = page.get_by_label(label, exact=True)
        box.fill(text)
        box.press("Enter")
        wait_until_ready(page)
    page.get_by_test_id("stDateInput").get_by_role("spinbutton").first.click()
    page.keyboard.type("01042027")
    # The date counts when the field is left.
    page.get_by_role("heading", level=1).click()
    expect(answer(page)).to_contain_text("costs £360,000 in cash over three years (April 2027 to March 2030)")
    page.get_by_role("button", name="Save with the place").click()
    expect(page.locator(".st-key-toolbar-contracts")).to_contain_text("Saved")
    again = open_page("commissioning?place=plymouth&view=contract")
    expect(answer(again)).to_contain_text("costs £360,000 in cash over three years")


def test_the_floor_chart_and_the_workings_agree(open_page: OpenPage) -> None:
    page = open_page("commissioning?place=wirral&view=allocation")
    expect(answer(page)).to_contain_text("Birkenhead gets most, £268,997")
    box = page.locator("input[aria-label='Floor, % of the envelope']")
    box.fill("20")
    box.press("Enter")
    expect(answer(page)).to_contain_text("two localities are at the floor", timeout=SLOW_MS)
    workings = table_of(page, "workings").set_index("area_name")["allocation_gbp"].astype(int)
    assert workings.sum() == 705_000
    curve = table_of(page, "floors")
    at_floor = curve[curve["floor"].astype(float) == 0.2].set_index("area_name")["allocation_gbp"].astype(int)
    assert at_floor.to_dict() == workings.to_dict()


def test_every_key_counts_however_fast_money_and_people_are_typed(open_page: OpenPage) -> None:
    page = open_page("commissioning?place=medway&view=cohort")
    for year, delay_ms in ((1, 20), (2, 80), (3, 200)):
        page.get_by_label(f"Year {year}, £", exact=True).first.click()
        page.keyboard.type("90000", delay=delay_ms)
        page.get_by_label(f"Year {year}: children planned", exact=True).click()
        page.keyboard.type(f"12{year}", delay=delay_ms)
    expect(
        page.get_by_text("Together: Year 1, £: £90,000.00; Year 2, £: £90,000.00; Year 3, £: £90,000.00.")
    ).to_be_visible()
    for year in (1, 2, 3):
        expect(page.get_by_label(f"Year {year}: children planned", exact=True)).to_have_value(f"12{year}")
    page.get_by_label("Central", exact=True).first.click()
    page.keyboard.type("12345.5", delay=80)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Central", exact=True).first).to_have_value("12345.50")

    page = open_page("commissioning?place=wirral&view=contract")
    page.get_by_label("Funding line", exact=True).click()
    page.keyboard.type("Grant", delay=20)
    page.get_by_label("£ a year", exact=True).click()
    page.keyboard.type("12345", delay=80)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Together: £ a year: £12,345.00.")).to_be_visible()
