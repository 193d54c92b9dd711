"""Whose results the parts of an HL7 file are, by PID: its numbers, each with the hospital that gave it, and where there
is none the name, the day of birth and the sex. Only a number is ever shown.
"""

from collections.abc import Sequence
from typing import NamedTuple

from casereport.errors import BadInput, Problem
from casereport.readers.hl7_segments import Marks, field
from casereport.readers.wanted import several


class Person(NamedTuple):
    """What a PID says of its patient: the `numbers` as number and authority (PID-3, then 2 and 4), and `about` them the
    name, the day of birth and the sex, each empty where it is not told."""

    numbers: tuple[tuple[str, str], ...] = ()
    about: tuple[str, ...] = ("", "", "")


def person_of(segments: Sequence[list[str]], marks: Marks) -> Person:
    """The patient of segments that have one PID at most."""
    pid = next((s for s in segments if s[0] == "PID"), [])
    parts = [one.split(marks.component) for n in (3, 2, 4) for one in field(pid, n).split(marks.repeat)]
    # of an authority its name: the number and kind of the same authority are often left off
    numbers = [(part[0].strip(), part[3].split(marks.part)[0].strip() if part[3:] else "") for part in parts]
    name = [part.strip().casefold() for part in field(pid, 5).split(marks.repeat)[0].split(marks.component)[:2]]
    about = (" ".join(filter(None, name)), field(pid, 7)[:8], field(pid, 8).upper())
    return Person(tuple(number for number in numbers if number[0]), about)


def patients_of(persons: Sequence[Person]) -> list[str]:
    """What the patient of each is called: by the first number, with its authority where two give the same number to
    different people; `patient 1` and so on where none has a number. Empty for one who cannot be told apart."""
    if any(person.numbers for person in persons):
        known: dict[str, list[Person]] = {}
        # a number without its authority is that of whoever has it with one
        for person in sorted(persons, key=lambda person: not (person.numbers and person.numbers[0][1])):
            if person.numbers and not any(_same(person, other) for other in known.get(person.numbers[0][0], [])):
                known.setdefault(person.numbers[0][0], []).append(person)
        return [_called(person, known[person.numbers[0][0]]) if person.numbers else "" for person in persons]
    found: list[tuple[str, ...]] = []
    for person in persons:
        if any(person.about) and not any(_agree(person.about, about) for about in found):
            found.append(person.about)
    firsts = [next((n for n, about in enumerate(found, start=1) if _agree(p.about, about)), 0) for p in persons]
    return [f"patient {n}" if n and any(p.about) else "" for n, p in zip(firsts, persons, strict=True)]


def _called(person: Person, same_number: list[Person]) -> str:
    number = person.numbers[0][0]
    if len(same_number) == 1:
        return number
    own = [other.numbers[0][1] for other in same_number if _same(person, other)]
    return f"{number}^^^{own[0]}" if len(own) == 1 else ""


def _same(one: Person, other: Person) -> bool:
    """True for two of one first number who are one patient: of one authority, or of one name and day of birth."""
    authorities = {one.numbers[0][1], other.numbers[0][1]} - {""}
    return len(authorities) < 2 or (all(one.about[:2]) and one.about[:2] == other.about[:2])


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(a == b or not (a and b) for a, b in zip(one, other, strict=True))


def chosen_of(persons: Sequence[Person], called: Sequence[str], name: str, asked: str) -> str:
    """The one patient whose results are taken, as `called`; empty where the file names nobody.

    Raises BadInput for several of whom none is `asked` for, and for a number that is nobody's, or that of several.
    """
    known = list(dict.fromkeys(filter(None, called)))
    if not asked:
        if len(known) > 1:
            raise several(name, known)
        return next(iter(known), "")
    if asked in known:
        return asked
    numbers = [{text for n, authority in p.numbers for text in (n, f"{n}^^^{authority}")} for p in persons]
    own = list(dict.fromkeys(one for one, theirs in zip(called, numbers, strict=True) if one and asked in theirs))
    if len(own) != 1:
        among = f"; it is that of several ({', '.join(own)})" if own else ""
        raise BadInput([Problem(name, 0, "--patient", asked, f"a patient of this file, by the number in PID-3{among}")])
    return own[0]
