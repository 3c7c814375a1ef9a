"""Run by Alembic on the connection that `database.migrate` (or a developer's command line) hands over."""

from __future__ import annotations

from alembic import context

from analysis.workshop.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
