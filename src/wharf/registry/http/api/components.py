"""The schemas of an OpenAPI document that have a title: each stands there once, and is referred to by it elsewhere."""

from collections.abc import Mapping
from typing import Final

SCHEMAS: Final = "#/components/schemas"


def gathered(part: object, schemas: dict[str, object]) -> object:
    """This part of a document as it is to stand, while what has a title comes to the schemas."""
    match part:
        case Mapping():
            inside = {name: gathered(value, schemas) for name, value in part.items()}
            return _referred(inside, schemas) if _has_title(part) else inside
        case list():
            return [gathered(each, schemas) for each in part]
    return part


def _has_title(part: Mapping[str, object]) -> bool:
    """A member that is called so is no title."""
    return isinstance(part.get("title"), str) and isinstance(part.get("type"), str)


def _referred(schema: dict[str, object], schemas: dict[str, object]) -> dict[str, object]:
    title = str(schema.pop("title"))
    known = schemas.setdefault(title, schema)
    assert known == schema, f"two schemas are called {title}"
    return {"$ref": f"{SCHEMAS}/{title}"}
