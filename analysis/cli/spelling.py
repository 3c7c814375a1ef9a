"""Old spellings of options: they work for one version, with a note on standard error."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.base.faults import Fault, HubreachError

OLD_SPELLINGS: dict[tuple[str, ...], dict[str, str]] = {
    ("add",): {"--sites": "--sites-file"},
    ("sites",): {"--sites": "--sites-file"},
    ("reach",): {"--sites": "--sites-file", "--matrix": "--travel", "--need": "--weight"},
    ("site",): {"--hub-minutes": "--minutes"},
    ("frontier",): {"--sites": "--choose", "--hub-minutes": "--minutes"},
    ("compare",): {"--need": "--weight", "--age": "--ages"},
    ("difference",): {"--need": "--weight", "--age": "--ages"},
    ("pack",): {"--sites": "--sites-file", "--tier": "--weight"},
    ("figure",): {"--sites": "--sites-file", "--tier": "--weight"},
    ("target",): {"--tier": "--weight"},
    ("national", "reach"): {"--sites": "--sites-file"},
}
"""Command, old spelling, new spelling: of version 0.1, to be taken out with 0.3."""


def respelled(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Arguments with the old spellings of a command's options replaced, and a note for each.

    Parameters
    ----------
    arguments : sequence of str
        As given on the command line, the command's own name first.

    Raises
    ------
    HubreachError
        If an option is given by its old and by its new spelling at once.

    Examples
    --------
    >>> respelled(["sites", "thurrock", "--sites=mine.csv"])
    (['sites', 'thurrock', '--sites-file=mine.csv'], ['--sites is called --sites-file now; the old name works for one more version.'])
    """
    names = next((old for path, old in OLD_SPELLINGS.items() if tuple(arguments[: len(path)]) == path), {})
    end = arguments.index("--") if "--" in arguments else len(arguments)
    options = [argument.partition("=")[0] for argument in arguments[:end]]
    changed, notes = list(arguments), []
    for old, new in names.items():
        places = [place for place, option in enumerate(options) if option == old]
        if not places:
            continue
        if new in options:
            fault = Fault(
                old, None, None, f"is the old name of {new}, which is given too", f"Give {new} only"
            )
            raise HubreachError("An option is given twice.", [fault])
        for place in places:
            changed[place] = new + changed[place][len(old) :]
        notes.append(f"{old} is called {new} now; the old name works for one more version.")
    return changed, notes
