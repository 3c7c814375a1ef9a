"""What a table holds when it passes from one room to another: its columns, named and documented once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Kind = Literal["text", "whole", "number", "flag"]
KINDS: dict[Kind, str] = {"text": "O", "whole": "iu", "number": "iuf", "flag": "b"}


@dataclass(frozen=True)
class Schema:
    """Index and columns of a tidy long table.

    Parameters
    ----------
    index : str
        Name of the index.
    columns : mapping of str to (kind, str)
        In order: "text", "whole", "number" or "flag", and what the column means, with its unit.
    """

    index: str
    columns: Mapping[str, tuple[Kind, str]]

    def checked(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The table itself, if it is what the schema says.

        Raises
        ------
        TypeError
            With everything that differs: a fault of the programme, not of the user's files.

        Examples
        --------
        >>> Schema("area_code", {"need": ("whole", "Children in need")}).checked(pd.DataFrame({"want": [1]}))
        Traceback (most recent call last):
            ...
        TypeError: not the promised table: index None, not 'area_code'; columns ['want'], not ['need']
        """
        wrong = []
        if frame.index.name != self.index:
            wrong.append(f"index {frame.index.name!r}, not {self.index!r}")
        if list(frame.columns) != list(self.columns):
            wrong.append(f"columns {list(frame.columns)}, not {list(self.columns)}")
        wrong += [
            f"{name} is {frame[name].dtype}, not {kind}"
            for name, (kind, _) in self.columns.items()
            if name in frame and frame[name].dtype.kind not in KINDS[kind]
        ]
        if wrong:
            raise TypeError(f"not the promised table: {'; '.join(wrong)}")
        return frame
