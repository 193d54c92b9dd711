"""In what a FHIR result was measured: its specimen by name, or by reference to a Specimen of the file or its own."""

from casereport.readers.fhir_json import Resource, codes_of, list_of, names_of, part_of, tail, text_of
from casereport.readers.specimens import elsewhere, of_blood, of_panel, specimen_of


class Specimens:
    """The Specimens of a file that are not of blood, or of veins or arteries, by what results refer to them by."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def add(self, specimen: Resource) -> None:
        """Takes in a Specimen."""
        if (what := _type_of(specimen)) and (of_panel(what) or not of_blood(what)):
            for own in {text_of(specimen, "id"), tail(text_of(specimen, "fullUrl"))} - {""}:
                self._found[own] = what

    def of(self, resource: Resource) -> str:
        """What an Observation was measured in, in words; empty where nothing tells."""
        specimen = part_of(resource, "specimen")
        own = tail(text_of(specimen, "reference"))
        inside = [_type_of(one) for one in list_of(resource, "contained") if text_of(one, "id") == own and own]
        told = " ".join(filter(None, (text_of(specimen, "display"), *inside, self._found.get(own, ""))))
        if of_blood(told):
            return told
        # the section of a laboratory that examines urine, or another fluid
        category = [name for one in list_of(resource, "category") for name in names_of(one) if elsewhere(name)]
        return " ".join(filter(None, (told, *category)))


def _type_of(specimen: Resource) -> str:
    return specimen_of(codes_of(specimen.get("type")), names_of(specimen.get("type")))
