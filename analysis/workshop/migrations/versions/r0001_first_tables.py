"""The first tables of the workshop store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "comment_theme",
    "comment",
    "theme",
    "answer",
    "participant",
    "step",
    "question",
    "workshop",
)


def upgrade() -> None:
    """Make the tables, owners before what they own."""
    make_workshop()
    make_run()
    make_votes()
    make_comments()


def downgrade() -> None:
    """Remove the tables, and everything in them."""
    for table in TABLES:
        op.drop_table(table)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """A UTC moment."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def belongs_to(target: str, length: int = 32, *, nullable: bool = False) -> sa.Column[object]:
    """Foreign key to a table's `id`; its row goes with the owner."""
    return sa.Column(
        f"{target}_id",
        sa.String(length),
        sa.ForeignKey(f"{target}.id", ondelete="CASCADE"),
        nullable=nullable,
    )


def make_workshop() -> None:
    """One row a workshop."""
    op.create_table(
        "workshop",
        sa.Column("id", sa.String(32)),
        sa.Column("place_slug", sa.String(80), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("join_code", sa.String(8), nullable=False),
        sa.Column("invite", sa.String(32), nullable=False),
        sa.Column("facilitator_hash", sa.String(255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("current_step", sa.String(32)),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        moment("created_at"),
        moment("touched_at"),
        moment("closed_at", nullable=True),
        moment("purge_on", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_workshop"),
        sa.UniqueConstraint("join_code", name="uq_workshop_join_code"),
        sa.UniqueConstraint("invite", name="uq_workshop_invite"),
    )
    op.create_index("ix_workshop_purge_on", "workshop", ["purge_on"])


def make_run() -> None:
    """Questions, and the steps of a run that show them."""
    op.create_table(
        "question",
        sa.Column("id", sa.String(32)),
        belongs_to("workshop"),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("outline", sa.JSON()),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("is_revealed", sa.Boolean(), nullable=False),
        moment("opened_at", nullable=True),
        moment("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sa.UniqueConstraint("workshop_id", "key", name="uq_question_workshop_id_key"),
    )
    op.create_table(
        "step",
        sa.Column("id", sa.String(32)),
        belongs_to("workshop"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        belongs_to("question", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
    )
    op.create_index("ix_step_workshop_id", "step", ["workshop_id", "position"])


def make_votes() -> None:
    """Participants, and one answer each to a question."""
    op.create_table(
        "participant",
        sa.Column("id", sa.String(64)),
        belongs_to("workshop"),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("paper_number", sa.Integer()),
        moment("joined_at"),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
        sa.UniqueConstraint("workshop_id", "paper_number", name="uq_participant_workshop_id_paper_number"),
    )
    op.create_table(
        "answer",
        belongs_to("question"),
        belongs_to("participant", 64),
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        moment("answered_at"),
        moment("changed_at"),
        sa.PrimaryKeyConstraint("question_id", "participant_id", name="pk_answer"),
    )
    op.create_index("ix_answer_participant_id", "answer", ["participant_id"])


def make_comments() -> None:
    """Free text, its moderation and its themes."""
    op.create_table(
        "comment",
        sa.Column("id", sa.String(32)),
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("participant_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.UniqueConstraint("question_id", "participant_id", name="uq_comment_question_id_participant_id"),
        sa.ForeignKeyConstraint(
            ["question_id", "participant_id"],
            ["answer.question_id", "answer.participant_id"],
            name="fk_comment_question_id_participant_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.String(32)),
        belongs_to("workshop"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_theme"),
        sa.UniqueConstraint("workshop_id", "name", name="uq_theme_workshop_id_name"),
    )
    op.create_table(
        "comment_theme",
        belongs_to("comment"),
        belongs_to("theme"),
        sa.PrimaryKeyConstraint("comment_id", "theme_id", name="pk_comment_theme"),
    )
    op.create_index("ix_comment_theme_theme_id", "comment_theme", ["theme_id"])
