"""The texts of an SVG: what is written in the drawing, and what the program that drew it has put beside it."""

from xml.parsers import expat

Field = tuple[str, str]
"""The name of what holds a text, and the text."""

# What a drawing is made of: numbers and names of the drawing program, no words about a patient.
_DRAWING = frozenset(
    name
    for line in (
        "class clip-path cx cy d dx dy fill font-size gradientTransform height id mask offset patternTransform",
        "points r rotate rx ry stroke stroke-dasharray style textLength transform version viewBox",
        "width x x1 x2 y y1 y2",
    )
    for name in line.split()
)


def texts(data: bytes) -> list[Field]:
    """The texts, attributes and comments of an SVG, each once, with the name of what holds it.

    Raises ValueError where it is not well formed, declares entities, which no drawing needs, or has a picture inside,
    which cannot be searched.
    """
    fields: list[Field] = []
    holders: list[str] = []
    pieces: list[str] = []

    def close() -> None:
        text = "".join(pieces).strip()
        pieces.clear()
        if text:
            fields.append((_holder(holders), text))

    def start(name: str, attributes: dict[str, str]) -> None:
        close()
        holders.append(name)
        for attribute, value in attributes.items():
            if attribute.startswith("xmlns") or attribute in _DRAWING or attribute == "rdf:resource":
                continue
            if value.startswith("data:image/"):
                raise ValueError("a drawing without a picture inside, which cannot be searched")
            fields.append((_holder([*holders, attribute]), value))

    def end(name: str) -> None:
        close()
        holders.pop()

    def entity(*declaration: object) -> None:
        raise ValueError("it declares entities")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = pieces.append
    parser.CommentHandler = lambda text: fields.append(("comment", text))
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"XML that cannot be read: {error}") from None
    return list(dict.fromkeys((name, text) for name, text in fields if text.strip()))


def _holder(names: list[str]) -> str:
    """The name that tells what a text is: the person's field around a list, else the nearest that is no RDF."""
    plain = [name.rpartition(":")[2] for name in names if not name.startswith("rdf:")]
    return next(
        (name for name in plain if name.lower() in ("creator", "rights", "author", "location")), (plain or [""])[-1]
    )
