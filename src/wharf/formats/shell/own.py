"""Commands that the shell has itself: they set variables, go to folders, test, read, and leave."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from wharf.formats.hole import Unknown
from wharf.formats.shell.call import Call, Deed, ran
from wharf.formats.shell.check import Checker
from wharf.formats.shell.expand import Expander
from wharf.formats.shell.parameter import WORKSPACE, here
from wharf.formats.shell.places import Places
from wharf.formats.shell.printing import echo, printf
from wharf.formats.shell.ran import Given
from wharf.formats.shell.syntax import Assignment
from wharf.formats.shell.world import UNSET, Leaving, Variable, World
from wharf.formats.text import Text

_assignment: Final = re.compile(r"([A-Za-z_]\w*)(\+?=)?")
_OPTIONS: Final = {"errexit": "e", "nounset": "u", "allexport": "a", "pipefail": "pipefail", "xtrace": "x"}


class OwnCommands:
    def __init__(self, expander: Expander, places: Places) -> None:
        self._expander = expander
        self._places = places
        self._checker = Checker(expander)

    def deeds(self) -> Mapping[str, Deed]:
        """By the names of the commands."""
        silent = dict.fromkeys(("wait", "umask", "ulimit", "hash", "alias", "unalias", "shopt", "jobs", "bg", "fg",
                                "trap", "disown", "enable", "complete", "bind", "sync"), _nothing)  # fmt: skip
        declaring = dict.fromkeys(("export", "declare", "typeset", "readonly", "local"), self._declare)
        return {
            **silent, **declaring, ":": _nothing, "true": _nothing, "false": _false, "[": self._test,
            "test": self._test, "set": _set, "unset": _unset, "cd": self._cd, "pushd": self._cd, "popd": _popd,
            "pwd": _pwd, "exit": _exit, "return": _return, "break": _break, "continue": _break, "shift": _shift,
            "echo": _echo, "printf": _printf, "read": _read, "let": self._let, "getopts": _getopts,
            "mapfile": _mapfile, "readarray": _mapfile,
        }  # fmt: skip

    def assign(self, assignment: Assignment, world: World, *, is_exported: bool = False) -> None:
        if not isinstance(assignment.value, tuple):
            value = self._expander.text(assignment.value, world)
            self._assign_text(assignment, value, world, is_exported=is_exported)
            return
        values = self._expander.fields(assignment.value, world)
        before = world.variables.get(assignment.name) if assignment.is_appended else None
        elements = list(before.elements or ()) if before is not None else []
        for value in values:
            key, text = _keyed(value, len(elements))
            elements.append((key, text))
        world.put(assignment.name, Variable(Text(), tuple(elements), is_exported))

    def _assign_text(self, assignment: Assignment, value: Text, world: World, *, is_exported: bool) -> None:
        before = world.variables.get(assignment.name)
        if assignment.index is not None:
            key = self._expander.text(assignment.index, world)
            at = self._expander.number(key, world)
            is_named = before is not None and before.elements is not None and not key.flat.lstrip("-").isdigit()
            name = key.shown if is_named or at is None else str(at)
            elements = dict(before.elements or ()) if before is not None else {}
            elements[name] = value
            world.put(assignment.name, Variable(Text(), tuple(elements.items()), is_exported))
            return
        if assignment.is_appended:
            value = world.value(assignment.name, None) + value
        world.set(assignment.name, value, is_exported=is_exported)

    def _declare(self, call: Call, world: World) -> list[World]:
        options = "".join(word.flat[1:] for word in call.arguments if word.flat.startswith("-"))
        is_exported = call.name == "export" or ("x" in options and call.name != "local")
        is_local = call.name == "local" or (call.name in ("declare", "typeset") and "g" not in options)
        for assignment in call.declared:
            _keep_outer(assignment.name, world, is_local=is_local)
            self.assign(assignment, world, is_exported=is_exported)
        for word in call.arguments:
            if not word.flat.startswith("-"):
                self._declare_name(word, world, is_exported=is_exported, is_local=is_local, options=options)
        world.status = True
        return [world]

    def _declare_name(self, word: Text, world: World, *, is_exported: bool, is_local: bool, options: str) -> None:
        found = _assignment.match(word.flat)
        if found is None:
            if word.holes:
                world.others = Given.UNKNOWN
            return
        name = found.group(1)
        _keep_outer(name, world, is_local=is_local)
        if found.group(2):
            world.set(name, word[found.end() :], is_exported=is_exported)
        elif "A" in options or "a" in options:
            world.put(name, Variable(Text(), (), is_exported))
        elif is_exported and "n" in options:
            world.put(name, replace(world.variables.get(name, UNSET), is_exported=False))
        elif is_exported and name in world.variables:
            world.put(name, replace(world.variables[name], is_exported=True))
        elif is_exported and world.given(name) is Given.UNKNOWN:
            world.set(name, world.value(name, word.span), is_exported=True)
        elif is_local and world.frames:
            world.put(name, UNSET)

    def _test(self, call: Call, world: World) -> list[World]:
        words = call.arguments[:-1] if call.name == "[" and call.words[-1].flat == "]" else call.arguments
        self._checker.test(words, world)
        world.is_probe = True
        return [world]

    def _cd(self, call: Call, world: World) -> list[World]:
        targets = [word for word in call.arguments if not word.flat.startswith("-") or len(word) == 1]
        world.status = True
        if not targets or targets[0].flat == "-":
            world.folder, world.is_elsewhere = "", True
            return [world]
        path = self._places.path(targets[0], world)
        if path is None:
            world.folder, world.is_elsewhere = "", True
        else:
            world.folder = path
            is_from_root = bool(targets[0].holes) and WORKSPACE in str(targets[0].holes[0].reason)
            world.is_elsewhere = world.is_elsewhere and not is_from_root
        return [world]

    def _let(self, call: Call, world: World) -> list[World]:
        for word in call.arguments:
            value = self._expander.number(word, world)
            world.status = None if value is None else value != 0
        return [world]


def _keyed(value: Text, position: int) -> tuple[str, Text]:
    """`[key]=text` in an array."""
    found = re.match(r"\[([^\]]{1,100})\]=", value.flat)
    return (found.group(1), value[found.end() :]) if found else (str(position), value)


def _keep_outer(name: str, world: World, *, is_local: bool) -> None:
    if is_local and world.frames and name not in world.frames[-1]:
        world.frames = (*world.frames[:-1], {**world.frames[-1], name: world.variables.get(name)})


def _nothing(_: Call, world: World) -> list[World]:
    world.status = True
    return [world]


def _false(_: Call, world: World) -> list[World]:
    world.status = False
    return [world]


def _set(call: Call, world: World) -> list[World]:
    words = list(call.arguments)
    world.status = True
    while words and words[0].flat[:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0).flat
        if word == "--":
            world.arguments = tuple(words)
            return [world]
        names = {letter for letter in word[1:] if letter in "euxa"}
        if "o" in word[1:] and words:
            names |= {_OPTIONS.get(words[0].flat, "")} - {""}
            words.pop(0)
        world.options = world.options | names if word[0] == "-" else world.options - names
    if words:
        world.arguments = tuple(words)
    return [world]


def _unset(call: Call, world: World) -> list[World]:
    for word in call.arguments:
        if not word.flat.startswith("-"):
            world.put(word.flat, UNSET)
            world.functions.pop(word.flat, None)
    world.status = True
    return [world]


def _popd(_: Call, world: World) -> list[World]:
    world.folder, world.is_elsewhere, world.status = "", True, True
    return [world]


def _pwd(call: Call, world: World) -> list[World]:
    world.print(here(world, call.span) + Text.known("\n"))
    world.status = True
    return [world]


def _exit(call: Call, world: World) -> list[World]:
    code = call.arguments[0].flat if call.arguments else "0" if world.status is not False else "1"
    world.leaving = Leaving.EXIT if code.strip() == "0" else Leaving.FAILED
    world.status = code.strip() == "0"
    return [world]


def _return(call: Call, world: World) -> list[World]:
    if call.arguments:
        code = call.arguments[0].value
        world.status = None if code is None else code.strip() == "0"
    world.leaving = Leaving.RETURN
    return [world]


def _break(call: Call, world: World) -> list[World]:
    levels = call.arguments[0].flat if call.arguments else "1"
    world.levels = int(levels) if levels.isascii() and levels.isdigit() and len(levels) < 4 else 1
    world.leaving = Leaving.BREAK if call.name == "break" else Leaving.CONTINUE
    world.status = True
    return [world]


def _shift(call: Call, world: World) -> list[World]:
    by = call.arguments[0].flat if call.arguments else "1"
    count = int(by) if by.isascii() and by.isdigit() and len(by) < 6 else 1
    world.status = True
    if world.arguments is not None:
        world.status = count <= len(world.arguments)
        world.arguments = world.arguments[count:] if world.status else world.arguments
    return [world]


def _echo(call: Call, world: World) -> list[World]:
    world.note(ran(call, world))
    world.print(echo(call.arguments))
    world.status = True
    return [world]


def _printf(call: Call, world: World) -> list[World]:
    if len(call.words) > 3 and call.words[1].flat == "-v" and call.words[2].flat.isidentifier():
        said = printf(call.words[3:])
        world.set(call.words[2].flat, said if said is not None else Text())
    else:
        world.note(ran(call, world))
        said = printf(call.arguments)
        world.print(said if said is not None else Text())
    world.status = True
    return [world]


def _read(call: Call, world: World) -> list[World]:
    names, is_array = _names_of_read(call.flats()[1:])
    source = call.stdin(world)
    if source is None or (source.holes and len(source.holes) == len(source.stripped())):
        for name in names:
            kind = source.holes[0].reason.kind if source is not None and source.holes else Unknown.INPUT
            world.set(name, Text.unknown(kind, name, call.span))
        world.status = None
        return [world]
    line, _, rest = _first_line(source)
    if call.leading.stdin is None:
        world.stdin = rest
    separators = call.beside.get("IFS", world.variables.get("IFS", Variable(Text.known(" \t\n"))))
    characters = separators.flat if isinstance(separators, Text) else separators.value.flat
    _store_fields(names, line, characters, world, is_array=is_array)
    world.status = bool(source)
    return [world]


def _first_line(source: Text) -> tuple[Text, bool, Text]:
    at = source.flat.find("\n")
    return (source[:at], True, source[at + 1 :]) if at >= 0 else (source, False, Text())


def _names_of_read(flats: Iterable[str]) -> tuple[list[str], bool]:
    names: list[str] = []
    is_array = is_value = False
    for flat in flats:
        if is_value:
            is_value = False
        elif flat.startswith("-"):
            is_array |= "a" in flat
            is_value = flat[-1] in "dinNptu"
        elif flat.isidentifier():
            names.append(flat)
    return names or ["REPLY"], is_array


def _store_fields(names: list[str], line: Text, separators: str, world: World, *, is_array: bool) -> None:
    gaps = list(re.finditer(f"[{re.escape(separators)}]+", line.flat)) if separators else []
    fields, start = [], 0
    for gap in gaps if is_array else gaps[: len(names) - 1 + (bool(gaps) and gaps[0].start() == 0)]:
        if gap.start() > start or (gap.start() == start and start):
            fields.append(line[start : gap.start()])
        start = gap.end()
    fields.append(line[start:].stripped(separators) if separators else line[start:])
    if is_array:
        world.put(names[0], Variable(Text(), tuple((str(at), text) for at, text in enumerate(fields) if text)))
        return
    for at, name in enumerate(names):
        world.set(name, fields[at] if at < len(fields) else Text())


def _mapfile(call: Call, world: World) -> list[World]:
    name = call.words[-1].flat if len(call.words) > 1 and call.words[-1].flat.isidentifier() else "MAPFILE"
    source = call.stdin(world)
    if source is None:
        world.set(name, Text.unknown(Unknown.INPUT, name, call.span))
    else:
        world.put(name, Variable(Text(), tuple((str(at), line) for at, line in enumerate(source.lines()))))
    world.status = True
    return [world]


def _getopts(call: Call, world: World) -> list[World]:
    if len(call.words) > 2 and call.words[2].flat.isidentifier():
        for name in (call.words[2].flat, "OPTARG"):
            world.set(name, Text.unknown(Unknown.INPUT, name, call.span))
    is_none = world.arguments == ()
    world.status = False if is_none else None
    return [world]
