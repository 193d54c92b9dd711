"""A validated case as one file, so that only the first notebook of a run reads the case folder."""

from dataclasses import replace
from functools import lru_cache

from pydantic import ConfigDict, TypeAdapter
from pydantic import with_config as configured

from casereport.case.case import Case
from casereport.case.description import COMPARED, CaseMeta
from casereport.quantities.vocabulary import Vocabulary


@lru_cache
def _adapter() -> TypeAdapter[Case]:
    return TypeAdapter(configured(ConfigDict(ser_json_inf_nan="constants"))(Case))


def as_json(case: Case) -> str:
    """The case as JSON, of its vocabulary what it uses; equal cases give equal text."""
    analytes = {row.analyte for row in case.observations} | {claim.analyte for claim in case.claims} | {*COMPARED}
    given = {row.intervention for row in case.interventions} | {phase.opened_by for phase in case.meta.phases}
    known = case.vocabulary
    used = Vocabulary(
        {name: analyte for name, analyte in known.analytes.items() if name in analytes},
        {name: what for name, what in known.interventions.items() if name in given},
    )
    return _adapter().dump_json(replace(case, vocabulary=used)).decode() + "\n"


def from_json(text: str) -> Case:
    """The case that `as_json` wrote."""
    return _adapter().validate_json(text)


def meta_as_json(meta: CaseMeta) -> str:
    """What case.yaml says as JSON: what a figure needs of a case beside its tables, without its prose."""
    return meta.model_dump_json() + "\n"


def meta_from_json(text: str) -> CaseMeta:
    """What `meta_as_json` wrote."""
    return CaseMeta.model_validate_json(text)
