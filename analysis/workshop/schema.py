"""Tables of the workshop store, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment: aware in Python, UTC in the database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Bring an aware moment to UTC before it is written."""
        return value.astimezone(dt.UTC) if value is not None else None

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Give a moment that was read its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


metadata = MetaData(naming_convention=NAMES)


def _owner(target: str, length: int = 32) -> Column[str]:
    name = f"{target}_id"
    return Column(name, String(length), ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=False)


workshop = Table(
    "workshop",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("place_slug", String(80), nullable=False),
    Column("title", String(300), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("join_code", String(8), nullable=False, unique=True),
    Column("invite", String(32), nullable=False, unique=True),
    Column("facilitator_hash", String(255), nullable=False),
    Column("version", Integer, nullable=False),
    Column("current_step", String(32)),
    Column("options", JSON, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("keep_days", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("purge_on", UtcDateTime, index=True),
)

question = Table(
    "question",
    metadata,
    Column("id", String(32), primary_key=True),
    _owner("workshop"),
    Column("key", String(80), nullable=False),
    Column("body", JSON, nullable=False),
    Column("outline", JSON(none_as_null=True)),
    Column("status", String(8), nullable=False),
    Column("is_revealed", Boolean, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("workshop_id", "key"),
)

step = Table(
    "step",
    metadata,
    Column("id", String(32), primary_key=True),
    _owner("workshop"),
    Column("position", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("question_id", String(32), ForeignKey("question.id", ondelete="CASCADE")),
    Index("ix_step_workshop_id", "workshop_id", "position"),
)

participant = Table(
    "participant",
    metadata,
    Column("id", String(64), primary_key=True),
    _owner("workshop"),
    Column("source", String(8), nullable=False),
    Column("paper_number", Integer),
    Column("joined_at", UtcDateTime, nullable=False),
    UniqueConstraint("workshop_id", "paper_number"),
)

answer = Table(
    "answer",
    metadata,
    Column("question_id", String(32), ForeignKey("question.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "participant_id",
        String(64),
        ForeignKey("participant.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("answer_id", String(64), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("value", JSON, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

comment = Table(
    "comment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("question_id", String(32), nullable=False),
    Column("participant_id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("status", String(8), nullable=False),
    UniqueConstraint("question_id", "participant_id"),
    ForeignKeyConstraint(
        ["question_id", "participant_id"],
        ["answer.question_id", "answer.participant_id"],
        ondelete="CASCADE",
    ),
)

theme = Table(
    "theme",
    metadata,
    Column("id", String(32), primary_key=True),
    _owner("workshop"),
    Column("name", String(120), nullable=False),
    UniqueConstraint("workshop_id", "name"),
)

comment_theme = Table(
    "comment_theme",
    metadata,
    Column("comment_id", String(32), ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", String(32), ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True, index=True),
)
