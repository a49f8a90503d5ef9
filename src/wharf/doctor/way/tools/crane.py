"""`crane`, `regctl` and `oras`, as far as they copy and tag images."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.way.deed import Act, Deed, Doing
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.tools.options import sorted_words, valued
from wharf.formats.text import Text

_VALUES: Final = valued(
    "--platform",
    "-p",
    "-t",
    "--new_tag",
    "--image",
    "-f",
    "--new_layer",
    "-b",
    "--base",
    "-l",
    "--label",
    "-a",
    "--append",
)


def crane(words: Sequence[Text]) -> Iterator[Act]:
    given = sorted_words(words, _VALUES)
    match [operand.flat for operand in given.operands[:1]], given.operands[1:]:
        case ["copy" | "cp"], (source, target):
            yield Deed(Doing.ASKS, source, "crane copy")
            yield Deed(Doing.PUSHES, target, "crane copy")
        case ["tag"], (source, *tags):
            yield Deed(Doing.ASKS, source, "crane tag")
            repository = image_name(source).repository
            yield from (Deed(Doing.PUSHES, repository + Text.known(":") + tag, "crane tag") for tag in tags)
        case ["push"], (_, target):
            yield Deed(Doing.PUSHES, target, "crane push")
        case ["append" | "mutate" as command], _:
            yield from (Deed(Doing.PUSHES, tag, f"crane {command}") for tag in given.values("-t", "--new_tag"))
        case ["pull"], (image, *_):
            yield Deed(Doing.ASKS, image, "crane pull")
        case ["digest" | "manifest" | "validate"], (image, *_):
            yield Deed(Doing.PROBES, image, f"crane {given.operands[0].flat}")


def regctl(words: Sequence[Text]) -> Iterator[Act]:
    given = sorted_words(words, valued("--platform", "-p", "--format", "--digest-tags"))
    match [operand.flat for operand in given.operands[:2]], given.operands[2:]:
        case ["image", "copy" | "cp"], (source, target):
            yield Deed(Doing.ASKS, source, "regctl image copy")
            yield Deed(Doing.PUSHES, target, "regctl image copy")
