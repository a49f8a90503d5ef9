"""The input `flavor`: what is put before and after all tags, and whether there is a tag `latest`."""

from dataclasses import dataclass, field, replace

from wharf.formats.github.metadata import entries
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.text import Text


@dataclass(frozen=True)
class Affix:
    """A prefix or a suffix. `also_latest` is None where that is not known."""

    text: Text = field(default_factory=Text)
    also_latest: bool | None = False


@dataclass(frozen=True)
class Flavor:
    latest: Text = field(default_factory=lambda: Text.known("auto"))
    prefix: Affix = Affix()
    suffix: Affix = Affix()


def parse_flavor(lines: list[Text]) -> Flavor:
    flavor = Flavor()
    for line in lines:
        flavor = _with_line(flavor, line)
    return flavor


def _with_line(flavor: Flavor, line: Text) -> Flavor:
    last = ""
    for cell in entries.cells(line):
        each = entries.field(cell)
        value = each.value
        match each.key:
            case None:
                raise refusal(line, f"Invalid flavor entry: {line.shown}")
            case "latest":
                if not value.holes and value.flat not in {"auto", "true", "false"}:
                    raise refusal(line, f"Invalid latest flavor entry: {line.shown}")
                flavor = replace(flavor, latest=value)
            case "prefix":
                flavor, last = replace(flavor, prefix=replace(flavor.prefix, text=value)), "prefix"
            case "suffix":
                flavor, last = replace(flavor, suffix=replace(flavor.suffix, text=value)), "suffix"
            case "onlatest":
                flavor = _with_onlatest(flavor, last, value)
            case _:
                raise refusal(line, f"Unknown flavor entry: {line.shown}")
    return flavor


def _with_onlatest(flavor: Flavor, which: str, value: Text) -> Flavor:
    if not value.holes and value.flat not in {"true", "false"}:
        raise refusal(value, f"Invalid value for onlatest attribute: {value.shown}")
    also = None if value.holes else value.flat == "true"
    if which == "prefix":
        return replace(flavor, prefix=replace(flavor.prefix, also_latest=also))
    if which == "suffix":
        return replace(flavor, suffix=replace(flavor.suffix, also_latest=also))
    return flavor
