"""Places beside each other on the need page: on one national curve, then by their own tiers."""

from __future__ import annotations

from tests.pages.conftest import OpenPage


def test_one_curve_lets_deprivation_decide(run_page: OpenPage) -> None:
    app = run_page("need", place="thurrock")
    assert not app.exception

    def rates() -> set[float]:
        table = next(frame.value for frame in app.dataframe if "In the most deprived fifth" in frame.value)
        assert len(table) == 4
        return {round(rate) for rate in table["Early help per 1,000"]}

    assert len(rates()) > 1
    app.toggle(key="need-one-curve").set_value(False).run()
    assert not app.exception
    assert not app.error
    assert rates() == {150}
