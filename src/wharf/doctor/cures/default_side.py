"""Letting a default name what CI pushes, where a script takes its default because a variable does not arrive."""

import re
from collections.abc import Iterator

from wharf.doctor.checkout import Checkout
from wharf.doctor.cures.lines import line_at, lines_of, part_of
from wharf.doctor.cures.workflow_side import Change
from wharf.doctor.finding import Edit
from wharf.doctor.way.image_name import image_name
from wharf.doctor.way.way import Answer, Gap
from wharf.formats.span import Span

_default = re.compile(r"\$\{[A-Za-z_]\w*:?[-=](?P<default>[^{}$]+)\}")


def other_names(checkout: Checkout, answer: Answer) -> Iterator[Change]:
    """The repository stands as it is where the reference is put together. Each is to be tried."""
    path = image_name(answer.asked.reference).path or ""
    line = line_at(checkout, answer.asked.span)
    at = line.find(path) if "/" in path else -1
    new = next((image_name(one.reference).path for one in answer.near if one.gap is Gap.REPOSITORY), None)
    if at >= 0 and new is not None:
        span = part_of(answer.asked.span, at, at + len(path))
        yield Change((Edit(span, new),), new, span)


def other_defaults(checkout: Checkout, answer: Answer) -> Iterator[Change]:
    """Each is to be tried."""
    wanted = next((image_name(one.reference) for one in answer.near if one.gap is Gap.REPOSITORY), None)
    if wanted is None or wanted.path is None:
        return
    asked = image_name(answer.asked.reference)
    for at, line in enumerate(lines_of(checkout, answer.asked.span.file), 1):
        for match in _default.finditer(line):
            if match["default"] and asked.repository.flat.endswith(match["default"]):
                span = part_of(Span.at(answer.asked.span.file, at), match.start("default"), match.end("default"))
                new = wanted.repository.flat if "." in match["default"].partition("/")[0] else wanted.path
                yield Change((Edit(span, new),), new, span)
