"""How much of a file that somebody gives is read before it is refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from analysis.base.faults import Fault, HubreachError

MEGABYTE = 1_000_000
MOST_BYTES = 600 * MEGABYTE
MOST_UNPACKED_BYTES = 1_200 * MEGABYTE
MOST_SHEET_BYTES = 400 * MEGABYTE
MOST_LINE_BYTES = 16 * MEGABYTE
MOST_ROWS = 4_000_000
MOST_COLUMNS = 3_000
MOST_CELLS = 60_000_000
MOST_MEMBERS = 10_000
MOST_CELL_LENGTH = 40_000
SPLIT = "Split it, or save only the rows and columns that are needed"


def refuse(file: str, found: str, remedy: str) -> HubreachError:
    """The error for a file that cannot be used at all."""
    return HubreachError(f"{file} cannot be used.", [Fault(file, None, None, found, remedy)])


def check_size(path: Path) -> None:
    """Refuse a file that is missing, no file, empty, or too large to read.

    Raises
    ------
    HubreachError
    """
    if not path.exists():
        raise refuse(path.name, "the file is missing", "Check its name and folder")
    if not path.is_file():
        raise refuse(path.name, "this is a folder, not a file", "Name the file itself")
    size = path.stat().st_size
    if size == 0:
        raise refuse(path.name, "the file is empty", "Download or save it again")
    if size > MOST_BYTES:
        raise refuse(path.name, f"{size / MEGABYTE:,.0f} MB, over {MOST_BYTES / MEGABYTE:,.0f} MB", SPLIT)


def check_archive(path: Path, most_bytes: int = MOST_UNPACKED_BYTES) -> zipfile.ZipFile:
    """Open a zip (or xlsx) after a look at what it says it holds; nothing is ever unpacked to disk.

    Raises
    ------
    HubreachError
        If it is damaged, packed in an unusual way, locked, or would unpack to more than `most_bytes`.
    """
    with unpacking(path.name):
        try:
            archive = zipfile.ZipFile(path)
        except ValueError as error:  # a directory that claims to start before the file
            raise zipfile.BadZipFile(str(error)) from error
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if size > most_bytes or len(members) > MOST_MEMBERS:
        archive.close()
        found = f"it would unpack to {size / MEGABYTE:,.0f} MB in {len(members):,} files"
        raise refuse(path.name, found, f"Give one of {most_bytes / MEGABYTE:,.0f} MB at most. {SPLIT}")
    if any(member.flag_bits & 0x1 for member in members):
        archive.close()
        raise refuse(path.name, "the archive is locked with a password", "Unlock it")
    return archive


def own_members(names: Iterable[str]) -> list[str]:
    """Members of an archive that somebody put there, without those that a system adds of its own.

    >>> own_members(["a/b.csv", "__MACOSX/a/._b.csv"])
    ['a/b.csv']
    """
    return [
        name
        for name in names
        if not name.startswith("__MACOSX/") and not name.split("/")[-1].startswith("._")
    ]


@contextmanager
def unpacking(file: str) -> Iterator[None]:
    """Turns what a damaged archive does while it is opened or read into one message.

    Only the opening and reading of bytes belongs inside: what a parser makes of them is another fault.

    Raises
    ------
    HubreachError
    """
    try:
        yield
    except NotImplementedError as error:  # a version, or a way of packing, that zipfile does not know
        raise refuse(
            file, "packed in an unusual way", "Unpack it first, or pack it as an ordinary zip"
        ) from error
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError) as error:
        raise refuse(
            file, "a damaged archive: it breaks off, or its parts do not fit", "Download it again"
        ) from error


class BoundedStream(io.RawIOBase):
    """Bytes of a file, refused once there are too many, or too many without a line end.

    Parameters
    ----------
    opened : callable
        Opens a binary file, which may be unpacking as it is read: its true size is only known afterwards.
    file : str
        Name for the message.
    """

    def __init__(self, opened: Callable[[], BinaryIO], file: str) -> None:
        super().__init__()
        with unpacking(file):
            self._source = opened()
        self._file = file
        self._bytes = self._in_line = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read the next bytes, counting them."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        with unpacking(self._file):
            data = self._source.read(len(view))
        view[: len(data)] = data
        self._bytes += len(data)
        last = max(data.rfind(b"\n"), data.rfind(b"\r"))
        self._in_line = self._in_line + len(data) if last < 0 else len(data) - last - 1
        if self._bytes > MOST_UNPACKED_BYTES:
            found = f"it unpacks to more than {MOST_UNPACKED_BYTES / MEGABYTE:,.0f} MB"
            raise refuse(self._file, found, SPLIT)
        if self._in_line > MOST_LINE_BYTES:
            found = f"a line of more than {MOST_LINE_BYTES / MEGABYTE:,.0f} MB: this is no table"
            raise refuse(self._file, found, "Save it as CSV, one line a row")
        return len(data)

    def close(self) -> None:
        """Close the file behind it too."""
        self._source.close()
        super().close()
