"""Who wrote the report, as a journal asks it: names, ORCID iDs, affiliations, who answers letters, who did what.

An author is not the patient, but may lead to one: a case that is to stay anonymous names none.
"""

import re
from collections.abc import Callable, Sequence

from pydantic import Field

from casereport.case.strict import Strict, Text
from casereport.errors import Problem, name_fix, nearest

CREDIT = (
    "Conceptualization", "Data curation", "Formal analysis", "Funding acquisition", "Investigation", "Methodology",
    "Project administration", "Resources", "Software", "Supervision", "Validation", "Visualization",
    "Writing - original draft", "Writing - review & editing",
)  # fmt: skip
"""The fourteen roles of CRediT (ANSI/NISO Z39.104-2022)."""

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class Author(Strict):
    """One author. `email` is given for the corresponding author alone; `roles` are of `CREDIT`."""

    name: Text
    orcid: Text | None = None
    affiliations: list[Text] = Field(default_factory=list)
    corresponding: bool = False
    email: Text | None = None
    roles: list[Text] = Field(default_factory=list)

    @property
    def link(self) -> str:
        """The address of the ORCID iD; empty where none is given."""
        return f"https://orcid.org/{self.orcid}" if self.orcid else ""

    @property
    def told(self) -> str:
        """The name, with what else tells who it is in brackets: affiliations and ORCID iD."""
        more = "; ".join([*self.affiliations, *([self.link] if self.orcid else [])])
        return f"{self.name} ({more})" if more else self.name


def author_problems(
    authors: Sequence[Author], anonymous: bool, line: Callable[[tuple], int], name: str
) -> list[Problem]:
    """What is wrong with the authors of a description called `name`, each with its line."""
    found: list[Problem] = []
    letters: list[str] = []
    for i, author in enumerate(authors):

        def wrong(key: str, value: str, expected: str, fix: str = "", at: int = i) -> None:
            found.append(Problem(name, line(("authors", at, key)), f"authors.{at}.{key}", value, expected, fix))

        if anonymous:
            wrong("name", author.name, "no author: the case is to stay anonymous (anonymous: true)")
        if author.orcid is not None and not is_orcid(author.orcid):
            wrong("orcid", author.orcid, _orcid_expected(author.orcid))
        if author.email is not None and not author.corresponding:
            wrong("email", author.email, "an e-mail address for the corresponding author alone (corresponding: true)")
        elif author.email is not None and not _EMAIL.fullmatch(author.email):
            wrong("email", author.email, "an e-mail address, as in name@example.org")
        if author.corresponding and letters:
            wrong("corresponding", author.name, f"one corresponding author; {letters[0]} is it already")
        letters += [author.name] if author.corresponding else []
        for role in author.roles:
            if plain_role(role) not in CREDIT:
                wrong("roles", role, f"a role of CRediT; {nearest(plain_role(role), CREDIT)}", _role_fix(role))
    return found


def plain_role(role: str) -> str:
    """The role with the hyphen that `CREDIT` has, for one that was copied with a dash."""
    return re.sub(r"\s*[–—]\s*", " - ", role)


def _role_fix(role: str) -> str:
    known = {one.lower(): one for one in CREDIT}
    return known.get(name_fix(plain_role(role), known), "")


def is_orcid(text: str) -> bool:
    """True for an ORCID iD whose last character is its check digit (ISO 7064 MOD 11-2).

    >>> is_orcid("0000-0002-1825-0097"), is_orcid("0000-0002-1825-0098")
    (True, False)
    """
    return bool(_ORCID.fullmatch(text)) and _check_digit(text) == text[-1]


def _check_digit(orcid: str) -> str:
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return "X" if check == 10 else str(check)


def _orcid_expected(text: str) -> str:
    if not _ORCID.fullmatch(text):
        return "an ORCID iD of four groups, as in 0000-0002-1825-0097, without the address before it"
    return f"an ORCID iD with the right check digit: a digit is wrong, for these end in {_check_digit(text)}"
