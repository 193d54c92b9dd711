"""Other people's tables into the observations of a case: laboratory tables as hospitals and journals print them.

What has one reading is taken; everything else is left out with the reason, and asked for.
"""
