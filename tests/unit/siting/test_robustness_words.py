"""What is said of the robustness of a siting answer."""

import pandas as pd

from analysis.siting.robustness import Robustness
from analysis.siting.words import robustness_words


def test_a_look_that_was_stopped_at_once_claims_nothing_about_simulated_worlds():
    none = Robustness(pd.DataFrame(), pd.Series(dtype=float), 0, 60)
    assert robustness_words(None, none).startswith("Stopped before the first model run was solved")
    without = Robustness(pd.DataFrame(), pd.Series(dtype=float), 0, 60, impossible=3)
    assert robustness_words(None, without).endswith("in any of 3 model runs and detours.")
