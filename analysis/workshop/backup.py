"""A copy of everything that users saved, taken and put back while the dashboard runs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import IO

from sqlalchemy import URL

from analysis.base.faults import Fault, HubreachError
from analysis.base.folders import user_data_folder
from analysis.base.limits import check_archive, unpacking
from analysis.base.unforeseen import error_log_path
from analysis.workshop.database import chosen_url, open_database

MANIFEST = "hubreach-backup.json"
FOLDER = "data/"
SQLITE, POSTGRESQL = "workshops.sqlite3", "workshops.pgdump"
REPLACED = "replaced"
MOST_BYTES = 100_000_000_000
HEADLINE = "The backup cannot be used."


@dataclass(frozen=True)
class Backup:
    """What a backup holds.

    Parameters
    ----------
    made : datetime
        In UTC.
    version : str
        Of Hubreach.
    files : dict of str to str
        SHA-256 of each member of the archive, by its name there.
    """

    made: dt.datetime
    version: str
    files: dict[str, str]

    @property
    def store(self) -> str | None:
        """Name of the workshop store among the files; None where there was none."""
        return next((name for name in (SQLITE, POSTGRESQL) if name in self.files), None)


def back_up(file: Path) -> Backup:
    """Copy the user's data folder and the workshop store into one archive.

    Options, drafts, own figures and places, and every answer of every workshop; not the log. The store is copied by its
    own means (SQLite's online backup, `pg_dump`), so that a running server loses nothing and the copy is of one moment.

    Parameters
    ----------
    file : Path
        A zip that does not exist yet. Only this account can read it: it holds what residents said.

    Raises
    ------
    HubreachError
        If it exists, cannot be written, or the store cannot be copied.
    """
    if file.exists():
        raise _unusable(file, "the file exists already", "Give a new name", "The backup was not made.")
    files: dict[str, str] = {}
    made = dt.datetime.now(dt.UTC).replace(microsecond=0)
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")  # for this account alone
    except OSError as error:
        found, remedy = error.strerror or str(error), "Choose a folder that can be written"
        raise _unusable(file, found, remedy, "The backup was not made.") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as body, zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
            with tempfile.TemporaryDirectory() as folder:
                store = _copy_store(Path(folder))
                members = [] if store is None else [(store.name, store)]
                for member, path in [*members, *_saved_files(skip=part)]:
                    files[member] = _digest(path)
                    archive.write(path, member)
            held = Backup(made, metadata.version("hubreach"), files)
            manifest = {"made": made.isoformat(), "version": held.version, "files": files}
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return held


def read_backup(file: Path) -> Backup:
    """What a backup holds, after every file in it was compared with its checksum.

    Raises
    ------
    HubreachError
        If it is no backup, is damaged, or names a place outside of the data folder.
    """
    if not file.is_file():
        raise _unusable(file, "there is no such file", "Check its name and folder")
    with check_archive(file, MOST_BYTES) as archive, unpacking(file.name):
        try:
            told = json.loads(archive.read(MANIFEST))
            backup = Backup(
                dt.datetime.fromisoformat(told["made"]), str(told["version"]), dict(told["files"])
            )
        except (KeyError, TypeError, ValueError) as error:
            raise _unusable(file, "it has no list of a backup", "Give a file of `hubreach backup`") from error
        names = set(archive.namelist()) - {MANIFEST}
        if names != set(backup.files):
            raise _unusable(file, "its files are not those of its list", "Take an unchanged copy")
        for name, digest in backup.files.items():
            inside = PurePosixPath(name)
            known = name in (SQLITE, POSTGRESQL) or name.startswith(FOLDER)
            if not known or inside.is_absolute() or ".." in inside.parts or "\\" in name or ":" in name:
                raise _unusable(
                    file, f"{name!r:.80} would be written elsewhere", "Give a file of `hubreach backup`"
                )
            with archive.open(name) as member:
                if _digest_of(member) != digest:
                    raise _unusable(file, f"{name!r:.80} is not what was backed up", "Take an unchanged copy")
    return backup


def changes_of(backup: Backup) -> list[str]:
    """Files of the data folder that a restore would replace or move aside, by name, in order."""
    now = dict(_saved_files(skip=None))
    return sorted(name for name, path in now.items() if backup.files.get(name) != _digest(path))


def restore(file: Path) -> Path:
    """Put a backup back: the data folder and the workshop store become what they were.

    What stands there now is kept: it moves to a new folder under `replaced` in the data folder, the store's copy with it.
    Everything is checked before anything changes. A server that runs reads the files at once; its workshops after a
    restart.

    Parameters
    ----------
    file : Path
        Of `back_up`.

    Returns
    -------
    Path
        The folder with what was replaced.

    Raises
    ------
    HubreachError
        If the backup or the store cannot be used; nothing has changed then.
    """
    backup = read_backup(file)
    data, url = user_data_folder(), chosen_url()
    kept = data / REPLACED / dt.datetime.now(dt.UTC).strftime("%Y-%m-%d-%H%M%S-%f")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
        _check_store(Path(folder), backup, url, file)
        kept.mkdir(parents=True, mode=0o700)
        _copy_store(kept)
        for name, path in list(_saved_files(skip=None)):
            if backup.files.get(name) != _digest(path):
                aside = kept / name
                aside.parent.mkdir(parents=True, exist_ok=True)
                path.rename(aside)
        for name in backup.files:
            target = data / name.removeprefix(FOLDER)
            if name.startswith(FOLDER) and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(Path(folder) / name, target)
        if backup.store is not None:
            _put_store_back(Path(folder) / backup.store, url)
    open_database(url).dispose()
    return kept


def _saved_files(skip: Path | None) -> Iterator[tuple[str, Path]]:
    """Name in the archive and path of each file of the data folder, but for the store, the log and what was replaced."""
    data, url = user_data_folder(), chosen_url()
    store = Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None
    apart = {data / REPLACED, error_log_path().parent}
    for path in sorted(data.rglob("*")):
        if path.is_symlink() or not path.is_file() or apart & set(path.parents):
            continue
        of_store = store is not None and path.absolute().as_posix().startswith(store.as_posix())
        if not of_store and path != skip and path.suffix != ".part":
            yield FOLDER + path.relative_to(data).as_posix(), path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _digest_of(file)


def _digest_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _copy_store(folder: Path) -> Path | None:
    """A copy of the workshop store as it is at this moment; None where there is none yet."""
    url = chosen_url()
    if url.get_backend_name() != "sqlite":
        target = folder / POSTGRESQL
        _run_postgresql("pg_dump", "--format=custom", f"--file={target}", f"--dbname={_without_driver(url)}")
        return target
    file, target = Path(str(url.database)), folder / SQLITE
    if not file.is_file():
        return None
    _copy_sqlite(file, target)
    return target


def _copy_sqlite(file: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(file, timeout=30)) as one,
            closing(sqlite3.connect(target, timeout=30)) as two,
        ):
            one.backup(two)
    except sqlite3.Error as error:
        raise _unusable(
            file, str(error), "See that no other program holds it", "The store cannot be copied."
        ) from error
    target.chmod(0o600)


def _check_store(folder: Path, backup: Backup, url: URL, file: Path) -> None:
    """Refuse a store that is of another kind than the one in use, or of a newer version."""
    wanted = SQLITE if url.get_backend_name() == "sqlite" else POSTGRESQL
    if backup.store not in (None, wanted):
        remedy = "Set HUBREACH_DATABASE_URL to a store of that kind"
        raise _unusable(file, f"its workshops are a {backup.store}", remedy)
    if backup.store == SQLITE:
        # Brought up to date in a copy first: what cannot be is found before anything changes.
        open_database(URL.create("sqlite", database=str(folder / SQLITE))).dispose()


def _put_store_back(copy: Path, url: URL) -> None:
    if copy.name == SQLITE:
        file = Path(str(url.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        _copy_sqlite(copy, file)
    else:
        _run_postgresql(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--single-transaction",
            f"--dbname={_without_driver(url)}",
            str(copy),
        )


def _without_driver(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run_postgresql(program: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs.

    Raises
    ------
    HubreachError
        If it is not installed, or fails: with its own words.
    """
    found = shutil.which(program)
    headline = "The workshop store cannot be copied."
    if found is None:
        remedy = "Install PostgreSQL's client programs, of the server's version or newer"
        raise HubreachError(
            headline, [Fault("workshop store", None, None, f"{program} is not installed", remedy)]
        )
    done = subprocess.run([found, *words], capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or ["it failed"]
        fault = Fault(
            "workshop store", None, None, f"{program}: {said[0]:.200}", "Check HUBREACH_DATABASE_URL"
        )
        raise HubreachError(headline, [fault])


def _unusable(file: Path, found: str, remedy: str, headline: str = HEADLINE) -> HubreachError:
    return HubreachError(headline, [Fault(file.name, None, None, found, remedy)])
