"""`hubreach places`, `hubreach check` and `hubreach serve`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Annotated

import pandas as pd
import typer

from analysis.base.faults import HubreachError
from analysis.base.folders import dashboard_folder, user_data_folder
from analysis.base.unforeseen import error_log_path
from analysis.cli.choices import PlaceArgument
from analysis.cli.printing import FormatOption, OutOption, print_frame
from analysis.need.checks import place_checks
from analysis.need.opening import open_place
from analysis.places.england.grounds import grounds
from analysis.places.england.opening import NEWEST, VINTAGES
from analysis.places.england.tables import authorities
from analysis.places.finding import own_places
from analysis.places.own.kept import own_history_path
from analysis.workshop.addresses import LOOPBACK, is_loopback

HostOption = Annotated[
    str,
    typer.Option(
        "--host",
        help="Address to listen on: 127.0.0.1 is this computer alone, 0.0.0.0 the whole network (phones in a hall).",
    ),
]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to serve on.")]
HeadlessOption = Annotated[bool, typer.Option("--headless", help="Do not open a browser.")]


def places(format: FormatOption = None, out: OutOption = None) -> None:  # noqa: A002 - the option's own name
    """The places that can be opened: those with decisions or figures of their own, then every other authority in England."""
    own = pd.DataFrame([_summary(slug) for slug in own_places()])
    table = pd.concat([own, pd.DataFrame(_authorities(set(own["place"])))]).set_index("place")
    counts = table.columns.intersection(
        ["small_areas", "wards", "localities", "children", "sites", "decisions"]
    )
    print_frame(
        table.astype(dict.fromkeys(counts, "Int64")),
        format,
        out,
        notes=[
            "Districts and regions open as well, and several together: hubreach need leeds,bradford",
            f"Your own places: folders in {user_data_folder() / 'places'}",
        ],
    )


def check(
    place: PlaceArgument,
    format: FormatOption = None,  # noqa: A002 - the option's own name
    out: OutOption = None,
) -> None:
    """Check a place's folder: files, columns, joins, totals. Exit code 1 if a check fails, 2 if it cannot be read."""
    opened = open_place(place)
    checks = place_checks(opened)
    failed = int((checks["result"] == "failed").sum())
    print_frame(
        checks,
        format,
        out,
        title=f"Checks of {opened.name}",
        notes=[_tally(checks)],
        shown=checks[["result", "expected", "found"]],
    )
    if failed:
        raise typer.Exit(1)


def serve(port: PortOption = 8501, host: HostOption = LOOPBACK, headless: HeadlessOption = False) -> None:
    """Start the dashboard and open it in the browser."""
    typer.echo(f"Hubreach is at http://localhost:{port} (Ctrl-C ends it)", err=True)
    if not is_loopback(host):
        typer.echo(
            f"Listening on {host}: there is no sign-in, so anybody on your network who opens this computer's port {port} can "
            "see and change what is saved here, and download it. Opened workshops ask for their own secret.",
            err=True,
        )
    typer.echo(f"What goes wrong inside it is kept in {error_log_path()}", err=True)
    command = serve_command(port, host, headless=headless)
    if os.name == "posix":
        # The server takes this process over, so that a stop signal reaches it.
        os.execv(command[0], command)  # noqa: S606 - our own interpreter, fixed arguments
    else:
        raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - as above


def serve_command(port: int, host: str = LOOPBACK, *, headless: bool) -> list[str]:
    """The command line that starts the dashboard.

    Streamlit reads `.streamlit/config.toml` beside the script that it is given, from any folder; the
    question for an e-mail address on a first start is switched off, since nobody may be there to answer.
    Python files of the folder that it is started in are none of its own (-P).
    A headless server is told its address, or it would ask a server elsewhere for it.
    """
    script = dashboard_folder() / "app.py"
    return [
        sys.executable,
        "-P",
        "-m",
        "streamlit",
        "run",
        str(script),
        f"--server.port={port}",
        f"--server.address={host}",
        f"--server.headless={'true' if headless else 'false'}",
        "--server.showEmailPrompt=false",
        *(["--browser.serverAddress=localhost"] if headless else []),
    ]


def register(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command()(places)
    app.command()(check)
    app.command()(serve)


def _tally(checks: pd.DataFrame) -> str:
    counts = checks["result"].value_counts()
    return ", ".join(f"{counts.get(result, 0)} {result}" for result in ("passed", "failed", "note"))


def _authorities(taken: set[str]) -> Iterator[dict[str, object]]:
    """Rows of the authorities of England that have no folder of their own: from their totals, where nothing stands on top."""
    totals = authorities()
    for ground in grounds().values():
        if ground.kind != "authority" or ground.slug in taken:
            continue
        if own_history_path(ground.slug).is_file():
            yield _summary(ground.slug)
            continue
        row = totals.loc[ground.code]
        yield {
            "place": ground.slug,
            "name": ground.name,
            "state": "ready",
            "small_areas": row["areas"],
            "wards": row["wards"],
            "localities": row["districts"],
            "children": row["children_mid2024"],
            "sites": row["sites"],
            "vintages": " ".join([NEWEST, *sorted(VINTAGES.keys() - {NEWEST})]),
            "decisions": 0,
        }


def _summary(slug: str) -> dict[str, object]:
    try:
        place = open_place(slug)
    except HubreachError as error:
        state = f"cannot be used ({len(error.faults)} faults): hubreach check {slug}"
        return {"place": slug, "name": slug, "state": state}
    return {
        "place": slug,
        "name": place.name,
        "state": "ready",
        "small_areas": len(place.areas),
        "wards": place.areas["ward_code"].nunique(),
        "localities": place.areas["locality_code"].nunique(),
        "children": place.children,
        "sites": len(place.sites),
        "vintages": " ".join(place.vintages),
        "decisions": len(place.manifest.decisions),
    }
