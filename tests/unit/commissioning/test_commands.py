"""The commands: columns as documented, totals, and errors that end with code 2."""

import csv
import io
import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from analysis.cli.main import app
from analysis.places.finding import place_folder


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def rows(*arguments):
    answer = run(*arguments, "--format", "csv")
    assert answer.exit_code == 0, answer.stderr
    return list(csv.DictReader(io.StringIO(answer.stdout)))


@pytest.mark.parametrize(("years", "total"), [(5, 3525000), (7, 4935000), (9, 6345000)])
def test_cost_prints_a_row_a_year_and_no_total(years, total):
    table = rows("cost", "wirral", "--contract", "early-help-alliance", "--years", years)
    assert list(table[0]) == ["year", "start", "end", "cash_gbp", "present_value_gbp"]
    assert [row["year"] for row in table] == [str(n) for n in range(1, years + 1)]
    assert sum(Decimal(row["cash_gbp"]) for row in table) == total


def test_allocate_prints_whole_pounds_that_add_up():
    table = rows("allocate", "wirral", "--envelope", 705000, "--weight", "early_help", "--floor", 0.1)
    assert list(table[0]) == ["area_code", "area_name", "need", "share", "allocation_gbp"]
    assert [row["area_name"] for row in table] == ["Birkenhead", "Wallasey", "Wirral South", "Wirral West"]
    assert sum(int(row["allocation_gbp"]) for row in table) == 705000
    assert min(int(row["allocation_gbp"]) for row in table) >= 70500


def test_allocate_with_todays_amounts(tmp_path):
    today = tmp_path / "today.csv"
    today.write_text(
        "area_code,today_gbp\nbirkenhead,176250\nwallasey,176250\nwirral-south,176250\nwirral-west,176250\n"
    )
    table = rows(
        "allocate", "wirral", "--envelope", "£705,000", "--today", today, "--most-loss", 0.1, "--workings"
    )
    given = {row["area_code"]: (int(row["allocation_gbp"]), row["held_by"]) for row in table}
    assert given["wirral-west"] == (158625, "damping")
    assert sum(amount for amount, _ in given.values()) == 705000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("allocate", "wirral", "--envelope", "705000", "--by", "ward", "--floor", "0.1"),
            "The largest floor that fits is 4.5%",
        ),
        (("allocate", "wirral", "--envelope", "lots"), "not whole pounds"),
        (("allocate", "wirral", "--envelope", "1", "--weight", "universal"), "'universal' is not a tier"),
        (("allocate", "wirral", "--envelope", "1", "--weight", "early_help=x"), "Write it like"),
        (("cost", "wirral", "--years", "6"), "Choose one of: 5, 7, 9"),
        (("cost", "wirral", "--contract", "nope"), "early-help-alliance"),
        (("cost", "wirral", "--discount-rate", "1e9"), "Give per cent"),
        (("cost", "plymouth"), "has no contract yet"),
        (("cost", "thurrock"), "annual_value_gbp: is blank"),
        (("cohort", "medway", "nowhere.csv"), "the file is missing"),
        (("appraise", "nowhere.toml"), "the file is missing"),
    ],
)
def test_faults_end_with_code_2_and_no_traceback(arguments, message):
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr


def test_cohort_never_prints_a_three(tmp_path):
    file = tmp_path / "cohort.csv"
    file.write_text("ward_name,mothers\nChatham Central,3\nRiver,12\nTwydall,8\n")
    table = rows("cohort", "medway", file)
    assert list(table[0]) == ["level", "area_code", "area_name", "mothers"]
    shown = {row["area_name"]: row["mothers"] for row in table}
    assert shown["Chatham Central"] in {"0 to 4", "5"}
    assert shown["River"] in {"10", "15"}
    assert shown["Medway"] in {"20", "25"}
    assert "3" not in shown.values()


def test_cohort_refuses_people(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("ward,name,date of birth\nRiver,Jane Doe,01/02/1990\n")
    answer = run("cohort", "medway", file)
    assert answer.exit_code == 2
    assert "personal data" in answer.stderr
    assert "Jane" not in answer.output


def test_a_blank_plan_lists_what_it_needs():
    plan = place_folder("medway") / "cohorts" / "advocacy.toml"
    table = rows("cohort", "medway", plan)
    assert sum(row["source"] == "blank: not given yet" for row in table) == 9
    assert run("cohort", "medway", plan, "--show", "payback").exit_code == 2
    assert [row["total_gbp"] for row in rows("cohort", "medway", plan, "--show", "funding")] == ["", "", ""]


def test_a_blank_appraisal_prints_its_sheet_and_a_filled_one_its_ranking(tmp_path):
    bundled = place_folder("wirral") / "appraisals" / "early-help-alliance.toml"
    assert len(rows("appraise", bundled)) == 12
    filled = tmp_path / "filled.toml"
    filled.write_text(
        'name = "X"\n[[criteria]]\nname = "C"\nweight = 1\n[[alternatives]]\nname = "=A"\n[[alternatives]]\nname = "B"\n'
        '[[scores]]\nalternative = "=A"\ncriterion = "C"\nscore = 2\n[[scores]]\nalternative = "B"\ncriterion = "C"\nscore = 8\n'
    )
    table = rows("appraise", filled)
    assert [(row["alternative"], row["rank"]) for row in table] == [("B", "1"), ("'=A", "2")]
    for view in ("ranking", "arguments", "switching", "log", "scores"):
        assert rows("appraise", filled, "--show", view)


def test_views_of_cost():
    assert [row["years"] for row in rows("cost", "wirral", "--show", "totals")] == ["5", "7", "9"]
    units = {row["unit"]: float(row["cost_gbp"]) for row in rows("cost", "wirral", "--show", "unit-costs")}
    assert units["child"] == 10.46
    assert "family in early help within reach" in units
    assert any(row["confirm_with"] for row in rows("cost", "wirral", "--show", "log"))


def test_money_is_a_number_in_json_and_has_pence_in_a_table():
    answer = json.loads(run("cost", "wirral", "--format", "json").stdout)
    assert answer["rows"][1]["present_value_gbp"] == 681159.42
    assert "681,159.42" in run("cost", "wirral").stdout


def test_allocate_by_site_gives_each_neighbourhood_to_its_nearest_open_site():
    table = rows("allocate", "wirral", "--envelope", 705000, "--by", "site", "--kind", "family hub")
    assert len(table) == 10
    assert sum(int(row["allocation_gbp"]) for row in table) == 705000
    assert sum(int(row["need"]) for row in table) == 10115
    refused = run("allocate", "wirral", "--envelope", 1, "--by", "site", "--kind", "lighthouse")
    assert refused.exit_code == 2
    assert "family hub" in refused.stderr


def test_monitor_compares_with_the_plan_and_never_prints_a_three(tmp_path):
    file = tmp_path / "outcomes.csv"
    file.write_text(
        "measure,quarter,baseline,target,actual,better,counts_people\n"
        "Families,2022 Q1,10,20,3,up,yes\nFamilies,2022 Q2,10,20,10,up,yes\nFamilies,2022 Q3,10,20,25,up,yes\n"
    )
    table = rows("monitor", file)
    first = table[0]["actual"]
    assert (first, table[0]["status"]) in {("0.0", "not met"), ("5.0", "not met")}
    # Multiples of 5 stay as they are.
    assert [(row["actual"], row["status"]) for row in table[1:]] == [("10.0", "not met"), ("25.0", "met")]
    limits = rows("monitor", file, "--show", "limits")
    # The mean, plus and minus 2.66 x the mean move, and nobody below nought.
    centre, move = (float(first) + 35) / 3, (25 - float(first)) / 2
    for column, expected in (("centre", centre), ("lower", 0.0), ("upper", centre + 2.66 * move)):
        assert [float(row[column]) for row in limits] == pytest.approx([expected] * 3)
    assert run("monitor", file, "--show", "limits", "--measure", "Nothing").exit_code == 2
