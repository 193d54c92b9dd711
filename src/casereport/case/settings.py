"""The choices of an analysis that are not facts of the case: one place for their names, types, defaults and meaning.

Each notebook's parameters cell repeats these defaults; a test holds the two together.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from casereport.errors import BadInput, Problem, nearest
from casereport.quantities.vocabulary import Vocabulary


class Settings(BaseModel):
    """How a case is analysed. `analytes` is a comma-separated list of ids; empty means all that the case has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lag_days: Annotated[int, Field(ge=0, le=30)] = 0
    infusion_day: Literal["before", "after"] = "before"
    window_days: Annotated[int, Field(ge=0, le=365)] = 3
    analytes: str = ""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    seed: Annotated[int, Field(ge=0)] = 20200716

    @property
    def analyte_ids(self) -> list[str]:
        """The ids in `analytes`, in the order given."""
        return [a.strip() for a in self.analytes.split(",") if a.strip()]


def make_settings(values: dict[str, object]) -> Settings:
    """The settings that `values` ask for; raises BadInput naming each parameter, its value and what was expected."""
    try:
        return Settings.model_validate(values)
    except ValidationError as errors:
        raise BadInput(
            Problem("parameter", 0, ".".join(map(str, e["loc"])), str(e["input"]), _expected(e))
            for e in errors.errors()
        ) from None


def _expected(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return f"no such parameter; {nearest(str(error['loc'][0]), Settings.model_fields)}"
    if error["type"] in ("int_parsing", "int_from_float", "float_parsing"):
        return "a number" if error["type"] == "float_parsing" else "a whole number"
    context = error.get("ctx", {})
    if "ge" in context:
        return f"a number from {context['ge']:g} on"
    for key, word in (("gt", "above"), ("le", "up to"), ("lt", "below")):
        if key in context:
            return f"a number {word} {context[key]:g}"
    return error["msg"].removeprefix("Input should be ")


def check_analytes(settings: Settings, vocabulary: Vocabulary) -> None:
    """Raises BadInput for each analyte in `settings` that the vocabulary does not have."""
    unknown = [a for a in settings.analyte_ids if a not in vocabulary.analytes]
    if unknown:
        raise BadInput(Problem("parameter", 0, "analytes", a, vocabulary.unknown_analyte(a)) for a in unknown)
