"""A check digit tells a number from a value of the same form; the numbers are the issuers' own examples."""

import pytest

from casereport.privacy.identifiers import find
from casereport.privacy.rules import check_digits


@pytest.mark.parametrize(
    ("is_valid", "number"),
    [
        (check_digits.luhn, "4111111111111111"),
        (check_digits.luhn, "490154203237518"),
        (check_digits.luhn, "046454286"),
        (check_digits.iban, "GB29NWBK60161331926819"),
        (check_digits.iban, "DE89370400440532013000"),
        (check_digits.verhoeff, "2363"),  # Verhoeff's own example: 236 has the check digit 3
        (check_digits.nhs, "9434765919"),
        (check_digits.spanish, "12345678Z"),
        (check_digits.spanish, "X1234567L"),
        (check_digits.finnish, "131052-308T"),
        (check_digits.brazilian, "12345678909"),
        (check_digits.french, "185057800608491"),
        (check_digits.belgian, "85073003328"),
        (check_digits.ean13, "7569217076985"),
        (check_digits.german_tax, "86095742719"),
    ],
)
def test_any_other_digit_in_a_place_makes_the_number_wrong(is_valid, number):
    assert is_valid(number)
    at = number.index(next(c for c in number if c.isdigit() and c != number[0]))
    others = [number[:at] + digit + number[at + 1 :] for digit in "0123456789" if digit != number[at]]
    assert not any(map(is_valid, others))


def test_a_row_of_digits_is_a_number_only_with_its_check_digit():
    assert [found.kind for found in find("given 943 476 5919 then")] == ["record"]
    assert find("given 943 476 5918 then") == ()
