"""Following a script: which commands it would run, with everything put in that can be known."""

from collections.abc import Iterable
from typing import Final, TypeVar
from weakref import WeakSet

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.budget import LONGEST, SHORTEST, Budget
from wharf.formats.shell.control import Control, one_of
from wharf.formats.shell.expand import Expander
from wharf.formats.shell.parse import parse_script
from wharf.formats.shell.places import Places
from wharf.formats.shell.ran import Certainty, Defaulted, Followed, Given, Lost, Ran, Written
from wharf.formats.shell.redirects import Redirects
from wharf.formats.shell.shells import Shells
from wharf.formats.shell.simple import Commands
from wharf.formats.shell.start import Start
from wharf.formats.shell.syntax import Script, Simple, Word
from wharf.formats.shell.world import Entry, Variable, World, ended, perhaps
from wharf.formats.text import Text

Seen = TypeVar("Seen")
_endless: Final[WeakSet[Text]] = WeakSet()
"""Scripts that took too much, as long as somebody has them: jobs and events ask for the same ones again and again."""


def follow(script: Text, start: Start) -> Followed:
    """Never fails, and always ends: what is too much is among the undecided."""
    parsed = parse_script(script)
    world = _world(script, start)
    for problem in parsed.problems:
        world.note(problem)
    budget = Budget(SHORTEST if script in _endless else LONGEST)
    try:
        entries = ended(_Course(start, budget).control.run(parsed, world))
    except RecursionError:
        entries = [*parsed.problems, Hole(Reason(Unknown.TOO_MUCH, "depth"), script[:1].span)]
    if budget.is_over:
        _endless.add(script)
    return _followed(entries, start.certainty)


class _Course:
    """All that follows a script, put together."""

    def __init__(self, start: Start, budget: Budget) -> None:
        places = Places(start.files)
        expander = Expander(self._substitute)
        redirects = Redirects(expander, places)
        self.control = Control(
            budget,
            expander,
            redirects,
            self._simple,
            self._listed,
        )
        self._shells = Shells(self.control, places)
        self._commands = Commands(budget, expander, redirects, places, self._shells, start.printed)

    def _simple(self, command: Simple, world: World) -> list[World]:
        return self._commands.simple(command, world)

    def _listed(self, words: Iterable[Word], world: World) -> list[Text]:
        return self._commands.listed(words, world)

    def _substitute(self, script: Script, text: Text, world: World) -> Text:
        return one_of(self._shells.outputs(script, text, world), world)


def _world(script: Text, start: Start) -> World:
    is_called_by_nobody = start.others is Given.UNKNOWN and not start.arguments
    return World(
        variables={name: Variable(value, None, is_exported=True) for name, value in start.variables.items()},
        functions={},
        others=start.others,
        arguments=None if is_called_by_nobody else tuple(start.arguments),
        name=start.name or Text.known("bash", script[:1].span),
        folder=start.folder,
        host=start.host,
        gone=start.gone,
        options=frozenset("e") if start.ends_on_failure else frozenset(),
        via=start.via,
        log=[],
    )


def _followed(entries: Iterable[Entry], certainty: Certainty) -> Followed:
    ran: dict[object, Ran] = {}
    written: list[Written] = []
    defaulted: list[Defaulted] = []
    lost: list[Lost] = []
    undecided: list[Hole] = []
    for entry in entries if certainty is Certainty.ALWAYS else map(perhaps, entries):
        if isinstance(entry, Ran):
            key = entry.span, entry.words, entry.host, entry.folder, entry.stdin, entry.via
            if key not in ran or entry.certainty is Certainty.ALWAYS:
                ran[key] = entry
        elif isinstance(entry, Written):
            written.append(entry)
        elif isinstance(entry, Lost):
            lost.append(entry)
        elif isinstance(entry, Defaulted):
            defaulted.append(entry)
        else:
            undecided.append(entry)
    return Followed(
        tuple(ran.values()), _each_once(written), _each_once(defaulted), _each_once(undecided), _each_once(lost)
    )  # fmt: skip


def _each_once(things: Iterable[Seen]) -> tuple[Seen, ...]:
    return tuple(dict.fromkeys(things))
