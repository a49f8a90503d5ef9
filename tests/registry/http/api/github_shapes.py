"""The shapes of GitHub's answers, as JSON Schemas that an answer can be held against."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

_TABLE: Final = tomllib.loads(Path(__file__).with_name("github_shapes.toml").read_text())
_KINDS: Final[Mapping[str, Mapping[str, object]]] = {
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "number": {"type": "integer"},
    "nothing": {"type": "null"},
    "truth": {"type": "boolean"},
    "uri": {"type": "string", "format": "uri"},
    "moment": {"type": "string", "format": "date-time"},
}


def assert_shaped(answer: object, name: str) -> None:
    jsonschema_rs.validate(schema_of(name), answer, validate_formats=True)


def schema_of(name: str) -> dict[str, object]:
    always, maybe = _members(name, "always"), _members(name, "maybe")
    members = {member: _kind(word) for member, word in (always | maybe).items()}
    is_open = not _TABLE[name].get("only", False)
    return {"type": "object", "required": list(always), "properties": members, "additionalProperties": is_open}


def _members(name: str, group: str) -> dict[str, Any]:
    shape = _TABLE[name]
    inherited = _members(shape["like"], group) if "like" in shape else {}
    return {**inherited, **shape.get(group, {})}


def _kind(word: str) -> Mapping[str, object]:
    if word.endswith("?"):
        return {"anyOf": [_kind(word.removesuffix("?")), {"type": "null"}]}
    if word.startswith("["):
        return schema_of(word[1:-1])
    return _KINDS[word] if word in _KINDS else {"type": "string", "enum": word.split()}
