"""Many cases at once, on Dask: a report for each, or the same analysis without notebooks for up to a million patients.

A source is a folder of case folders or a table in long form; each patient of a table becomes a case. The work goes to
any Dask scheduler, and what is done is on disk at once, so that a run that was broken off goes on where it was.
"""
