"""The shapes that recur in what the API is sent and in what it answers: each a JSON Schema, under one word."""

from collections.abc import Iterable, Sequence
from typing import Final

from wharf.access.limits import LONGEST_PATTERN, MOST_PATTERNS, PATTERN
from wharf.access.permission import Permission
from wharf.oci.reference import TAG as TAG_WRITTEN
from wharf.oci.strict_json import JsonValue

Shape = dict[str, JsonValue]

MOST_DIGITS: Final = 18  # no more go into a number of the database
LARGEST_NUMBER: Final = 10**MOST_DIGITS - 1

TEXT: Final[Shape] = {"type": "string"}
MAYBE_TEXT: Final[Shape] = {"type": ["string", "null"]}
TRUTH: Final[Shape] = {"type": "boolean"}
COUNT: Final[Shape] = {"type": "integer", "minimum": 0}
ID: Final[Shape] = {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER}
MOMENT: Final[Shape] = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Final[Shape] = {"type": ["string", "null"], "format": "date-time"}
DAY: Final[Shape] = {"type": "string", "format": "date"}
URI: Final[Shape] = {"type": "string", "format": "uri"}
TAG: Final[Shape] = {"type": "string", "pattern": f"^{TAG_WRITTEN}$"}
DIGEST: Final[Shape] = {"type": "string", "pattern": "^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$"}


def one_of(words: Iterable[str]) -> Shape:
    return {"type": "string", "enum": list(words)}


def listed(items: Shape, **bounds: JsonValue) -> Shape:
    return {"type": "array", "items": items, **bounds}


def told(members: Shape, at_times: Shape | None = None) -> Shape:
    """An object as it is answered: with all its members, and some that are there at times."""
    return {"type": "object", "required": list(members), "properties": {**members, **(at_times or {})}}


def sent(members: Shape, required: Sequence[str] = ()) -> Shape:
    """An object as it is sent: most of its members may be left out."""
    must: Shape = {"required": list(required)} if required else {}
    return {"type": "object", **must, "properties": members}


TEXTS: Final = listed(TEXT)
SCOPE: Final = one_of(each.value for each in Permission)
REPOSITORIES: Final = listed(
    {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_PATTERN,
        "pattern": f"^{PATTERN}$",
        "description": "small letters and digits, as crew/app; crew/* is all of crew",
    },
    maxItems=MOST_PATTERNS,
)
