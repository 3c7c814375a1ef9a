"""Theme files: a council's colours, fonts and logo as TOML, read with every fault told at once."""

from __future__ import annotations

import base64
import binascii
import io
import itertools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from PIL import Image
from pydantic import AfterValidator, Field, StringConstraints, field_validator

from analysis.base.faults import FaultList, HubreachError
from analysis.base.records import Record, checked_record, decoded_text, parse_record, toml_values
from analysis.base.text import plain
from analysis.render.council_theme import (
    CHANGE,
    DOCUMENT_FONT,
    HEX,
    HOUSE,
    RAMPS,
    ROLES,
    CouncilTheme,
    contrast_notes,
    replacements,
)
from analysis.render.theme import DIVERGING, SEQUENTIAL, luminance

HEADLINE = "The theme cannot be used."
LARGEST_LOGO = 500_000
LOGO_KINDS = ("PNG", "JPEG")
MEANINGS = {
    "main": "headings, hubs, the first of several series; its tints are context",
    "early_help": "early help, what is reached, children's centres",
    "specialist": "specialist services, satellites",
    "highlight": "what is worse or needs a look, outreach",
    "neutral": "possible buildings",
    "other": "gateways, the last of several series",
}


def _hex(text: str) -> str:
    if not HEX.fullmatch(text):
        raise ValueError("a colour is written like #12436D")
    return text.upper()


Colour = Annotated[str, AfterValidator(_hex)]
Steps = tuple[Colour, Colour, Colour, Colour, Colour]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Font = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 \-]{0,39}$")]


class Colours(Record):
    """Categories: what each stands for is in `analysis.render.council_theme.ROLES`."""

    main: Colour | None = None
    early_help: Colour | None = None
    specialist: Colour | None = None
    highlight: Colour | None = None
    neutral: Colour | None = None
    other: Colour | None = None


class Ramps(Record):
    """Five colours each: light to dark of one hue, and worse to better."""

    main: Steps | None = None
    early_help: Steps | None = None
    specialist: Steps | None = None
    change: Steps | None = None

    @field_validator("main", "early_help", "specialist")
    @classmethod
    def _darkens(cls, steps: Steps | None) -> Steps | None:
        lights = [luminance(colour) for colour in steps or ()]
        if any(later >= earlier for earlier, later in itertools.pairwise(lights)):
            raise ValueError("each of the five colours has to be darker than the one before")
        return steps


class ThemeRecord(Record):
    """What a theme file holds; `logo_picture` is the logo itself, as manifests keep it."""

    name: Words
    font: Literal["Source Sans 3"] = "Source Sans 3"
    document_font: Font = DOCUMENT_FONT
    logo: str = ""
    logo_picture: str = ""
    logo_words: Words | None = None
    colours: Colours = Field(default_factory=Colours)
    ramps: Ramps = Field(default_factory=Ramps)


def read_theme(text: str, file: str = "theme.toml", logo: bytes | None = None) -> dict[str, Any]:
    """A theme file as a request for a pack keeps it.

    Parameters
    ----------
    text : str
        TOML: `name`, `document_font`, `logo`, `[colours]`, `[ramps]`.
    file : str
        Its name, for messages.
    logo : bytes, optional
        The picture that `logo` names.

    Raises
    ------
    HubreachError
        With file, key, what was found and what to do, for every fault.
    """
    record = parse_record(text, ThemeRecord, file=file, headline=HEADLINE)
    faults = FaultList(file)
    if record.logo and not record.logo_picture and logo is None:
        faults.add(
            f"{plain(record.logo)!r:.80} is not there",
            "Put the picture beside the theme file, or give it with the theme",
            column="logo",
        )
    if logo is not None:
        record = record.model_copy(update={"logo_picture": base64.b64encode(logo).decode("ascii")})
    _logo(record, faults)
    faults.raise_if_any(HEADLINE)
    kept: dict[str, Any] = record.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return kept


def read_theme_parts(parts: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    """As `read_theme`, from files as they are uploaded: one theme and, if it has one, its logo.

    Parameters
    ----------
    parts : sequence of (name, bytes)
    """
    themes = [(name, body) for name, body in parts if name.lower().endswith(".toml")]
    logos = [body for name, body in parts if not name.lower().endswith(".toml")]
    faults = FaultList(themes[0][0] if themes else "theme")
    text = ""
    if len(themes) != 1:
        faults.add(f"{len(themes)} .toml files", "Give one theme file", file="theme")
    elif len(logos) > 1:
        faults.add(f"{len(logos)} pictures", "Give one logo, or none", column="logo")
    else:
        text = decoded_text(themes[0][1], file=faults.file, headline=HEADLINE)
    faults.raise_if_any(HEADLINE)
    return read_theme(text, themes[0][0], *logos)


def read_theme_file(path: Path) -> dict[str, Any]:
    """As `read_theme`, from a file with its logo beside it."""
    faults = FaultList(path.name)
    parts = []
    try:
        parts = [(path.name if path.suffix else f"{path.name}.toml", path.read_bytes())]
    except OSError as error:
        faults.add(f"the file cannot be read ({error.strerror})", "Choose a theme file that exists")
    faults.raise_if_any(HEADLINE)
    named = _named_logo(parts[0][1])
    logo = path.parent / Path(named).name if named else None
    if logo is not None and logo.is_file():
        parts.append((logo.name, logo.read_bytes()))
    return read_theme_parts(parts)


def _named_logo(body: bytes) -> str:
    """What a theme file calls its logo; what is wrong with the file is told when it is read."""
    try:
        text = decoded_text(body, file="theme", headline=HEADLINE)
        return str(toml_values(text, file="theme", headline=HEADLINE).get("logo", ""))
    except HubreachError:
        return ""


def example_theme() -> str:
    """A theme file with the house's own colours, each with what it stands for."""
    lines = [
        "# A council's colours, for charts, maps and packs. What is left out stays as it is.",
        'name = "Our council"',
        "# Of Word and PowerPoint; charts and maps are set in Source Sans 3, which is shipped.",
        f'document_font = "{DOCUMENT_FONT}"',
        '# logo = "logo.png"  # beside this file',
        '# logo_words = "Our council"',
        "",
        "[colours]",
        *(f'{role} = "{colour}"  # {MEANINGS[role]}' for role, colour in ROLES.items()),
        "",
        "[ramps]  # light to dark; left out, they are mixed from the colours",
        *(f"{role} = {json.dumps(SEQUENTIAL[hue])}" for role, hue in RAMPS.items()),
        f"{CHANGE} = {json.dumps(DIVERGING)}  # worse to better",
        "",
    ]
    return "\n".join(lines)


def council_theme(kept: Mapping[str, Any], file: str = "manifest") -> CouncilTheme:
    """The theme of a request; the house's own where it has none.

    Raises
    ------
    HubreachError
        If a manifest was changed by hand.
    """
    if not kept:
        return HOUSE
    record = checked_record(kept, ThemeRecord, file=file, headline=HEADLINE)
    faults = FaultList(file)
    logo = _logo(record, faults)
    faults.raise_if_any(HEADLINE)
    return CouncilTheme(
        plain(record.name),
        replacements(*_given(record)),
        record.document_font,
        logo,
        plain(record.logo_words or record.name),
    )


def theme_notes(kept: Mapping[str, Any]) -> list[str]:
    """Which colours of a theme are too pale to be read, one sentence each."""
    if not kept:
        return []
    return contrast_notes(*_given(checked_record(kept, ThemeRecord, file="theme", headline=HEADLINE)))


def _given(record: ThemeRecord) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    return record.colours.model_dump(exclude_none=True), record.ramps.model_dump(exclude_none=True)


def _logo(record: ThemeRecord, faults: FaultList) -> bytes:
    """The logo's bytes, checked to be a picture of a size that a report can carry."""
    if not record.logo_picture:
        return b""
    try:
        picture = base64.b64decode(record.logo_picture, validate=True)
    except binascii.Error:
        picture = b""
    if len(picture) > LARGEST_LOGO:
        faults.add(
            f"a logo of {len(picture) / 1000:,.0f} kB", "Give a picture of 500 kB or less", column="logo"
        )
        return b""
    try:
        with Image.open(io.BytesIO(picture), formats=LOGO_KINDS) as opened:
            opened.verify()
    except (OSError, SyntaxError, Image.DecompressionBombError):
        faults.add("it is not a PNG or JPEG picture", "Save the logo as PNG or JPEG", column="logo")
    return picture
