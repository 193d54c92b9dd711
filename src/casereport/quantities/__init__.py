"""What a number is: intervals, units, the vocabulary of analytes and interventions, and their wording.

Everything a case says is one of these.
"""
