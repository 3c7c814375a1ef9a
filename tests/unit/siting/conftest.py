"""Small matrices that can be checked by hand."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def street() -> pd.DataFrame:
    """Five areas a minute's walk of ten apart in a street, a site at each end and in the middle."""
    areas, sites = np.array([0.0, 10.0, 20.0, 30.0, 40.0]), np.array([0.0, 20.0, 40.0])
    return pd.DataFrame(abs(areas[:, None] - sites[None, :]), list("abcde"), ["east", "middle", "west"])


@pytest.fixture
def need() -> pd.Series:
    return pd.Series([10.0, 1.0, 5.0, 1.0, 20.0], index=list("abcde"))
