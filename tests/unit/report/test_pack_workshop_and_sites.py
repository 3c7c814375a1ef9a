"""Sections about what the place does not hold itself: a workshop that was held, and sites that are not today's."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import docx
import geopandas as gpd
import openpyxl
import pytest
from typer.testing import CliRunner

from analysis.base.faults import HubreachError
from analysis.cli.main import app
from analysis.places.place import Place
from analysis.places.read import read_place
from analysis.report.assembly import build_pack
from analysis.report.content import Table, unmarked
from analysis.report.files import write_pack
from analysis.report.manifest import PackRequest, read_manifest
from analysis.report.requested_sites import kept_sites, requested_sites
from analysis.scenario.scenario import Scenario
from analysis.scenario.terms import Terms
from analysis.workshop.ballots import Ballot, cast
from analysis.workshop.comments import assign_themes, moderate, read_comments
from analysis.workshop.entry import record_paper
from analysis.workshop.progress import show_step
from analysis.workshop.questions import Item, Question
from analysis.workshop.record import make_record
from analysis.workshop.retention import close_workshop
from analysis.workshop.roles import participant_id
from analysis.workshop.run import OptionChoice, Run, Step
from analysis.workshop.state import read_state
from analysis.workshop.store import shared_store
from analysis.workshop.workshops import create_workshop

HUBS = (Item(key="north", label="North <b>"), Item(key="south", label="South"))
AGES = (Item(key="under-25", label="Under 25"), Item(key="older", label="25 or older"))
QUESTIONS = (
    Question(key="name", kind="single", prompt="Which hub?", items=HUBS),
    Question(key="words", kind="text", prompt="Anything else?"),
    Question(key="age", kind="single", prompt="Your age?", items=AGES, is_demographic=True),
)


@pytest.fixture
def held(small_place: Place, tmp_path, monkeypatch) -> str:
    """Id of a workshop of 30 phones and one paper, with a comment, closed."""
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("HUBREACH_DATABASE_URL", raising=False)
    store = shared_store()
    steps = tuple(Step(kind="question", title=each.key, question=each) for each in QUESTIONS)
    options = [OptionChoice(key="a", name="A"), OptionChoice(key="b", name="B")]
    run = Run(title="Hubs in =Sampleton", purpose="To plan.", steps=steps)
    workshop = create_workshop(store, small_place, run, options).workshop_id
    asked = {}
    for step in read_state(store, workshop).steps:
        show_step(store, workshop, step.id)
        key = step.step.question.key
        asked[key] = step.question_id
        answers = {
            "name": ["north"] * 20 + ["south"] * 10,
            "words": ["More evenings"],
            "age": ["older"] * 28 + ["under-25"] * 2,
        }
        for number, value in enumerate(answers[key]):
            person = participant_id(workshop, f"phone-{number:024d}")
            ballot = Ballot(workshop, step.question_id, person, f"{key}-{number}", 1, value)
            store.write(lambda connection, ballot=ballot: cast(connection, ballot))
    record_paper(store, workshop, 1, {asked["name"]: "south"})
    (comment,) = read_comments(store, asked["words"]).index
    assign_themes(store, workshop, str(comment), ["Opening hours"])
    moderate(store, workshop, str(comment), "shown")
    close_workshop(store, workshop)
    return workshop


def test_a_closed_workshop_stands_in_word_and_on_the_web_page(held, small_place):
    request = PackRequest(Scenario("sampleton"), ("workshop",), workshop=held[:8])
    pack = build_pack(request, place=small_place)
    assert pack.failures == ()
    assert unmarked(pack.sections[0].message) == "In Hubs in =Sampleton, three questions were asked."
    record = make_record(shared_store(), held)
    tables = {block.key: block for _, block in pack.blocks() if isinstance(block, Table)}
    assert [key for key in tables if key == "workshop questions"]
    shown = {"workshop " + name for name, table in record.tables.items() if not table.empty}
    assert set(tables) <= shown

    document = docx.Document(io.BytesIO(write_pack(pack, ".docx")))
    by_title = dict(zip(tables, document.tables, strict=True))
    asked = [[cell.text for cell in row.cells] for row in by_title["workshop questions"].rows]
    assert asked[0][0] == "Question"
    results = [[cell.text for cell in row.cells] for row in by_title["workshop results"].rows]
    flat = [" ".join(row) for row in results]
    # 20 phones for North; 10 phones and a paper for South.
    assert any("North <b>" in row and " 20" in row for row in flat)
    assert any("South" in row and " 11" in row for row in flat)
    # Two people under 25 are too few to be told.
    young = next(row for row in flat if "Under 25" in row)
    assert "[c]" in young
    words = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "More evenings" in words
    assert "Opening hours" in words

    page = write_pack(pack, ".html").decode()
    assert "North &lt;b&gt;" in page
    assert "More evenings" in page
    assert "<caption>What was asked, and how many answered</caption>" in page


def test_sites_of_a_request_are_those_of_its_reach_and_of_its_geopackage(small_place, tmp_path):
    sites = small_place.sites.assign(is_open=[True] + [False] * (len(small_place.sites) - 1))
    scenario = Scenario("sampleton", terms=Terms(15.0), status="proposal")
    request = PackRequest(scenario, ("reach",), sites=kept_sites(sites), sites_words="those of =mine.csv")
    pack = build_pack(request, place=small_place)
    today = build_pack(PackRequest(replace(scenario, status="today"), ("reach",)), place=small_place)
    tables = [block for _, block in pack.blocks() if isinstance(block, Table)]
    assert tables[-1].table["name"].tolist() == [sites["name"].iloc[0]]
    assert "Sites: those of =mine.csv." in tables[-1].source
    assert "Sites: " not in next(block for _, block in today.blocks() if isinstance(block, Table)).source
    (tmp_path / "a.gpkg").write_bytes(write_pack(pack, ".gpkg"))
    assert gpd.read_file(tmp_path / "a.gpkg", layer="sites")["is_open"].tolist() == sites["is_open"].tolist()

    again, made = read_manifest(pack.manifest)
    assert again == request
    assert write_pack(build_pack(again, made=made, place=small_place), ".html") == write_pack(pack, ".html")


def test_kept_sites_are_the_same_sites(small_place):
    real = read_place("medway")
    request = PackRequest(Scenario("medway"), sites=json.loads(json.dumps(kept_sites(real.sites))))
    again = requested_sites(real, request)
    assert again.equals(real.sites[again.columns])
    assert requested_sites(small_place, PackRequest(Scenario("sampleton"))) is small_place.sites
    with pytest.raises(HubreachError, match="Take the manifest as it was made"):
        requested_sites(real, PackRequest(Scenario("medway"), sites={"a": {"easting": "north"}}))


def test_command_takes_the_sites_of_an_option_and_a_theme(tmp_path):
    theme = tmp_path / "own.toml"
    theme.write_text('name = "Own"\n[colours]\nmain = "#FFD24D"\n')
    to = tmp_path / "a.xlsx"
    words = ["pack", "thurrock", "--sections", "reach", "--draws", "100", "--option", "three-hubs"]
    answer = CliRunner().invoke(app, [*words, "--theme", str(theme), "--to", str(to)])
    assert answer.exit_code == 0, answer.output
    assert "own.toml, colours.main: #FFD24D has a contrast of 1.4:1 against white" in answer.stderr
    kept = json.loads((tmp_path / "a.manifest.json").read_text())["request"]
    assert (kept["scenario"]["option"], kept["scenario"]["status"]) == ("three-hubs", "illustration")
    assert kept["sites_words"] == "as the option Three hubs has them"
    sheets = openpyxl.load_workbook(to)
    notes = " ".join(
        str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value
    )
    assert (
        "3 family hubs, ages 0 to 17, 20-minute walk (straight line round water, detour 1.2), illustration"
        in notes
    )
    assert kept["theme"]["colours"] == {"main": "#FFD24D"}


def test_wrong_theme_of_a_command_is_told_with_file_and_key(tmp_path):
    theme = tmp_path / "own.toml"
    theme.write_text('name = "Own"\n[colours]\nmain = "yellow"\n')
    answer = CliRunner().invoke(
        app,
        [
            "figure",
            "thurrock",
            "ages",
            "--theme",
            str(theme),
            "--draws",
            "100",
            "--to",
            str(tmp_path / "a.svg"),
        ],
    )
    assert answer.exit_code == 2
    assert "own.toml, column colours.main: a colour is written like #12436D (found 'yellow')" in answer.stderr
