"""Other shells that a script starts, here or on another machine, and which variables really reach them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.call import Call, Deed, ran
from wharf.formats.shell.parse import parse_script
from wharf.formats.shell.places import Places
from wharf.formats.shell.prefixes import Behind, behind_prefix, prefix_of
from wharf.formats.shell.ran import Given
from wharf.formats.shell.syntax import Command, Script
from wharf.formats.shell.world import ALWAYS_SOMETHING, Entry, Leaving, Variable, World, merged, perhaps
from wharf.formats.shell.xargs import run_with_items
from wharf.formats.span import Span
from wharf.formats.text import Text

INTERPRETERS: Final = ("bash", "sh", "dash", "zsh", "ksh", "ash")
_SCRIPT_ENDINGS: Final = (".sh", ".bash")
_shebang: Final = re.compile(r"#![ \t]*(?:/usr/bin/env[ \t]+(?:-S[ \t]+)?)?(?:[^\s]*/)?([\w.+-]+)([^\n]*)")
_HARMLESS_EVALS: Final = ("ssh-agent", "minikube", "docker-machine", "opam", "brew", "direnv", "fnm")


class Course(Protocol):
    """Follows commands."""

    def run(self, script: Script, world: World) -> list[World]: ...

    def command(self, command: Command, world: World) -> list[World]: ...

    def apart(
        self, run: Callable[[World], list[World]], world: World, *, stdin: Text | None = None, collects: bool = False
    ) -> list[Text]: ...


class Shells:
    def __init__(self, course: Course, places: Places) -> None:
        self._course = course
        self._places = places

    def command(self, command: Command, world: World) -> list[World]:
        return self._course.command(command, world)

    def outputs(self, script: Script, _: Text, world: World) -> list[Text]:
        """What the commands may print, without the ends of lines at its end."""
        texts = self._course.apart(lambda inner: self._course.run(script, inner), world, collects=True)
        return [text[: len(text.flat.rstrip("\n"))] for text in texts]

    def deeds(self, run_named: Deed) -> Mapping[str, Deed]:
        def passed_on(call: Call, world: World) -> list[World]:
            return self._passed_on(call, world, run_named)

        interpreters = dict.fromkeys(INTERPRETERS, self._interpreter)
        passing = dict.fromkeys(
            ("sudo", "doas", "env", "exec", "command", "builtin", "nohup", "time", "timeout", "nice", "stdbuf",
             "ionice", "setsid", "sshpass", "chronic", "unbuffer", "winpty"), passed_on,
        )  # fmt: skip
        return {
            **interpreters, **passing, "eval": self._eval, "source": self._source, ".": self._source,
            "ssh": self._ssh, "su": self._su,
            "xargs": lambda call, world: run_with_items(call, world, run_named),
        }  # fmt: skip

    def script_of(self, call: Call, world: World) -> list[World] | None:
        """A script of the repository that is called by its path; None if it is none."""
        name = call.words[0].flat
        if "/" not in name and not call.words[0].holes:
            return None
        content = self._script_at(call.words[0], world)
        if content is None or not _is_for_shell(content, name):
            if name.endswith(_SCRIPT_ENDINGS) and not name.startswith("/"):
                world.note(Hole(Reason(Unknown.FILE, call.words[0].shown[:80]), call.words[0].span))
            return None
        world.note(ran(call, world))
        return self._child(content, call, world, call.words[0], call.arguments, _options_of(content))

    def _script_at(self, path: Text, world: World) -> Text | None:
        if world.host is None:
            return self._places.read(path, world)
        return self._places.read(path, replace(world, host=None))

    def _child(
        self,
        content: Text,
        call: Call,
        world: World,
        name: Text,
        arguments: Sequence[Text] | None,
        options: frozenset[str] = frozenset(),
        *,
        via: Span | None = None,
    ) -> list[World]:
        """A shell of its own that gets what is exported."""
        inner = _fresh(world, call.environment(world))
        inner.name, inner.options = name, options
        inner.arguments = None if arguments is None else tuple(arguments)
        inner.stdin = call.stdin(world)
        inner.via = (*world.via, via or call.span)
        is_sure = world.host is None and not world.is_elsewhere
        return self._within(content, inner, world, is_sure=is_sure or not name)

    def _within(self, content: Text, inner: World, world: World, *, is_sure: bool = True) -> list[World]:
        script = parse_script(content)
        base = len(inner.entries)
        for problem in script.problems:
            inner.note(problem)
        worlds = self._course.run(script, inner)
        return _back(world, worlds, base, is_sure=is_sure)

    def _passed_on(self, call: Call, world: World, run_named: Deed) -> list[World]:
        prefix = prefix_of(call.name)
        behind = behind_prefix(call, prefix)
        if not behind.words:
            if call.name not in ("exec", "builtin"):
                world.note(ran(call, world))
            world.status = True if call.name == "exec" else None
            world.is_probe = call.name == "command"
            return [world]
        inner_call = replace(call, words=behind.words, beside={**_kept_beside(call, behind), **behind.variables})
        if prefix.is_noted:
            world.note(ran(call, world))
        if not behind.drops:
            worlds = run_named(inner_call, world)
        else:
            inner = _under_sudo(world, behind, call)
            base = len(inner.entries)
            worlds = _back(world, run_named(inner_call, inner), base)
        return [_left(one) for one in worlds] if call.name == "exec" else worlds

    def _interpreter(self, call: Call, world: World) -> list[World]:
        options, words = _interpreter_options(call.arguments)
        stdin = call.stdin(world)
        letters = "".join(option for option in options)
        flags = frozenset(letter for letter in letters if letter in "eux")
        world.note(ran(call, world))
        if "c" in letters and words:
            name = words[1] if len(words) > 1 else call.words[0]
            return self._inline(words[0], call, world, name, words[2:], flags)
        if words and "s" not in letters:
            content = self._script_at(words[0], world)
            if content is None:
                world.note(Hole(Reason(Unknown.FILE, words[0].shown[:80]), words[0].span))
                world.status = None
                return [world]
            return self._child(content, call, world, words[0], words[1:], flags | _options_of(content))
        if stdin is not None and stdin.flat.strip():
            unread = replace(call, leading=replace(call.leading, stdin=Text()))
            return self._inline(stdin, unread, world, call.words[0], words, flags)
        world.status = None
        return [world]

    def _inline(
        self, text: Text, call: Call, world: World, name: Text, arguments: Sequence[Text], options: frozenset[str]
    ) -> list[World]:
        if len(text.holes) == len(text.stripped()):
            return [_not_followed(text, world)]
        inner = _fresh(world, call.environment(world))
        inner.name, inner.arguments, inner.options = name, tuple(arguments), options
        inner.stdin = call.stdin(world)
        return self._within(text, inner, world)

    def _su(self, call: Call, world: World) -> list[World]:
        flats = call.flats()
        world.note(ran(call, world))
        if "-c" not in flats[:-1]:
            world.status = None
            return [world]
        behind = Behind((), {}, drops="-" in flats or "-l" in flats)
        inner = _under_sudo(world, behind, call) if behind.drops else _fresh(world, call.environment(world))
        return self._within(call.words[flats.index("-c") + 1], inner, world)

    def _eval(self, call: Call, world: World) -> list[World]:
        text = Text.joined(call.arguments, " ")
        if len(text.holes) == len(text.stripped()):
            if text.holes and not text.holes[0].reason.subject.startswith(_HARMLESS_EVALS):
                world.others = Given.UNKNOWN
            return [_not_followed(text, world)] if text.holes else [world]
        script = parse_script(text)
        for problem in script.problems:
            world.note(problem)
        return self._course.run(script, world)

    def _source(self, call: Call, world: World) -> list[World]:
        if not call.arguments:
            return [world]
        path = call.arguments[0]
        content = self._places.read(path, world)
        if content is None:
            world.note(Hole(Reason(Unknown.FILE, path.shown[:80]), path.span))
            world.others, world.gone, world.status = Given.UNKNOWN, frozenset(), None
            return [world]
        outer, via, name = world.arguments, world.via, world.name
        world.arguments = call.arguments[1:] or world.arguments
        world.via = (*via, call.span)
        source = world.variables.get("BASH_SOURCE")
        world.put("BASH_SOURCE", Variable(path))
        worlds = self._course.run(parse_script(content), world)
        for one in worlds:
            one.arguments, one.via, one.name = outer, via, name
            if source is None:
                one.variables.pop("BASH_SOURCE", None)
            else:
                one.put("BASH_SOURCE", source)
            if one.leaving is Leaving.RETURN:
                one.leaving = Leaving.NO
        return worlds

    def _ssh(self, call: Call, world: World) -> list[World]:
        world.note(ran(call, world))
        host, words, sent = _ssh_parts(call.arguments)
        stdin = call.stdin(world)
        script = Text.joined(words, " ") if words else stdin
        if host is None or script is None or not script.flat.strip():
            world.status = None
            return [world]
        if len(script.holes) == len(script.stripped()):
            return [_not_followed(script, world)]
        inner = _on_host(world, host, sent, call)
        inner.stdin = stdin if words else None
        inner.name = Text.known("bash", call.span)
        return self._within(script, inner, world)


def _fresh(world: World, environment: Mapping[str, Text]) -> World:
    """A shell of its own, at the same place."""
    return World(
        variables={name: Variable(value, None, True) for name, value in environment.items()},  # noqa: FBT003
        functions={}, others=world.others, arguments=(), name=world.name, folder=world.folder,
        is_elsewhere=world.is_elsewhere, host=world.host, gone=world.gone | _not_exported(world, environment),
        files=world.files, failing=None, output=world.output, via=world.via, decided=world.decided,
        condition=world.condition, log=world.entries, dropped=world.dropped,
    )  # fmt: skip


def _not_exported(world: World, environment: Mapping[str, Text]) -> frozenset[str]:
    return frozenset(name for name in world.variables if name not in environment)


def _dropped(
    world: World, before: Iterable[str], kept: Iterable[str], call: Call
) -> Mapping[str, tuple[Span, str]]:  # fmt: skip
    names = {name for name in before if world.given(name) in (Given.SET, Given.UNKNOWN)}
    gone = names - set(kept) - ALWAYS_SOMETHING
    return {**(world.dropped or {}), **dict.fromkeys(gone, (call.span, call.name))}


def _under_sudo(world: World, behind: Behind, call: Call) -> World:
    kept = {name: value for name, value in world.environment().items() if name in behind.kept}
    inner = _fresh(world, kept)
    inner.others = Given.UNSET
    inner.dropped = _dropped(world, world.environment(), kept, call)
    inner.gone = frozenset()
    inner.stdin = world.stdin
    inner.failing, inner.options, inner.is_last = world.failing, world.options, world.is_last
    return inner


def _on_host(world: World, host: Text, sent: Iterable[str], call: Call) -> World:
    """Nothing reaches another machine of itself. What its own profile sets is not known."""
    environment = call.environment(world)
    kept = {name: environment[name] for name in sent if name in environment}
    inner = _fresh(world, kept)
    inner.gone = frozenset(world.variables) - kept.keys()
    inner.others = Given.UNKNOWN
    inner.dropped = _dropped(world, world.variables, kept, call)
    inner.host, inner.folder, inner.is_elsewhere = host, "", False
    return inner


def _back(world: World, worlds: list[World], base: int, *, is_sure: bool = True) -> list[World]:
    """From another shell: what it did stays, what it knew is lost."""
    for inner in worlds:
        inner.status = False if inner.leaving is Leaving.FAILED else None
        inner.leaving, inner.levels = Leaving.NO, 0
        inner.variables, inner.functions, inner.folder = {}, {}, ""
        inner.options, inner.arguments, inner.others, inner.is_elsewhere = frozenset(), (), Given.UNKNOWN, False
    found: list[World] = []
    for inner in merged(worlds, base):
        outer = world if not found else world.fork()
        outer.log, outer.output, outer.files = inner.log, inner.output, inner.files
        outer.status, outer.question = inner.status, None
        if not is_sure:
            outer.log = [*inner.entries[:base], *map(_perhaps_only, inner.entries[base:])]
        found.append(outer)
    return found


def _perhaps_only(entry: Entry) -> Entry:
    return perhaps(entry)


def _not_followed(text: Text, world: World) -> World:
    world.note(text.holes[0] if text.holes else Hole(Reason(Unknown.SYNTAX, text.flat[:40]), text.span))
    world.status = None
    return world


def _left(world: World) -> World:
    if world.leaving is Leaving.NO:
        world.leaving = Leaving.FAILED if world.status is False else Leaving.EXIT
    return world


def _kept_beside(call: Call, behind: Behind) -> Mapping[str, Text]:
    return {} if behind.drops else call.beside


def _is_for_shell(content: Text, name: str) -> bool:
    found = _shebang.match(content.flat[:200])
    if found is not None:
        return found.group(1) in INTERPRETERS
    return name.endswith(_SCRIPT_ENDINGS)


def _options_of(content: Text) -> frozenset[str]:
    """`#!/bin/sh -e`."""
    found = _shebang.match(content.flat[:200])
    options = found.group(2).split() if found is not None else []
    return frozenset(letter for option in options if option.startswith("-") for letter in option if letter in "eux")


def _interpreter_options(words: Sequence[Text]) -> tuple[list[str], list[Text]]:
    options: list[str] = []
    rest = list(words)
    while rest and rest[0].flat[:1] in ("-", "+") and len(rest[0]) > 1:
        word = rest.pop(0).flat
        if word == "--":
            break
        if word.startswith("--"):
            if word in ("--rcfile", "--init-file"):
                rest = rest[1:]
            continue
        if word.endswith(("o", "O")) and rest:
            options.append("e" if rest.pop(0).flat == "errexit" else "")
        options.append(word[1:] if word[0] == "-" else "")
    return options, rest


_SSH_VALUES: Final = frozenset("bcDEeFIiJLlmoOpQRSWw")


def _ssh_parts(words: Sequence[Text]) -> tuple[Text | None, Sequence[Text], list[str]]:
    """The host, the command, and the variables that are sent."""
    sent: list[str] = []
    at = 0
    while at < len(words):
        flat = words[at].flat
        if not flat.startswith("-") or flat == "-":
            break
        at += 1
        if flat == "--":
            break
        option = next((letter for letter in flat[1:] if letter in _SSH_VALUES), "")
        value = flat.partition(option)[2] if option else ""
        if option and not value and at < len(words):
            value = words[at].flat
            at += 1
        if option == "o" and (found := re.match(r"SendEnv[= ](.+)", value, re.IGNORECASE)):
            sent += re.split(r"[ ,]+", found.group(1))
    return (words[at] if at < len(words) else None), words[at + 1 :], sent
