"""Light HTTP routes beside the dashboard, in the same process."""

from __future__ import annotations

from starlette.routing import BaseRoute

from pages.england_views.shapes import shape_routes
from pages.phone.endpoints import phone_routes


def routes() -> list[BaseRoute]:
    """Every route that `app.py` hands to `st.App`."""
    return [*phone_routes(), *shape_routes()]
