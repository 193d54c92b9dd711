"""The columns that several tables have."""

from casereport.analysis.column_kinds import number, text, whole

ANALYTE = {
    "analyte": text("id of the analyte, as in data/analytes.csv"),
    "label": text("its name"),
    "short": text("its short name"),
}
PAIR = {
    "phase": text("id of the phase"),
    "phase_before": text("id of the phase that it is compared with"),
    **ANALYTE,
}
N = {
    "n_before": whole("values that enter, in the phase before"),
    "n_after": whole("values that enter, in the phase"),
}
CI = {
    "ci_low": number("lower end of the confidence interval"),
    "ci_high": number("upper end of the confidence interval"),
}
LEVEL = {"confidence": number("level of the intervals, such as 0.95")}
