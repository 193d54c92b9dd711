"""What the parts of a `case.yaml` have in common: unknown keys are refused, and values of another type."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A part of a case's description."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
