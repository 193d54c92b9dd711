"""What a number is: intervals, units, the vocabulary of analytes and interventions, and how each is put into words.

Whatever a case measures, gives or dates is said in these terms; nothing here knows a case.
"""
