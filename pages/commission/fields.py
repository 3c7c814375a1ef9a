"""Small tables to be typed into, a field a cell: a grid loses keys that come before its editor has opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

WIDTHS = {"text": 220, "number": 150, "selectbox": 150}


def type_table(
    key: str,
    start: Callable[[], pd.DataFrame],
    columns: Mapping[str, Any],
    *,
    may_grow: bool = False,
    pounds: tuple[str, ...] = (),
) -> pd.DataFrame:
    """A line of fields for each row; it starts from `start()` when it appears and keeps that while shown.

    Parameters
    ----------
    key : str
    start : callable
        Makes the table.
    columns : mapping of str to column configuration
        As a grid takes them; a column that is disabled is shown as words.
    may_grow : bool
        Whether lines can be added; one whose first field is cleared counts no more.
    pounds : tuple of str
        Columns whose sums are said below, so that a slip shows.

    Returns
    -------
    DataFrame
        The table as it is typed now.
    """
    kept, extra = f"start-{key}", f"extra-{key}"
    first = next(name for name in columns if not _is_words(columns[name]))
    if f"{key}~0~{first}" not in st.session_state or kept not in st.session_state:
        st.session_state[kept] = start()
        st.session_state[extra] = 1
    table: pd.DataFrame = st.session_state[kept]
    rows: list[dict[Any, Any]] = table.to_dict("records") + [{}] * (
        st.session_state[extra] if may_grow else 0
    )
    typed = [_line(f"{key}~{at}", row, columns) for at, row in enumerate(rows)]
    if may_grow:
        st.button("Add a line", icon=":material/add:", key=f"add-{key}", on_click=_add_line, args=(extra,))
    index = table.index if len(typed) == len(table) else pd.RangeIndex(len(typed))
    told = pd.DataFrame(typed, columns=table.columns, index=index).astype(table.dtypes.to_dict())
    if pounds:
        # Always there: what came and went above a field would draw it anew, and take what is being typed with it.
        sums = (f"{columns[name]['label']}: **£{told[name].dropna().sum():,.2f}**" for name in pounds)
        st.caption(f"Together: {'; '.join(sums)}.")
    return told


def _is_words(column: Any) -> bool:
    return isinstance(column, str) or bool(column.get("disabled"))


def _add_line(extra: str) -> None:
    st.session_state[extra] += 1


def _line(key: str, row: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """One line of fields; what has no field stays as it is."""
    typed: dict[str, Any] = dict(row)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"line-{key}"):
        for name, column in columns.items():
            value = row.get(name)
            if _is_words(column):
                st.markdown(str(value), width=WIDTHS["text"])
                continue
            typed[name] = _field(f"{key}~{name}", None if pd.isna(value) else value, column)
    return typed


def _field(key: str, value: Any, column: Mapping[str, Any]) -> Any:
    config, label, about = column["type_config"], column["label"], column.get("help")
    kind = config["type"]
    width = WIDTHS[kind]
    default = column.get("default") if value is None else value
    if kind == "selectbox":
        return st.selectbox(
            label,
            config["options"],
            index=config["options"].index(default) if default in config["options"] else None,
            key=key,
            help=about,
            width=width,
        )
    if kind == "number":
        number = int if config.get("step") == 1 else float
        bounds = {end: config.get(end) for end in ("min_value", "max_value")}
        numbers: dict[str, Any] = {
            name: None if given is None else number(given)
            for name, given in {**bounds, "value": value}.items()
        }
        step: Any = 1 if number is int else 0.01
        return st.number_input(label, **numbers, step=step, key=key, help=about, width=width)
    return st.text_input(
        label, str(default or ""), key=key, help=about, width=width, max_chars=config.get("max_chars")
    )
