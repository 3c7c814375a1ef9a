"""The one family of errors: every fault of an input, told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

# So many faults of one kind are told one by one; more are one with their number.
MOST_BY_ITSELF, MOST_ROWS = 3, 8


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input, and what to do about it.

    Parameters
    ----------
    file : str
        Name of the file or control, as the user knows it.
    row : int or None
        Row as a spreadsheet shows it (the header is row 1); None if the whole file is meant.
    column : str or None
        Column, key or field; None if the whole row is meant.
    found : str
        What was found, in words, with the value.
    remedy : str
        What the user should do.
    options : tuple of str
        Where a choice answers it: the values of `column` to choose from.
    """

    file: str
    row: int | None
    column: str | None
    found: str
    remedy: str
    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = [f"{self.file:.200}"]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {self.found}. {self.remedy}"


class HubreachError(ValueError):
    """An input cannot be used. Holds every fault that was found, not only the first.

    Parameters
    ----------
    headline : str
        One sentence for the top of the message.
    faults : iterable of Fault
        What is wrong, in the order of the input.
    """

    def __init__(self, headline: str, faults: Iterable[Fault] = ()) -> None:
        self.headline = headline
        self.faults = tuple(faults)
        super().__init__("\n".join([headline, *(f"  - {fault}" for fault in self.faults)]))


class FaultList:
    """Collects faults while an input is read, then raises them together.

    Parameters
    ----------
    file : str
        Default file name of the faults.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def add(
        self,
        found: str,
        remedy: str,
        *,
        row: int | None = None,
        column: str | None = None,
        file: str | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        """Record one fault.

        Parameters
        ----------
        found, remedy : str
            What stands there, and what to do.
        row : int, optional
            Counted as in the file, headings included.
        column, file : str, optional
            Where it stands; by default the file of this list.
        options : tuple of str, optional
            Values of the column that can be chosen.
        """
        self.faults.append(Fault(file or self.file, row, column, found, remedy, options))

    def add_rows(
        self, rows: Iterable[object], found: Sequence[str], remedy: str, *, column: str | None = None
    ) -> None:
        """Record one kind of fault that several rows have: in one sentence with their number where they are many.

        Parameters
        ----------
        rows : iterable of int
            Rows of the file.
        found : sequence of str
            What stands in each.
        remedy : str
        column : str, optional
        """
        numbers = [int(str(row)) for row in rows]
        if len(numbers) <= MOST_BY_ITSELF:
            for row, what in zip(numbers, found, strict=True):
                self.add(what, remedy, row=row, column=column)
            return
        listed = ", ".join(map(str, numbers[:MOST_ROWS])) + (" ..." if len(numbers) > MOST_ROWS else "")
        self.add(
            f"{len(numbers):,} rows such as: {found[0]} (rows {listed})",
            remedy,
            row=numbers[0],
            column=column,
        )

    def extend(self, faults: Iterable[Fault]) -> None:
        """Record faults that another reader found."""
        self.faults.extend(faults)

    def __len__(self) -> int:
        return len(self.faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)

    def raise_if_any(self, headline: str, kind: type[HubreachError] = HubreachError) -> None:
        """Raise one `HubreachError`, or one of its kinds, with everything recorded so far, or do nothing."""
        if self.faults:
            raise kind(headline, self.faults)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Take over the faults of a reader that raises, so that the next reader still runs."""
        try:
            yield
        except HubreachError as error:
            if not error.faults:
                raise
            self.extend(error.faults)
