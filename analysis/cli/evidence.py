"""`hubreach pack` and `hubreach figure`: what goes into the report, as files."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.base.faults import Fault, FaultList, HubreachError
from analysis.base.jobs import Job
from analysis.base.records import decoded_text
from analysis.base.text import plain
from analysis.cli.choices import (
    NeedChoices,
    estimate_from,
)
from analysis.cli.groups import GIVEN, LEFT_OUT, command, only_where
from analysis.cli.printing import print_notes, save_file
from analysis.cli.reach import WhichSites, place_sites
from analysis.cli.terms import TermsOptions
from analysis.need.opening import open_place
from analysis.options.files import find_option
from analysis.options.reached import option_status
from analysis.render.theme_files import read_theme_file, theme_notes
from analysis.report.assembly import build_pack
from analysis.report.content import FORMS, Form, Pack
from analysis.report.files import FORMATS, checked_format, figure_file, write_pack
from analysis.report.manifest import (
    DEFAULT_SECTIONS,
    UNREADABLE_MANIFEST,
    PackRequest,
    changes_since,
    read_manifest,
)
from analysis.report.requested_sites import kept_sites
from analysis.report.sections.catalogue import DRAWN_SECTIONS, SECTIONS
from analysis.scenario.scenario import Scenario

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
ShareOption = Annotated[float, typer.Option("--share", help="Share of need of the smallest set.")]
SomePlace = Annotated[
    str | None,
    typer.Argument(
        metavar="PLACE", help="A place: see `hubreach places`. Not with --from.", show_default=False
    ),
]
FormOption = Annotated[
    str, typer.Option("--form", help="short (the findings) or long (every figure and table).")
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


@dataclass(frozen=True)
class Contents(WhichSites):
    """What goes into a pack, as options of a command."""

    sections: SectionsOption = None
    options: OptionsOption = None
    share: ShareOption = 0.5
    theme: ThemeOption = None
    form: FormOption = "short"
    choose: Annotated[int, typer.Option("--choose", min=1, max=50, help="Sites that siting asks for.")] = 3


@command(
    only_where(
        *(
            "sections",
            "options",
            "share",
            "theme",
            "sites_file",
            "unknown_kinds",
            "column",
            "option",
            "form",
            "choose",
            "title",
            "workshop",
        ),
        *(field.name for group in (TermsOptions, NeedChoices) for field in fields(group)),
        source=LEFT_OUT,
    ),
    only_where("template", to=("*.docx", "*.pptx")),
    only_where("share", sections="*targeting*").within(sections=GIVEN),
    only_where("options", sections=("*options*", "*under-fives*", "*equality*")).within(sections=GIVEN),
    only_where("choose", sections="*siting*"),
    only_where("workshop", sections="*workshop*").within(sections=GIVEN),
)
def pack(
    asked: TermsOptions,
    contents: Contents,
    choices: NeedChoices,
    to: ToOption,
    place: SomePlace = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Manifest of a pack: make the same figures again.", show_default=False),
    ] = None,
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
) -> None:
    """A report, deck, web page or workbook with the sections that you choose, and its manifest."""
    _check_files(to, place, source)
    made = None
    if source is not None:
        request, made = _from_manifest(source)
    else:
        usual = tuple(key for key in SECTIONS if key in DEFAULT_SECTIONS or (workshop and key == "workshop"))
        request = replace(
            _request(str(place), choices, asked, contents, usual), workshop=workshop, title=title
        )
    held = None if template is None else _read(template, "--template")
    made_pack = build_pack(request, made=made, job=Job(_say))
    for path in to:
        _write(path, made_pack, held)
    for failure in made_pack.failures:
        print_notes(f"Left out: {failure.title}. {failure.why}")


@command()
def figure(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A place: see `hubreach places`.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A figure of a pack; a name that is none lists all.")
    ],
    to: Annotated[Path, typer.Option("--to", help="File to write: .png (300 dpi), .svg or .pdf.")],
    asked: TermsOptions,
    contents: Contents,
    choices: NeedChoices,
    width_cm: Annotated[float, typer.Option("--width-cm", help="Width in print.")] = 16.0,
) -> None:
    """One chart or map of a pack, with title, source and assumptions, at the width of the page."""
    request = _request(place, choices, asked, contents, DRAWN_SECTIONS)
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


def _request(
    place: str, choices: NeedChoices, asked: TermsOptions, contents: Contents, usual: tuple[str, ...]
) -> PackRequest:
    """The pack that a command asks for: its scenario, sections and sites."""
    estimate = estimate_from(place, choices)
    opened = estimate.place
    scenario = Scenario(opened.slug, terms=asked.terms()).with_need(opened, estimate.settings)
    sites: dict[str, Any] = {}
    if contents.option is not None:
        plan = find_option(opened.slug, contents.option)
        scenario = replace(scenario, option=plan.slug, status=option_status(plan))
        sites = {"sites_words": f"as the option {plan.name} has them"}
    if contents.sites_file is not None:
        found = place_sites(opened, contents)
        sites = {"sites": kept_sites(found), "sites_words": f"those of {contents.sites_file.name}"}
        scenario = replace(scenario, status="proposal")
    return PackRequest(
        scenario,
        _listed(contents.sections) or usual,
        _listed(contents.options),
        contents.share,
        theme=_theme(contents.theme),
        form=_form(contents.form),
        choose=contents.choose,
        **sites,
    )


def _form(given: str) -> Form:
    """The form that is asked for.

    Raises
    ------
    HubreachError
    """
    faults = FaultList("--form")
    for form in FORMS:
        if form == given:
            return form
    faults.add(f"there is no form {plain(given)!r:.20}", f"Choose from {', '.join(FORMS)}")
    faults.raise_if_any("The pack cannot be made.")
    raise AssertionError(given)  # pragma: no cover - a fault above


def _check_files(to: list[Path], place: str | None, source: Path | None) -> None:
    faults = FaultList("options")
    if (place is None) == (source is None):
        faults.add("a place or --from is needed, and not both", "Write hubreach pack PLACE --to report.docx")
    for path in to:
        with faults.collecting():
            checked_format(path.suffix)
    faults.raise_if_any("The pack cannot be made.")


def _from_manifest(path: Path) -> tuple[PackRequest, dt.date]:
    text = decoded_text(_read(path, "--from"), file=path.name, headline=UNREADABLE_MANIFEST)
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
    save_file(path, write_pack(made, kind, template=own, job=Job(_say)))
    save_file(path.with_suffix(".manifest.json"), made.manifest.encode("utf-8"))


def _say(share: float | None, words: str) -> None:
    if not sys.stderr.isatty() or share is None:
        return
    if words:
        typer.echo(f"\r{share:4.0%} {words:<40}", nl=False, err=True)
    elif share >= 1:
        typer.echo("\r" + " " * 46 + "\r", nl=False, err=True)
