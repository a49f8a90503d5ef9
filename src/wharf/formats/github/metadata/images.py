"""The input `images`: names without tags, each of which may be switched off.

A single line without any `=` is of the old form, where commas are between the names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from wharf.formats.github.metadata.entries import cells, field
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.text import Text


@dataclass(frozen=True)
class Image:
    name: Text
    enable: bool | None = True
    """None, where it is not known."""


def parse_images(lines: list[Text]) -> list[Image]:
    if len(lines) == 1:
        fields = [field(cell) for cell in cells(lines[0])]
        if all(each.key is None for each in fields):
            return [_image(each.value) for each in fields]
    return [_parsed(line) for line in lines]


def _image(name: Text, enable: bool | None = True) -> Image:  # noqa: FBT001, FBT002 - one of the three it has
    return Image(name.mapped(str.lower), enable)


def _parsed(line: Text) -> Image:
    name, enable = Text(), Text.known("true")
    for each in (field(cell) for cell in cells(line)):
        if each.key is None or each.key == "name":
            name = each.value
        elif each.key == "enable":
            enable = each.value
            _check(line, enable)
        else:
            raise refusal(line, f"Unknown image attribute: {line.shown}")
    if not name:
        raise refusal(line, f"Image name attribute empty: {line.shown}")
    return _image(name, None if enable.holes else enable.flat == "true")


def _check(line: Text, enable: Text) -> None:
    if not enable.holes and enable.flat not in {"true", "false"}:
        raise refusal(line, f"Invalid enable attribute value: {line.shown}")


def enabled(images: list[Image]) -> Iterator[Image]:
    return (image for image in images if image.enable is not False)
