"""Pages run here as they do in the tests of pages."""

from tests.pages.conftest import _scan_packages_once, run_page

__all__ = ["_scan_packages_once", "run_page"]
