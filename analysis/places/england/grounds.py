"""What a user may mean by a place in England: an authority, a district, a region, several, or a postcode."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from analysis.base.faults import HubreachError
from analysis.base.text import slugify
from analysis.places.england.tables import authorities, districts
from analysis.places.sites.postcodes import locate_postcode, normal_postcode

GroundKind = Literal["authority", "district", "region", "several"]
CODE = re.compile(r"E\d{8}")
NEAR_ENOUGH = 0.75
SEPARATOR = re.compile(r"\s*[,+]\s*| and ")


@dataclass(frozen=True)
class Ground:
    """A part of England that opens as a place.

    Parameters
    ----------
    slug : str
        Such as "leeds"; of several together, their slugs in order, parted by commas.
    name, code : str
        As published; of several together, joined.
    kind : {"authority", "district", "region", "several"}
    districts : tuple of str
        Codes of the lower-tier authorities that it is made of.
    """

    slug: str
    name: str
    code: str
    kind: GroundKind
    districts: tuple[str, ...]

    @property
    def authorities(self) -> tuple[str, ...]:
        """Codes of the children's services authorities that it lies in."""
        return tuple(sorted(set(districts().loc[list(self.districts), "authority_code"])))


@lru_cache(maxsize=1)
def grounds() -> dict[str, Ground]:
    """Every authority, district and region by slug: authorities first, in order of name.

    A unitary authority is its only district, and then stands here once.
    """
    lower = districts()
    found: dict[str, Ground] = {}
    for code, name in authorities()["authority_name"].sort_values().items():
        inside = tuple(lower.index[lower["authority_code"] == code])
        found[slugify(name)] = Ground(slugify(name), name, str(code), "authority", inside)
    for code, name in lower["district_name"].sort_values().items():
        ground = Ground(slugify(name), name, str(code), "district", (str(code),))
        found.setdefault(ground.slug, ground)
    for code, group in lower.groupby("region_code"):
        name = str(group["region_name"].iloc[0])
        ground = Ground(slugify(name), name, str(code), "region", tuple(group.index))
        found.setdefault(ground.slug, ground)
    return found


@lru_cache(maxsize=1)
def _slug_by_code() -> dict[str, str]:
    codes = {ground.code: ground.slug for ground in grounds().values()}
    of_authority = authorities()["authority_code_2024"].items()
    for code, former in (*of_authority, *districts()["district_code_2024"].items()):
        # A county's own code stays its own; a unitary's district has the same code as the authority.
        codes.setdefault(str(former), codes.get(str(code), ""))
    return codes


def find_ground(text: str) -> Ground | None:
    """The part of England that a text names, or None.

    Parameters
    ----------
    text : str
        A slug or name ("leeds", "Bristol, City of"), a code of the ONS (present or former), a postcode (its
        children's services authority), or several of these parted by commas, or as they are named together.

    Examples
    --------
    >>> find_ground("E08000016").name, find_ground("ME15 6XX").slug
    ('Barnsley', 'kent')
    >>> find_ground("Leeds, bradford").slug, find_ground("Bradford and Leeds").slug
    ('bradford,leeds', 'bradford,leeds')
    """
    parts = _parts(text.strip().strip(",+"))
    return together(tuple(dict.fromkeys(parts))) if parts else None


def _parts(text: str) -> list[Ground]:
    """What a text names, part by part; none where any of it is unknown.

    A name may hold the words that part names ("Bath and North East Somerset"), so the shortest known part is taken only
    if the rest is known too.
    """
    whole = _one(text)
    if whole is not None:
        return [whole]
    for between in SEPARATOR.finditer(text):
        first = _one(text[: between.start()])
        rest = _parts(text[between.end() :]) if first is not None else []
        if first is not None and rest:
            return [first, *rest]
    return []


def together(parts: tuple[Ground, ...]) -> Ground:
    """Several parts of England as one; what lies inside another adds nothing."""
    kept = [p for p in parts if not any(set(p.districts) < set(other.districts) for other in parts)]
    if len(kept) == 1:
        return kept[0]
    kept.sort(key=lambda part: part.slug)
    names = [part.name for part in kept]
    inside = tuple(sorted({code for part in kept for code in part.districts}))
    return Ground(
        ",".join(part.slug for part in kept),
        f"{', '.join(names[:-1])} and {names[-1]}",
        ",".join(part.code for part in kept),
        "several",
        inside,
    )


def _one(text: str) -> Ground | None:
    given = text.strip()
    slug = slugify(re.sub(r", (city|county) of$", "", given, flags=re.IGNORECASE))
    if slug in grounds():
        return grounds()[slug]
    if CODE.fullmatch(given.upper()):
        return grounds().get(_slug_by_code().get(given.upper(), ""))
    if normal_postcode(given):
        try:
            code = locate_postcode(given).authority
        except HubreachError:
            return None
        district = grounds().get(_slug_by_code().get(code, ""))
        if district is None:
            return None
        return grounds()[_slug_by_code()[district.authorities[0]]]
    return None


def near_names(text: str, most: int = 5) -> list[str]:
    """Slugs that are spelled like a text, or hold it: what a user may have meant."""
    slug = slugify(text)
    holding = [each for each in grounds() if slug and slug in each]
    return list(
        dict.fromkeys([*holding, *difflib.get_close_matches(slug, list(grounds()), most, NEAR_ENOUGH)])
    )[:most]
