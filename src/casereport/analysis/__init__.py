"""The numbers of a case: measurements by day and phase, changes, effect sizes, sensitivity, estimability.

Nothing here is drawn or worded for the report.
"""
