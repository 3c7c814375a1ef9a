"""Pages run here as they do in the tests of pages, on the places as the product has them."""

import pytest

from tests.pages.conftest import _scan_packages_once, run_page

__all__ = ["_scan_packages_once", "run_page"]


@pytest.fixture(scope="module", autouse=True)
def _on_todays_ground(todays_ground):
    """Every answer is compared on the ground that users see."""
