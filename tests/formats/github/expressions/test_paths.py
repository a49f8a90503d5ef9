"""What an expression asks for."""

import pytest

from wharf.formats.github.expressions.parse import Misread, parse_expression
from wharf.formats.github.expressions.paths import calls_in, paths_in


def paths(written: str) -> list[str]:
    parsed = parse_expression(written)
    assert not isinstance(parsed, Misread)
    return sorted(".".join(path.names) for path in paths_in(parsed, written))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("steps.Build.outputs.digest", ["steps.build.outputs.digest"]),
        ("needs['a-b'].result == 'x' && !env.Y", ["env.y", "needs.a-b.result"]),
        ("format('{0}', a.b, c)", ["a.b", "c"]),
        ("a[b.c].d", ["a", "b.c"]),
        ("a.*.b", ["a"]),
        ("'a.b'", []),
    ],
)
def test_the_longest_paths_are_told(written: str, expected: list[str]) -> None:
    assert expected == paths(written)


def test_calls_are_told_in_small_letters() -> None:
    parsed = parse_expression("toJSON(a) == format(success())")
    assert not isinstance(parsed, Misread)
    assert {"tojson", "format", "success"} == {call.function for call in calls_in(parsed)}
