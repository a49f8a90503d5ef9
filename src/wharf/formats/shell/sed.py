"""What `sed` makes of a text: the commands `s`, `d`, `p` and `q`. Anything else is not known."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from wharf.formats.shell.call import Call
from wharf.formats.shell.regular import Expression, expression
from wharf.formats.shell.world import NOTHING
from wharf.formats.text import HOLE, Text

_line: Final = re.compile(r"(\d{1,6}|\$)")
_end_of_line: Final = Text.known("\n")
_MOST_LINES: Final = 4000
_LONGEST_MADE: Final = 64 * 1024


@dataclass(frozen=True)
class Edit:
    kind: str
    line: str = ""
    """A number, `$` for the last, or nothing for all."""
    where: Expression | None = None
    what: Expression | None = None
    instead: Text = NOTHING
    is_everywhere: bool = False


def edited(scripts: Iterable[Text], text: Text, call: Call) -> Text | None:
    """None where that is not known."""
    options = [word.flat for word in call.arguments if re.fullmatch(r"-[a-zA-Z]+|--\w+[\w-]*", word.flat)]
    letters = {letter for option in options if not option.startswith("--") for letter in option[1:]}
    is_extended = bool(letters & set("Er")) or "--regexp-extended" in options
    is_quiet = "n" in letters or "--quiet" in options
    edits: list[Edit] = []
    for script in scripts:
        some = _edits(script, is_extended=is_extended)
        if some is None:
            return None
        edits += some
    if not _ends_in_good_time(edits, text):
        return None
    return _run(edits, text, is_quiet=is_quiet)


def _ends_in_good_time(edits: Sequence[Edit], text: Text) -> bool:
    expressions = [one for edit in edits for one in (edit.where, edit.what) if one is not None]
    return len(expressions) < 50 and all(one.may_search(text.flat) for one in expressions)


def _run(edits: Sequence[Edit], text: Text, *, is_quiet: bool) -> Text | None:
    lines = text.lines()
    if len(lines) > _MOST_LINES:
        return None
    said: list[Text] = []
    for number, line in enumerate(lines, 1):
        is_deleted = is_over = False
        for edit in edits:
            if not _concerns(edit, line, number, len(lines)):
                continue
            if edit.kind == "s":
                changed = _substituted(edit, line)
                if changed is None:
                    return None
                line = changed  # noqa: PLW2901 - each edit works on what the one before made
            elif edit.kind == "p":
                said.append(line)
            is_deleted |= edit.kind == "d"
            is_over |= edit.kind == "q"
        if not is_deleted and not is_quiet:
            said.append(line)
        if is_over:
            break
    joined = Text.joined(said, "\n")
    return joined + _end_of_line if said and (text.flat.endswith("\n") or len(said) > 1) else joined


def _concerns(edit: Edit, line: Text, number: int, last: int) -> bool:
    if edit.where is not None:
        return edit.where.pattern.search(line.flat) is not None
    return not edit.line or (number == last if edit.line == "$" else number == int(edit.line))


def _substituted(edit: Edit, line: Text) -> Text | None:
    what = edit.what
    if what is None:
        return None
    pieces, start, size = [], 0, 0
    for found in what.pattern.finditer(line.flat):
        if HOLE in line.flat[: found.end()] and not what.is_literal and HOLE in found.group():
            return None
        pieces += [line[start : found.start()], _put_in(edit.instead, found, line)]
        start = found.end()
        size += len(pieces[-1])
        if size > _LONGEST_MADE:
            return None
        if not edit.is_everywhere:
            break
    if HOLE in line.flat and (edit.is_everywhere or not pieces or HOLE in line.flat[:start]) and not pieces:
        return None
    return Text.joined([*pieces, line[start:]])


def _put_in(instead: Text, found: re.Match[str], line: Text) -> Text:
    pieces, start, flat = [], 0, instead.flat
    for mark in re.finditer(r"\\(.)|&", flat, re.DOTALL):
        pieces.append(instead[start : mark.start()])
        start = mark.end()
        letter = mark.group(1)
        if letter is None or letter.isdigit():
            group = int(letter or 0)
            if group <= (found.re.groups or 0) and found.start(group) >= 0:
                pieces.append(line[found.start(group) : found.end(group)])
        elif letter == "n":
            pieces.append(_end_of_line)
        else:
            pieces.append(instead[mark.start() + 1 : mark.end()])
    return Text.joined([*pieces, instead[start:]])


def _edits(script: Text, *, is_extended: bool) -> list[Edit] | None:
    edits: list[Edit] = []
    at, flat = 0, script.flat
    while at < len(flat):
        if flat[at] in " \t\n;":
            at += 1
            continue
        found = _edit(script, at, is_extended=is_extended)
        if found is None or len(edits) > 50:
            return None
        edit, at = found
        edits.append(edit)
    return edits


def _edit(script: Text, at: int, *, is_extended: bool) -> tuple[Edit, int] | None:
    flat, line, where = script.flat, "", None
    if number := _line.match(flat, at):
        line, at = number.group(), number.end()
    elif flat[at] == "/":
        end = _end_of_part(flat, at + 1, "/")
        where = expression(flat[at + 1 : end].replace("\\/", "/"), is_extended=is_extended)
        if where is None:
            return None
        at = end + 1
    kind = flat[at : at + 1]
    if kind == "s":
        return _substitution(script, at + 1, line, where, is_extended=is_extended)
    if kind in ("d", "p", "q") and flat[at + 1 : at + 2] in ("", ";", "\n", " "):
        return Edit(kind, line, where), at + 1
    return None


def _substitution(
    script: Text, at: int, line: str, where: Expression | None, *, is_extended: bool
) -> tuple[Edit, int] | None:
    flat = script.flat
    mark = flat[at : at + 1]
    middle = _end_of_part(flat, at + 1, mark)
    end = _end_of_part(flat, middle + 1, mark)
    if not mark or mark in "\\\n" or middle >= len(flat) or end >= len(flat):
        return None
    flags = re.compile(r"[gipI0-9]*").match(flat, end + 1)
    letters = flags.group() if flags else ""
    pattern = flat[at + 1 : middle].replace("\\" + mark, mark)
    if HOLE in pattern or set(letters) & set("0123456789p"):
        return None
    what = expression(pattern, is_extended=is_extended, ignores_case="i" in letters.lower())
    instead = script[middle + 1 : end]
    if what is None or re.search(r"\\[LUEul]", instead.flat):
        return None
    return Edit("s", line, where, what, instead, "g" in letters), end + 1 + len(letters)


def _end_of_part(flat: str, at: int, mark: str) -> int:
    while at < len(flat) and flat[at] != mark:
        at += 2 if flat[at] == "\\" else 1
    return at
