"""Options on the made-up place of six squares: minutes and counts that a person can work out.

Areas are 1 km apart; a kilometre on foot takes 1,000 m x 1.2 / 80 m a minute = 15 minutes. Ash Hub stands on A1,
Cedar Hub on A5. Every area has 100 children.
"""

import numpy as np
import pytest

from analysis.need.estimate import estimate_need
from analysis.options.option import Option, OptionSite
from analysis.options.reached import option_reach
from analysis.scenario.need_settings import default_settings
from analysis.scenario.terms import Terms

KILOMETRE = 15.0
DIAGONAL = KILOMETRE * np.sqrt(2)
LONG = KILOMETRE * np.sqrt(5)
WALK = Terms(minutes=20.0, mode="walk")


def hubs(*site_ids: str, name: str = "", **values) -> Option:
    """An option with these sites open and no others."""
    sites = tuple(OptionSite(site_id, values) for site_id in site_ids)
    return Option(name or " and ".join(site_ids) or "None", "-".join(site_ids) or "none", sites)


@pytest.fixture(scope="session")
def estimate(small_place):
    return estimate_need(small_place, default_settings(small_place))


@pytest.fixture(scope="session")
def reach_of(estimate):
    """Whom hubs reach within 20 minutes on foot."""

    def reached(*site_ids, terms=WALK, **values):
        return option_reach(estimate, hubs(*site_ids, **values), terms)

    return reached


@pytest.fixture(scope="session")
def ash(reach_of):
    return reach_of("ash-hub")


@pytest.fixture(scope="session")
def cedar(reach_of):
    return reach_of("cedar-hub")
