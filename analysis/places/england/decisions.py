"""What a council of England decided: `decisions.toml` in the folder of its place, put over the figures of England."""

from __future__ import annotations

from pathlib import Path

from analysis.base.faults import FaultList
from analysis.base.folders import bundled_places_folder
from analysis.base.records import read_record
from analysis.places.manifest import DECISIONS_FILE, Decisions, StatedTier, Tier


def decided_places() -> dict[str, Path]:
    """Folder of every place of England whose council's decisions come with the product, by slug."""
    found = sorted(bundled_places_folder().glob(f"*/{DECISIONS_FILE}"))
    return {path.parent.name: path.parent for path in found}


def read_decisions(folder: Path, faults: FaultList) -> Decisions:
    """Read `decisions.toml` of a folder; what nobody decided is left as every place starts.

    Parameters
    ----------
    folder : Path
        Need not exist.
    faults : FaultList
        Takes one fault for each wrong or unknown key.

    Returns
    -------
    Decisions
    """
    path = folder / DECISIONS_FILE
    if path.is_file():
        with faults.collecting():
            return read_record(path, Decisions, f"{path.name} of {folder.name} cannot be used.")
    return Decisions()


def stated_tiers(
    start: tuple[Tier, ...], stated: tuple[StatedTier, ...], faults: FaultList
) -> tuple[Tier, ...]:
    """The tiers that every place starts with, with the prevalence that its council stated.

    Examples
    --------
    >>> start = Tier(key="early_help", name="Early help", prevalence=0.15, gradient=4)
    >>> said = StatedTier(key="early_help", prevalence=0.2, prevalence_source="Cabinet")
    >>> stated_tiers((start,), (said,), FaultList("decisions.toml"))[0].prevalence
    0.2
    """
    said = {tier.key: tier for tier in stated}
    known = [tier.key for tier in start]
    for key in sorted(said.keys() - set(known)):
        faults.add(f"{key!r:.60} is no tier", f"Use one of: {', '.join(known)}", column="tiers.key")
    return tuple(
        tier.model_copy(update=said[tier.key].model_dump()) if tier.key in said else tier for tier in start
    )
