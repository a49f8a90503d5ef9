"""Numbers as bash reckons them."""

import pytest

from wharf.formats.shell.arithmetic import number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7), ("-7 / 2", -3), ("-7 % 3", -1), ("2 ** 3 ** 2", 512), ("1 ? 2 : 3", 2), ("!5", 0), ("~0", -1),
        ("0x10 + 010 + 2#101", 29), ("3 > 2 && 2 > 3", 0), ("1 << 4 | 1", 17), ("(1, 2)", None), ("1, 2", 2), ("", 0),
        ("9223372036854775807 + 1", -9223372036854775808), ("N + 1", 6), ("U", None), ("0 && U", None),
    ],
)  # fmt: skip
def test_sums(text: str, expected: int | None) -> None:
    assert expected == number(text, {"N": 5}.get)


@pytest.mark.parametrize(
    "text", ["1 +", "1 / 0", "08", "1 2", "(", "((((1", ")", "$", "1 ? 2", "a b", "+", "99999999999999999999999999"]
)
def test_what_is_no_sum_is_not_known(text: str) -> None:
    assert None is number(text, lambda _: None)


def test_assignments_are_told() -> None:
    told: dict[str, int | None] = {}
    number("a = 2, b += 3, c++", {"b": 1, "c": 5}.get, told.__setitem__)
    assert {"a": 2, "b": 4, "c": 6} == told
