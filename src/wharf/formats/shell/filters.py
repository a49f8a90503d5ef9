"""What programs print that only change a text: `cut`, `tr`, `sed`, `head`, `awk`, `basename` and their like."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase, digits, punctuation
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.call import Call
from wharf.formats.shell.regular import expression
from wharf.formats.shell.sed import edited
from wharf.formats.text import HOLE, Known, Text

Read = Callable[[Text], Text | None]
_LONGEST: Final = 64 * 1024
_end_of_line: Final = Text.known("\n")
_number: Final = re.compile(r"\d{1,6}")
_range: Final = re.compile(r"(\d{0,5})(-?)(\d{0,5})")
_awk: Final = re.compile(r"\s*(?:NR\s*==\s*(\d{1,5})\s*)?\{\s*print\s+([^{}]{1,200}?);?\s*(?:;\s*exit\s*)?\}\s*")
_awk_item: Final = re.compile(r'\$(\d{1,3}|NF)|"((?:[^"\\]|\\.){0,100})"|(,)|\s+')
_variable: Final = re.compile(r"\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)")
_jq: Final = re.compile(r"(?:\.[A-Za-z_][\w-]*)+")


def filtered(call: Call, stdin: Text | None, read: Read) -> Text | None:
    """None where it is not such a program, or not known what it makes."""
    if call.name in _NAMING:
        return _NAMING[call.name](call.arguments)
    change = _FILTERS.get(call.name)
    if change is None:
        return None
    options, names = _parted(call)
    text = _input(names, stdin, read) if call.name not in _ONE_INPUT else stdin
    if text is None or len(text) > _LONGEST:
        return None
    return change(call, options, text)


def _parted(call: Call) -> tuple[list[str], list[Text]]:
    """Options with their values, and the names of files."""
    valued = _VALUED.get(call.name, "")
    options: list[str] = []
    names: list[Text] = []
    words = list(call.arguments)
    while words:
        word = words.pop(0)
        flat = word.flat
        if flat.startswith("-") and len(flat) > 1:
            has_value = len(flat) == 2 and flat[1] in valued and bool(words)
            options.append(flat + (words.pop(0).flat if has_value else ""))
        else:
            names.append(word)
    return options, names[_LEADING.get(call.name, 0) :] if not _has_script(call.name, options) else names


def _has_script(name: str, options: Sequence[str]) -> bool:
    return name in ("sed", "grep") and any(option.startswith("-e") for option in options)


def _input(names: Sequence[Text], stdin: Text | None, read: Read) -> Text | None:
    if not names or [name.flat for name in names] == ["-"]:
        return stdin
    texts = [read(name) for name in names]
    return Text.joined(text for text in texts if text is not None) if None not in texts else None


def unknown_from(text: Text, call: Call) -> Text:
    """A text with holes that was changed in a way nobody can follow."""
    kind = text.holes[0].reason.kind if text.holes else Unknown.COMMAND
    said = " ".join(word.shown for word in call.words)
    return Text((Hole(Reason(kind, f"{text.shown[:60].strip()} | {said[:80]}"), call.span),))


def _each_line(call: Call, text: Text, change: Callable[[Text], Text | None]) -> Text | None:
    lines = [change(line) for line in text.lines()]
    known = [line if line is not None else unknown_from(text, call) for line in lines]
    return Text.joined(line + _end_of_line for line in known)


def _cat(_call: Call, options: Sequence[str], text: Text) -> Text | None:
    return None if options else text


def _cut(call: Call, options: Sequence[str], text: Text) -> Text | None:
    between, wanted, by_fields = "\t", "", False
    for option in options:
        if option.startswith("-d"):
            between = option[2:] or "\t"
        elif option[:2] in ("-f", "-c", "-b"):
            wanted, by_fields = option[2:], option[1] == "f"
        elif option != "-s":
            return None
    ranges = _ranges(wanted)
    if ranges is None:
        return None
    if by_fields:
        return _each_line(call, text, lambda line: _cut_fields(line, between, ranges))
    return _each_line(call, text, lambda line: _cut_letters(line, ranges))


def _ranges(text: str) -> list[tuple[int, int]] | None:
    found = []
    for part in text.split(","):
        one = _range.fullmatch(part)
        if one is None or not (one[1] or one[3]):
            return None
        first = int(one[1] or 1)
        found.append((first - 1, int(one[3]) if one[3] else 100_000 if one[2] else first))
    return found


def _cut_letters(line: Text, ranges: Sequence[tuple[int, int]]) -> Text | None:
    hole = line.flat.find(HOLE)
    if hole >= 0 and any(end > hole for _, end in ranges):
        return None
    return Text.joined(line[start:end] for start, end in ranges)


def _cut_fields(line: Text, between: str, ranges: Sequence[tuple[int, int]]) -> Text | None:
    fields = line.split(between)
    if len(fields) == 1:
        return None if line.holes else line
    wanted = [at for at in range(len(fields)) if any(start <= at < end for start, end in ranges)]
    if line.holes and any(field.holes for field in fields[: max(wanted, default=0)]):
        return None
    return Text.joined((fields[at] for at in wanted), between)


def _tr(call: Call, options: Sequence[str], text: Text) -> Text | None:
    sets = [_letters(word.flat) for word in call.arguments if not word.flat.startswith("-") or len(word) == 1]
    deletes = any("d" in option for option in options)
    negates = any(set(option[1:]) & set("cC") for option in options)
    squeezes = any("s" in option for option in options)
    if not sets or (squeezes and deletes) or len(sets) != (1 if deletes or (squeezes and len(sets) == 1) else 2):
        return None

    def change(known: str) -> str:
        return _translated(known, sets, deletes=deletes, negates=negates, squeezes=squeezes)

    pieces = (
        Known(change(piece.text), piece.span)
        if isinstance(piece, Known)
        else Hole(Reason(piece.reason.kind, f"{piece.reason.subject} | {call.text.flat[:60]}"), piece.span)
        for piece in text.pieces
    )
    return Text(tuple(pieces))


def _translated(text: str, sets: Sequence[str], *, deletes: bool, negates: bool, squeezes: bool) -> str:
    first = sets[0]
    if deletes:
        return "".join(letter for letter in text if (letter in first) is negates)
    if len(sets) == 1:
        return _squeezed(text, first)
    second = sets[1] or " "
    if negates:
        changed = "".join(letter if letter in first else second[-1] for letter in text)
    else:
        table = {ord(letter): second[min(at, len(second) - 1)] for at, letter in reversed(list(enumerate(first)))}
        changed = text.translate(table)
    return _squeezed(changed, second) if squeezes else changed


def _squeezed(text: str, letters: str) -> str:
    return "".join(
        letter for at, letter in enumerate(text) if not (at and letter in letters and text[at - 1] == letter)
    )  # fmt: skip


_CLASSES: Final = {
    "[:upper:]": ascii_uppercase, "[:lower:]": ascii_lowercase, "[:digit:]": digits, "[:space:]": " \t\n\r\f\v",
    "[:alpha:]": ascii_uppercase + ascii_lowercase, "[:alnum:]": ascii_uppercase + ascii_lowercase + digits,
    "[:blank:]": " \t", "[:punct:]": punctuation,
}  # fmt: skip


def _letters(text: str) -> str:
    for name, letters in _CLASSES.items():
        text = text.replace(name, letters)
    text = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace("\\\\", "\\")
    text = re.sub(r"\\(.)", r"\1", text)

    def spread(found: re.Match[str]) -> str:
        low, high = ord(found[1]), ord(found[2])
        return "".join(map(chr, range(low, high + 1))) if low <= high < low + 256 else found.group()

    return re.sub(r"([A-Za-z0-9])-([A-Za-z0-9])", spread, text)


def _head(_call: Call, options: Sequence[str], text: Text) -> Text | None:
    count, by_letters = _count(options)
    if count is None:
        return None
    if by_letters:
        hole = text.flat.find(HOLE)
        return text[:count] if hole < 0 or count <= hole else None
    return _some_lines(text, 0, count)


def _tail(_call: Call, options: Sequence[str], text: Text) -> Text | None:
    count, by_letters = _count([option.replace("+", "") for option in options])
    if count is None:
        return None
    if any("+" in option for option in options):
        return None if by_letters else _some_lines(text, max(count - 1, 0), None)
    if by_letters:
        return None if text.holes else text[max(len(text) - count, 0) :]
    return _some_lines(text, max(len(text.lines()) - count, 0), None)


def _count(options: Sequence[str]) -> tuple[int | None, bool]:
    count, by_letters = 10, False
    for option in options:
        found = _number.search(option)
        if found is None or option[1] not in "nc0123456789" or found.end() != len(option):
            return None, False
        count, by_letters = int(found.group()), option[1] == "c"
    return count, by_letters


def _some_lines(text: Text, first: int, last: int | None) -> Text:
    return Text.joined(line + _end_of_line for line in text.lines()[first:last])


def _sed(call: Call, options: Sequence[str], text: Text) -> Text | None:
    words = call.arguments
    scripts = [words[at + 1] for at, word in enumerate(words[:-1]) if word.flat in ("-e", "--expression")]
    scripts += [word[2:] for word in words if word.flat.startswith("-e") and len(word) > 2]
    if not scripts:
        scripts = [word for word in words if not word.flat.startswith("-")][:1]
    if any(option.startswith(("-f", "--file")) for option in options) or not scripts:
        return None
    changed = edited(scripts, text, call)
    return unknown_from(text, call) + _end_of_line if changed is None and text.holes else changed


def _awk_print(call: Call, options: Sequence[str], text: Text) -> Text | None:
    program = next((word.flat for word in call.arguments if "{" in word.flat), "")
    found = _awk.fullmatch(program)
    items = list(_awk_item.finditer(found[2])) if found else []
    if found is None or sum(len(item.group()) for item in items) != len(found[2]):
        return None
    between = next((option[2:].strip("'\"") for option in options if option.startswith("-F")), "")
    if len(between) > 1 and between not in ("\\.", "\\|", "\\t"):
        return None
    lines = text.lines()
    if found[1]:
        lines = lines[int(found[1]) - 1 : int(found[1])]
    printed = (_awk_line(line, items, between.lstrip("\\")) for line in lines)
    return Text.joined((line if line is not None else unknown_from(text, call)) + _end_of_line for line in printed)


def _awk_line(line: Text, items: Sequence[re.Match[str]], between: str) -> Text | None:
    gaps = re.finditer(re.escape("\t" if between == "t" else between) if between else r"\s+", line.flat)
    fields, start = [], 0
    for gap in gaps:
        if between or gap.start():
            fields.append(line[start : gap.start()])
        start = gap.end()
    fields.append(line[start:])
    pieces: list[Text] = []
    for item in items:
        if item[1] is not None:
            at = len(fields) if item[1] == "NF" else int(item[1])
            before = fields[: at - 1] if at else []
            if any(field.holes for field in before) or (item[1] == "NF" and line.holes):
                return None
            pieces.append(line if not at else fields[at - 1] if at <= len(fields) else Text())
        elif item[2] is not None or item[3]:
            pieces.append(Text.known(" " if item[3] else item[2]))
    return Text.joined(pieces)


def _grep(call: Call, options: Sequence[str], text: Text) -> Text | None:
    letters = "".join(option[1:] for option in options if not option.startswith("--"))
    words = [word for word in call.arguments if not word.flat.startswith("-")]
    if not words or set(letters) - set("oEvwiFhPm1") or text.holes or words[0].value is None:
        return None
    pattern = re.escape(words[0].flat) if "F" in letters else words[0].flat
    wanted = expression(pattern, is_extended=bool(set(letters) & set("EPF")), ignores_case="i" in letters)
    if wanted is None or not wanted.may_search(text.flat):
        return None
    if "o" in letters:
        found = [line[one.start() : one.end()] for line in text.lines() for one in wanted.pattern.finditer(line.flat)]
        return Text.joined(one + _end_of_line for one in found if one)
    kept = [line for line in text.lines() if (wanted.pattern.search(line.flat) is None) is ("v" in letters)]
    return Text.joined(line + _end_of_line for line in kept[: 1 if "m1" in letters else len(kept)])


def _sort(_call: Call, options: Sequence[str], text: Text) -> Text | None:
    if text.holes or any(option not in ("-r", "-u", "-ru", "-ur") for option in options):
        return None
    lines = sorted(text.lines(), key=lambda line: line.flat, reverse=any("r" in option for option in options))
    if any("u" in option for option in options):
        lines = list(dict.fromkeys(lines))
    return Text.joined(line + _end_of_line for line in lines)


def _envsubst(call: Call, _options: Sequence[str], text: Text) -> Text | None:
    named = [name for word in call.arguments for found in _variable.finditer(word.flat) for name in found.groups("")]
    pieces, start = [], 0
    for found in _variable.finditer(text.flat):
        name = found[1] or found[2]
        if named and name not in named:
            continue
        value = call.beside.get(name)
        unset = Text.unknown(Unknown.ENVIRONMENT, name, text.at(found.start()))
        pieces += [text[start : found.start()], value if value is not None else unset]
        start = found.end()
    return Text.joined([*pieces, text[start:]])


def _jq_value(call: Call, options: Sequence[str], text: Text) -> Text | None:
    path = next((word.flat for word in call.arguments if not word.flat.startswith("-")), "")
    if not _jq.fullmatch(path) or text.value is None:
        return None
    try:
        value: object = json.loads(text.flat)
    except (ValueError, RecursionError):
        return None
    for name in path.split(".")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, str):
        return None
    is_raw = any(("r" in option and not option.startswith("--")) or option == "--raw-output" for option in options)
    at = text.flat.find(json.dumps(value, ensure_ascii=False), text.flat.find(f'"{path.rpartition(".")[2]}"'))
    said = text[at + 1 : at + 1 + len(value)] if at >= 0 else Text.known(value, call.span)
    return (said if is_raw else Text.joined([Text.known('"'), said, Text.known('"')])) + _end_of_line


def _basename(arguments: Sequence[Text]) -> Text | None:
    names = [word for word in arguments if not word.flat.startswith("-")]
    if not names:
        return None
    whole = names[0]
    name = whole[: len(whole.flat.rstrip("/"))] or whole
    name = name[name.flat.rfind("/") + 1 :]
    ending = names[1].flat if len(names) > 1 else ""
    if ending and name.flat.endswith(ending) and len(name) > len(ending):
        name = name[: -len(ending)]
    return name + _end_of_line


def _dirname(arguments: Sequence[Text]) -> Text | None:
    if not arguments:
        return None
    name = arguments[-1][: len(arguments[-1].flat.rstrip("/"))]
    at = name.flat.rfind("/")
    if at < 0 and name.holes:
        return None
    return (name[:at] if at > 0 else Text.known("." if at < 0 else "/", name.span)) + _end_of_line


_NAMING: Final[Mapping[str, Callable[[Sequence[Text]], Text | None]]] = {"basename": _basename, "dirname": _dirname}
_FILTERS: Final[Mapping[str, Callable[[Call, Sequence[str], Text], Text | None]]] = {
    "cat": _cat, "cut": _cut, "tr": _tr, "head": _head, "tail": _tail, "sed": _sed, "awk": _awk_print,
    "gawk": _awk_print, "grep": _grep, "egrep": _grep, "fgrep": _grep, "sort": _sort, "envsubst": _envsubst,
    "jq": _jq_value,
}  # fmt: skip
_ONE_INPUT: Final = frozenset({"tr", "envsubst"})
_VALUED: Final = {"cut": "dfcb", "head": "nc", "tail": "nc", "sed": "e", "awk": "Fv", "gawk": "Fv", "grep": "em"}
_LEADING: Final = {"sed": 1, "awk": 1, "gawk": 1, "grep": 1, "egrep": 1, "fgrep": 1, "jq": 1}
