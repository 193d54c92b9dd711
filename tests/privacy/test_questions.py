"""What may be a person or a place is asked once, answered in case.yaml, and keeps a report from being final."""

import json

import pytest

from casereport.audit.care.checklist import checklist
from casereport.audit.validation import as_json, as_text, validate
from casereport.case.reading import read_case
from casereport.cli import main
from casereport.privacy.identifiers import asked
from casereport.privacy.questions import number_of, open_questions
from casereport.report.sections import ENVIRONMENT
from made_up import edit

SAID = "# Introduction\n\nSeen with Miriam in a clinic near Ullapool. Then Miriam left.\n\nHe met Miriam.\n"


@pytest.fixture
def asking(leng):
    """A case with two questions, one of which stands in two places."""
    edit(leng, "narrative.md", "# Introduction\n", SAID)
    edit(leng, "events.csv", "Specimen not stated.", "Taken by Miriam.")
    return leng


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He was brought from Makassar by boat", ["Makassar"]),
        ("as told by Ilvira Thornbeck", ["Ilvira Thornbeck"]),
        ("on the 12th he was extubated", ["on the 12th"]),
        ("a frail 91M with fever", ["91M"]),
        ("Seen by Dr Smith in Ullapool", ["Ullapool"]),  # what is refused is not asked too
        ("treated with Remdesivir and Dexamethasone", []),
        ("in Poland, near the Berlin definition", []),
        ("in Hubei; from Africa; with Klebsiella", []),
        ("a Quillon injury; the quillon was removed", []),  # the text has it as a word
        ("at the angle of Louis, with Candida Auris", []),
        ("her nephew Quillon and Wexham", ["Quillon", "Wexham"]),
        ("Der Patient wurde mit Fieber in die Ambulanz gebracht", []),  # where each noun has a capital
        ("an A44718/KX that nobody explains", ["A44718/KX"]),
        ("a smiling full-face photograph", ["full-face photograph"]),
        ("the only baker in the village", ["the only baker in the village"]),
        ("his voice recorded, voice print vp_7.emb", ["his voice recorded, voice print vp 7.emb"]),
        ("Seen with Ilvira van Thornbeck", ["Ilvira van Thornbeck"]),
        ("Lamaline, Inexium and Augmentin; Esker and Wexham ducts", []),  # a list tells what is in it
    ],
)
def test_a_name_that_may_be_one_is_asked(text, words):
    assert [found.text for found in asked(text)] == words


def test_a_word_is_asked_once_with_its_sentence_and_all_its_places(asking):
    first, second = validate(str(asking)).questions
    assert (first.text, second.text) == ("Miriam", "Ullapool")
    assert second.sentence == "Seen with Miriam in a clinic near Ullapool."
    assert [place.split("/")[-1].split(",")[0] for place in first.places] == [
        "events.csv",
        "narrative.md",
        "narrative.md",
    ]


def test_a_draft_with_questions_is_valid_and_validate_lists_them(asking, capsys):
    verdict = validate(str(asking))
    assert verdict.problems == [] and "2 questions of the privacy check open" in as_text(verdict)
    assert [q["text"] for q in json.loads(as_json(verdict))["questions"]] == ["Miriam", "Ullapool"]
    assert main(["validate", str(asking)]) == 0
    assert "is 'Ullapool' a place" in capsys.readouterr().out


def test_a_final_case_with_an_open_question_has_a_problem_for_each(asking):
    edit(asking, "case.yaml", "status: draft", "status: final")
    named = {problem.value for problem in validate(str(asking)).problems}
    assert {"Miriam", "Ullapool"} <= named


def test_an_entry_of_the_allow_list_is_the_answer(asking):
    entries = "".join(f"  - {{text: {word}, reason: the name of a device}}\n" for word in ("Miriam", "Ullapool"))
    edit(asking, "case.yaml", "not_reported:", f"allow:\n{entries}not_reported:")
    assert validate(str(asking)).questions == [] and open_questions(read_case(asking)) == []


def test_the_report_counts_the_questions_that_validate_lists(asking):
    listed = {question.text for question in validate(str(asking)).questions}
    assert {question.text for question in open_questions(read_case(asking))} == listed
    finding = checklist(read_case(asking))["finding"]  # which its first screen reads
    assert sum(map(number_of, finding)) == len(listed) == 2


def test_of_a_case_without_an_open_question_the_count_is_0():
    assert sum(map(number_of, checklist(read_case("leng2020"))["finding"])) == 0


def test_the_first_screen_of_the_report_has_the_count():
    source = ENVIRONMENT.loader.get_source(ENVIRONMENT, "at-a-glance.html.j2")[0]
    assert 'counted(open_questions, "question")' in source


def test_the_command_shows_both_strengths_and_ends_with_2_where_one_is_refused(asking, capsys):
    assert main(["privacy", str(asking)]) == 0
    assert "Ullapool" in capsys.readouterr().out
    edit(asking, "events.csv", "Moved to intensive care", "Moved to Ward 5B")
    assert main(["privacy", str(asking)]) == 2
    told = capsys.readouterr().out
    assert "1 text refused" in told and "Ward 5B" in told and "Ullapool" in told


def test_what_the_authors_say_of_themselves_is_not_asked(leng):
    edit(
        leng,
        "case.yaml",
        "consent: Not known to us.",
        "consent: Not known to us.\nfunding: given by Wellmoor of Ullapool",
    )
    assert validate(str(leng)).questions == []
