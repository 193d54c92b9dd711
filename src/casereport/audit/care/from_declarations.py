"""What a journal refuses to review without: an author who answers letters, and what the authors have to disclose."""

from casereport.audit.care.view import Answer, Rule, View, gap, partly, yes
from casereport.quantities.wording import counted, listed

_SIMULATED = "Does not apply: the case is simulated."


def _authors(view: View) -> Answer:
    where, meta = "top", view.case.meta
    if view.case.simulated:
        return yes(where, _SIMULATED)
    if meta.anonymous:
        return yes(where, "The authors are not named, as case.yaml requests.")
    if not meta.authors:
        return gap(where, "No author is named; add authors to case.yaml, or anonymous: true.")
    named = counted(len(meta.authors), "author")
    if not any(author.corresponding and author.email for author in meta.authors):
        return gap(where, f"Of {named} none is the corresponding author with an e-mail address.")
    nowhere = [author.name for author in meta.authors if not author.affiliations]
    if nowhere:
        return partly(where, f"Of {named} {counted(len(nowhere), 'has', 'have')} no affiliation: {listed(nowhere)}.")
    return yes(where, f"Of {named} each has an affiliation, and one is the corresponding author.")


def _disclosures(view: View) -> Answer:
    where, meta = "declarations", view.case.meta
    if view.case.simulated:
        return yes(where, _SIMULATED)
    said = {"funding": meta.funding, "competing interests": meta.competing_interests}
    lacking = [name for name, text in said.items() if text is None]
    if lacking:
        return gap(where, f"Not stated: {listed(lacking)}; state it even if there was none.")
    return yes(where, "Funding and competing interests are stated.")


DECLARED_RULES: dict[str, Rule] = {"authors": _authors, "disclosures": _disclosures}
