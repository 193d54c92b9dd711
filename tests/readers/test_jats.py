"""The tables of an article in JATS are read as printed ones, with their own label; other XML is refused."""

import pytest

from imported import imported, written

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.0//EN" "JATS.dtd">\n'
LABS = """<table-wrap><label>Table 2.</label><caption><p>Laboratory findings</p></caption><table><thead>
<tr><th rowspan="2">Test</th><th rowspan="2">Unit</th><th colspan="2">After the infusion</th></tr>
<tr><th>Day 1</th><th>Day 4<xref ref-type="table-fn" rid="f1"><sup>a</sup></xref></th></tr></thead><tbody>
<tr><td>C-reactive <italic>protein</italic></td><td>mg/L</td><td>76</td><td>30<sup>*</sup></td></tr>
<tr><td colspan="4"><bold>Haematology</bold></td></tr>
<tr><td>Platelets</td><td>10<sup>9</sup>/L</td><td>210<sup>2</sup></td><td>95</td></tr>
</tbody></table><table-wrap-foot><fn id="f1"><p>Jane Doe</p></fn></table-wrap-foot></table-wrap>"""
OTHER = (
    "<table-wrap><label>Table 1</label><caption><p>Scores</p></caption><table><tr><td>a</td></tr></table></table-wrap>"
)


def article(*tables):
    return f'{HEAD}<article xmlns:xlink="http://www.w3.org/1999/xlink"><body>{"".join(tables)}</body></article>'


@pytest.mark.parametrize("table", ["2", "table 2"])
def test_a_table_with_spans_powers_and_footnotes_is_read_as_it_is_printed(tmp_path, table):
    found = imported(written(tmp_path, "a.xml", article(OTHER, LABS)), "--table", table)
    assert found.values() == [
        ("1", "crp", "76", "mg/L"), ("4", "crp", "30", "mg/L"), ("4", "platelets", "95", "10*9/L"),
    ]  # fmt: skip
    # the caption is row 1; a raised figure behind a number may be of a footnote
    assert [row["source"] for row in found.rows] == ["Table 2, cell C4", "Table 2, cell D4", "Table 2, cell D6"]
    assert [(row["cell"], row["printed"]) for row in found.left_out] == [("C6", "210[2]")]
    assert "Jane" not in found.written()


def test_the_only_table_needs_no_number_and_several_are_listed(tmp_path, capsys):
    assert len(imported(written(tmp_path, "a.nxml", article(LABS))).rows) == 3
    several = written(tmp_path, "b.xml", article(OTHER, LABS))
    for options in ([], ["--table", "3"]):
        capsys.readouterr()
        assert imported(several, *options, folder=tmp_path / "cases" / "x").code == 2
        said = capsys.readouterr().err
        assert "--table 1: Table 1, Scores" in said and "--table 2: Table 2, Laboratory findings" in said


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><article><table-wrap>&b;</table-wrap></article>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOMB, "no entities of its own"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><article>&x;</article>', "no entities of its own"),
        (article(LABS)[:-9], "complete XML"), (article("<p>&nbsp;</p>"), "complete XML"),
        (article("<table-wrap><graphic/></table-wrap>"), "a table in text form"),
        (article(LABS.replace('colspan="4"', 'colspan="99999"')), ""),
        (article(*[LABS.replace("<tbody>", "<tbody>" + '<tr><td colspan="999" rowspan="999">x</td></tr>' * 300)]),
         "columns"),
        ("<html><body>Table</body></html>", "no XML but JATS"),
    ],
)  # fmt: skip
def test_other_xml_is_refused_with_the_reason_and_nothing_is_written(tmp_path, capsys, text, expected):
    found = imported(written(tmp_path, "a.xml", text))
    said = capsys.readouterr()
    assert found.rows == [] or not expected
    assert expected in said.err and found.code == (2 if expected else 0)


def test_a_table_is_named_of_an_article_alone(tmp_path, capsys):
    assert imported(written(tmp_path, "labs.csv", "Test,Day 1\nCRP (mg/L),5\n"), "--table", "1").code == 2
    assert "this file is no article in JATS" in capsys.readouterr().err
