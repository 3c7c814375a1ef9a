"""Appraisals: ranking by hand, stability, and the losing argument."""

import numpy as np
import pytest

from analysis.base.faults import HubreachError
from analysis.commissioning.appraisal import (
    Appraisal,
    arguments,
    dirichlet_weights,
    rank_alternatives,
    rank_stability,
    read_appraisal,
    switching_weights,
)
from analysis.places.finding import place_folder

SCORES = {"Nothing": (0, 10), "In house": (6, 4), "Alliance": (9, 2)}


def appraisal(weights=(3, 1), scores=None):
    scores = scores or SCORES
    return Appraisal(
        name="Test",
        criteria=[{"name": "Outcomes", "weight": weights[0]}, {"name": "Ease", "weight": weights[1]}],
        alternatives=[{"name": name} for name in scores],
        scores=[
            {"alternative": name, "criterion": criterion, "score": score, "reason": f"{name} on {criterion}"}
            for name, pair in scores.items()
            for criterion, score in zip(("Outcomes", "Ease"), pair, strict=True)
        ],
    )


def test_ranking_by_hand():
    table = rank_alternatives(appraisal())
    # 0.75 x 9 + 0.25 x 2 = 7.25; 0.75 x 6 + 0.25 x 4 = 5.5; 0.25 x 10 = 2.5; out of ten.
    assert table["total"].to_dict() == {"Alliance": 72.5, "In house": 55.0, "Nothing": 25.0}
    assert table["rank"].tolist() == [1, 2, 3]
    assert table.loc["Alliance", "Outcomes"] == pytest.approx(67.5)


def test_equal_totals_share_a_rank():
    table = rank_alternatives(appraisal(scores={"A": (5, 5), "B": (5, 5), "C": (1, 1)}))
    assert table["rank"].tolist() == [1, 1, 3]


def test_no_weights_means_equal_ones_and_the_log_says_so():
    equal = appraisal(weights=("", ""))
    assert equal.weights().tolist() == [0.5, 0.5]
    assert equal.log().iloc[0].tolist()[1:3] == ["weights", "equal"]


def test_without_uncertainty_the_ranking_is_certain():
    table = rank_stability(appraisal(), concentration=1e9, score_sd=0.0, draws=200)
    assert table["p_first"].to_dict() == {"Alliance": 1.0, "In house": 0.0, "Nothing": 0.0}
    assert (table["rank_low"] == table["rank"]).all()
    assert (table["rank_high"] == table["rank"]).all()


def test_stability_by_weights_alone_equals_the_beta_distribution():
    # Nothing beats both where the weight of Outcomes is below 8 / 17 (against Alliance) and 6 / 12.
    from scipy.stats import beta

    table = rank_stability(appraisal(), concentration=8, score_sd=0.0, draws=40_000)
    assert table.loc["Nothing", "p_first"] == pytest.approx(beta(6, 2).cdf(8 / 17), abs=0.005)


def test_the_same_seed_gives_the_same_answer():
    first, second = (rank_stability(appraisal(), draws=500) for _ in range(2))
    assert first.equals(second)


def test_chances_of_coming_first_add_up_without_ties():
    assert rank_stability(appraisal(), draws=2000)["p_first"].sum() == pytest.approx(1.0)


def test_the_losing_argument_is_as_full_as_the_winning_one():
    table = arguments(appraisal())
    assert table["alternative"].unique().tolist() == ["Alliance", "In house", "Nothing"]
    nothing = table[table["alternative"] == "Nothing"].set_index("side")
    assert nothing.loc["for", "criterion"] == "Ease"
    assert nothing.loc["for", "reason"] == "Nothing on Ease"
    assert nothing.loc["for", "others_mean"] == 3
    assert nothing.loc["against", "criterion"] == "Outcomes"
    assert table.groupby("alternative").size().tolist() == [2, 2, 2]


def test_switching_weights_by_hand():
    table = switching_weights(appraisal())
    # Alliance and In house draw level where 3w = 2(1 - w): w = 0.4 for Outcomes, 0.6 for Ease.
    assert table.loc["In house", "Outcomes"] == pytest.approx(0.4)
    assert table.loc["In house", "Ease"] == pytest.approx(0.6)
    assert table.loc["Nothing", "Outcomes"] == pytest.approx(8 / 17)


def test_at_the_switching_weight_the_totals_are_level():
    level = switching_weights(appraisal()).loc["In house", "Outcomes"]
    totals = rank_alternatives(appraisal(weights=(round(level, 9), round(1 - level, 9))))["total"]
    assert totals["In house"] == pytest.approx(totals["Alliance"])


def test_an_alternative_that_is_worse_on_everything_never_switches():
    table = switching_weights(appraisal(scores={"A": (9, 9), "B": (1, 2)}))
    assert table.loc["B"].isna().all()


def test_drawn_weights_keep_zeros_and_add_up():
    drawn = dirichlet_weights(np.random.default_rng(1), np.array([0.7, 0.0, 0.3]), 30, 4000)
    assert np.allclose(drawn.sum(axis=1), 1)
    assert (drawn[:, 1] == 0).all()
    assert drawn.mean(axis=0) == pytest.approx([0.7, 0, 0.3], abs=0.01)


def test_blank_scores_are_listed_with_who_gives_them():
    bundled = read_appraisal(place_folder("wirral") / "appraisals" / "early-help-alliance.toml")
    assert bundled.score_table().isna().all().all()
    assert [a.name for a in bundled.alternatives if a.preferred] == ["Alliance"]
    with pytest.raises(HubreachError, match="Ask the appraisal panel") as error:
        rank_alternatives(bundled)
    assert len(error.value.faults) == 12


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scale_low": 10}, "scale_high must be above"),
        ({"scores": [{"alternative": "X", "criterion": "Ease", "score": 1}]}, "'X', which is not listed"),
        ({"scores": [{"alternative": "Alliance", "criterion": "Ease", "score": 11}]}, "outside the scale"),
        ({"criteria": [{"name": "Ease", "weight": 0}]}, "every weight is zero"),
        ({"alternatives": [{"name": "A"}, {"name": "A"}]}, "there twice"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Appraisal(**{**appraisal().model_dump(), **changes})


def test_impossible_uncertainty_is_refused():
    with pytest.raises(HubreachError, match="positive concentration"):
        rank_stability(appraisal(), concentration=0)
