"""Run the dashboard's script without a browser, on a page and an address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
OpenPage = Callable[..., AppTest]


@pytest.fixture
def run_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> OpenPage:
    """Run one page with query parameters; the user's data folder is empty."""
    monkeypatch.setenv("HUBREACH_DATA_DIR", str(tmp_path))

    def run(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        if page != "home":
            app.run()
            app.switch_page(f"{page}.py")
        return app.run()

    return run


def answer(app: AppTest) -> str:
    """The sentence under the question."""
    return str(app.main.markdown[0].value)
