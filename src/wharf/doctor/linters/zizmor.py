"""zizmor, which looks for ways in which strangers could make use of a workflow."""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from wharf.doctor.finding import Severity
from wharf.doctor.linters.linted import Json, Linted, Linter, number_of, objects, part_of, path_of, text_of
from wharf.formats.span import Span

_is_workflow = re.compile(r"\.github/workflows/[^/]+\.ya?ml|(?:.*/)?action\.ya?ml").fullmatch


def read_zizmor(printed: str) -> tuple[Linted, ...]:
    found = (_linted(each) for each in objects(printed) if each.get("ignored") is not True)
    return tuple(linted for each in found for linted in each)


def _linted(found: Json) -> Iterator[Linted]:
    """It is about safety, and not about whether what is delivered arrives: worth knowing, no more."""
    locations = found.get("locations")
    spans = [_span(each) for each in locations if isinstance(each, dict)] if isinstance(locations, list) else []
    primary = next((span for span in spans if span), None)
    if primary:
        yield Linted(text_of(found, "ident"), primary, Severity.NOTE, text_of(found, "desc"))


def _span(location: Json) -> Span | None:
    """It counts from nought. What it calls the path depends on its release."""
    local = part_of(location, "symbolic", "key", "Local")
    path = text_of(local, "verbatim_path") or text_of(local, "given_path")
    if not path or text_of(part_of(location, "symbolic"), "kind") not in {"Primary", ""}:
        return None
    start, end = (part_of(location, "concrete", "location", name) for name in ("start_point", "end_point"))
    line, column = number_of(start, "row", 0) + 1, number_of(start, "column", 0) + 1
    end_line, end_column = number_of(end, "row", 0) + 1, number_of(end, "column", 0) + 1
    return Span(path_of(path), line, column, *max((line, column), (end_line, end_column)))


ZIZMOR: Final = Linter(
    "zizmor",
    lambda path: _is_workflow(path) is not None,
    ("--offline", "--quiet", "--no-progress", "--no-exit-codes", "--color=never", "--format=json", "--"),
    read_zizmor,
    MappingProxyType({}),
)
