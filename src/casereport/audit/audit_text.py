"""The audit of a case for a terminal: what is remarkable in its data, what its checklist lacks, and its verdicts."""

import textwrap

from casereport.audit.care.checklist import gaps
from casereport.audit.claims import CLINICAL, audit_claims, by_document, transcription_text, verdict_counts
from casereport.audit.consistency import check_consistency
from casereport.case.case import Case
from casereport.errors import visible
from casereport.quantities.wording import closed_up


def as_text(case: Case, width: int) -> str:
    """Remarks, gaps and the verdict on each claim, in lines of `width` characters."""
    table = audit_claims(case)
    lines = [visible(f"remark: {closed_up(finding)}") for finding in check_consistency(case)["finding"]]
    lines += [visible(f"CARE item {gap.item}: {gap.finding}") for gap in gaps(case).itertuples()]
    if not len(table):
        return "\n".join([*lines, f"{case.meta.id}: the case lists no claims (claims.csv)"])
    for row in table.itertuples():
        lines.append(visible(f"{row.claim:<5} {row.verdict:<17} {closed_up(row.statement)}"))
        evidence, indent = visible(closed_up(row.evidence)), " " * 24
        lines.append(textwrap.fill(evidence, width, initial_indent=indent, subsequent_indent=indent))
    if transcription := transcription_text(table):
        lines.append(f"\n{transcription}")
    documents = by_document(table[table["sort"] == CLINICAL])
    lines.append("")
    for name, mine in documents.items():
        counts = ", ".join(f"{verdict} {n}" for verdict, n in verdict_counts(mine).items())
        lines.append(visible(f"Claims of {name}: {counts}") if len(documents) > 1 else counts)
    return "\n".join(lines)
