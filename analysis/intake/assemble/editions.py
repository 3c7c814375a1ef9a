"""Editions of the English Indices of Deprivation: their geography, dates and size."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.base.faults import Fault, HubreachError
from analysis.intake.files.headings import year_in
from analysis.intake.files.recognition import Table

PUBLISHER = "Ministry of Housing, Communities and Local Government"
LICENCE = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Edition:
    """What is fixed about one edition.

    Parameters
    ----------
    year : str
        Its name.
    geography : str
        Census year of its LSOAs.
    districts : str
        Year of the authorities in its tables.
    population : str
        Year of its denominators (mid-year).
    areas_in_england : int
        Number of LSOAs that its ranks run over.
    """

    year: str
    geography: str
    districts: str
    population: str
    areas_in_england: int

    @property
    def title(self) -> str:
        """Name of the publication."""
        return f"English Indices of Deprivation {self.year}"


EDITIONS = {
    edition.year: edition
    for edition in (
        Edition("2015", "2011", "2013", "2012", 32844),
        Edition("2019", "2011", "2019", "2015", 32844),
        Edition("2025", "2021", "2024", "2022", 33755),
    )
}


def edition_of(table: Table) -> Edition:
    """Which edition a table of the indices belongs to: by its headings, else its name, else its LSOAs.

    Raises
    ------
    HubreachError
        If nothing says so.
    """
    for name, attribute in (("district_code", "districts"), ("population", "population")):
        column = table.column(name)
        for edition in EDITIONS.values():
            if column is not None and column.year == getattr(edition, attribute):
                return edition
    of_index = next((h.year for h in table.found if h.field.startswith(("imd_", "idaci_")) and h.year), "")
    named = EDITIONS.get(of_index or year_in(table.file))
    if named is not None:
        return named
    area = table.column("lsoa_code")
    newest = [e for e in EDITIONS.values() if area is not None and e.geography == area.year]
    if len(newest) == 1:
        return newest[0]
    found = "the headings do not say which edition of the indices this is"
    remedy = f"Put the year into the file's name: {', '.join(EDITIONS)}"
    raise HubreachError(f"{table.file} cannot be used.", [Fault(table.file, None, None, found, remedy)])
