"""Contract files: read, refused with every fault, saved and read back."""

import datetime as dt
from decimal import Decimal

import pytest

from analysis.base.faults import HubreachError
from analysis.base.records import parse_record
from analysis.commissioning.appraisal import read_appraisal
from analysis.commissioning.cohort import read_cohort_plan
from analysis.commissioning.contract import Contract, find_contract, read_contract
from analysis.commissioning.storage import record_files, record_text, save_record
from analysis.places.finding import place_folder


def test_the_bundled_contract_carries_the_published_facts():
    contract = find_contract(place_folder("wirral"), "Early help alliance")
    assert contract.annual_value_gbp == 705000
    assert contract.term_years == 5
    assert [e.years for e in contract.extensions] == [2, 2]
    assert "23 November 2021" in contract.source


def test_what_is_assumed_is_logged_with_who_confirms_it():
    log = find_contract(place_folder("wirral")).log().set_index("parameter")
    assert log.loc["start", "confirm_with"] == "the commissioner of the service"
    assert log.loc["annual_value_gbp", "confirm_with"] == ""


def test_thurrock_has_its_funding_lines_with_amounts_blank():
    contract = find_contract(place_folder("thurrock"))
    assert [(line.certainty, line.annual_gbp) for line in contract.funding] == [
        ("expected", None),
        ("at risk", None),
    ]
    assert len(contract.blanks()) == 4


def test_every_fault_is_told_at_once():
    text = (
        'name = ""\nannual_value_gbp = "lots"\nterm_years = 0\ncolour = "red"\n[indexation]\nkind = "fixed"\n'
    )
    with pytest.raises(HubreachError) as error:
        parse_record(text, Contract, file="x.toml", headline="No.")
    assert {fault.column for fault in error.value.faults} >= {"name", "term_years", "colour", "indexation"}
    assert len(error.value.faults) == 5


def test_a_fraction_of_a_penny_is_refused():
    with pytest.raises(ValueError, match="fraction of a penny"):
        Contract(name="x", annual_value_gbp="1.005")


def test_an_extension_cannot_follow_one_that_was_refused():
    with pytest.raises(ValueError, match="extension 2 is taken but an earlier one is not"):
        Contract(name="x", extensions=[{"years": 2}, {"years": 2, "taken": True}])


def test_a_length_that_is_not_on_offer_lists_those_that_are():
    with pytest.raises(HubreachError, match="5, 7, 9"):
        find_contract(place_folder("wirral")).lasting(6)


def test_an_unknown_contract_lists_those_there_are():
    with pytest.raises(HubreachError, match="early-help-alliance"):
        find_contract(place_folder("wirral"), "youth zone")


def test_a_place_without_contracts_says_where_one_goes():
    with pytest.raises(HubreachError, match=r"plymouth/contracts: there is no file. Enter one on the page"):
        find_contract(place_folder("plymouth"))


def test_a_contract_survives_saving(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    contract = Contract(
        name="Our '=own' contract",
        start=dt.date(2030, 1, 31),
        annual_value_gbp="1234.56",
        term_years=3,
        extensions=[{"years": 1, "taken": True, "annual_value_gbp": "10"}],
        indexation={"kind": "series", "series_percent": ["1.5", 2, 3]},
        funding=[{"name": "Health", "certainty": "at risk", "annual_gbp": "99.99"}],
    )
    path = save_record(contract, "wirral", "contracts")
    assert read_contract(path) == contract
    assert find_contract(place_folder("wirral"), "our-own-contract").annual_value_gbp == Decimal("1234.56")


def test_a_users_contract_replaces_a_bundled_one_of_the_same_name(tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    bundled = find_contract(place_folder("wirral"))
    save_record(bundled.model_copy(update={"annual_value_gbp": Decimal(700000)}), "wirral", "contracts")
    assert find_contract(place_folder("wirral")).annual_value_gbp == 700000


def test_text_of_a_contract_keeps_blanks_blank():
    contract = Contract(name="x", indexation={"kind": "fixed", "rate_percent": 2})
    assert parse_record(record_text(contract), Contract, file="x", headline="No.") == contract


@pytest.mark.parametrize(
    ("slug", "kind", "read"),
    [("wirral", "appraisals", read_appraisal), ("medway", "cohorts", read_cohort_plan)],
)
def test_every_kind_of_record_survives_saving(slug, kind, read, tmp_path, monkeypatch):
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))
    record = read(next(iter(record_files(place_folder(slug), kind).values())))
    assert read(save_record(record, slug, kind)) == record
