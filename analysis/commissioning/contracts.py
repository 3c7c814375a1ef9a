"""A contract: its value, term, extensions, indexation and who pays, as its file states them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import place_user_folder
from analysis.base.records import Record, read_record
from analysis.base.text import slugify
from analysis.commissioning.assumptions import Assumption, blank, parameter_log
from analysis.commissioning.money import Percent, Pounds
from analysis.commissioning.storage import record_files

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

Certainty = Literal["guaranteed", "expected", "at risk"]
CERTAINTIES: tuple[Certainty, ...] = ("guaranteed", "expected", "at risk")


def _blank_is_none(given: Any) -> Any:
    return None if isinstance(given, str) and not given.strip() else given


Day = Annotated[dt.date | None, BeforeValidator(_blank_is_none)]
Years = Annotated[Annotated[int, Field(ge=1, le=50)] | None, BeforeValidator(_blank_is_none)]


class Extension(Record):
    """An option to extend by a number of years; its yearly value is the contract's unless it has its own."""

    years: Annotated[int, Field(ge=1, le=20)]
    taken: bool = False
    annual_value_gbp: Pounds = None


class Indexation(Record):
    """How the yearly value moves at each anniversary of the start.

    `none`: it stays. `fixed`: by `rate_percent` every year. `series`: by `series_percent`, the first
    entry for the second year.
    """

    kind: Literal["none", "fixed", "series"] = "none"
    rate_percent: Percent = None
    series_percent: tuple[Percent, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Indexation:
        if self.kind == "fixed" and self.rate_percent is None:
            raise ValueError("fixed indexation needs rate_percent")
        if self.kind == "series" and (not self.series_percent or None in self.series_percent):
            raise ValueError(
                "indexation by series needs series_percent, one rate for each year from the second"
            )
        return self


class FundingLine(Record):
    """Money towards the contract from one source, in the contract years that it covers."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    certainty: Certainty
    annual_gbp: Pounds = None
    from_year: Annotated[int, Field(ge=1)] = 1
    to_year: Years = None
    note: str = ""

    @property
    def column(self) -> str:
        """Heading of the line in a schedule."""
        return f"{slugify(self.name).replace('-', '_')}_gbp"

    def covers(self, year: int) -> bool:
        """Whether the line pays in a contract year (the first is 1)."""
        return self.from_year <= year and (self.to_year is None or year <= self.to_year)


class Contract(Record):
    """A contract as its file states it; what no source gives is blank or among the assumptions."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    source: str = ""
    start: Day = None
    annual_value_gbp: Pounds = None
    term_years: Years = None
    extensions: tuple[Extension, ...] = ()
    indexation: Indexation = Indexation()
    funding: tuple[FundingLine, ...] = ()
    alternatives: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        refused = False
        for position, extension in enumerate(self.extensions, start=1):
            if extension.taken and refused:
                raise ValueError(
                    f"extension {position} is taken but an earlier one is not: the contract has ended by then"
                )
            refused = refused or not extension.taken
        columns = [line.column for line in self.funding]
        twice = sorted({name for name in columns if columns.count(name) > 1})
        if twice:
            raise ValueError(f"two funding lines have the same name ({', '.join(twice)}): rename one")
        return self

    @property
    def years(self) -> int:
        """Years in all, with the extensions that are taken."""
        return (self.term_years or 0) + sum(e.years for e in self.extensions if e.taken)

    def scenario_years(self) -> tuple[int, ...]:
        """Possible lengths: the term alone, with one extension, with two, ..."""
        lengths = [self.term_years or 0]
        for extension in self.extensions:
            lengths.append(lengths[-1] + extension.years)
        return tuple(lengths)

    def lasting(self, years: int) -> Contract:
        """The contract with just the extensions that make it last `years`.

        Raises
        ------
        HubreachError
            If no run of extensions gives that length.
        """
        lengths = self.scenario_years()
        if years not in lengths:
            known = ", ".join(map(str, lengths))
            fault = Fault(
                "years", None, None, f"{years} is not one of its lengths", f"Choose one of: {known}"
            )
            raise HubreachError(f"{self.name} cannot last {years} years.", [fault])
        count = lengths.index(years)
        taken = tuple(e.model_copy(update={"taken": i < count}) for i, e in enumerate(self.extensions))
        return self.model_copy(update={"extensions": taken})

    def blanks(self) -> tuple[Assumption, ...]:
        """What has to be filled in before a schedule can be worked out, and by whom."""
        who = "the commissioner of the service"
        needed = [
            blank(name, who)
            for name in ("start", "annual_value_gbp", "term_years")
            if getattr(self, name) is None
        ]
        needed += [
            blank(f"funding: {line.name}", "the council's finance officer")
            for line in self.funding
            if line.annual_gbp is None
        ]
        return tuple(needed)

    def log(self) -> pd.DataFrame:
        """Parameter log of the contract."""
        assumed = {a.parameter for a in self.assumptions}
        facts = {
            "annual_value_gbp": self.annual_value_gbp,
            "start": self.start,
            "term_years": self.term_years,
            "extensions": " + ".join(f"{e.years} years" for e in self.extensions) or None,
            "indexation": None if self.indexation.kind == "none" else self.indexation.kind,
        }
        given = {k: str(v) for k, v in facts.items() if v is not None and k not in assumed}
        return parameter_log(self.name, self.source, given, [*self.assumptions, *self.blanks()])


def read_contract(path: Path) -> Contract:
    """Read one contract file (TOML).

    Raises
    ------
    HubreachError
        With every fault of the file.
    """
    return read_record(path, Contract, f"The contract in {path.name} cannot be read.")


def find_contract(place_folder: Path, name: str | None = None) -> Contract:
    """Contract of a place by slug or by name; the only one there is when no name is given.

    Raises
    ------
    HubreachError
        If there is no such contract, or several and no name; the message lists them.
    """
    files = record_files(place_folder, "contracts")
    if name is None and len(files) == 1:
        return read_contract(next(iter(files.values())))
    slug = slugify(name or "")
    if slug in files:
        return read_contract(files[slug])
    for path in files.values():
        contract = read_contract(path)
        if slug == slugify(contract.name):
            return contract
    if not files:
        folder = place_user_folder(place_folder.name) / "contracts"
        remedy = "Enter one on the page Commissioning and save it there, or put a TOML file into that folder"
        fault = Fault(str(folder), None, None, "there is no file", remedy)
        raise HubreachError("This place has no contract yet.", [fault])
    found = f"{name!r} is not known" if name else f"there are {len(files)} contracts, and no name was given"
    fault = Fault("contract", None, None, found, f"Choose one of: {', '.join(files)}")
    raise HubreachError("Which contract is meant?", [fault])
