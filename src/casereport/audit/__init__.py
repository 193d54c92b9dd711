"""What the authors of a case say, held against its data: each claim with its verdict, and the data against themselves.

It also says what the CARE checklist of a case lacks, and what is wrong with a case before anything is computed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casereport.audit.care.checklist import checklist
    from casereport.audit.claims import audit_claims
    from casereport.audit.consistency import check_consistency
    from casereport.audit.validation import validate

__all__ = ["audit_claims", "check_consistency", "checklist", "validate"]

# Imported when it is asked for: validating a case must not wait for a library of data frames.
_MODULES = {
    "audit_claims": "claims",
    "check_consistency": "consistency",
    "checklist": "care.checklist",
    "validate": "validation",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
