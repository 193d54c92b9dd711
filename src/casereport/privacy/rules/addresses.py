"""Addresses on a network, of a device on it, and paths of a disk."""

import ipaddress
import re

from casereport.privacy.rules.parts import Rules

RULES = Rules()


def _is_ip(match: re.Match[str]) -> bool:
    return all(int(part) < 256 and str(int(part)) == part for part in match["ip"].split("."))


RULES.add(
    "web", r"\b(?:https?|hxxps?|s?ftp|file|smb|s3|dicom|rtsp)://[^ \n\"'<>)]+|\bwww\.[^ \n\"'<>)]+", any_case=True
)
# a garbled reference range (3.50.5.30) has the form of an address too: only a first part of three digits, or the word
RULES.add(
    "web",
    r"(?<![\w.])(?:\bIP(?: address)?[ :]*|(?=\d{3}\.))(?P<ip>(?:\d{1,3}\.){3}\d{1,3})(?!\w|\.\d)",
    _is_ip,
    needs="digit",
)

_HEX = "[0-9A-Fa-f]"


def _is_ipv6(match: re.Match[str]) -> bool:
    text = match[0].rstrip(":") if match[0].endswith(":") and not match[0].endswith("::") else match[0]
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return any(c.isalpha() for c in text) or text.count(":") == 7


RULES.add(
    "web",
    r"(?i:\b(?:host|server|client|node|ip|ip address|from))[ :]{1,2}(?P<ip>(?:\d{1,3}\.){3}\d{1,3})(?!\w|\.\d)",
    _is_ip,
    needs="digit",
)
RULES.add("web", rf"(?<![\w:.])(?:{_HEX}{{0,4}}:){{2,7}}{_HEX}{{0,4}}(?![\w:])", _is_ipv6)
RULES.add(
    "record",
    rf"(?<![\w:-])(?:{_HEX}{{2}}:){{5}}{_HEX}{{2}}(?![\w:])|(?<![\w-])(?:{_HEX}{{2}}-){{5}}{_HEX}{{2}}(?![\w-])",
)
RULES.add(
    "record",
    rf"(?<![\w.])(?=[0-9.]{{0,13}}[a-fA-F])(?:{_HEX}{{4}}\.{_HEX}{{4}}\.{_HEX}{{4}}|(?=[a-fA-F.]{{0,13}}\d){_HEX}{{6}}[.:]{_HEX}{{6}})(?![\w.])",
)
RULES.add(
    "web",
    r"(?<![\w.@/-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}(?:com|org|net|edu|gov|info|io|example|test|local|lan|internal|corp|co\.uk|ac\.uk"
    r"|nhs\.uk|org\.uk)"
    r"(?![\w-]|\.\w)(?:/[^ \n\"'<>)]{0,200})?",
)
RULES.add(
    "web",
    r"(?<![\w.@/-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}(?:eu|de|fr|es|it|cn|jp|ch|nl|se|us|uk|au|ca|in|ng|ph|za|ke|gh"
    r"|pk|bd|lk|sg|my|hk|tw|kr|nz|ie|at|be|dk|no|fi|pl|pt|gr|ru|tr"
    r"|mx|ar|cl|co|pe|br|il|ae|sa|eg|me|be|ly|gl|to|tv|app|dev|ai|blog|online|site|xyz|care|health|page|link|social"
    r"|fm|st)/[^ \n\"'<>)]{2,200}",
)
RULES.add("web", r"(?<!\w)[A-Za-z]:\\?(?=\w{2})(?:Users|Documents|home|data|patients?|scans?)\b[^ \n\"'<>)]{0,200}")
RULES.add(
    "web",
    r"(?<![\w\\])\\{1,2}\w[\w.-]{1,60}\\[\w$][^ \n\"'<>)]{0,200}|(?<![\w.])/(?:home|Users|mnt|media"
    r"|srv)/[\w.-][^ \n\"'<>)]{0,200}",
)
