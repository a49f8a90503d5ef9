"""What a shell knows at one moment of a script: its variables, functions, folder, and what was done on the way there.

Where it is not known which way a script takes, there is one such world for each way. Worlds that have become the same
again are made one; what was done in only some of them was done perhaps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import takewhile
from types import MappingProxyType
from typing import Final

from wharf.formats.hole import Hole, Unknown
from wharf.formats.shell.ran import Certainty, Defaulted, Failing, Given, Lost, Ran, Written
from wharf.formats.shell.syntax import Command
from wharf.formats.span import Span
from wharf.formats.text import Text

MOST_WORLDS: Final = 8
Entry = Ran | Written | Defaulted | Lost | Hole

ALWAYS_SOMETHING: Final = frozenset(
    {
        "HOME",
        "PATH",
        "USER",
        "LOGNAME",
        "SHELL",
        "PWD",
        "OLDPWD",
        "LANG",
        "TERM",
        "HOSTNAME",
        "UID",
        "EUID",
        "GID",
        "GROUPS",
        "RANDOM",
        "SECONDS",
        "LINENO",
        "PPID",
        "IFS",
        "OPTIND",
        "OPTARG",
        "BASH",
        "BASH_VERSION",
        "BASH_SOURCE",
        "BASHPID",
        "FUNCNAME",
        "OSTYPE",
        "MACHTYPE",
        "HOSTTYPE",
        "SHLVL",
        "TMPDIR",
        "EPOCHSECONDS",
        "PIPESTATUS",
        "REPLY",
        "SUDO_USER",
        "SUDO_UID",
        "SUDO_GID",
        "SUDO_COMMAND",
        "DOCKER_CONFIG",
        "MAIL",
        "EDITOR",
        "TZ",
    }
)
"""Variables that a machine gives to everything, whatever else is in the environment."""
_OF_CI: Final = ("GITHUB_", "RUNNER_", "CI_", "INPUT_")
NOTHING: Final = Text()


class Leaving(Enum):
    """Whether the rest of what is being run is passed over."""

    NO = ""
    BREAK = "break"
    CONTINUE = "continue"
    RETURN = "return"
    EXIT = "exit"
    FAILED = "failed"

    @property
    def is_end(self) -> bool:
        return self in (Leaving.EXIT, Leaving.FAILED)


@dataclass(frozen=True, slots=True)
class Variable:
    value: Text = NOTHING
    elements: tuple[tuple[str, Text], ...] | None = None
    """Of an array, by their keys."""
    is_exported: bool = False
    is_set: bool = True

    @property
    def values(self) -> tuple[Text, ...]:
        return tuple(value for _, value in self.elements) if self.elements is not None else (self.value,)


UNSET: Final = Variable(is_set=False)


@dataclass(slots=True)
class World:
    variables: dict[str, Variable]
    functions: dict[str, Command]
    others: Given
    arguments: tuple[Text, ...] | None
    """None where it is not known with which ones the script is called."""
    name: Text
    """`$0`."""
    folder: str = ""
    is_elsewhere: bool = False
    """It has gone to a folder that may be outside of the repository."""
    host: Text | None = None
    gone: frozenset[str] = frozenset()
    """Variables that are surely not there, though others may be."""
    dropped: Mapping[str, tuple[Span, str]] | None = None
    """By which command a variable was not passed on that was there before."""
    options: frozenset[str] = frozenset()
    files: dict[str, Text] | None = None
    """What was written so far, by path."""
    leaving: Leaving = Leaving.NO
    levels: int = 0
    status: bool | None = True
    is_probe: bool = False
    """What was run last asks for something, and fails in the ordinary course of things."""
    failing: Failing | None = None
    """What becomes of failures, where the place of a command decides it."""
    is_last: bool = True
    output: list[Text] | None = None
    """What was printed, where somebody reads it."""
    stdin: Text | None = None
    via: tuple[Span, ...] = ()
    decided: dict[Text, bool] | None = None
    chosen: dict[int, Text] | None = None
    condition: str = ""
    """By which it was last decided which way is taken."""
    question: Text | None = None
    """What was asked last and not known, so that it is answered in the same way when it is asked again."""
    frames: tuple[Mapping[str, "Variable | None"], ...] = ()
    """What stood in variables before functions made them their own."""
    log: list[Entry] | None = None
    exports: Mapping[str, Text] | None = None

    def fork(self) -> "World":
        return replace(
            self,
            variables=dict(self.variables),
            functions=dict(self.functions),
            files=dict(self.files or {}),
            decided=dict(self.decided or {}),
            log=list(self.log or ()),
            output=None if self.output is None else list(self.output),
        )

    def note(self, entry: Entry) -> None:
        if self.log is None:
            self.log = []
        self.log.append(entry)

    def print(self, text: Text) -> None:
        if self.output is not None:
            self.output.append(text)

    @property
    def entries(self) -> list[Entry]:
        return self.log or []

    def given(self, name: str) -> Given:
        variable = self.variables.get(name)
        if variable is not None:
            return _given(variable)
        if name in self.gone or (self.host is not None and name.startswith(_OF_CI)):
            return Given.UNSET
        return Given.UNKNOWN if name in ALWAYS_SOMETHING else self.others

    def value(self, name: str, span: Span | None) -> Text:
        """What `$NAME` is: empty where it is not set."""
        variable = self.variables.get(name)
        if variable is not None:
            return variable.values[0] if variable.values else Text()
        if self.given(name) is Given.UNSET:
            return Text()
        return Text.unknown(Unknown.ENVIRONMENT, name, span)

    def set(self, name: str, value: Text, *, is_exported: bool = False) -> None:
        before = self.variables.get(name)
        exported = is_exported or (before is not None and before.is_exported) or "a" in self.options
        self.put(name, Variable(value, None, exported))

    def put(self, name: str, variable: Variable) -> None:
        self.variables[name] = variable
        self.exports = None

    def environment(self) -> Mapping[str, Text]:
        """What reaches a program."""
        if self.exports is None:
            self.exports = MappingProxyType(
                {
                    name: variable.value
                    for name, variable in self.variables.items()
                    if variable.is_exported and variable.is_set and variable.elements is None
                }
            )
        return self.exports

    def is_like(self, other: "World") -> bool:
        """Whether the rest of the script would do the same in both."""
        if self.leaving is not other.leaving or self.output != other.output:
            return False
        if self.leaving.is_end:
            return True
        return (
            self.variables == other.variables
            and self.folder == other.folder
            and self.status == other.status
            and self.functions == other.functions
            and self.options == other.options
            and self.arguments == other.arguments
            and (self.files or {}) == (other.files or {})
            and self.others is other.others
            and (self.levels, self.is_elsewhere) == (other.levels, other.is_elsewhere)
        )


def _given(variable: Variable) -> Given:
    if not variable.is_set:
        return Given.UNSET
    flat = Text.joined(variable.values)
    if not flat:
        return Given.EMPTY
    return Given.SET if flat.value is not None or len(flat) > len(flat.holes) else Given.UNKNOWN


def merged(worlds: Sequence[World], base: int = 0) -> list[World]:
    """As few worlds as say the same. They share the first `base` entries of what was done."""
    if len(worlds) < 2:
        return list(worlds)
    groups: list[list[World]] = []
    for world in worlds:
        group = next((group for group in groups if group[0].is_like(world)), None)
        if group is None:
            groups.append([world])
        else:
            group.append(world)
    made_one = [_one(group, base) for group in groups]
    if sum(not world.leaving.is_end for world in made_one) <= MOST_WORLDS:
        return made_one
    going_on = [world for world in made_one if not world.leaving.is_end]
    return [*(world for world in made_one if world.leaving.is_end), _collapsed(going_on, base)]


def _one(group: list[World], base: int) -> World:
    if len(group) == 1:
        return group[0]
    first = group[0]
    first.log = combined([world.entries for world in group], base)
    decided = [world.decided or {} for world in group]
    first.decided = {
        condition: answer
        for condition, answer in decided[0].items()
        if all(other.get(condition) is answer for other in decided[1:])
    }
    return first


def _collapsed(worlds: list[World], base: int) -> World:
    """Too many: what differs between them becomes a hole."""
    one = _one(worlds, base)
    for name in sorted({name for world in worlds for name in world.variables}):
        found = [world.variables.get(name) for world in worlds]
        if any(variable != found[0] for variable in found):
            exported = any(variable is not None and variable.is_exported for variable in found)
            one.put(name, Variable(Text.unknown(Unknown.EITHER, one.condition or name), None, exported))
    if any(world.output != one.output for world in worlds):
        one.output = [Text.unknown(Unknown.EITHER, one.condition or "output")]
    one.status, one.leaving = None, Leaving.NO
    return one


def combined(logs: Sequence[list[Entry]], base: int = 0) -> list[Entry]:
    """What was done in all, and perhaps what was done in some, in an order that agrees with each."""
    shared = logs[0][:base]
    together, certain = logs[0][base:], None
    for log in logs[1:]:
        together, certain = _both(together, log[base:], certain)
    return shared + together


def _both(one: list[Entry], other: list[Entry], _: None) -> tuple[list[Entry], None]:
    same = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(one, other, strict=False)))
    keys_of_other = [_key(entry) for entry in other[same:]]
    places = {key: at for at, key in reversed(list(enumerate(keys_of_other)))}
    found, at = one[:same], 0
    for entry in one[same:]:
        place = places.get(_key(entry), -1)
        if place >= at:
            found += map(perhaps, other[same + at : same + place])
            found.append(_weaker(entry, other[same + place]))
            at = place + 1
        else:
            found.append(entry if place >= 0 else perhaps(entry))
    return found + [perhaps(entry) for entry in other[same + at :]], None


def perhaps(entry: Entry) -> Entry:
    if isinstance(entry, Ran | Written) and entry.certainty is Certainty.ALWAYS:
        return replace(entry, certainty=Certainty.PERHAPS)
    return entry


def _weaker(entry: Entry, other: Entry) -> Entry:
    return perhaps(entry) if isinstance(other, Ran | Written) and other.certainty is Certainty.PERHAPS else entry


def _key(entry: Entry) -> object:
    if isinstance(entry, Ran):
        return entry.span, entry.words, entry.host, entry.folder, entry.stdin, entry.via
    if isinstance(entry, Written):
        return entry.span, entry.path, entry.content, entry.host
    return entry


def ended(worlds: Iterable[World]) -> list[Entry]:
    """What a script does in all. Ways that end with a failure take nothing of its certainty from what others do."""
    everything = list(worlds)
    healthy = [world.entries for world in everything if world.leaving is not Leaving.FAILED]
    failed = [world.entries for world in everything if world.leaving is Leaving.FAILED]
    if not healthy:
        return combined(failed)
    certain = combined(healthy)
    for log in failed:
        certain = _with_failed(certain, log)
    return certain


def _with_failed(certain: list[Entry], failed: list[Entry]) -> list[Entry]:
    known = {_key(entry) for entry in certain}
    places = {_key(entry): at for at, entry in enumerate(certain)}
    inserts: dict[int, list[Entry]] = {}
    at = 0
    for entry in failed:
        key = _key(entry)
        if key in known:
            at = max(at, places[key] + 1)
        else:
            inserts.setdefault(at, []).append(perhaps(entry))
    woven: list[Entry] = []
    for place in range(len(certain) + 1):
        woven += inserts.get(place, [])
        woven += certain[place : place + 1]
    return woven
