"""The functions of GitHub's expressions, without those that ask how the job fares."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from wharf.formats.github.expressions.coercions import text_of_value, truth_of
from wharf.formats.github.expressions.compare import equal, may_be
from wharf.formats.github.expressions.json_texts import LONGEST, read_json, written_json
from wharf.formats.github.expressions.values import Fields, Items, Value
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import HOLE, Text

_mark = re.compile(r"\{\{|\}\}|\{([0-9]{1,3})\}")


class Function(NamedTuple):
    do: Callable[[Sequence[Value]], Value]
    fewest: int
    most: int


def first_hole(values: Sequence[Value]) -> Hole | None:
    """Why the result is not known."""
    for value in values:
        if isinstance(value, Hole):
            return value
        if isinstance(value, Text) and value.holes:
            return value.holes[0]
        if isinstance(value, Items) and (inner := first_hole(value.values)):
            return inner
    return None


def decided_or_open(decided: bool | None, values: Sequence[Value]) -> Value:  # noqa: FBT001 - it is a value
    if decided is not None:
        return decided
    return first_hole(values) or Hole(Reason(Unknown.RUN, "a comparison"))


def _contains(given: Sequence[Value]) -> Value:
    where, what = given
    if isinstance(where, Items):
        found = [equal(each, what) for each in where.values]
        return decided_or_open(True if True in found else None if None in found else False, given)
    if isinstance(where, Fields):
        return False
    whole, part = text_of_value(where), text_of_value(what)
    return decided_or_open(_has(whole.flat.upper(), part.flat.upper()), given)


def _has(whole: str, part: str) -> bool | None:
    if HOLE not in part and part in whole:
        return True
    return None if HOLE in whole or HOLE in part else False


def _starts(given: Sequence[Value]) -> Value:
    whole, part = (text_of_value(each).flat.upper() for each in given)
    return decided_or_open(_begins(whole, part), given)


def _ends(given: Sequence[Value]) -> Value:
    whole, part = (text_of_value(each).flat.upper()[::-1] for each in given)
    return decided_or_open(_begins(whole, part), given)


def _begins(whole: str, part: str) -> bool | None:
    if HOLE not in part and whole.startswith(part):
        return True
    known, asked = whole.partition(HOLE)[0], part.partition(HOLE)[0]
    if not (known.startswith(asked) or (HOLE in whole and asked.startswith(known))):
        return False
    if HOLE in whole or HOLE not in part:
        return None if HOLE in whole else False
    return None if may_be(whole, part + HOLE) else False


def _format(given: Sequence[Value]) -> Value:
    template, values = text_of_value(given[0]), [text_of_value(each) for each in given[1:]]
    if template.holes:
        return template.holes[0]
    if any(brace in _mark.sub("", template.flat) for brace in "{}"):
        return Hole(Reason(Unknown.SYNTAX, template.flat[:80]), template.span)
    sizes = (len(values[int(at[1])]) for at in _mark.finditer(template.flat) if at[1] and int(at[1]) < len(values))
    if sum(sizes) > LONGEST:
        return Hole(Reason(Unknown.TOO_MUCH, "format"), template.span)
    return Text.joined(_formatted(template, values))


def _formatted(template: Text, values: Sequence[Text]) -> Iterator[Text]:
    at = 0
    for mark in _mark.finditer(template.flat):
        yield template[at : mark.start()]
        at = mark.end()
        if mark[1] is None:
            yield template[mark.start() : mark.start() + 1]
        elif int(mark[1]) < len(values):
            yield values[int(mark[1])]
        else:
            yield Text.unknown(Unknown.SYNTAX, mark[0], template[mark.start() : at].span)
    yield template[at:]


def _join(given: Sequence[Value]) -> Value:
    what = given[0]
    between = text_of_value(given[1]) if len(given) > 1 else Text.known(",")
    if isinstance(what, Hole):
        return what
    if not isinstance(what, Items):
        return text_of_value(what)
    if len(between) * len(what.values) > LONGEST:
        return Hole(Reason(Unknown.TOO_MUCH, "join"))
    texts = [text_of_value(each) for each in what.values]
    return Text.joined(part for at, text in enumerate(texts) for part in ((between, text) if at else (text,)))


def _to_json(given: Sequence[Value]) -> Value:
    return given[0] if isinstance(given[0], Hole) else written_json(given[0])


def _from_json(given: Sequence[Value]) -> Value:
    return given[0] if isinstance(given[0], Hole) else read_json(text_of_value(given[0]))


def _hash_files(given: Sequence[Value]) -> Value:
    return Hole(Reason(Unknown.RUN, "hashFiles"))


def _case(given: Sequence[Value]) -> Value:
    """Conditions with their values, and one value for all else."""
    for condition, value in zip(given[:-1:2], given[1::2], strict=False):
        truth = truth_of(condition)
        if truth is None:
            return first_hole([condition]) or Hole(Reason(Unknown.RUN, "case"))
        if truth:
            return value
    return given[-1]


FUNCTIONS: Final[Mapping[str, Function]] = {
    "contains": Function(_contains, 2, 2),
    "startswith": Function(_starts, 2, 2),
    "endswith": Function(_ends, 2, 2),
    "format": Function(_format, 1, 255),
    "join": Function(_join, 1, 2),
    "tojson": Function(_to_json, 1, 1),
    "fromjson": Function(_from_json, 1, 1),
    "hashfiles": Function(_hash_files, 1, 255),
    "case": Function(_case, 3, 255),
}
STATUS_FUNCTIONS: Final = frozenset({"success", "failure", "always", "cancelled"})
CONTEXTS: Final = frozenset(
    {"github", "env", "vars", "secrets", "inputs", "matrix", "needs", "steps", "job", "jobs", "runner", "strategy"}
)
