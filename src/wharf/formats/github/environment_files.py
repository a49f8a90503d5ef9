"""What a step says to those after it, through the files that GITHUB_OUTPUT and GITHUB_ENV name.

line  = name "=" value
      | name "<<" mark *line mark
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Certainty, Ran, Written
from wharf.formats.text import HOLE, Text

_MOST_PIECES: Final = 500


class Said(NamedTuple):
    name: str
    """Empty, where it is not known."""
    value: Text
    is_certain: bool


def said_to(file: str, written: Sequence[Written]) -> Mapping[str, Text]:
    """Names with their values; what depends on which way the script takes is a hole."""
    to_it = [each for each in written if each.path.flat == file]
    found: dict[str, Text] = {}
    unsure: dict[str, list[Text]] = {}
    for said in _said([(each.content, each.certainty is Certainty.ALWAYS) for each in to_it]):
        if not said.name:
            continue
        if said.is_certain:
            found[said.name] = said.value
            unsure.pop(said.name, None)
        else:
            unsure.setdefault(said.name, [found[said.name]] if said.name in found else []).append(said.value)
    both = found | {name: _either(name, values) for name, values in unsure.items()}
    return {name: _afforded(name, value) for name, value in both.items()}


def _afforded(name: str, value: Text) -> Text:
    """What is put together from itself again and again doubles with each step."""
    if len(value.pieces) <= _MOST_PIECES:
        return value
    return Text.unknown(Unknown.TOO_MUCH, name, value.span)


def may_say_more(file: str, written: Sequence[Written]) -> bool:
    """Some of the names are not known."""
    contents = [(each.content, True) for each in written if each.path.flat == file]
    return any(not said.name for said in _said(contents))


def said_aloud(ran: Sequence[Ran]) -> Mapping[str, Text]:
    """`echo "::set-output name=tag::v1"`, the older form."""
    found: dict[str, Text] = {}
    for command in ran:
        text = command.words[1] if command.program == "echo" and len(command.words) == 2 else Text()
        if text.flat.startswith("::set-output name=") and (end := text.flat.find("::", 18)) > 0:
            found[text.flat[18:end]] = text[end + 2 :]
    return found


def _either(name: str, values: list[Text]) -> Text:
    is_one = len(values) > 1 and all(value == values[0] for value in values)
    return values[0] if is_one else Text.unknown(Unknown.EITHER, name, values[0].span)


def _said(contents: list[tuple[Text, bool]]) -> Iterator[Said]:
    lines = iter([(line, is_certain) for text, is_certain in contents for line in text.lines()])
    for line, is_certain in lines:
        equals, mark = line.flat.find("="), line.flat.find("<<")
        if mark > 0 and (equals < 0 or mark < equals):
            end = line.flat[mark + 2 :]
            value = Text.joined(_until(end, lines), "\n")
            yield Said(_name(line.flat[:mark]), value, is_certain and HOLE not in end)
        elif equals > 0:
            yield Said(_name(line.flat[:equals]), line[equals + 1 :], is_certain)
        elif HOLE in line.flat:
            yield Said("", line, is_certain=False)


def _name(written: str) -> str:
    return "" if HOLE in written else written


def _until(mark: str, lines: Iterator[tuple[Text, bool]]) -> Iterator[Text]:
    for line, _ in lines:
        if line.flat == mark:
            return
        yield line
