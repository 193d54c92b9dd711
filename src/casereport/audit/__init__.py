"""What the authors of a case say, held against its data: each claim with its verdict, and the data against themselves.

It also says what the CARE checklist of a case lacks, and what is wrong with a case before anything is computed.
"""
