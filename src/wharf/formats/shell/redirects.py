"""Where the output and input of commands lead: files that are read, files that are written, and silence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wharf.formats.hole import Unknown
from wharf.formats.shell.expand import Expander
from wharf.formats.shell.places import Places
from wharf.formats.shell.ran import Written
from wharf.formats.shell.syntax import Channel, Redirect
from wharf.formats.shell.world import World
from wharf.formats.span import Span
from wharf.formats.text import Text

SILENCE: Final = "/dev/null"
_TO_FILE: Final = frozenset({">", ">>", ">|", "&>", "&>>", "<>"})
_SCREENS: Final = ("/dev/stderr", "/dev/tty", "/dev/stdout")


@dataclass(frozen=True, slots=True)
class Leading:
    """Of one command. `goes_elsewhere`: what it prints does not reach who reads the whole."""

    stdin: Text | None = None
    stdout: Text | None = None
    is_appended: bool = False
    is_silent: bool = False
    goes_elsewhere: bool = False

    @property
    def is_file(self) -> bool:
        path = None if self.stdout is None else self.stdout.value
        return self.stdout is not None and path != SILENCE and path not in _SCREENS


class Redirects:
    def __init__(self, expander: Expander, places: Places) -> None:
        self._expander = expander
        self._places = places

    def around(
        self, redirects: tuple[Redirect, ...], world: World, run: Callable[[World, Leading], list[World]]
    ) -> list[World]:
        """Runs something with them."""
        if not redirects:
            return run(world, Leading())
        leading = self._leading(redirects, world)
        before, stdin = world.output, world.stdin
        if leading.stdin is not None:
            world.stdin = leading.stdin
        if leading.goes_elsewhere:
            world.output = [] if leading.is_file else None
        worlds = run(world, leading)
        for one in worlds:
            one.stdin = stdin
            if leading.goes_elsewhere:
                self._end(leading, redirects, one, before)
        return worlds

    def _end(self, leading: Leading, redirects: tuple[Redirect, ...], world: World, before: list[Text] | None) -> None:
        content = Text.joined(world.output or ())
        world.output = None if before is None else list(before)
        if leading.is_file and leading.stdout is not None:
            targets = (part.text.span for redirect in redirects for part in redirect.target.parts)
            span = leading.stdout.span or next((span for span in targets if span is not None), None)
            self.write(leading.stdout, content, span or Span.at(""), world, is_appended=leading.is_appended)

    def write(self, path: Text, content: Text, span: Span, world: World, *, is_appended: bool) -> None:
        world.note(Written(self._places.shown(path, world), content, span, appended=is_appended, host=world.host))
        self._places.keep(path, content, world, is_appended=is_appended)

    def _leading(self, redirects: tuple[Redirect, ...], world: World) -> Leading:
        stdin: Text | None = None
        stdout: Text | None = None
        is_appended = is_silent = goes_elsewhere = False
        for redirect in redirects:
            target = self._expander.text(redirect.target, world)
            operator, descriptor = redirect.operator, redirect.descriptor
            if operator in ("<<", "<<<", "<") and descriptor in (None, 0):
                stdin = self._input(operator, target, world)
            elif operator == ">&" and target.flat.isdigit():
                goes_elsewhere |= descriptor in (None, 1) and target.flat == "2"
                is_silent |= descriptor == 2 and stdout is not None and stdout.value == SILENCE
            elif operator in _TO_FILE or operator == ">&":
                is_both = operator[0] == "&" or operator == ">&"
                if is_both or descriptor in (None, 1):
                    stdout, is_appended = target, operator in (">>", "&>>")
                    goes_elsewhere = True
                is_silent |= (is_both or descriptor == 2) and target.value == SILENCE
            if any(isinstance(part, Channel) for part in redirect.target.parts) and stdout is target:
                stdout = None
        return Leading(stdin, stdout, is_appended, is_silent, goes_elsewhere)

    def _input(self, operator: str, target: Text, world: World) -> Text:
        if operator == "<<":
            return target
        if operator == "<<<":
            return target + Text.known("\n")
        content = self._places.read(target, world)
        return content if content is not None else Text.unknown(Unknown.FILE, target.shown[:80], target.span)
