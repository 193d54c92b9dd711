"""A study day without a date, as FHIR R4 tells it, and back with every digit and sign."""

import pytest

from casereport.quantities.offsets import as_offset, day_told, digits


def told(day: str) -> tuple[str, dict[str, str]]:
    """The relationship, and what the offset says."""
    parts = {part["url"]: part for part in as_offset(day, "d", "urn:uuid:x", "Composition.event")["extension"]}
    assert list(parts) == ["target", "targetPath", "relationship", "offset"]  # R4: each of them once
    (offset,) = [content for key, content in parts["offset"].items() if key != "url"]
    plain = {k: v for k, v in offset.items() if k in ("value", "comparator")}
    return parts["relationship"]["valueCode"], plain or {end: offset[end]["value"] for end in ("low", "high")}


@pytest.mark.parametrize(
    ("day", "relationship", "offset"),
    [
        ("-7", "before", {"value": "7"}),
        ("0", "concurrent", {"value": "0"}),
        ("3.50", "after", {"value": "3.50"}),
        ("<0", "before", {"value": "0", "comparator": ">"}),
        ("<=-1", "before", {"value": "1", "comparator": ">="}),
        (">4", "after", {"value": "4", "comparator": ">"}),
        (">=0", "after", {"value": "0", "comparator": ">="}),
        ("-7..-2", "before", {"low": "2", "high": "7"}),
        ("2..3", "after", {"low": "2", "high": "3"}),
        # what lies on both sides of day 0 is counted with its sign
        ("<1", "after", {"value": "1", "comparator": "<"}),
        (">-3", "after", {"value": "-3", "comparator": ">"}),
        ("-1..2", "after", {"low": "-1", "high": "2"}),
    ],
)
def test_a_day_is_told_by_its_distance_from_day_0_and_read_back(day, relationship, offset):
    assert told(day) == (relationship, offset)
    assert day_told({"extension": [as_offset(day, "d", "x", "y")]}) == (day, "d")


@pytest.mark.parametrize(
    "element",
    [
        None, [], {}, {"extension": "x"[:0]}, {"extension": [3]}, {"extension": [{"url": "http://example.org"}]},
        {"extension": [as_offset("1", "d", "x", "y") | {"extension": [{"url": "offset", "valueDuration": {}}]}]},
        {"extension": [as_offset("1", "d", "x", "y") | {"extension": [
            {"url": "relationship", "valueCode": "before"}, {"url": "offset", "valueDuration": {"value": "soon"}}]}]},
        {"extension": [as_offset("1", "d", "x", "y") | {"extension": [{"url": "offset", "valueRange": {"low": 1}}]}]},
    ],
)  # fmt: skip
def test_what_tells_no_day_is_no_day(element):
    assert day_told(element) is None


@pytest.mark.parametrize(("printed", "written"), [("105.50", "105.50"), ("+3", "3"), (".5", "0.5"), ("007", "7")])
def test_a_number_keeps_its_digits_and_is_one_of_json(printed, written):
    assert digits(printed) == written


@pytest.mark.parametrize("text", ["", "x", "1,5", "1.2.3", "nan", "0x1"])
def test_what_is_no_number_is_none_of_json(text):
    with pytest.raises(ValueError, match="not a number"):
        digits(text)
