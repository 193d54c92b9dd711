"""The names of the months that the privacy check knows are those of Unicode's CLDR."""

import pytest
from babel import Locale

from casereport.privacy.identifiers import find
from casereport.privacy.rules.months import BY_LANGUAGE, ENGLISH


@pytest.mark.parametrize("language", BY_LANGUAGE)
def test_the_months_of_a_language_are_those_of_the_cldr(language):
    months = Locale.parse(language).months
    named = {name.lower() for use in ("format", "stand-alone") for name in months[use]["wide"].values()}
    written = set(BY_LANGUAGE[language].split())
    assert written == (named if language != "de_AT" else named - set(BY_LANGUAGE["de"].split()))


def test_the_english_months_are_those_of_the_cldr():
    assert ENGLISH.split("|") == list(Locale.parse("en").months["format"]["wide"].values())


@pytest.mark.parametrize("language", [language for language in BY_LANGUAGE if language != "de_AT"])
def test_a_day_before_and_a_year_behind_each_month_make_a_date(language):
    for month in BY_LANGUAGE[language].split():
        assert [f.kind for f in find(f"7. {month}")] == [f.kind for f in find(f"{month} 2019")] == ["date"]
