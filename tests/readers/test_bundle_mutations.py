"""FHIR Bundles changed at random: an import takes what is valid, or says why not, and never writes half.

Each seed makes one Bundle; `make test-slow` tries 3,000, the ordinary run a few.
"""

import copy
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from casereport.audit.validation import validate
from casereport.case.new.folder import new_case
from imported import bundle, imported, observation, table, written

ODD = (
    None, True, -1, 0, 1e308, "1e400", "NaN", "", "x", "718-7", "718-8", "2026-09", "2026-02-30", "2026-09-01T25:61",
    "kg", "g/L", "%", "10*9/L", "<", "final", "entered-in-error", [], {}, [[]], [None], {"value": "x"}, "\u0000",
    "x" * 999, {"value": 5, "unit": "mmol/L"}, {"reference": "Patient/2"}, {"coding": [{"system": "http://loinc.org"}]},
)  # fmt: skip
CODES = (("718-7", 135, "g/L"), ("2951-2", 139, "mmol/L"), ("777-3", 210, "10*3/uL"), ("8310-5", 37.2, "Cel"))


DRUG = {"coding": [{"system": "http://www.whocc.no/atc", "code": "J01DH02", "display": "Meropenem"}]}
TREATMENT = {
    "resourceType": "MedicationAdministration", "id": "t", "status": "completed", "medicationCodeableConcept": DRUG,
    "effectivePeriod": {"start": "2026-09-02T08:00:00Z", "end": "2026-09-05"},
    "dosage": {"dose": {"value": 1, "unit": "g"}, "route": {"text": "intravenous"}},
}  # fmt: skip
DIAGNOSIS = {
    "resourceType": "Condition", "id": "d", "code": {"coding": [{"code": "1", "display": "Pneumonia"}]},
    "onsetDateTime": "2026-08-30", "abatementDateTime": "2026-09-06",
}  # fmt: skip


def changed(seed: int) -> str:
    """A Bundle of a few results with some changes anywhere in it."""
    chance = random.Random(seed)
    made: list[dict] = [
        observation(
            *chance.choice(CODES), id=str(n), subject={"reference": "Patient/1"},
            referenceRange=[{"low": {"value": 1, "unit": "g/L"}, "high": {"value": 200}}],
            interpretation=[{"coding": [{"code": chance.choice(["N", "H", "A"])}]}],
        )
        for n in range(4)
    ]  # fmt: skip
    made.append({"resourceType": "Patient", "id": "1", "name": [{"family": "Quillfeather"}]})
    made += [one | {"subject": {"reference": "Patient/1"}} for one in (TREATMENT, DIAGNOSIS)]
    whole = json.loads(bundle(*made))
    for _ in range(chance.randint(1, 8)):
        holder, key = chance.choice(list(places(whole)) or [(whole, "resourceType")])
        holder.setdefault(key, None) if isinstance(holder, dict) else None
        if chance.random() < 0.3:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(ODD))  # one that is put in twice could come to hold itself
    text = json.dumps(whole)
    return text[: chance.randrange(len(text))] if chance.random() < 0.05 else text


def places(part: dict | list):
    """Each place in a JSON where something may be changed: its holder and key."""
    for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
        yield part, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def check(seed: int, folder: Path) -> int:
    """Imports the Bundle of a seed; what it wrote is valid and of the values that the Bundle has."""
    case = new_case("x", folder / "cases")
    before = {path.name: path.read_bytes() for path in case.glob("*s.csv")}
    path = written(folder, "a.json", changed(seed))
    found = imported(path, "--index", "2026-09-01", folder=case)
    assert found.code in (0, 2)
    if found.code:
        assert {path.name: path.read_bytes() for path in case.glob("*s.csv")} == before
    assert [p for p in validate(str(case)).problems if "plausible" not in str(p)] == []
    assert {row["value"] for row in found.rows} <= {"135", "139", "210", "37.2", "5", "0", "1"}
    assert "Quillfeather" not in found.written() and "2026-" not in found.written()
    treatments, events = table(case / "interventions.csv"), table(case / "events.csv")
    assert {row["intervention"] for row in treatments} <= {"meropenem"} and {e["kind"] for e in events} <= {"diagnosis"}
    return found.code


@pytest.mark.parametrize("seed", range(10))
def test_a_changed_bundle_is_taken_in_a_valid_form_or_refused_with_a_reason(seed, tmp_path, capsys):
    check(seed, tmp_path)
    said = capsys.readouterr()
    assert (said.out + said.err).strip()


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1000, 4000, 500))
def test_three_thousand_changed_bundles_leave_valid_cases(start, tmp_path, capsys):
    codes = set()
    for seed in range(start, start + 500):
        folder = tmp_path / str(seed)
        folder.mkdir()
        codes.add(check(seed, folder))
        capsys.readouterr()
    assert codes == {0, 2}


@pytest.mark.slow
def test_two_hundred_megabytes_of_ndjson_take_no_more_memory_than_a_line(tmp_path):
    line = json.dumps(observation("72166-2", 1, "1", note=[{"text": "x" * 2000}])) + "\n"
    path = tmp_path / "a.ndjson"
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(observation("2951-2", 139, "mmol/L")) + "\n")
        for _ in range(200 * 2**20 // len(line)):
            file.write(line)
    case = new_case("x", tmp_path / "cases")
    # of /proc, for what getrusage tells begins with the memory of the process that started this one
    program = "import re, sys; from casereport.cli import main; code = main(sys.argv[1:]);"
    program += "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]); sys.exit(code)"
    options = ["import", str(path), "--into", str(case), "--index", "2026-09-01"]
    run = subprocess.run([sys.executable, "-P", "-c", program, *options], capture_output=True, text=True, check=True)
    assert int(run.stdout.split()[-1]) < 300_000  # kB, most of it pandas and the vocabulary
