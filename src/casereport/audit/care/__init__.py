"""The CARE checklist of a case: where the report meets each item, and which are gaps."""
