"""The CARE checklist of a case: where the report meets each item, and which are gaps.

The answers are found in the content of the case, in its tables and its prose, and never in a tick.
"""
