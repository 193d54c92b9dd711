"""What stands in lines on the page keeps its parts apart in the running text of a manuscript."""

from pathlib import Path

from bs4 import BeautifulSoup

from casereport.report.exports.manuscript import manuscript

PAGE = """<html><head><title>T</title></head><body><main>
<section id="abstract"><h2>Abstract</h2><p>Text.</p></section>
<section id="at-a-glance"><h2>At a glance</h2><dl class="facts">
<div><dt>Patient</dt><dd><b>61-year-old man</b><br>A man on dialysis</dd></div>
<div><dt>Diagnosis</dt><dd><b>Peritonitis</b>; diabetes</dd></div>
<div><dt>Treatment</dt><dd><b>Cefazolin</b><br>1000 mg; days 0 to 4<br><b>Vancomycin</b>
<br>dose not reported; day 5</dd></div>
</dl></section></main></body></html>"""


def test_the_facts_of_the_first_screen_are_sentences_in_a_manuscript(tmp_path: Path):
    made = BeautifulSoup(manuscript(BeautifulSoup(PAGE, "lxml"), tmp_path), "lxml")
    assert [item.get_text() for item in made.select("li")] == [
        "Patient: 61-year-old man. A man on dialysis",
        "Diagnosis: Peritonitis; diabetes",
        "Treatment: Cefazolin: 1000 mg; days 0 to 4. Vancomycin: dose not reported; day 5",
    ]
