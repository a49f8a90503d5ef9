"""Words of an instruction: separated by blanks, with quotes that keep blanks together, or members of a JSON list."""

import json
import re
from collections.abc import Iterator

from wharf.formats.text import HOLE, Text
from wharf.formats.yaml.aligned import aligned

_word = re.compile(r"\S+")
_string = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def blank_separated(text: Text) -> tuple[Text, ...]:
    return tuple(text[found.start() : found.end()] for found in _word.finditer(text.flat))


def quoted_words(text: Text, escape: str) -> list[Text]:
    """With their quotes and escapes, as they are written."""
    return [text[start:end] for start, end in word_places(text.flat, escape)]


def word_places(flat: str, escape: str) -> Iterator[tuple[int, int]]:
    """Where each word begins and ends."""
    start, quote, at = -1, "", 0
    while at < len(flat):
        character = flat[at]
        if start < 0 and not character.isspace():
            start = at
        if character == escape and quote != "'":
            at += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character.isspace() and start >= 0:
            yield start, at
            start = -1
        at += 1
    if start >= 0:
        yield start, len(flat)


def unquoted(text: Text) -> Text:
    """Without the quotes around parts of it. Escapes stay."""
    parts: list[Text] = []
    start, quote = 0, ""
    for at, character in enumerate(text.flat):
        if character == quote or (not quote and character in "\"'"):
            parts.append(text[start:at])
            start, quote = at + 1, "" if quote else character
    return Text.joined([*parts, text[start:]]) if parts else text


def json_words(text: Text) -> tuple[Text, ...] | None:
    """None, where it is no list of strings."""
    if not text.flat.startswith("["):
        return None
    try:
        read = json.loads(text.flat.replace(HOLE, "x"), strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, list) or not all(isinstance(each, str) for each in read):
        return None
    return tuple(_member(text[found.start() + 1 : found.end() - 1]) for found in _string.finditer(text.flat))


def _member(source: Text) -> Text:
    if "\\" not in source.flat:
        return source
    return aligned(json.loads(f'"{source.flat}"', strict=False), source)
