"""Check digits: what tells the number of a person, an account or a device from any other row of digits.

Each function takes the digits (and letters) without separators and is True where the check digit is right. The rules
are those that the issuer publishes; Luhn's and Verhoeff's formulas are in ISO/IEC 7812-1 and Verhoeff 1969, the others
are weighted sums modulo 11, 23, 31 or 97.
"""

_VERHOEFF = "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210"
_PERMUTED = "01234567891576283094580379614289160435279453126870428657390127938064157046913258"
_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_FINNISH = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def luhn(digits: str) -> bool:
    """Cards, IMEI, Canada's SIN, Sweden's personal number, South Africa's."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 * (n > 9) for n in doubled) % 10 == 0


def iban(text: str) -> bool:
    """An account number by ISO 13616."""
    return 15 <= len(text) <= 34 and int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def verhoeff(digits: str) -> bool:
    """India's Aadhaar."""
    check = 0
    for i, digit in enumerate(reversed(digits)):
        check = int(_VERHOEFF[check * 10 + int(_PERMUTED[i % 8 * 10 + int(digit)])])
    return check == 0


def weighted(digits: str, weights: tuple[int, ...], modulus: int) -> int:
    """The sum of the digits by their weights, modulo `modulus`."""
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % modulus


def nhs(digits: str) -> bool:
    """England's NHS number."""
    return len(digits) == 10 and weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1), 11) == 0


def spanish(text: str) -> bool:
    """Spain's DNI and NIE."""
    return _LETTERS[int(text[:-1].translate(str.maketrans("XYZ", "012"))) % 23] == text[-1]


def finnish(text: str) -> bool:
    """Finland's personal identity code, with its sign of the century."""
    return _FINNISH[int(text[:6] + text[7:10]) % 31] == text[10]


def brazilian(digits: str) -> bool:
    """Brazil's CPF."""
    first = weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2), 11)
    second = weighted(digits, (11, 10, 9, 8, 7, 6, 5, 4, 3, 2), 11)
    return [0 if n < 2 else 11 - n for n in (first, second)] == [int(d) for d in digits[9:]]


def french(digits: str) -> bool:
    """France's NIR with its key."""
    return int(digits[13:]) == 97 - int(digits[:13]) % 97


def belgian(digits: str) -> bool:
    """Belgium's national number, of those born before and since 2000."""
    return int(digits[9:]) in (97 - int(digits[:9]) % 97, 97 - int("2" + digits[:9]) % 97)


def ean13(digits: str) -> bool:
    """Switzerland's AHV number."""
    return weighted(digits, (1, 3) * 6 + (1,), 10) == 0


def german_tax(digits: str) -> bool:
    """Germany's tax number, by ISO 7064 modulo 11, 10."""
    rest = 10
    for digit in digits[:10]:
        rest = ((int(digit) + rest) % 10 or 10) * 2 % 11
    return (11 - rest) % 10 == int(digits[10])
