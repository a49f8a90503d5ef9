import pytest

from wharf.access.role import Role
from wharf.errors import MalformedChoice


def test_each_role_includes_those_before_it() -> None:
    roles = list(Role)
    assert [roles[: place + 1] for place in range(4)] == [[r for r in roles if role.includes(r)] for role in roles]


def test_other_words_are_refused() -> None:
    with pytest.raises(MalformedChoice):
        Role.parse("king")
