"""Find a place by what a user calls it: a folder of its own first, then any part of England."""

from __future__ import annotations

from pathlib import Path

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import bundled_places_folder, place_folders
from analysis.base.text import slugify
from analysis.places.england.decisions import decided_places
from analysis.places.england.grounds import Ground, find_ground, grounds, near_names


def place_folder(name: str | Path) -> Path:
    """Folder of a place by slug, name, code, postcode or path.

    A place with a `place.toml` of its own comes before the part of England of that slug. Any other part of England has
    the folder that would hold what its council decided; it need not exist.

    Raises
    ------
    HubreachError
        If there is no such place; the message names those that are spelled like it.
    """
    given = Path(name)
    if _is_folder(given) and (len(given.parts) > 1 or given.is_absolute() or (given / "place.toml").exists()):
        return given
    folders = place_folders()
    slug = slugify(str(name))
    if slug in folders:
        return folders[slug]
    ground = find_ground(str(name))
    if ground is not None:
        return folders.get(ground.slug, bundled_places_folder() / ground.slug)
    near = [each for each in folders if slug and slug in each] + near_names(str(name))
    meant = f"Did you mean: {', '.join(dict.fromkeys(near))}? " if near else ""
    remedy = f"{meant}hubreach places lists them all"
    fault = Fault("places", None, None, f"{str(name)!r:.80} is not known", remedy)
    raise HubreachError(f"There is no place called {str(name)!r:.80}.", [fault])


def _is_folder(path: Path) -> bool:
    """Whether there is a folder; what no system takes for a path, such as a very long name, is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def own_places() -> dict[str, Path]:
    """Folder of every place that holds more than England's figures, by slug: a council's decisions, or figures of its own."""
    decided = {slug: folder for slug, folder in decided_places().items() if slug in grounds()}
    return {**decided, **place_folders()}


def ground_of(folder: Path) -> Ground | None:
    """The part of England whose folder this is, where the folder has no `place.toml` of its own."""
    if (folder / "place.toml").exists() or folder.parent != bundled_places_folder():
        return None
    return find_ground(folder.name)
