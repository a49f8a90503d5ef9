"""Debian 12 runs Python 3.11.2. What that version gets wrong is not used."""

import re

from tests.house.sources import CODE, modules

# Before 3.11.5, a group that is repeated possessively fails to match where it should (python/cpython#106052).
_POSSESSIVE_GROUP = re.compile(r"\)[*+?]\+")


def test_no_regular_expression_repeats_a_group_possessively() -> None:
    found = [
        f"{module}:{number}"
        for module in modules(*CODE)
        for number, line in enumerate(module.text.splitlines(), 1)
        if _POSSESSIVE_GROUP.search(line) and "_POSSESSIVE_GROUP" not in line
    ]
    assert [] == found
