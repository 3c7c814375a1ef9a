"""Sites opened and closed in an option for a look, in a text that a link can carry. Nothing is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.base.faults import Fault, HubreachError
from analysis.options.option import Option, OptionSite

SLUG = "[a-z0-9][a-z0-9-]*"
LONGEST_TEXT = 8_000
CHANGED = "changed"


@dataclass(frozen=True)
class SiteChanges:
    """Sites that are opened and closed beyond what an option says.

    Parameters
    ----------
    opened, closed : tuple of str
        Site ids.
    """

    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def changes_text(changes: Mapping[str, SiteChanges]) -> str:
    """Changes by option as a text.

    >>> changes_text({"hubs": SiteChanges(("library",), ("old-hub",))})
    'hubs:+library.-old-hub'
    """
    parts = []
    for slug, change in changes.items():
        signed = [f"+{site}" for site in change.opened] + [f"-{site}" for site in change.closed]
        if signed:
            parts.append(f"{slug}:{'.'.join(signed)}")
    return ";".join(parts)


def read_changes(text: str) -> dict[str, SiteChanges]:
    """Changes by option from a text that `changes_text` wrote.

    Raises
    ------
    HubreachError
        If it is not one.
    """
    found: dict[str, SiteChanges] = {}
    for part in text.split(";") if text and len(text) <= LONGEST_TEXT else ():
        slug, _, sites = part.partition(":")
        signed = sites.split(".")
        if not (re.fullmatch(SLUG, slug) and all(re.fullmatch(f"[+-]{SLUG}", site) for site in signed)):
            fault = Fault(
                "link", None, "change", f"{part!r:.60} cannot be read", "Use the link as it was copied"
            )
            raise HubreachError("The changes to options in the link cannot be read.", [fault])
        opened = tuple(site[1:] for site in signed if site[0] == "+")
        found[slug] = SiteChanges(opened, tuple(site[1:] for site in signed if site[0] == "-"))
    return found


def with_changes(option: Option, changes: SiteChanges) -> Option:
    """An option with more sites opened and closed; its name says that it is changed.

    A site that the option does not know either is reported when it is applied, as any other.
    """
    if not (changes.opened or changes.closed):
        return option
    said = {site.site_id: site for site in option.sites}
    for states, is_open in ((changes.opened, True), (changes.closed, False)):
        for site_id in states:
            site = said.get(site_id, OptionSite(site_id))
            if not is_open:
                site = replace(site, opens_year=None, closes_year=None)
            said[site_id] = replace(site, values={**site.values, "is_open": is_open})
    return replace(option, name=f"{option.name} ({CHANGED})", sites=tuple(said.values()))
