"""`hubreach pack` and `hubreach figure`: what goes into the report, as files."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.cli.choices import (
    BasisOption,
    DrawsOption,
    FamilyOption,
    GradientOption,
    NeedChoices,
    PrevalenceOption,
    SeedOption,
    TopOption,
    VintageOption,
    estimate_from,
)
from analysis.cli.printing import print_notes, save_file
from analysis.cli.reach import OptionOption, SitesOption, sites_from
from analysis.need.opening import open_place
from analysis.places.place import Place
from analysis.render.theme_files import read_theme_file, theme_notes
from analysis.report.assembly import build_pack
from analysis.report.content import Pack
from analysis.report.files import FORMATS, checked_format, figure_file, write_pack
from analysis.report.manifest import (
    DEFAULT_SECTIONS,
    PackRequest,
    changes_since,
    read_manifest,
    requested_settings,
)
from analysis.report.requested_sites import kept_sites
from analysis.report.sections.catalogue import DRAWN_SECTIONS, SECTIONS
from analysis.scenario.need_settings import WHOLE_FAMILIES

SectionsOption = Annotated[
    str | None,
    typer.Option(
        "--sections",
        help=f"Sections in order, by comma: {', '.join(SECTIONS)}. Default: {','.join(DEFAULT_SECTIONS)}, and workshop with --workshop.",
        show_default=False,
    ),
]
OptionsOption = Annotated[
    str | None, typer.Option("--options", help="Options to compare, by comma.", show_default=False)
]
WeightOption = Annotated[
    str,
    typer.Option(
        "--weight", help="What counts in maps and rankings: a tier. Default: the mildest.", show_default=False
    ),
]
ShareOption = Annotated[float, typer.Option("--share", help="Share of need of the smallest set.")]
MinutesOption = Annotated[float, typer.Option("--minutes", help="Limit of the sections on reach.")]
ModeOption = Annotated[str, typer.Option("--mode", help="How people travel: walk, cycle or drive.")]
SomePlace = Annotated[
    str | None,
    typer.Argument(
        metavar="PLACE", help="A place: see `hubreach places`. Not with --from.", show_default=False
    ),
]
ThemeOption = Annotated[
    Path | None,
    typer.Option(
        "--theme",
        help="The council's colours, font and logo (TOML; the page Evidence gives an example).",
        show_default=False,
    ),
]
ToOption = Annotated[
    list[Path],
    typer.Option("--to", help=f"File to write: {', '.join(FORMATS)}. Repeat for several formats."),
]


def pack(
    place: SomePlace = None,
    to: ToOption = ...,  # type: ignore[assignment]
    sections: SectionsOption = None,
    options: OptionsOption = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Manifest of a pack: make the same figures again.", show_default=False),
    ] = None,
    weight: WeightOption = "",
    share: ShareOption = 0.5,
    minutes: MinutesOption = 20.0,
    mode: ModeOption = "walk",
    workshop: Annotated[
        str, typer.Option("--workshop", help="Code of a workshop to record.", show_default=False)
    ] = "",
    title: Annotated[
        str, typer.Option("--title", help="Title. Default: Early help in PLACE.", show_default=False)
    ] = "",
    template: Annotated[
        Path | None,
        typer.Option("--template", help="The council's own .docx or .pptx.", show_default=False),
    ] = None,
    theme: ThemeOption = None,
    sites_file: SitesOption = None,
    option: OptionOption = None,
    vintage: VintageOption = None,
    basis: BasisOption = "imd",
    prevalence: PrevalenceOption = None,
    gradient: GradientOption = None,
    children_per_family: FamilyOption = WHOLE_FAMILIES,
    seed: SeedOption = 1,
    draws: DrawsOption = 1000,
    top: TopOption = None,
) -> None:
    """A report, deck, web page or workbook with the sections that you choose, and its manifest."""
    _check_files(to, place, source)
    if source is not None:
        request, made = _from_manifest(source)
    else:
        choices = NeedChoices(
            vintage, basis, prevalence or (), gradient or (), children_per_family, seed, draws, top
        )
        estimate = estimate_from(str(place), choices)
        request, made = (
            PackRequest(
                estimate.place.slug,
                _listed(sections)
                or tuple(
                    key for key in SECTIONS if key in DEFAULT_SECTIONS or (workshop and key == "workshop")
                ),
                _listed(options),
                weight,
                requested_settings(estimate.settings),
                share=share,
                minutes=minutes,
                mode=mode,
                workshop=workshop,
                title=title,
                theme=_theme(theme),
                **_sites(estimate.place, sites_file, option),
            ),
            None,
        )
    held = None if template is None else _read(template, "--template")
    made_pack = build_pack(request, made=made, progress=_say)
    for path in to:
        _write(path, made_pack, held)
    for failure in made_pack.failures:
        print_notes(f"Left out: {failure.title}. {failure.why}")


def figure(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A place: see `hubreach places`.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A figure of a pack; a name that is none lists all.")
    ],
    to: Annotated[Path, typer.Option("--to", help="File to write: .png (300 dpi), .svg or .pdf.")],
    width_cm: Annotated[float, typer.Option("--width-cm", help="Width in print.")] = 16.0,
    sections: SectionsOption = None,
    options: OptionsOption = None,
    weight: WeightOption = "",
    share: ShareOption = 0.5,
    minutes: MinutesOption = 20.0,
    mode: ModeOption = "walk",
    theme: ThemeOption = None,
    sites_file: SitesOption = None,
    option: OptionOption = None,
    vintage: VintageOption = None,
    basis: BasisOption = "imd",
    prevalence: PrevalenceOption = None,
    gradient: GradientOption = None,
    seed: SeedOption = 1,
    draws: DrawsOption = 1000,
) -> None:
    """One chart or map of a pack, with title, source and assumptions, at the width of the page."""
    choices = NeedChoices(vintage, basis, prevalence or (), gradient or (), seed=seed, draws=draws)
    estimate = estimate_from(place, choices)
    request = PackRequest(
        estimate.place.slug,
        _listed(sections) or DRAWN_SECTIONS,
        _listed(options),
        weight,
        requested_settings(estimate.settings),
        share=share,
        minutes=minutes,
        mode=mode,
        theme=_theme(theme),
        **_sites(estimate.place, sites_file, option),
    )
    save_file(to, figure_file(build_pack(request), name, to, width_cm))


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(pack)
    app.command()(figure)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _theme(path: Path | None) -> dict[str, Any]:
    """A theme file as a request keeps it; says which of its colours are too pale."""
    if path is None:
        return {}
    kept = read_theme_file(path)
    print_notes(*(f"{path.name}, {words}." for words in theme_notes(kept)))
    return kept


def _sites(place: Place, file: Path | None, option: str | None) -> dict[str, Any]:
    """Sites of a file or of an option as a request keeps them, with where they are from."""
    if file is None and option is None:
        return {}
    found, plan = sites_from(place, file, option)
    words = [] if file is None else [f"those of {file.name}"]
    words += [] if plan is None else [f"as the option {plan.name} has them"]
    words += ["an illustration"] if plan is not None and plan.illustration else []
    return {"sites": kept_sites(found), "sites_words": ", ".join(words)}


def _check_files(to: list[Path], place: str | None, source: Path | None) -> None:
    faults = FaultList("options")
    if (place is None) == (source is None):
        faults.add("a place or --from is needed, and not both", "Write hubreach pack PLACE --to report.docx")
    for path in to:
        with faults.collecting():
            checked_format(path.suffix)
    faults.raise_if_any("The pack cannot be made.")


def _from_manifest(path: Path) -> tuple[PackRequest, dt.date]:
    text = _read(path, "--from").decode("utf-8", "replace")
    request, made = read_manifest(text)
    changed = changes_since(text, open_place(request.place))
    print_notes(*(f"Since then: {words}." for words in changed))
    if not changed:
        print_notes("Data and programs are those of the manifest.")
    return request, made


def _read(path: Path, option: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fault = Fault(option, None, None, f"{str(path)!r}: {error.strerror}", "Choose a file that exists")
        raise HubreachError("The file cannot be read.", [fault]) from error


def _write(path: Path, made: Pack, template: bytes | None) -> None:
    kind = checked_format(path.suffix)
    own = template if kind in (".docx", ".pptx") else None
    save_file(path, write_pack(made, kind, template=own, progress=_say))
    save_file(path.with_suffix(".manifest.json"), made.manifest.encode("utf-8"))


def _say(share: float, words: str) -> None:
    if not sys.stderr.isatty():
        return
    if words:
        typer.echo(f"\r{share:4.0%} {words:<40}", nl=False, err=True)
    elif share >= 1:
        typer.echo("\r" + " " * 46 + "\r", nl=False, err=True)
