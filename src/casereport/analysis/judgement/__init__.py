"""The words of judgement: where a value lies, whether it changed, and whether the change is an improvement.

One module a rule; every table, figure, sentence and verdict asks these and has no rule of its own.
"""
