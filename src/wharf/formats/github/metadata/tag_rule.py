"""One line of the input `tags`: a rule that makes a tag out of what happened, if it makes one.

type=sha,format=long,prefix=        type=semver,pattern={{version}}        type=raw,value=nightly        nightly
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cmp_to_key, lru_cache
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.github.metadata.entries import cells, field_of_tag
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.github.metadata.javascript import number
from wharf.formats.text import Piece, Text

PRIORITIES: Final = {
    "schedule": "1000",
    "semver": "900",
    "pep440": "900",
    "match": "800",
    "edge": "700",
    "ref": "600",
    "raw": "200",
    "sha": "100",
}
UNSET: Final = ("type=schedule", "type=ref,event=branch", "type=ref,event=tag", "type=ref,event=pr")
"""What the input is when it is not given."""
_REQUIRED: Final = {"semver": "pattern", "pep440": "pattern", "match": "pattern", "ref": "event", "raw": "value"}
_DEFAULTS: Final[Mapping[str, dict[str, str]]] = {
    "schedule": {"pattern": "nightly"},
    "semver": {"value": "", "match": ""},
    "pep440": {"value": "", "match": ""},
    "match": {"group": "0", "value": ""},
    "edge": {"branch": ""},
    "ref": {},
    "raw": {},
    "sha": {"prefix": "sha-", "format": "short"},
}


@dataclass(frozen=True)
class TagRule:
    """`type` is None, where it is not known."""

    line: Text
    type: str | None
    attributes: Mapping[str, Text]

    def get(self, name: str) -> Text:
        return self.attributes[name]

    def known(self, name: str) -> str | None:
        return self.attributes[name].value


def parse_rules(lines: list[Text]) -> list[TagRule]:
    """The weightiest first."""
    rules = [_parsed(line.pieces) for line in (lines or [Text.known(line) for line in UNSET])]
    return sorted(rules, key=cmp_to_key(_compared))


def _compared(first: TagRule, second: TagRule) -> int:
    """What is no number is neither more nor less than anything."""
    one, other = _priority(first), _priority(second)
    return 1 if one < other else -1 if one > other else 0


def _priority(rule: TagRule) -> float:
    return number(rule.get("priority").flat)


@lru_cache(maxsize=1024)
def _parsed(pieces: tuple[Piece, ...]) -> TagRule:
    """Most rules are the same whatever happens."""
    line = Text(pieces)
    kind = Text.known("raw")
    attributes: dict[str, Text] = {}
    for each in (field_of_tag(cell) for cell in cells(line)):
        if each.key == "type":
            kind = each.value
            if not kind.holes and kind.flat not in PRIORITIES:
                raise refusal(line, f"Unknown tag type attribute: {kind.flat}")
        else:
            attributes["value" if each.key is None else each.key] = each.value
    if kind.holes:
        return TagRule(line, None, {"priority": Text.known("0"), "enable": Text.known("true")} | attributes)
    return _completed(line, kind.flat, attributes)


def _completed(line: Text, kind: str, attributes: dict[str, Text]) -> TagRule:
    required = _REQUIRED.get(kind)
    if required and required not in attributes:
        raise refusal(line, f"Missing {required} attribute for {line.shown}")
    defaults = {"enable": "true", "priority": PRIORITIES[kind]} | _DEFAULTS[kind]
    if kind == "ref" and attributes["event"].value == "pr":
        defaults["prefix"] = "pr-"
    whole = {name: Text.known(value, line.span) for name, value in defaults.items()} | attributes
    rule = TagRule(line, kind, whole)
    if (problem := _problem(rule)) is not None:
        raise problem
    return rule


def _problem(rule: TagRule) -> MalformedFile | None:
    line = rule.line
    if rule.type == "match" and rule.known("group") is not None and math.isnan(number(rule.get("group").flat)):
        return refusal(line, f"Invalid match group for {line.shown}")
    if rule.type == "ref" and rule.known("event") not in {"branch", "tag", "pr", None}:
        return refusal(line, f"Invalid event for {line.shown}")
    if rule.type == "sha" and rule.known("format") not in {"short", "long", None}:
        return refusal(line, f"Invalid format for {line.shown}")
    return None
