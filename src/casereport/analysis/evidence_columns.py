"""The tables of the statistics, described as `table_columns` describes all of them."""

from casereport.analysis.columns import ANALYTE, LEVEL, PAIR, Column, N, number, text, whole

EVIDENCE: dict[str, dict[str, Column]] = {
    "effects": {
        **PAIR,
        "improvement": text(
            "which is better, by where the values lie: increase, decrease, within range (no index), or empty: not "
            "decided, the index is for a rise"
        ),
        "index": text("NAP, Tau, Tau-U, Tau-BC, PND, PEM, PAND, IRD, SMD or LRR"),
        "value": number("the index, where the data decide it"),
        "low": number("the lowest that it can be, over all that the data leave open"),
        "high": number("the highest that it can be"),
        "se": number("standard error, for independent values"),
        "ci_low": number("lower end of the confidence interval, for independent values"),
        "ci_high": number("upper end of the confidence interval, for independent values"),
        **LEVEL,
        **N,
        "false_alarms_low": number("smallest share of series without effect that reach its alarm with so many values"),
        "false_alarms_high": number("largest such share; above 0.2 the index is not shown"),
        "p": number(
            "permutation test of Mann and Whitney, two-sided (twice the smaller one-sided p), for independent values "
            "(NAP only); empty where it could not have reached 0.05"
        ),
        "p_least": number("the least that p could have been with so many values and their ties"),
        "p_holm": number(
            "p adjusted over those analytes of the phase whose p can reach 0.05 so adjusted (Holm 1979; Tarone 1990)"
        ),
        "note": text("what to know of it"),
    },
    "chance": {
        "phase": text("id of the phase"),
        **N,
        "analytes": whole("analytes with so many values"),
        "low": number("smallest simulated share of false alarms"),
        "high": number("largest simulated share of false alarms"),
        "sentence": text("the same in words"),
    },
    "regression": {
        **ANALYTE,
        "unit": text("unit (UCUM)"),
        "n": whole("values"),
        "phase": text("id of the phase"),
        "first_day": number("study day on which the phase begins to count", "d"),
        "model": text("OLS, AR(1) or empty"),
        "trend": number("slope of the first phase", "unit/d"),
        "trend_low": number("lower end of its interval", "unit/d"),
        "trend_high": number("upper end of its interval", "unit/d"),
        "level": number("change of level at the beginning of the phase", "unit"),
        "level_low": number("lower end of its interval", "unit"),
        "level_high": number("upper end of its interval", "unit"),
        "slope": number("change of slope in the phase", "unit/d"),
        "slope_low": number("lower end of its interval", "unit/d"),
        "slope_high": number("upper end of its interval", "unit/d"),
        "autocorrelation": number("of the errors, lag 1; empty where the series cannot tell it"),
        "autocorrelation_low": number("lower end of its interval"),
        "autocorrelation_high": number("upper end of its interval"),
        "start_rank": number("rank of the real start among all possible ones"),
        "starts": number("how many starts are possible"),
        **LEVEL,
        "note": text("what to know of it"),
    },
    "visual": {
        **PAIR,
        "unit": text("unit (UCUM)"),
        "n_before": whole("numbers with a known day, in the phase before"),
        "n_after": whole("numbers with a known day, in the phase"),
        "level_before": number("median of the phase before", "unit"),
        "level_after": number("median of the phase", "unit"),
        "level_change": number("median of the phase less that of the phase before", "unit"),
        "trend_before": number("slope of Theil and Sen in the phase before, from 3 values", "unit/d"),
        "trend_after": number("slope of Theil and Sen in the phase, from 3 values", "unit/d"),
        "variability_before": number("standard deviation about that line, in the phase before", "unit"),
        "variability_after": number("standard deviation about that line, in the phase", "unit"),
        "overlap": number("share of the values of the phase that lie between the least and the greatest before"),
        "immediacy": number("median of the first 3 values of the phase less that of the last 3 before", "unit"),
        "note": text("what to know of it"),
    },
    "half_lives": {
        "phase": text("id of the phase"),
        **ANALYTE,
        "unit": text("unit of the values (UCUM)"),
        "kind": text("half-life, doubling time, or empty where there is none"),
        "days": number("the half-life or doubling time of the last limb, log-linear", "d"),
        "days_low": number("lower end of its interval, for independent values", "d"),
        "days_high": number("upper end of its interval; inf where the limb may be level", "d"),
        **LEVEL,
        "n": whole("values of the limb"),
        "first_day": number("study day on which the limb begins: that of the peak or nadir", "d"),
        "last_day": number("study day on which it ends: that of the last value of the phase", "d"),
        "sentence": text("the same in words"),
        "note": text("what to know of it"),
    },
}
