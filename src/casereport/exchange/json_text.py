"""JSON with numbers as the case prints them: 105.50 stays 105.50, which FHIR asks for and a float cannot do."""

import json
from typing import Any

from casereport.quantities.offsets import Digits


def json_text(tree: Any, indent: str = "") -> str:
    """The tree as JSON in the order of its keys, two blanks a level; `Digits` are numbers."""
    deeper = indent + "  "
    if isinstance(tree, Digits):
        return str(tree)
    if isinstance(tree, dict) and tree:
        parts = [f"{deeper}{json.dumps(k, ensure_ascii=False)}: {json_text(v, deeper)}" for k, v in tree.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(tree, list) and tree:
        return "[\n" + ",\n".join(deeper + json_text(one, deeper) for one in tree) + f"\n{indent}]"
    return json.dumps(tree, ensure_ascii=False)
