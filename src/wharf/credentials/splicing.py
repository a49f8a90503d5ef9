"""Changing one value of a JSON text and nothing else: every other character stays as it was written.

New text is indented as its neighbours are, with their line ends; a document without any is written as docker does it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from wharf.credentials.located import Located, Member, read_located
from wharf.oci.strict_json import JsonValue

_EMPTY = "{}"
_INDENTATION = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class _Style:
    newline: str
    unit: str
    """One step of indentation; none where all stands on one line."""
    colon: str
    comma: str

    def rendered(self, value: JsonValue, margin: str) -> str:
        separators = ("," if self.unit else self.comma, self.colon)
        text = json.dumps(value, indent=self.unit or None, separators=separators, ensure_ascii=False)
        return text.replace("\n", self.newline + margin)

    def member(self, name: str, value: JsonValue, margin: str) -> str:
        return f"{json.dumps(name, ensure_ascii=False)}{self.colon}{self.rendered(value, margin)}"


def with_value(text: str, path: Sequence[str], value: JsonValue) -> str:
    """The text with this value there: field, key, field. Objects on the way are made where they are missing."""
    text = text if text.strip() else _EMPTY
    root = read_located(text).root
    style = _style_of(text, root)
    holder, depth = root, 0
    while depth < len(path) - 1 and (inner := _member(holder, path, depth)) and inner.value.is_object:
        holder, depth = inner.value, depth + 1
    for name in reversed(path[depth + 1 :]):
        value = {name: value}
    there = _member(holder, path, depth)
    return _replaced(text, there, value, style) if there else _added(text, holder, path[depth], value, style)


def without(text: str, path: Sequence[str]) -> str:
    """The text without what is there, as often as it is there."""
    while holder := _holder(text, path):
        there = _member(holder, path, len(path) - 1)
        if there is None:
            break
        text = _cut(text, holder, there)
    return text


def _member(holder: Located, path: Sequence[str], depth: int) -> Member | None:
    """By turns a path names a field, whose case does not matter, and a key of the map in it."""
    return holder.keyed(path[depth]) if depth % 2 else holder.named(path[depth])


def _holder(text: str, path: Sequence[str]) -> Located | None:
    holder = read_located(text).root
    for depth in range(len(path) - 1):
        inner = _member(holder, path, depth)
        if inner is None:
            return None
        holder = inner.value
    return holder


def _cut(text: str, holder: Located, member: Member) -> str:
    at = holder.members.index(member)
    if len(holder.members) == 1:
        return text[: holder.start] + _EMPTY + text[holder.end :]
    if at + 1 < len(holder.members):
        return text[: member.start] + text[holder.members[at + 1].start :]
    return text[: holder.members[at - 1].value.end] + text[member.value.end :]


def _replaced(text: str, member: Member, value: JsonValue, style: _Style) -> str:
    rendered = style.rendered(value, _margin(text, member.start))
    return text[: member.value.start] + rendered + text[member.value.end :]


def _added(text: str, holder: Located, name: str, value: JsonValue, style: _Style) -> str:
    if not holder.members:
        return _begun(text, holder, name, value, style)
    last = holder.members[-1]
    margin = _margin(text, last.start)
    own_line = text[: last.start].endswith(("\n" + margin, "\r" + margin))
    gap = style.newline + margin if own_line else style.comma[1:]
    return f"{text[: last.value.end]},{gap}{style.member(name, value, margin)}{text[last.value.end :]}"


def _begun(text: str, holder: Located, name: str, value: JsonValue, style: _Style) -> str:
    outer = _margin(text, holder.start)
    margin = outer + style.unit
    inside = style.member(name, value, margin)
    if style.unit:
        inside = style.newline + margin + inside + style.newline + outer
    return f"{text[: holder.start]}{{{inside}}}{text[holder.end :]}"


def _margin(text: str, at: int) -> str:
    """The indentation of the line."""
    found = _INDENTATION.match(text, text.rfind("\n", 0, at) + 1)
    return found[0] if found else ""


def _style_of(text: str, root: Located) -> _Style:
    newline = "\r\n" if "\r\n" in text else "\n"
    if not root.members:
        return _Style(newline, "\t", ": ", ",")
    first = root.members[0]
    between = text[first.start : first.value.start].rstrip(" ")
    colon = ": " if between + " " == text[first.start : first.value.start] else ":"
    if "\n" in text[root.start : first.start]:
        return _Style(newline, _margin(text, first.start) or "\t", colon, ", ")
    gaps = [text[one.value.end : other.start] for one, other in zip(root.members, root.members[1:], strict=False)]
    return _Style(newline, "", colon, ", " if ", " in gaps or (not gaps and colon == ": ") else ",")
