"""What a narrative says, as far as a program can tell: clauses that say something, and words."""

import pytest

from casereport.audit.care import words as prose
from casereport.audit.care.checklist import checklist
from casereport.case.reading import read_case


def test_a_clause_that_says_nothing_is_left_out():
    text = "He had fever; his weight is not known. {{ crp@-1.5 }} was high. He was not given any."
    assert prose.clauses(text) == ["He had fever", "{{ crp@-1.5 }} was high", "He was not given any"]


def test_a_placeholder_is_one_word_and_tells_its_name():
    assert prose.length("CRP was {{ crp.last.msc }} then") == 4
    assert prose.placed("{{ crp@-1 }} {{ dose.oxygen }} {{ spo2_air.min.msc }}") == {"crp", "dose", "spo2_air"}


def test_words_are_found_whole_from_their_beginning():
    assert prose.first_of("limit|weak", "Its limitations are plain") == "limitations"
    assert prose.first_of("limit", "unlimited") == ""
    assert prose.names(["Chest CT: ground-glass opacity"], "An opacity of the chest") == ["opacity"]


@pytest.mark.parametrize("name", ["leng2020", "liang2020", "peng2020"])
def test_an_item_that_only_a_reader_can_judge_is_to_be_confirmed_and_never_met(name):
    table = checklist(read_case(name))
    for_a_reader = table["finding"].str.contains(r"reader (?:to|has to) (?:judge|confirm)")
    assert for_a_reader.sum() > 5
    assert "yes" not in set(table[for_a_reader]["met"])
    counted = table.set_index("item").loc[["7", "9a", "10b"]]  # a timeline, treatments and tests are data
    assert set(counted["met"]) == {"yes"}


def test_a_word_alone_does_not_meet_an_item():
    # "severe" and "compared" stand in the prose of liang2020; neither says how severe, nor on what a conclusion rests
    answers = checklist(read_case("liang2020")).set_index("item")["met"]
    assert answers[["8d", "11a", "11c", "11d"]].to_list() == ["to be confirmed"] * 4
