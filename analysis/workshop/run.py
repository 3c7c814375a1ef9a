"""A run: the steps of a workshop in their order, read from a file and fitted to a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from analysis.base.faults import FaultList
from analysis.base.folders import place_user_folder
from analysis.base.records import Record, read_record
from analysis.places.finding import place_folder
from analysis.places.place import Place
from analysis.reach.selection import choose_sites, today_kinds
from analysis.workshop.questions import FilledLine, Item, Key, Line, Question

StepKind = Literal["message", "need", "ward", "option", "compare", "question"]
FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
OptionNumber = Annotated[int, Field(ge=1, le=MOST_OPTIONS)]


class Step(Record):
    """One thing to put on the screen.

    Parameters
    ----------
    kind : str
        `message`, `need` (the need map), `ward` (one ward), `option`, `compare` (two options) or `question`.
    title, text : str
        Headline for the back row, and one sentence under it.
    ward : str
        For `ward`: its code.
    options : tuple of int
        For `option` one number, for `compare` two: 1 is the workshop's first option.
    question : Question or None
        For `question`.
    parameters : dict
        What the screen's page is to be set to (tier, vintage, minutes, mode), as the page names it.
    """

    kind: StepKind
    title: FilledLine
    text: Line = ""
    ward: Annotated[str, Field(max_length=12)] = ""
    options: tuple[OptionNumber, ...] = ()
    question: Question | None = None
    parameters: dict[str, str | int | float | bool] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _kind_has_its_own(self) -> Step:
        wanted = {"option": 1, "compare": 2}.get(self.kind, 0)
        if len(self.options) != wanted:
            raise ValueError(f"a {self.kind} step names {wanted} options; found {len(self.options)}")
        if (self.kind == "question") != (self.question is not None):
            raise ValueError("a question step, and only that, holds a question")
        if (self.kind == "ward") != bool(self.ward):
            raise ValueError("a ward step, and only that, names a ward by its code")
        return self


class Run(Record):
    """A title, a purpose, and steps."""

    title: FilledLine
    purpose: FilledLine
    source: Line = ""
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _keys_differ(self) -> Run:
        keys = [step.question.key for step in self.steps if step.question]
        if len(set(keys)) < len(keys):
            raise ValueError("two questions have the same key: give each its own")
        return self


class OptionChoice(Record):
    """An option as it stands when the workshop is created: kept with the record, whatever changes later."""

    key: Key
    name: FilledLine
    detail: dict[str, object] = Field(default_factory=dict)


def read_run(path: Path) -> Run:
    """Read and check a ready-made run.

    Raises
    ------
    HubreachError
        With one fault for each wrong, missing or unknown key.
    """
    return read_record(path, Run, f"The run {path.name} cannot be read.")


def list_runs(place_slug: str) -> dict[str, Path]:
    """Ready-made runs of a place by name: those that come with it, then the user's own."""
    folders = (place_folder(place_slug) / "workshops", place_user_folder(place_slug) / "workshops")
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            found.setdefault(path.stem, path)
    return found


def fit_run(run: Run, place: Place, options: Sequence[OptionChoice]) -> Run:
    """The run with every `items_from` filled in, and every ward and option number checked.

    Raises
    ------
    HubreachError
        If there are not two to six options with keys of their own, a step names a ward that the place has
        not, or an option beyond those chosen.
    """
    faults = FaultList(run.title)
    keys = [option.key for option in options]
    if not FEWEST_OPTIONS <= len(keys) <= MOST_OPTIONS or len(set(keys)) < len(keys):
        remedy = f"Choose {FEWEST_OPTIONS} to {MOST_OPTIONS} different options"
        faults.add(f"{len(keys)} options were chosen", remedy, column="options")
    wards = place.names("ward")
    sources = item_sources(place, options)
    steps = []
    for number, step in enumerate(run.steps, start=1):
        if step.ward and step.ward not in wards.index:
            faults.add(
                f"{place.name} has no ward {step.ward}", "Name a ward by its code", row=number, column="ward"
            )
        if any(option > len(options) for option in step.options):
            faults.add("the option is not there", f"Use 1 to {len(options)}", row=number, column="options")
        steps.append(_fit_step(step, sources, faults, number))
    faults.raise_if_any(f"The run {run.title!r} does not fit {place.name}.")
    return run.model_copy(update={"steps": tuple(steps)})


def _fit_step(step: Step, sources: Mapping[str, tuple[Item, ...]], faults: FaultList, number: int) -> Step:
    question = step.question
    if question is None or question.items_from is None:
        return step
    items = sources[question.items_from]
    if len(items) < 2:
        found = f"there are fewer than two {question.items_from} to choose from"
        faults.add(found, "List the items in the run", row=number, column="question")
        return step
    return step.model_copy(update={"question": question.model_copy(update={"items": items})})


def item_sources(place: Place, options: Sequence[OptionChoice]) -> dict[str, tuple[Item, ...]]:
    """What `items_from` can name: the workshop's options, and today's sites, the wards and the localities of the place."""
    today = choose_sites(place.sites, kinds=today_kinds(place.kinds, place.sites)).sort_values("name")
    return {
        "options": tuple(Item(key=option.key, label=_labelled(option)) for option in options),
        "sites": tuple(Item(key=str(key), label=str(name)) for key, name in today["name"].items()),
        "wards": _areas(place, "ward"),
        "localities": _areas(place, "locality"),
    }


def _labelled(option: OptionChoice) -> str:
    """Name of an option as phones and paper show it: an illustration never under its bare name."""
    return f"{option.name} (illustration)" if option.detail.get("illustration") else option.name


def _areas(place: Place, level: Literal["ward", "locality"]) -> tuple[Item, ...]:
    names = place.names(level).sort_values()
    return tuple(Item(key=str(key), label=str(name)) for key, name in names.items())
