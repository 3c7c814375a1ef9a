"""Free text: held until the facilitator shows it, and sorted under themes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import pandas as pd
from sqlalchemy import Connection, delete, insert, select, update

from analysis.base.faults import Fault, HubreachError
from analysis.base.text import plain
from analysis.workshop import schema
from analysis.workshop.rows import locked, new_id
from analysis.workshop.store import Store

Moderation = Literal["waiting", "shown", "hidden"]


def keep_comment(connection: Connection, question_id: str, participant: str, text: str) -> None:
    """Keep a text answer as a comment; a changed one waits for the facilitator again, without its themes."""
    table = schema.comment
    here = (table.c.question_id == question_id, table.c.participant_id == participant)
    if connection.execute(select(table.c.text).where(*here)).scalar() == text:
        return
    connection.execute(delete(table).where(*here))
    row = {
        "id": new_id(),
        "question_id": question_id,
        "participant_id": participant,
        "text": text,
        "status": "waiting",
    }
    connection.execute(insert(table), row)


def moderate(store: Store, workshop_id: str, comment_id: str, status: Moderation) -> None:
    """Show a comment on the screen, hide it, or put it back to wait.

    A comment that its writer changes gets a new id, so that a click on the old words never shows the new.

    Raises
    ------
    HubreachError
        If the comment is not there, or was changed meanwhile.
    """
    table = schema.comment
    mine = select(schema.question.c.id).where(schema.question.c.workshop_id == workshop_id)
    change = (
        update(table).where(table.c.id == comment_id, table.c.question_id.in_(mine)).values(status=status)
    )

    def write(connection: Connection) -> None:
        if not connection.execute(change).rowcount:
            raise _gone()

    store.write(write)


def add_theme(store: Store, workshop_id: str, name: str) -> str:
    """Add a theme (or find the one of that name); returns its id."""
    title = plain(name).replace(";", ",")
    if not 1 <= len(title) <= 120:
        fault = Fault("theme", None, None, f"{len(title)} characters", "Give a name of 1 to 120 characters")
        raise HubreachError("The theme cannot be added.", [fault])

    def write(connection: Connection) -> str:
        locked(connection, workshop_id)
        table = schema.theme
        here = (table.c.workshop_id == workshop_id, table.c.name == title)
        found = connection.execute(select(table.c.id).where(*here)).scalar()
        if found is None:
            found = new_id()
            connection.execute(insert(table), {"id": found, "workshop_id": workshop_id, "name": title})
        return str(found)

    return store.write(write)


def assign_themes(store: Store, workshop_id: str, comment_id: str, names: Iterable[str]) -> None:
    """Sort a comment under exactly these themes, made where they are new.

    Raises
    ------
    HubreachError
        If the comment is not there, or was changed meanwhile.
    """
    theme_ids = [add_theme(store, workshop_id, name) for name in dict.fromkeys(names)]
    comment, link = schema.comment, schema.comment_theme
    mine = select(schema.question.c.id).where(schema.question.c.workshop_id == workshop_id)

    def write(connection: Connection) -> None:
        here = select(comment.c.id).where(comment.c.id == comment_id, comment.c.question_id.in_(mine))
        if connection.execute(here).first() is None:
            raise _gone()
        connection.execute(delete(link).where(link.c.comment_id == comment_id))
        for theme_id in dict.fromkeys(theme_ids):
            connection.execute(insert(link), {"comment_id": comment_id, "theme_id": theme_id})

    store.write(write)


def read_comments(store: Store, question_id: str) -> pd.DataFrame:
    """Comments on a question, sorted by their text, so that order tells nothing of who wrote when.

    Returns
    -------
    DataFrame
        Index `comment_id`; `text`, `status` ("waiting", "shown", "hidden"), `source` ("phone", "paper"),
        `themes` (text, ';' separated, in alphabetical order).
    """
    comment, person = schema.comment.c, schema.participant.c
    query = (
        select(comment.id, comment.text, comment.status, person.source)
        .join(schema.participant, person.id == comment.participant_id)
        .where(comment.question_id == question_id)
        .order_by(comment.text, comment.id)
    )
    names = (
        select(schema.comment_theme.c.comment_id, schema.theme.c.name)
        .join(schema.theme)
        .join(schema.comment)
        .where(comment.question_id == question_id)
        .order_by(schema.theme.c.name)
    )
    rows, links = store.read(
        lambda connection: (connection.execute(query).all(), connection.execute(names).all())
    )
    themes: dict[str, list[str]] = {}
    for link in links:
        themes.setdefault(link.comment_id, []).append(link.name)
    columns = {
        "text": [row.text for row in rows],
        "status": [row.status for row in rows],
        "source": [row.source for row in rows],
        "themes": ["; ".join(themes.get(row.id, [])) for row in rows],
    }
    return pd.DataFrame(
        columns, index=pd.Index([row.id for row in rows], name="comment_id", dtype="str"), dtype="str"
    )


def count_themes(comments: pd.DataFrame) -> pd.DataFrame:
    """How many comments each theme has.

    Parameters
    ----------
    comments : DataFrame
        From `read_comments`. A comment under two themes counts in both; one under none is left out.

    Returns
    -------
    DataFrame
        Index `theme`; `comments`, most first.
    """
    named = comments["themes"].str.split("; ").explode()
    counted = named[named.ne("") & named.notna()].value_counts(sort=False)
    frame = counted.rename_axis("theme").rename("comments").reset_index()
    return frame.sort_values(["comments", "theme"], ascending=[False, True]).set_index("theme")


def _gone() -> HubreachError:
    fault = Fault("comment", None, None, "it was changed or withdrawn meanwhile", "Refresh the list")
    return HubreachError("There is no such comment.", [fault])
