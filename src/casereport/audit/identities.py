"""Whether the numbers of a sample agree with what a formula gives, by the table of `identity_table.py`.

An identity has to fail for every completion of the inputs within rounding, and beyond what it tolerates. Where a source
shows by its other days that it used one formula of several, to the printed digits, that one alone counts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from casereport.audit.findings import Number, Remark, begun, name_of, named, numbers_of, remark, shown_value
from casereport.audit.identity_table import (
    IDENTITIES,
    OFF,
    OTHER_DAYS,
    SUBSTITUTES,
    Ends,
    Identity,
    beyond,
    ends,
    variants,
)
from casereport.audit.samples import Day, Sample, half_unit
from casereport.case.case import Case
from casereport.quantities.intervals import printed_half_unit
from casereport.quantities.units import behind
from casereport.quantities.wording import capital, listed, on_day

CHECK = "identity"
_COUNT = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


@dataclass(frozen=True)
class _Told:
    """An identity with numbers for all of its inputs: `stated`, the numbers `used`, what each input may be within its
    rounding (`known`) and as it is printed, and the inputs in words.
    """

    identity: Identity
    stated: Number
    whole: Ends
    used: tuple[Number, ...]
    known: tuple[Ends, ...]
    printed: tuple[Ends, ...]
    words: str

    @property
    def rows(self) -> tuple[Number, ...]:
        return self.stated, *self.used

    def gap(self, relative: float | None = None) -> float:
        """How far it is from holding, above 0 where it does not; with `relative` in place of its own tolerance."""
        identity = self.identity if relative is None else replace(self.identity, relative=relative)
        return float(beyond(identity, self.whole, self.known))


def identities(case: Case, samples: Sequence[Sample]) -> Iterator[Remark]:
    """The remarks of check `identity`."""
    height = _height(case)
    asked: set[int] = set()
    for sample in samples:
        for found in _of_sample(case, sample, height):
            asked.update(int(line) for line in found.lines)
            yield found
    for found in _own_formulas(case, samples, height):
        if found.lines[0] not in asked:
            yield found


def _of_sample(case: Case, sample: Sample, height: list[Number]) -> Iterator[Remark]:
    given = [identity for identity in IDENTITIES if identity.whole in sample.given]
    every = (_readings(case, sample, identity, height) for identity in given)
    broken = [ways[0] for ways in every if ways and all(way.gap() > 0 for way in ways)]
    while broken:
        # one number in several of them is the likeliest cause
        line, times = Counter(row.line for one in broken for row in one.rows).most_common(1)[0]
        mine = [one for one in broken if line in {row.line for row in one.rows}] if times > 1 else broken[:1]
        broken = [one for one in broken if one not in mine]
        yield _one(case, mine[0]) if times == 1 else _several(case, mine, line)


def _one(case: Case, told: _Told, others: str = "") -> Remark:
    count = _COUNT[len(told.rows)]
    sentence = (
        f"{capital(name_of(told.stated, case))} {on_day(told.stated.when)}, {shown_value(told.stated)}, and "
        f"{told.identity.words}, {_result(case, told)}, do not agree ({told.words}){others}: is "
        f"{f'one of the {count}' if len(told.rows) > 1 else 'it'} misprinted?"
    )
    return remark(CHECK, list(told.rows), sentence)


def _several(case: Case, broken: list[_Told], line: int) -> Remark:
    rows = {row.line: row for told in broken for row in told.rows}
    suspect = rows.pop(line)
    each = listed(
        [f"{named(told.stated, case)} against {_result(case, told)} ({told.identity.words})" for told in broken]
    )
    sentence = f"{begun(suspect, name_of(suspect, case))}, and with it these do not agree: {each}. Is it misprinted?"
    return remark(CHECK, [suspect, *rows.values()], sentence)


def _own_formulas(case: Case, samples: Sequence[Sample], height: list[Number]) -> Iterator[Remark]:
    """The one day of several on which a formula fails that holds to the printed digits on all others."""
    for identity in IDENTITIES:
        with_whole = [sample for sample in samples if len(sample.given.get(identity.whole, ())) == 1]
        for document in dict.fromkeys(sample.document for sample in with_whole):
            mine = [sample for sample in with_whole if sample.document == document]
            for variant in variants(identity) if len(mine) > OTHER_DAYS else ():
                ways = (way for sample in mine for way in _readings(case, sample, variant, height)[:1])
                told = [(way, gap) for way in ways if (gap := way.gap()) == gap]  # NaN: the formula is not for these
                failing = [way for way, gap in told if gap > 0]
                if len(failing) == 1 and len(told) > OTHER_DAYS and failing[0].gap(OFF) > 0:
                    yield _one(case, failing[0], f", while they do on the {len(told) - 1} other days")
                    break


def _readings(case: Case, sample: Sample, identity: Identity, height: list[Number]) -> list[_Told]:
    """The identity of a sample with its whole, for each way to read the numbers; none where an input is not known."""
    given = dict(sample.given)
    for name, others in SUBSTITUTES.items():
        if name in identity.parts or name in identity.given:
            rows = [row for n in (name, *others) if n != identity.whole for row in given.get(n, ())]
            given |= {name: rows} if rows else {}
    if height:
        given.setdefault("height", height)
    inputs = [n for n in (*identity.parts, *identity.given) if n in given]
    if not set(identity.parts) <= set(inputs):
        return []
    ways = (_told(case, identity, day) for day in replace(sample, given=given).ways((identity.whole, *inputs)))
    return [way for way in ways if way is not None]


def _told(case: Case, identity: Identity, day: Day) -> _Told | None:
    known: list[Ends] = []
    printed: list[Ends] = []
    words, used = [], []
    for name in (*identity.parts, *identity.given):
        if name in day:
            value = day[name].known.low
            known.append(ends(value, half_unit(day[name], case), name))
            printed.append((value, value))
            words.append(named(day[name], case))
            used.append(day[name])
            continue
        assumed = identity.given[name] or _of_person(case, name)
        if assumed is None:
            return None
        known.append(assumed)
        printed.append(assumed)
        words += [_person_words(name, assumed)] if identity.given[name] is None else []
    stated = day[identity.whole]
    whole = ends(stated.known.low, half_unit(stated, case), identity.whole)
    return _Told(identity, stated, whole, tuple(used), tuple(known), tuple(printed), listed(words))


def _of_person(case: Case, name: str) -> Ends | None:
    subject = case.meta.subject
    if name == "age" and subject.age_years is not None:
        return subject.age_years, subject.age_years + 1  # in whole years: up to the next birthday
    if name == "female" and subject.sex:
        return (1, 1) if subject.sex == "female" else (0, 0)
    if name == "weight" and subject.weight_kg:
        return subject.weight_kg - 0.5, subject.weight_kg + 0.5
    return None


def _person_words(name: str, known: Ends) -> str:
    if name == "female":
        return "female" if known[0] else "male"
    return f"age {known[0]:g}" if name == "age" else f"weight {sum(known) / 2:g} kg in case.yaml"


def _result(case: Case, told: _Told) -> str:
    """What the formula gives, in the unit and with the decimals of what is stated: `88 fL`, `12 to 16 mmol/L`."""
    stated = told.stated
    factor = case.vocabulary.analytes[stated.analyte].factor(stated.unit)
    decimals = max(0, round(-np.log10(2 * printed_half_unit(stated.text))))
    with np.errstate(all="ignore"):  # a count of nought as a divisor
        corners = [
            float(formula(*(np.float64(pair[side]) for pair, side in zip(told.printed, sides, strict=True)))) / factor
            for formula in told.identity.formulas
            for sides in np.ndindex(*(2 if pair[0] != pair[1] else 1 for pair in told.printed))
        ]
    if not np.isfinite(corners).all():
        return "no number"
    texts = dict.fromkeys(f"{end:.{decimals}f}" for end in (min(corners), max(corners)))
    return f"{' to '.join(texts)}{behind(stated.unit)}".removesuffix(" 1")


def _height(case: Case) -> list[Number]:
    """The height of an adult, which holds on every day; none where two differ or the subject may be growing."""
    found = [n for n in numbers_of(case) if n.analyte == "height" and n.is_plain]
    same = len({n.known for n in found}) == 1 and not case.meta.subject.is_child
    return found[:1] if same else []
