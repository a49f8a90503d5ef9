"""Commands that write files: what is in them afterwards, as far as that can be known."""

from collections.abc import Mapping
from typing import Final

from wharf.formats.hole import Unknown
from wharf.formats.shell.call import Call, Deed, ran
from wharf.formats.shell.places import Places
from wharf.formats.shell.redirects import Redirects
from wharf.formats.shell.sed import edited
from wharf.formats.shell.world import World
from wharf.formats.text import Text

_SED_VALUES: Final = frozenset({"-e", "--expression", "-f", "--file", "-l"})


class FileCommands:
    def __init__(self, places: Places, redirects: Redirects) -> None:
        self._places = places
        self._redirects = redirects

    def deeds(self) -> Mapping[str, Deed]:
        return {"tee": self._tee, "cp": self._copy, "mv": self._copy}

    def _tee(self, call: Call, world: World) -> list[World]:
        stdin = call.stdin(world)
        content = stdin if stdin is not None else Text.unknown(Unknown.RUN, "tee", call.span)
        world.note(ran(call, world))
        is_appended = any(word.flat in ("-a", "--append") for word in call.arguments)
        for word in call.arguments:
            if not word.flat.startswith("-") and word.value != "/dev/null":
                self._redirects.write(word, content, call.span, world, is_appended=is_appended)
        if not call.leading.goes_elsewhere:
            world.print(content)
        world.status = True
        return [world]

    def _copy(self, call: Call, world: World) -> list[World]:
        world.note(ran(call, world))
        names = [word for word in call.arguments if not word.flat.startswith("-")]
        world.status = None
        if len(names) == 2 and not self._is_folder(names[1], world):
            content = self._places.read(names[0], world)
            if content is not None:
                self._redirects.write(names[1], content, call.span, world, is_appended=False)
        return [world]

    def _is_folder(self, path: Text, world: World) -> bool:
        place = self._places.path(path, world)
        return path.flat.endswith(("/", ".")) or (place is not None and place not in self._places.all()
                                                  and self._places.is_there(path, world))  # fmt: skip

    def edit_in_place(self, call: Call, world: World) -> bool:
        """`sed -i`. Whether the command is that."""
        if call.name != "sed" or not any(_is_in_place(word.flat) for word in call.arguments):
            return False
        world.note(ran(call, world))
        world.status = None
        scripts, names = _sed_parts(call)
        for name in names:
            before = self._places.read(name, world)
            after = None if before is None else edited(scripts, before, call)
            if after is None:
                after = Text.unknown(Unknown.COMMAND, call.text.flat[:120], call.span)
            self._redirects.write(name, after, call.span, world, is_appended=False)
        return True


def _is_in_place(option: str) -> bool:
    return option.startswith(("-i", "--in-place")) or option in ("-Ei", "-ri", "-ni")


def _sed_parts(call: Call) -> tuple[list[Text], list[Text]]:
    scripts: list[Text] = []
    names: list[Text] = []
    words = list(call.arguments)
    while words:
        word = words.pop(0)
        if word.flat in _SED_VALUES and words:
            scripts.append(words.pop(0))
        elif word.flat == "-i" and words and not words[0]:
            words.pop(0)
        elif not word.flat.startswith("-"):
            names.append(word)
    if not scripts and names:
        scripts.append(names.pop(0))
    return scripts, names
