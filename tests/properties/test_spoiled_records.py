"""Whatever stands in a file that people keep, the answer is a record or one error that names file and key.

Every value of every kind of file is spoiled in turn: another type, blank, too large, not finite, nested,
gone, said twice, under another name. A traceback in any of them fails here.
"""

from __future__ import annotations

import copy
import json
import math
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from analysis.base.faults import HubreachError
from analysis.base.history import read_history
from analysis.base.records import read_record
from analysis.commissioning.allocation import read_allocation_plan
from analysis.commissioning.appraisal import read_appraisal
from analysis.commissioning.cohort import funding_by_year, read_cohort_plan
from analysis.commissioning.contract import read_contract, schedule
from analysis.commissioning.tables import read_entered_table
from analysis.intake.download.sources import listed_files
from analysis.need.opening import open_place
from analysis.options.applied import apply_option
from analysis.options.files import option_text, read_option
from analysis.places.manifest import read_manifest
from analysis.places.own_indicators import OwnIndicator
from analysis.places.read import read_place
from analysis.places.sites.edits import SiteHistory, apply_edits
from analysis.render.theme_files import council_theme, read_theme_file
from analysis.report.manifest import changes_since
from analysis.report.manifest import read_manifest as read_pack_manifest
from analysis.workshop.run import OptionChoice, fit_run, read_run

Values = dict[str, Any]
Where = tuple[str | int, ...]

PLACE = """
opens_first = true
core_offer = ["Play"]
core_offer_source = "A paper"
age_bands = ["children_0_4", "children_5_10", "children_11_15", "children_16_17"]
population_column = "population_mid2015"
[[decisions]]
title = "A decision"
body = "Cabinet"
date = 2012-06-13
facts = ["One"]
[family_statement]
families = 90
share_of_children = 0.2
words = "90 families"
source = "A paper"
"""
OPTION = """
name = "Plan"
slug = "plan"
source = "A paper"
note = "A note"
illustration = true
others = "closed"
[catchment]
mode = "walk"
minutes = 20
detour = 1.3
speed_kmh = 4.5
citywide_kinds = ["base"]
minutes_by_kind = {hub = 10}
[[localities]]
name = "East"
wards = ["Ash"]
[[sites]]
site_id = "ash-hub"
services = ["Play"]
age_from = 0
age_to = 19.5
opens_year = 1
[[sites]]
site_id = "library"
new = true
name = "Library"
kind = "outreach"
closes_year = 3
easting = 560500
northing = 180500
is_open = true
"""
CONTRACT = """
name = "Early offer"
source = "A paper"
start = 2012-04-01
annual_value_gbp = "£705,000"
term_years = 3
alternatives = ["None"]
note = "A note"
[[extensions]]
years = 1
taken = true
annual_value_gbp = 700000.50
[indexation]
kind = "series"
rate_percent = 2
series_percent = [1.5, 2, 2]
[[funding]]
name = "Council"
certainty = "expected"
annual_gbp = 100
from_year = 1
to_year = 2
note = "A note"
[[assumptions]]
parameter = "start"
value = "April"
reason = "Usual"
confirm_with = "Legal"
"""
ALLOCATION = """
name = "Envelope"
source = "A paper"
envelope_gbp = 705000
by = "ward"
floor_percent = 5
most_loss_percent = 5
most_gain_percent = 10.5
note = "A note"
[weights]
early_help = 1
[supplement]
percent_per_minute = 1
beyond_minutes = 20
most_percent = 50
[today_gbp]
W1 = 1000
"""
APPRAISAL = """
name = "Alternatives"
source = "A paper"
scale_low = 0
scale_high = 10
note = "A note"
[[criteria]]
name = "Quality"
weight = 60
source = "A paper"
[[alternatives]]
name = "Keep"
preferred = true
cost_gbp = 100
need_reached = 50
note = "A note"
[[alternatives]]
name = "Change"
[[scores]]
alternative = "Keep"
criterion = "Quality"
score = 5
reason = "Known"
"""
COHORT = """
name = "Advocacy"
source = "A paper"
start = 2021-04-01
years = 3
children_supported = [10, 12]
note = "A note"
[[partners]]
name = "Health"
certainty = "expected"
amounts_gbp = [1000, 900.5]
[effect]
delay_years = 1
[effect.reduction_percent]
low = 5
central = 10
high = 20
"""
TABLE = """
name = "outcomes"
columns = ["month", "families"]
rows = [["2020-01", "5"], ["2020-02", ""]]
"""
RUN = """
title = "Where?"
purpose = "To hear"
source = "A paper"
[[steps]]
kind = "message"
title = "Welcome"
text = "To all"
parameters = {tier = "early_help", minutes = 20}
[[steps]]
kind = "ward"
title = "Here"
ward = "W1"
[[steps]]
kind = "compare"
title = "Two"
options = [1, 2]
[[steps]]
kind = "question"
title = "Which?"
[steps.question]
key = "which"
kind = "dots"
prompt = "Which?"
help = "Three dots"
items = [{key = "a", label = "A"}, {key = "b", label = "B"}]
dots = 3
dots_per_item = 2
most = 2
low_label = "Low"
high_label = "High"
is_demographic = false
"""
THEME = """
name = "Our council"
font = "Source Sans 3"
document_font = "Arial"
logo_words = "Ours"
[colours]
main = "#12436D"
[ramps]
change = ["#A00000", "#D05050", "#F0F0F0", "#5050D0", "#0000A0"]
"""
INDICATOR = """
key = "own_parents"
name = "Lone parents"
direction = 1
unit = "per cent"
vintage = "2021"
source = "Census"
measure = "rate"
geography = "LSOA 2011"
file = "parents.csv"
fill = "none"
cautions = ["Small numbers"]
"""
SOURCES = """
[[files]]
file = "lookup.csv"
role = "lookup"
edition = "2019"
title = "Lookup"
publisher = "ONS"
kind = "file"
address = "https://example.org/lookup.csv"
where = "1=1"
code_column = "A"
name_column = "B"
sha256 = ""
"""
PACK = {
    "hubreach_pack": 1,
    "made": "2026-11-21",
    "place": {"slug": "sampleton", "name": "Sampleton", "hash": "0", "files": {"areas.csv": "0"}},
    "options": {"plan": "0"},
    "versions": {"numpy": "1.0"},
    "request": {
        "place": "sampleton",
        "sections": ["need"],
        "options": ["plan"],
        "tier": "early_help",
        "share": 0.5,
        "minutes": 20,
        "mode": "walk",
        "texts": {"need": "Ours"},
        "settings": {
            "vintage": "2019",
            "basis": "imd",
            "seed": 7,
            "draws": 200,
            "area_sd": 0.1,
            "tiers": {"early_help": {"prevalence": 0.2, "gradient": 4}},
        },
        "sites": {"ash-hub": {"name": "Ash Hub"}},
    },
}


CHANGES = {
    "done": [
        [{"action": "close", "site_id": "ash-hub"}],
        [{"action": "rename", "site_id": "cedar-hub", "values": {"name": "Cedar"}}],
    ],
    "undone": [[{"action": "change", "site_id": "ash-hub", "values": {"age_to": 5}}]],
}


def _changes(path: Path, place: Any) -> object:
    return apply_edits(place.sites, read_history(path, SiteHistory))


def _place(path: Path, place: Any) -> object:
    del place
    read_manifest(path)
    return open_place(path.parent)


def _option(path: Path, place: Any) -> object:
    option = read_option(path)
    return apply_option(option, place), option_text(option)


def _contract(path: Path, place: Any) -> object:
    del place
    contract = read_contract(path)
    return contract.log(), schedule(contract)


def _appraisal(path: Path, place: Any) -> object:
    del place
    appraisal = read_appraisal(path)
    return appraisal.sheet(), appraisal.log()


def _cohort(path: Path, place: Any) -> object:
    del place
    plan = read_cohort_plan(path)
    return plan.log(), funding_by_year(plan)


def _run(path: Path, place: Any) -> object:
    options = [OptionChoice(key=key, name=key) for key in "ab"]
    return fit_run(read_run(path), place, options)


def _pack(path: Path, place: Any) -> object:
    text = path.read_text("utf-8")
    request, _ = read_pack_manifest(text)
    return request.scenario.need_settings(place), changes_since(text, place)


KINDS: dict[str, tuple[str, Callable[[Path, Any], object]]] = {
    "option.toml": (OPTION, _option),
    "contract.toml": (CONTRACT, _contract),
    "allocation.toml": (ALLOCATION, lambda path, _: read_allocation_plan(path).log()),
    "appraisal.toml": (APPRAISAL, _appraisal),
    "cohort.toml": (COHORT, _cohort),
    "outcomes.toml": (TABLE, lambda path, _: read_entered_table(path).frame()),
    "run.toml": (RUN, _run),
    "theme.toml": (THEME, lambda path, _: council_theme(read_theme_file(path))),
    "own_parents.toml": (INDICATOR, lambda path, _: read_record(path, OwnIndicator, "Not read.")),
    "sources.toml": (SOURCES, lambda path, _: listed_files("2019", path)),
    "changes.json": (json.dumps(CHANGES), _changes),
    "manifest.json": (json.dumps(PACK), _pack),
}
DEEP: list[Any] = []
for _ in range(40):
    DEEP = [DEEP]
SPOILS: dict[str, Any] = {
    "words": "zz top",
    "blank": "",
    "long": "x" * 5_000,
    "control": "\x07",
    "seven": 7,
    "negative": -1,
    "huge": 10**30,
    "vast": "1e400",
    "digits": "9" * 5_000,
    "part": 0.5,
    "flag": True,
    "list": [[1]],
    "empty list": [],
    "table": {"zz": {"y": 1}},
    "empty table": {},
    "nan": math.nan,
    "infinite": math.inf,
    "deep": DEEP,
}
SHOWN = ("sources", "decisions", "family_statement", "core_offer", "core_offer_source")
# No field of any file takes one of these.
NEVER = ("huge", "vast", "nan", "infinite", "deep")


def nodes(values: Any, path: Where = ()) -> Iterator[Where]:
    """Where every value stands."""
    items = (
        values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    )
    for key, value in items:
        yield (*path, key)
        yield from nodes(value, (*path, key))


def spoilt(values: Values, path: Where, change: Callable[[Any, str | int], None]) -> Values:
    """A copy of the values, changed where a path leads."""
    held = copy.deepcopy(values)
    at: Any = held
    for part in path[:-1]:
        at = at[part]
    change(at, path[-1])
    return held


def variants(values: Values) -> Iterator[tuple[str, Where, Values]]:
    """Every way to spoil a file: what is done, where, and what then stands there."""

    def put(value: Any) -> Callable[[Any, str | int], None]:
        return lambda at, key: at.__setitem__(key, copy.deepcopy(value))

    def rename(at: Any, key: str | int) -> None:
        value = at.pop(key)
        at["zz" if isinstance(at, dict) else 0] = value if isinstance(at, dict) else [value]

    def twice(at: Any, key: str | int) -> None:
        at[key] = [*at[key], copy.deepcopy(at[key][-1])]

    for path in nodes(values):
        for name, value in SPOILS.items():
            yield name, path, spoilt(values, path, put(value))
        yield "gone", path, spoilt(values, path, lambda at, key: at.pop(key))
        if isinstance(path[-1], str):
            yield "renamed", path, spoilt(values, path, rename)
        at: Any = values
        for part in path:
            at = at[part]
        if isinstance(at, list) and at:
            yield "twice", path, spoilt(values, path, twice)


def written(values: Values, name: str) -> str:
    if name.endswith(".json"):
        text = json.dumps(values)
    else:
        text = "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in values.items())
    # A number that no float holds.
    return text.replace('"1e400"', "1e400")


def toml(value: Any) -> str:
    """A value in one line of TOML, which takes JSON's strings; a writer that keeps layouts takes ten times as long."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value)
    return str(value)


def dotted(path: Where) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def refused(read: Callable[[], object], spoil: str, path: Where) -> HubreachError | None:
    """The error of a file that was refused; None where it was taken. Any other error is a fault of ours."""
    try:
        read()
    except HubreachError as error:
        return error
    except Exception as error:
        raise AssertionError(f"{spoil} at {dotted(path)}: {error!r}") from error
    return None


def check(error: HubreachError | None, file: str, spoil: str, path: Where) -> int:
    """Look at the error of a spoilt file: every fault says where, what and what to do."""
    what = f"{spoil} at {dotted(path)}"
    if error is None:
        assert spoil not in NEVER, f"{what} is taken"
        return 0
    assert error.headline
    assert error.faults, f"{what} is refused without a fault"
    assert all(fault.file and fault.found and fault.remedy for fault in error.faults), what
    assert all(len(str(fault)) < 2_000 for fault in error.faults), what
    if spoil in NEVER:
        assert error.faults[0].file in (file, "manifest")
        assert str(error.faults[0].column).startswith(dotted(path)[:60]), f"{what}: {error}"
    return 1


def values_of(text: str, name: str) -> Values:
    held: Values = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    return held


@pytest.mark.parametrize("name", KINDS)
def test_a_spoilt_file_is_a_record_or_one_error(name, small_place, tmp_path):
    text, read = KINDS[name]
    values, path = values_of(text, name), tmp_path / name
    path.write_text(written(values, name), "utf-8")
    read(path, small_place)
    count = 0
    for spoil, where, held in variants(values):
        path.write_text(written(held, name), "utf-8")
        count += check(refused(lambda: read(path, small_place), spoil, where), name, spoil, where)
    assert count > len(list(nodes(values))) * len(NEVER)


def test_a_spoilt_place_is_a_place_or_one_error(small_folder):
    path = small_folder / "place.toml"
    values = tomllib.loads(path.read_text("utf-8")) | tomllib.loads(PLACE)
    path.write_text(written(values, path.name), "utf-8")
    assert open_place(small_folder).manifest.core_offer == ("Play",)
    count = 0
    for spoil, where, held in variants(values):
        path.write_text(written(held, path.name), "utf-8")
        # What is only shown makes the same place, and so does a text that is only longer.
        only_shown = where[0] in SHOWN or spoil in ("long", "digits", "control", "seven")
        read = read_manifest if only_shown else partial(_place, place=None)
        count += check(refused(partial(read, path), spoil, where), "place.toml", spoil, where)
    assert count > len(list(nodes(values))) * len(NEVER)


@pytest.mark.filterwarnings("ignore:Non closed ring")
def test_every_file_of_a_place_is_read_or_is_one_error(small_folder):
    """Files of figures and shapes: no numbers, rings that do not close, folders."""
    texts = {path.name: path.read_text("utf-8") for path in small_folder.iterdir()}
    for name, text in texts.items():
        path = small_folder / name
        contents = [text.encode("utf-16"), None]
        if name.endswith(".csv"):
            head, row, *rest = text.splitlines()
            for at in (1, -1):
                cells = row.split(",")
                cells[at] = "nan" if at == 1 else "1e400"
                contents.append("\n".join([head, ",".join(cells), *rest]).encode())
        if name.endswith(".geojson"):
            contents += [text.replace("560000", each, 1).encode() for each in ("NaN", "1", "[[[]]]")]
        for content in contents:
            path.unlink()
            if content is None:
                path.mkdir()
            else:
                path.write_bytes(content)
            error = refused(partial(read_place, small_folder), f"{content or 'a folder'!r:.60}", (name,))
            if error is not None:
                assert all(fault.file and fault.found and fault.remedy for fault in error.faults), name
            if content is None:
                path.rmdir()
                path.touch()
        path.write_text(text, "utf-8")


@pytest.mark.parametrize("name", [*KINDS, "place.toml"])
@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"name = ", "not valid"),
        (b'name = "a"\nname = "b"', "not valid"),
        (b'{"name": 1, "name": 2}', "not valid"),
        (b"n = 1" + b"0" * 5_000, "not valid"),
        (b'{"n": 1' + b"0" * 5_000 + b"}", "not valid"),
        (b"n = 1e99999999999999999999", "not valid"),
        (b"n = " + b"[" * 5_000, ""),
        (b"[" * 100_000, ""),
        (b"a." * 1_500 + b"a = 1", ""),
        (b"[" + b"a." * 1_500 + b"a]\nb = 1", ""),
        (b"a = " + b"{a = " * 3_000 + b"1" + b"}" * 3_000, ""),
        (b'{"a": ' * 3_000 + b"1" + b"}" * 3_000, ""),
        (b"n = 0x" + b"F" * 5_000, ""),
        (b"\x00\x01", "not valid"),
        (b"", ""),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_such_file_at_all_is_one_error(name, content, found, small_folder, small_place, tmp_path):
    read = _place if name == "place.toml" else KINDS[name][1]
    path = (small_folder if name == "place.toml" else tmp_path) / name
    path.unlink(missing_ok=True)
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    if name == "manifest.json" and (content is None or content == b"\xff\xfe"):
        return
    with pytest.raises(HubreachError) as raised:
        read(path, small_place)
    assert any(found in fault.found for fault in raised.value.faults)
    assert all(fault.remedy for fault in raised.value.faults)
