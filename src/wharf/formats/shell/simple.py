"""One command of a script: with its words expanded it is the shell's own, a function, a script, or a program."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Final

from wharf.formats.hole import Unknown
from wharf.formats.shell.budget import Budget
from wharf.formats.shell.call import Call, Deed, ran
from wharf.formats.shell.expand import Expander
from wharf.formats.shell.files_written import FileCommands
from wharf.formats.shell.filters import filtered
from wharf.formats.shell.own import OwnCommands
from wharf.formats.shell.places import Places
from wharf.formats.shell.redirects import Leading, Redirects
from wharf.formats.shell.shells import Shells
from wharf.formats.shell.start import Printed
from wharf.formats.shell.syntax import Assignment, Command, Literal, Simple, Substitution, Word
from wharf.formats.shell.world import Leaving, World, merged
from wharf.formats.text import Text

_MOST_WAYS: Final = 4
PROBES: Final = frozenset(
    {"grep", "egrep", "fgrep", "command", "which", "type", "hash", "pgrep", "diff", "cmp", "id", "getent", "nc"}
)
"""Programs that answer by failing."""
_QUIETABLE: Final = frozenset({"grep", "egrep", "fgrep", "git", "cmp", "diff"})


class Commands:
    def __init__(
        self,
        budget: Budget,
        expander: Expander,
        redirects: Redirects,
        places: Places,
        shells: Shells,
        printed: Printed,
    ) -> None:
        self._budget = budget
        self._expander = expander
        self._redirects = redirects
        self._places = places
        self._shells = shells
        self._printed = printed
        self._own = OwnCommands(expander, places)
        self._files = files = FileCommands(places, redirects)
        self._deeds: Mapping[str, Deed] = {
            **self._own.deeds(), **files.deeds(), **shells.deeds(self._run_named), "sed": self._sed,
        }  # fmt: skip

    def simple(self, command: Simple, world: World) -> list[World]:
        base = len(world.entries)
        world.is_probe = False
        world.question = None
        worlds = self._chosen(command, world)
        return merged([after for one in worlds for after in self._expanded(command, one)], base)

    def listed(self, words: Iterable[Word], world: World) -> list[Text]:
        """What `for` goes through: patterns are files of the repository."""
        found: list[Text] = []
        for word in words:
            texts = self._expander.fields((word,), world)
            for text in texts:
                found += self._files_like(text, world) if _is_pattern(word) else [text]
        return found

    def _files_like(self, text: Text, world: World) -> list[Text]:
        path = self._places.path(text, world)
        if path is None or not set(path) & set("*?["):
            return [text]
        prefix = f"{world.folder}/" if world.folder else ""
        depth = path.count("/")
        names = [name for name in self._places.all() if name.count("/") == depth and fnmatchcase(name, path)]
        before = "./" if text.flat.startswith("./") else ""
        found = [Text.known(before + name.removeprefix(prefix), text.span) for name in sorted(names)]
        return found or [Text.unknown(Unknown.FILE, text.flat[:80], text.span)]

    def _chosen(self, command: Simple, world: World) -> list[World]:
        """One world for each of the texts that the substitutions in its assignments may give."""
        worlds = [world]
        for assignment in (*command.assignments, *command.declared):
            for part in _substitutions(assignment):
                worlds = [after for one in worlds for after in self._choices(part, one)]
        return worlds[:_MOST_WAYS]

    def _choices(self, part: Substitution, world: World) -> list[World]:
        texts = self._shells.outputs(part.body, part.text, world)
        worlds = [world, *(world.fork() for _ in texts[1:])]
        for one, text in zip(worlds, texts, strict=True):
            one.chosen = {**(one.chosen or {}), id(part): text}
        return worlds

    def _expanded(self, command: Simple, world: World) -> list[World]:
        status = world.status if world.chosen else True
        if not command.words:
            return self._redirects.around(
                command.redirects, world, lambda inner, _: self._assigned(command, inner, status)
            )
        beside = self._beside(command.assignments, world)
        words = self._expander.fields(command.words, world)
        if world.leaving is not Leaving.NO or not words:
            world.chosen = None
            world.status = None if world.leaving is Leaving.NO else False
            return [world]

        def run(inner: World, leading: Leading) -> list[World]:
            call = Call(tuple(words), command.span, command.text, leading, beside, command.declared)
            worlds = self._run_named(call, inner)
            for one in worlds:
                one.chosen = None
            return worlds

        return self._redirects.around(command.redirects, world, run)

    def _assigned(self, command: Simple, world: World, status: bool | None) -> list[World]:  # noqa: FBT001 - a state
        if not command.assignments and world.stdin is not None and world.output is not None:
            world.print(world.stdin)
        for assignment in command.assignments:
            self._own.assign(assignment, world)
        world.chosen = None
        world.status = status if world.leaving is Leaving.NO else False
        return [world]

    def _beside(self, assignments: tuple[Assignment, ...], world: World) -> Mapping[str, Text]:
        return MappingProxyType(
            {
                assignment.name: self._expander.text(assignment.value, world)
                for assignment in assignments
                if isinstance(assignment.value, Word)
            }
        )

    def _run_named(self, call: Call, world: World) -> list[World]:
        name = call.words[0].value
        if name is None:
            return self._program(call, world)
        if name in world.functions:
            return self._function(world.functions[name], call, world)
        deed = self._deeds.get(call.name)
        if deed is not None:
            return deed(call, world)
        worlds = self._shells.script_of(call, world)
        return worlds if worlds is not None else self._program(call, world)

    def _sed(self, call: Call, world: World) -> list[World]:
        return [world] if self._files.edit_in_place(call, world) else self._program(call, world)

    def _function(self, body: Command, call: Call, world: World) -> list[World]:
        if not self._budget.enter(world):
            return [world]
        outer, frames = world.arguments, world.frames
        world.arguments = call.arguments
        world.frames = (*frames, {name: world.variables.get(name) for name in call.beside})
        for name, value in call.beside.items():
            world.set(name, value, is_exported=True)
        worlds = self._shells.command(body, world)
        for one in worlds:
            one.arguments = outer
            _restore(one)
            if one.leaving is Leaving.RETURN:
                one.leaving = Leaving.NO
        self._budget.leave()
        return worlds

    def _program(self, call: Call, world: World) -> list[World]:
        world.note(ran(call, world))
        world.is_probe = call.name in PROBES or "inspect" in call.flats()[1:4]
        world.status = None
        if world.output is not None and not _is_quiet(call):
            world.print(self._output(call, world))
        return [world]

    def _output(self, call: Call, world: World) -> Text:
        stdin = call.stdin(world)
        said = filtered(call, stdin, lambda path: self._places.read(path, world))
        if said is None and world.host is None:
            said = self._printed(call.words)
        if said is not None:
            return said
        command = " ".join(word.shown for word in call.words)
        return Text.unknown(Unknown.COMMAND, command[:200], call.span) + Text.known("\n")


def _is_quiet(call: Call) -> bool:
    return call.name in _QUIETABLE and not {"-q", "--quiet", "-s"}.isdisjoint(call.flats())


def _restore(world: World) -> None:
    if not world.frames:
        return
    for name, before in world.frames[-1].items():
        if before is None:
            world.variables.pop(name, None)
        else:
            world.variables[name] = before
    world.frames, world.exports = world.frames[:-1], None


def _substitutions(assignment: Assignment) -> list[Substitution]:
    words = assignment.value if isinstance(assignment.value, tuple) else (assignment.value,)
    return [part for word in words for part in word.parts if isinstance(part, Substitution)]


def _is_pattern(word: Word) -> bool:
    return any(
        isinstance(part, Literal) and not part.is_quoted and set(part.text.flat) & set("*?[") for part in word.parts
    )
