"""Tables derived from outside, by their maintainers: base rates, operating characteristics, the simulated case.

No report imports this room; what it makes lies in data/reference/ and data/cases/.
"""
