"""Effects pooled over patients: against a published meta-analysis, and against the definition of each number."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from casereport.cohort import simulated
from casereport.cohort.effects import effect_table
from casereport.cohort.patient_series import series_of
from casereport.cohort.patients import checked
from casereport.cohort.pooled import COLUMNS, FEWEST, pooled_effects, random_effects_mean

# BCG vaccine against tuberculosis, 13 trials (Colditz and others 1994, JAMA 271:698): ill and well, with and without it
BCG = np.array([
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
])  # fmt: skip


def log_risk_ratios():
    a, b, c, d = BCG.T
    return np.log((a / (a + b)) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def test_the_bcg_trials_are_as_heterogeneous_as_was_published():
    # metafor (Viechtbauer 2010) on the same data: Q(df = 12) = 152.2330, I2 92 %, mean log risk ratio -0.71 to -0.72
    found = random_effects_mean(*log_risk_ratios(), 0.95)
    assert found["q"] == pytest.approx(152.2330, abs=5e-5)
    assert found["i2"] == pytest.approx((152.2330 - 12) / 152.2330, abs=1e-5)
    assert found["mean"] == pytest.approx(-0.715, abs=0.005) and found["q_p"] < 1e-20


def test_each_number_is_what_its_definition_says():
    effect, variance = log_risk_ratios()
    found = random_effects_mean(effect, variance, 0.95)
    weight = 1 / (variance + found["tau2"])
    assert (weight * (effect - found["mean"]) ** 2).sum() == pytest.approx(12, abs=1e-3)  # Paule and Mandel
    assert found["mean"] == pytest.approx((weight * effect).sum() / weight.sum())
    se = math.sqrt(1 / weight.sum())
    hartung_knapp = se * math.sqrt((weight * (effect - found["mean"]) ** 2).sum() / 12)
    assert found["ci_high"] - found["mean"] == pytest.approx(stats.t.ppf(0.975, 12) * max(se, hartung_knapp), rel=1e-4)
    spread = stats.t.ppf(0.975, 11) * math.sqrt(found["tau2"] + se**2)
    assert found["predicted_high"] - found["mean"] == pytest.approx(spread, rel=1e-4)


def test_patients_who_agree_more_than_chance_would_have_it_are_not_heterogeneous():
    found = random_effects_mean(np.array([0.5, 0.51, 0.49, 0.5, 0.5]), np.full(5, 0.04), 0.95)
    assert (found["tau2"], found["i2"]) == (0, 0) and found["mean"] == pytest.approx(0.5)
    # not narrower than the five variances of 0.04 allow, however well they agree
    assert found["ci_high"] - found["mean"] == pytest.approx(stats.t.ppf(0.975, 4) * math.sqrt(0.04 / 5))


@pytest.fixture(scope="module")
def effects() -> pd.DataFrame:
    measured, given = next(simulated.tables(60))
    return effect_table(series_of(checked(measured.assign(line=1), given.assign(line=1), "part")))


def test_the_pooled_effect_of_a_simulated_cohort_is_towards_what_was_put_in(effects):
    table = pooled_effects(effects).set_index(["phase", "analyte", "index"])
    assert list(table.reset_index()[list(COLUMNS)]) == list(COLUMNS)
    nap = table.loc[("mesenchymal_stem_cells", "crp", "NAP")]
    assert nap["ci_low"] > 0.5 and nap["patients"] + nap["left_out"] <= 60
    assert table.loc[("mesenchymal_stem_cells", "crp", "LRR"), "ci_low"] > 0  # the cells lower CRP to a third


def test_what_never_left_its_range_or_has_no_direction_is_not_pooled(effects):
    for improvement in ("", "within range"):
        assert pooled_effects(effects.assign(improvement=improvement)).empty
    few = effects[effects["patient"].isin(effects["patient"].unique()[: FEWEST - 1])]
    assert pooled_effects(few).empty


def test_a_patient_in_whom_all_pairs_agree_is_pooled_too(effects):
    agree = effects[(effects["index"] == "NAP") & (effects["value"] == 1)]
    assert agree["se"].isna().all() and len(agree)
    table = pooled_effects(agree)
    assert len(table) and (table["left_out"] == 0).all() and (table["mean"] == 1).all()
