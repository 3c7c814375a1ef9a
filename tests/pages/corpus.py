"""Made-up files as councils and publishers write them, each with what is right: figures, a question, or a refusal.

All are about Rutland, whose 26 small areas have children 0-4, 5-10, 11-15 and 16-17 as England's figures count them; in
`single` every area has `2 + age` girls and `3 + age` boys of each age.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.places.coordinates import BRITISH_GRID, WGS84
from analysis.places.place import Place

Table = pd.DataFrame
GIRLS, BOYS = sum(range(2, 20)), sum(range(3, 21))
BOTH = 26 * (GIRLS + BOYS)


@dataclass(frozen=True)
class Case:
    """One file.

    Parameters
    ----------
    kind : str
        What it is brought as.
    make : callable
        Content of the file for a place.
    right : int or None
        Children, open sites or wards of the place by it; None where it is refused.
    said : tuple of str
        Words that the notes or the refusal hold.
    options : tuple of str
        Of the command, such as "--where", "Year=2024".
    """

    kind: str
    make: Callable[[Place], bytes]
    right: int | None
    said: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    name: str = "own.csv"
    columns: dict[str, str] = field(default_factory=dict)


def csv(table: Table, **how: object) -> bytes:
    return table.to_csv(index=False, **how).encode()


def single(place: Place, sex: str) -> Table:
    """Single years of age of one sex, or of both ("Persons")."""
    first = {"Females": 2, "Males": 3, "Persons": 5}[sex]
    step = 2 if sex == "Persons" else 1
    ages = {str(age): [first + step * age] * len(place.areas) for age in range(18)}
    return Table({"lsoa21cd": place.areas.index, "sex": sex, **ages, "18": 9, "90+": 1})


def by_sex(place: Place, *sexes: str) -> Table:
    return pd.concat([single(place, sex) for sex in sexes]).sort_values("lsoa21cd", kind="stable")


def bands(place: Place, **more: object) -> Table:
    held = place.areas[["children_0_4", "children_5_10", "children_11_15", "children_16_17"]]
    return held.rename_axis("area_code").reset_index().assign(**more)


def sheets(tables: dict[str, Table]) -> bytes:
    held = io.BytesIO()
    with pd.ExcelWriter(held) as book:
        for name, table in tables.items():
            table.to_excel(book, sheet_name=name, index=False)
    return held.getvalue()


def long(place: Place, sexes: tuple[str, ...]) -> bytes:
    wide = by_sex(place, *sexes).drop(columns=["18", "90+"])
    rows = wide.melt(["lsoa21cd", "sex"], var_name="age", value_name="obs_value")
    rows["age"] = "Aged " + rows["age"] + " years"
    total = wide.assign(age="All Ages", obs_value=99_999)[["lsoa21cd", "sex", "age", "obs_value"]]
    rows = pd.concat([rows, total]).rename(columns={"lsoa21cd": "geography code", "sex": "gender"})
    return csv(rows.assign(date=2024))


def messy(place: Place) -> bytes:
    """Notes above and below, a total, two byte-order marks, thousands with commas, blanks around codes."""
    table = bands(place).astype(str)
    table["children_0_4"] = ["1,000", *table["children_0_4"][1:]]
    table["area_code"] = " " + table["area_code"].str.lower() + " "
    rows = csv(table).decode().splitlines()
    total = "Total," + ",".join(["9999"] * 4)
    text = "\n".join(
        ["Children by LSOA,,,,", "Made in January,,,,", "", *rows, total, "", "Source: the register,,,,"]
    )
    return ("\ufeff\ufeff" + text).encode()


def merged(place: Place) -> bytes:
    """Headings of two rows, as merged cells leave them."""
    top = ["LSOA", *(word for sex in ("Males", "Females") for word in (sex, "", "", ""))]
    ages = ["", *("0-4", "5-10", "11-15", "16-17") * 2]
    rows = [[code, *[3] * 8] for code in place.areas.index]
    return "\n".join(",".join(map(str, row)) for row in (top, ages, *rows)).encode()


def ward_rows(*extra: tuple[int, str]) -> Callable[[Place], bytes]:
    """Ward North of every area but the last six, which are South, and further rows of some."""

    def made(place: Place) -> bytes:
        codes = list(place.areas.index)
        rows = [(code, "North" if at < 20 else "South") for at, code in enumerate(codes)]
        rows += [(codes[at], ward) for at, ward in extra]
        return csv(Table(rows, columns=["LSOA21_CD", "ward_name"]))

    return made


def five_years(place: Place) -> bytes:
    ages = {
        "Aged 4 years and under": 40,
        "Aged 5 to 9 years": 50,
        "Aged 10 to 14 years": 50,
        "Aged 15 to 17 years": 30,
    }
    return csv(Table({"LSOA21_CD": place.areas.index, **ages, "Aged 85 years and over": 7}))


def features(kinds: list[dict[str, object]], points: list[tuple[float, float]]) -> bytes:
    shapes = [{"type": "Point", "coordinates": list(at)} for at in points]
    rows = [
        {"type": "Feature", "properties": properties, "geometry": shape}
        for properties, shape in zip(kinds, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def site_rows(*rows: str, head: str = "name,kind,postcode") -> Callable[[Place], bytes]:
    return lambda _: "\n".join([head, *rows]).encode()


def wales(place: Place) -> bytes:
    del place
    return csv(Table({"lsoa21cd": [f"W0100{n:04}" for n in range(1, 30)], "children": 50}))


HUB = "Oakham Hub,family hub,LE15 6AA"
CHILDREN: dict[str, Case] = {
    "rows of both sexes and each": Case(
        "children", lambda p: csv(by_sex(p, "Females", "Males", "Persons")), BOTH, ("both sexes were taken",)
    ),
    "rows of each sex": Case(
        "children", lambda p: csv(by_sex(p, "Females", "Males")), BOTH, ("Females and males were added up",)
    ),
    "rows of each sex, shuffled": Case(
        "children", lambda p: csv(by_sex(p, "Males", "Females").sample(frac=1, random_state=1)), BOTH
    ),
    "rows of one sex": Case(
        "children", lambda p: csv(single(p, "Females")), None, ("rows of one sex alone",)
    ),
    "a sheet a sex": Case(
        "children",
        lambda p: sheets({sex: single(p, sex).drop(columns="sex") for sex in ("Females", "Males")}),
        BOTH,
        ("Females and males were added up",),
        name="own.xlsx",
    ),
    "sheets of persons and each sex of two years": Case(
        "children",
        lambda p: sheets(
            {
                f"Mid-{year} {sex}": single(p, sex).drop(columns="sex")
                for year in (2021, 2022)
                for sex in ("Persons", "Males", "Females")
            }
        ),
        BOTH,
        ("those of 2022 were read",),
        name="own.xlsx",
    ),
    "a column a sex": Case(
        "children",
        lambda p: csv(
            Table(
                {
                    "LSOA Code": p.areas.index,
                    **{
                        f"{sex} {age}": 3
                        for sex in ("Boys", "Girls")
                        for age in ("0-4", "5-10", "11-15", "16-17")
                    },
                }
            )
        ),
        26 * 24,
    ),
    "columns of girls alone": Case(
        "children",
        lambda p: csv(Table({"LSOA Code": p.areas.index, **{f"F{age}": 3 for age in range(18)}})),
        None,
        ("females alone",),
    ),
    "a row an age, both sexes and each": Case(
        "children", lambda p: long(p, ("Females", "Males", "Persons")), BOTH
    ),
    "a row an age and sex": Case("children", lambda p: long(p, ("Females", "Males")), BOTH),
    "two years": Case(
        "children",
        lambda p: csv(pd.concat([bands(p, Year=2023), bands(p, Year=2024)])),
        None,
        ("differ by Year", "2023, 2024"),
    ),
    "the year that is said": Case(
        "children",
        lambda p: csv(pd.concat([bands(p, Year=2023, children_0_4=1), bands(p, Year=2024)])),
        8012,
        (),
        ("--where", "Year=2024"),
    ),
    "two measures": Case(
        "children",
        lambda p: csv(pd.concat([bands(p, measure="Residents"), bands(p, measure="Registered")])),
        None,
        ("differ by measure", "Registered, Residents"),
    ),
    "a row twice": Case(
        "children", lambda p: csv(pd.concat([bands(p), bands(p).iloc[[3]]])), None, ("in rows 5, 28",)
    ),
    "every row twice": Case(
        "children", lambda p: csv(pd.concat([bands(p)] * 2)), None, ("26 codes stand in more than one row",)
    ),
    "notes, total, marks and thousands": Case(
        "children", messy, 8012 - 36 + 1000, ("1 row of a total was left out",)
    ),
    "five-year bands": Case("children", five_years, 26 * 170, ("parted by the shares",)),
    "codes of Wales": Case("children", wales, None, ("Wales",)),
    "a heading of its own": Case(
        "children", lambda p: csv(bands(p).rename(columns={"area_code": "gss_code"})), 8012
    ),
    "headings that are said": Case(
        "children",
        lambda p: csv(bands(p).rename(columns={"area_code": "Zone", "children_16_17": "Oldest"})),
        8012,
        (),
        ("--column", "children_16_17=Oldest"),
    ),
    "a figure far from England's": Case(
        "children", lambda p: csv(bands(p).assign(children_0_4=900)), 26 * 900 + 6365, ("Look at this first",)
    ),
    "many cells that are no numbers": Case(
        "children", lambda p: csv(bands(p).assign(children_0_4="many")), None, ("26 rows such as",)
    ),
}
NAMES = {
    "children_0_4": "0-4",
    "children_5_10": "05-Oct",
    "children_11_15": "Nov-15",
    "children_16_17": "16-17",
}


def total_first(place: Place) -> Table:
    row = bands(place).iloc[[0]].assign(area_code="Rutland", children_0_4=9999)
    return pd.concat([row, bands(place)])


def totals_between(place: Place) -> Table:
    """Wards with a row of their total under their areas, which has no code."""
    rows = bands(place, ward="Oakham")
    return pd.concat([rows.iloc[:9], rows.iloc[[0]].assign(area_code="", ward="Oakham total"), rows.iloc[9:]])


def dated_rows(place: Place) -> Table:
    return bands(place).melt("area_code", var_name="age", value_name="count").replace({"age": NAMES})


CHILDREN |= {
    "codes beside names": Case(
        "children", lambda p: csv(bands(p).assign(area_code=lambda t: t["area_code"] + " : Rutland")), 8012
    ),
    "names for codes": Case(
        "children",
        lambda p: csv(
            bands(p).assign(area_code=list(p.areas["area_name"])).rename(columns={"area_code": "LSOA"})
        ),
        8012,
    ),
    "ages that became dates": Case(
        "children", lambda p: csv(bands(p).rename(columns=NAMES)), 8012, ("made dates of some ages: 05-Oct",)
    ),
    "ages that became dates, in rows": Case("children", lambda p: csv(dated_rows(p)), 8012, ("Nov-15",)),
    "the place's total first": Case("children", lambda p: csv(total_first(p)), 8012, ("1 row of a total",)),
    "wards' totals between": Case("children", lambda p: csv(totals_between(p)), 8012, ("1 row of a total",)),
    "headings on every page of print": Case(
        "children", lambda p: csv(bands(p).iloc[:13]) + csv(bands(p).iloc[13:]), 8012
    ),
    "estimates with decimals": Case(
        "children",
        lambda p: csv(bands(p).assign(children_0_4=lambda t: t["children_0_4"] + 0.25)),
        8012,
        ("rounded to whole children",),
    ),
    "one number with decimals": Case(
        "children",
        lambda p: csv(bands(p).astype({"children_0_4": float}).replace({"children_0_4": {36.0: 36.5}})),
        None,
        ("'36.5' is not a whole number",),
    ),
    "two years in columns": Case(
        "children",
        lambda p: csv(Table({"code": p.areas.index, "Children 2023": 300, "Children 2024": 310})),
        None,
        ("two columns of ages 0-17", "--column children=HEADING"),
    ),
    "two years in columns, one said": Case(
        "children",
        lambda p: csv(Table({"code": p.areas.index, "Children 2023": 300, "Children 2024": 310})),
        26 * 310,
        (),
        ("--column", "children=Children 2024"),
    ),
    "an area with ten times its children": Case(
        "children",
        lambda p: csv(bands(p).assign(children_0_4=[1000, *bands(p)["children_0_4"][1:]])),
        8012 - 36 + 1000,
        ("some areas have over 3 times",),
    ),
    "a table on its side": Case(
        "children",
        lambda p: bands(p).set_index("area_code").T.to_csv().encode(),
        None,
        ("side by side in one row",),
    ),
    "semicolons and bytes of two": Case(
        "children", lambda p: csv(bands(p), sep=";").decode().encode("utf-16"), 8012
    ),
    "a PDF": Case("children", lambda _: b"%PDF-1.7" + b"x,y\n" * 99, None, ("a PDF, not a table",)),
    "codes of elsewhere that are of 2011": Case(
        "children",
        lambda p: csv(pd.concat([bands(p), bands(p).iloc[:2].assign(area_code=["E01000004", "E01000007"])])),
        8012,
        ("no LSOA of 2021 were left out",),
    ),
}
CHILDREN["headings of two rows"] = Case("children", merged, 26 * 24)
WARDS: dict[str, Case] = {
    "a row an area": Case("wards", ward_rows(), 2),
    "a finer lookup": Case(
        "wards", ward_rows((0, "North"), (0, "South"), (1, "North")), 2, ("stand in rows of several wards",)
    ),
    "one area in two wards": Case(
        "wards", ward_rows((3, "South")), None, ("in rows that say different things", "in rows 5, 28")
    ),
    "notes below": Case("wards", lambda p: ward_rows()(p) + b"\nSource: the council,\n", 2),
}
SITES: dict[str, Case] = {
    "schools without a kind that is known": Case(
        "sites",
        site_rows(
            HUB, *(f"School {n},Primary academy,LE15 6{end}" for n, end in enumerate(("AA", "AB", "AD")))
        ),
        1,
        ("they start as possible buildings",),
    ),
    "schools that are said to be open": Case(
        "sites",
        site_rows(HUB, "Old School,Primary academy,LE15 6AB"),
        2,
        ("open, as you said",),
        ("--unknown-kinds", "open"),
    ),
    "an academy at a hub's postcode": Case(
        "sites", site_rows(HUB, "Oakham Academy,academy,LE15 6AA"), 1, ("a possible building",)
    ),
    "a hub and a centre at one postcode": Case(
        "sites", site_rows(HUB, "Oakham Centre,children's centre,LE15 6AA"), 1
    ),
    "a site that is closed": Case(
        "sites",
        site_rows("Old Hub,family hub,LE15 6AA,Closed", f"{HUB},Open", head="site_name,type,postcode,status"),
        1,
    ),
    "one site twice": Case("sites", site_rows(HUB, HUB), 1),
    "notes above and below": Case(
        "sites", lambda _: f"Our hubs,,\n\nName of hub,Type,Post code\n{HUB}\n\nUpdated in May,,".encode(), 1
    ),
    "points": Case(
        "sites",
        lambda _: features([{"Name": "Oakham Hub", "Type": "Family hubs"}], [(-0.7285, 52.6705)]),
        1,
        name="own.geojson",
    ),
    "longitude and latitude swapped": Case(
        "sites",
        site_rows("Oakham Hub,family hub,52.6705,-0.7285", head="name,kind,longitude,latitude"),
        None,
        ("the other way round",),
    ),
    "coordinates far from the postcode": Case(
        "sites",
        site_rows(f"{HUB},498000,302000", head="name,kind,postcode,easting,northing"),
        1,
        ("from the postcode in the same row",),
    ),
    "a heading that is said": Case(
        "sites", site_rows(HUB, head="What,kind,postcode"), 1, (), ("--column", "name=What")
    ),
}


def parts(place: Place, **more: object) -> gpd.GeoDataFrame:
    """Wards North, of all areas but the last six, and South as polygons."""
    names = ["North" if at < 20 else "South" for at in range(26)]
    return place.boundaries.assign(WARD_NAME_=names).dissolve("WARD_NAME_").reset_index().assign(**more)


def package(**layers: gpd.GeoDataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layers.gpkg"
        for name, layer in layers.items():
            layer.to_file(path, layer=name, driver="GPKG")
        return path.read_bytes()


def hubs(place: Place) -> gpd.GeoDataFrame:
    inside = place.boundaries.geometry.iloc[[0, 5]].representative_point().to_numpy()
    return gpd.GeoDataFrame({"Name": ["One", "Two"], "Type": "family hub"}, geometry=inside, crs=BRITISH_GRID)


WARDS |= {
    "names of areas for their codes": Case(
        "wards",
        lambda p: csv(Table({"LSOA name": p.areas["area_name"], "Ward": ["North"] * 20 + ["South"] * 6})),
        2,
    ),
    "one name in two spellings": Case(
        "wards",
        lambda p: csv(Table({"LSOA": p.areas.index, "Ward": [*["North"] * 20, *["south", "South"] * 3]})),
        2,
    ),
    "codes of wards alone": Case(
        "wards", lambda p: csv(Table({"LSOA21CD": p.areas.index, "WD24CD": p.areas["ward_code"]})), 15
    ),
    "polygons of a layer that is not the first": Case(
        "wards", lambda p: package(hubs=hubs(p), wards=parts(p)), 2, name="own.gpkg"
    ),
    "polygons of half the place": Case(
        "wards",
        lambda p: parts(p).iloc[:1].to_crs(WGS84).to_json().encode(),
        None,
        ("most people of 5 areas live in no ward of the file",),
        name="own.geojson",
    ),
}
SITES |= {
    "a postcode at the end of an address": Case(
        "sites", site_rows('Hub,family hub,"1 High St, Oakham, LE15 6AA"', head="Venue,kind,Address"), 1
    ),
    "a pair in one cell": Case(
        "sites", site_rows('Hub,family hub,"52.6705, -0.7285"', head="name,kind,Lat/Long"), 1
    ),
    "X and Y in metres": Case("sites", site_rows("Hub,family hub,486100,308800", head="name,kind,X,Y"), 1),
    "X and Y in degrees": Case("sites", site_rows("Hub,family hub,-0.7285,52.6705", head="name,kind,x,y"), 1),
    "a grid reference": Case("sites", site_rows("Hub,family hub,SK 861 088", head="name,kind,Grid ref"), 1),
    "a total": Case(
        "sites", site_rows(f"{HUB},20", "Total,,,20", head="name,kind,PCode,capacity_families"), 1
    ),
    "headings on every page of print": Case(
        "sites", site_rows(HUB, "name,kind,postcode", "Two,family hub,LE15 7LP"), 2
    ),
    "what family hubs are called": Case(
        "sites", site_rows("One,Best Start Family Hub,LE15 6AA", "Two,Family Hub Site,LE15 7LP"), 2
    ),
    "points of a layer that is not the first": Case(
        "sites", lambda p: package(areas=parts(p, WARD_NAME_=1), hubs=hubs(p)), 2, name="own.gpkg"
    ),
    "a property that is said": Case(
        "sites",
        lambda p: hubs(p).rename(columns={"Name": "Titel"}).to_crs(WGS84).to_json().encode(),
        2,
        (),
        ("--column", "name=Titel"),
        name="own.geojson",
    ),
    "metres that are said to be degrees": Case(
        "sites",
        lambda p: hubs(p).to_json(to_wgs84=False, drop_id=True).replace('"crs"', '"was"').encode(),
        None,
        ("are metres, but the file says degrees",),
        name="own.geojson",
    ),
    "a GeoJSON that breaks off": Case(
        "sites",
        lambda p: hubs(p).to_crs(WGS84).to_json().encode()[:300],
        None,
        ("it is damaged, breaks off",),
        name="own.geojson",
    ),
    "a web page": Case("sites", lambda _: b"<html><table></table></html>", None, ("a web page or XML",)),
}


# Five areas of Rutland were made since 2011; the code stands for the one that they were made of.
OF_2011 = "E01000004"


def on_2011(place: Place) -> Table:
    kept = [code for code in place.areas.index if not code.startswith("E01035")]
    return Table({"LSOA11CD": [*kept, OF_2011], "children": 300})


def on_both(place: Place) -> Table:
    codes = pd.Series(place.areas.index)
    split = codes.str.startswith("E01035")
    older = codes.mask(split, OF_2011)
    return Table({"LSOA11CD": older, "LSOA21CD": codes, "children": split.map({True: 1000, False: 300})})


def merged_since(place: Place) -> Table:
    codes = place.areas.index
    rows = Table({"LSOA11CD": codes, "LSOA21CD": codes, "children": 300})
    return pd.concat([rows, Table({"LSOA11CD": [OF_2011], "LSOA21CD": codes[:1], "children": 50})])


CHILDREN |= {
    "areas of 2011": Case(
        "children", lambda p: csv(on_2011(p)), None, ("it is on LSOAs of 2011", "5 of 26 areas")
    ),
    "areas of 2011 beside those that they were split into": Case(
        "children", lambda p: csv(on_both(p)), 21 * 300 + 1000, ("1 area of 2011 was split since",)
    ),
    "areas of 2011 that were merged": Case("children", lambda p: csv(merged_since(p)), 26 * 300 + 50),
}
SITES["a district that is no longer"] = Case(
    "sites",
    site_rows(
        "Hub,family hub,Oakham Urban District,LE15 6AA",
        "Other,family hub,Leicester,LE1 1AA",
        head="name,kind,local authority,postcode",
    ),
    1,
    ("1 of other authorities",),
)


def packed(place: Place) -> bytes:
    """A table in an archive, with what a system adds of its own."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("__MACOSX/._own.csv", b"\x00\x05")
        archive.writestr("folder/own.csv", csv(bands(place)))
    return held.getvalue()


def units_below(place: Place) -> bytes:
    head, *rows = csv(bands(place)).decode().splitlines()
    return "\n".join([head, "code,number,number,number,number", *rows]).encode()


CHILDREN |= {
    "an archive of another system": Case("children", packed, 8012, name="own.zip"),
    "units below the headings": Case(
        "children", units_below, None, ("row 2", "'CODE' is no code of an LSOA")
    ),
    "a hidden mark thrice": Case("children", lambda p: b"\xef\xbb\xbf" * 3 + csv(bands(p)), 8012),
}
WARDS["points"] = Case(
    "wards",
    lambda p: hubs(p).rename(columns={"Name": "ward"}).to_crs(WGS84).to_json().encode(),
    None,
    ("its shapes are points or lines",),
    name="own.geojson",
)
