"""The routes that are answered without Streamlit: phones in the hall, and England's shapes."""

from __future__ import annotations

from starlette.routing import Router

from pages.consult.phone.endpoints import phone_routes
from pages.explore.england.shapes import shape_routes

router = Router([*phone_routes(), *shape_routes()])
