"""What the authors of a case say, held against its data: claims and verdicts, and the data against itself."""
