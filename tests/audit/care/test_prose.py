"""What a narrative says, as far as a program can tell: clauses that say something, and words."""

from casereport.audit.care import words as prose


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
