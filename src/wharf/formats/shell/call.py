"""One command that is about to be run, with all that was expanded for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.formats.shell.ran import Failing, Ran
from wharf.formats.shell.redirects import Leading
from wharf.formats.shell.syntax import Assignment
from wharf.formats.shell.world import World
from wharf.formats.span import Span
from wharf.formats.text import Text


@dataclass(frozen=True)
class Call:
    words: tuple[Text, ...]
    span: Span
    text: Text
    leading: Leading = field(default_factory=Leading)
    beside: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Variables that are set for this command alone."""
    declared: tuple[Assignment, ...] = ()

    @property
    def name(self) -> str:
        """The program, without its folder; empty where it is not known."""
        return (self.words[0].value or "").rsplit("/", 1)[-1]

    @property
    def arguments(self) -> tuple[Text, ...]:
        return self.words[1:]

    def flats(self) -> list[str]:
        return [word.flat for word in self.words]

    def stdin(self, world: World) -> Text | None:
        return self.leading.stdin if self.leading.stdin is not None else world.stdin

    def environment(self, world: World) -> Mapping[str, Text]:
        exported = world.environment()
        return MappingProxyType({**exported, **self.beside}) if self.beside else exported


Deed = Callable[[Call, World], list[World]]


def ran(call: Call, world: World) -> Ran:
    own = Failing.ENDS if world.is_last or "e" in world.options else Failing.PASSED_OVER
    return Ran(
        words=call.words,
        span=call.span,
        environment=call.environment(world),
        stdin=call.stdin(world),
        stdout=call.leading.stdout,
        silent=call.leading.is_silent,
        failing=world.failing or own,
        is_asked=world.failing in (Failing.DECIDES, Failing.ENDS),
        is_read=world.output is not None,
        host=world.host,
        folder=world.folder,
        is_elsewhere=world.is_elsewhere,
        via=world.via,
    )
