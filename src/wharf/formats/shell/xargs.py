"""`xargs`: a program is run with words that are read, once for some of them or for each."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.call import Call, Deed
from wharf.formats.shell.world import World
from wharf.formats.text import Text

_MOST_ITEMS: Final = 50


def run_with_items(call: Call, world: World, run_named: Deed) -> list[World]:
    """The program is run with what is read; once, where that is not known."""
    words, replaced, each = _xargs_parts(call.arguments)
    stdin = call.stdin(world)
    calls: list[tuple[Text, ...]] = []
    if stdin is not None and stdin.value is not None and len(stdin) < 8192:
        items = [line.stripped() for line in stdin.lines()] if replaced else _items(stdin)
        if not items:
            world.status = True
            return [world]
        calls = _xargs_calls(words, items[:_MOST_ITEMS], replaced, each=each)
    else:
        kind = stdin.holes[0].reason if stdin is not None and stdin.holes else Reason(Unknown.RUN, "xargs")
        calls = _xargs_calls(words, [Text((Hole(kind, call.span),))], replaced, each=each)
    worlds = [world]
    for one_call in calls:
        worlds = [after for one in worlds for after in run_named(replace(call, words=one_call), one)][:4]
    return worlds


def _items(stdin: Text) -> list[Text]:
    return [stdin[found.start() : found.end()] for found in re.finditer(r"\S+", stdin.flat)]


def _xargs_calls(words: Sequence[Text], items: list[Text], replaced: str, *, each: int) -> list[tuple[Text, ...]]:
    words = words or (Text.known("echo"),)
    if replaced:
        return [tuple(Text.joined(_put(word, replaced, item)) for word in words)
                for item in items]  # fmt: skip
    size = each or len(items)
    return [(*words, *items[at : at + size]) for at in range(0, len(items), size)]


def _put(word: Text, replaced: str, item: Text) -> list[Text]:
    parts = word.split(replaced)
    return [text for at, part in enumerate(parts) for text in ((item, part) if at else (part,))]


def _xargs_parts(words: Sequence[Text]) -> tuple[Sequence[Text], str, int]:
    replaced, each, at = "", 0, 0
    while at < len(words) and words[at].flat.startswith("-"):
        flat = words[at].flat
        at += 1
        if flat[:2] in ("-I", "-i"):
            replaced = flat[2:] or (words[at].flat if flat == "-I" and at < len(words) else "{}")
            at += flat == "-I"
        elif flat[:2] in ("-n", "-L"):
            value = flat[2:] or (words[at].flat if at < len(words) else "")
            each = int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0
            at += not flat[2:]
        elif flat in ("-P", "-d", "-a", "-s", "-E"):
            at += 1
    return words[at:], replaced, each
