"""What `--help` says beside the options: an example of each command, what comes out, and the exit codes."""

START = """start here:
  casereport report leng2020           # a bundled case, to reports/leng2020/report.html
  casereport new my-case --dir ~/cases # a case of your own
  casereport COMMAND --help            # options and an example of a command

"""
EXITS = "exit codes: 0 done; 1 run failed, or verify, audit or cohort found a failure; 2 wrong input, nothing written"
EXAMPLES = {
    "report": "example: casereport report leng2020 -p lag_days 1\noutput: reports/leng2020/report.html",
    "reports": "example: casereport reports\noutput: a report for each case in reports/, and reports/index.html",
    "export": "example: casereport export leng2020 --format docx --journal jmcr\noutput: reports/leng2020.docx",
    "validate": "example: casereport validate ~/cases/my-case\noutput: all problems, with file and line",
    "privacy": "example: casereport privacy ~/cases/my-case\noutput: each finding with its place and what to do",
    "audit": "example: casereport audit leng2020\noutput: a table of claims and verdicts, then remarks on the data",
    "verify": "example: casereport verify leng2020\noutput: the number of identical files, or the first difference",
    "parameters": "example: casereport parameters\noutput: name, type, default and meaning of each",
    "new": "example: casereport new my-case --dir ~/cases\noutput: ~/cases/my-case/, or my-case.xlsx with --xlsx",
    "import": "example: casereport import labs.csv --into ~/cases/my-case --source 'Table 1'\n"
    "output: new rows in the case, and a list of what was left out, with reasons (docs/import.md)",
    "analytes": "example: casereport analytes oxygen\noutput: id, LOINC code, name, units",
    "interventions": "example: casereport interventions noradrenaline\noutput: id, ATC code, name, class",
    "cohort": "example: casereport cohort data/cases --out reports/cohort\noutput: index.html, report.html, reports",
    "simulate": "example: casereport simulate --patients 100 --out sim\noutput: sim/ with truth.csv, the effects",
}
