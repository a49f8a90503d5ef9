"""What a wharf registry says of a token, in the words of whoami and login."""

from collections.abc import Mapping

import pytest

from wharf.cli.logins.wharf_words import wharf_rows
from wharf.client.wharf_login import WharfStanding


@pytest.mark.parametrize(
    ("administrator", "roles", "told"),
    [
        (False, {}, "none: public repositories alone"),
        (True, {}, "administrator"),
        (False, {"crew": "writer"}, "writer of crew"),
        (
            True,
            {"crew": "owner", "open": "reader", "team": "owner"},
            "administrator, owner of crew, team; reader of open",
        ),
        (
            False,
            {f"o{number}": "owner" for number in range(1, 11)},
            "owner of o1, o2, o3, o4, o5, o6, o7, o8; and of 2 more",
        ),
    ],
)
def test_roles_are_told_by_role(administrator: bool, roles: Mapping[str, str], told: str) -> None:
    rows = dict(wharf_rows(WharfStanding("ada", administrator, roles, ("admin",))))
    assert told == rows["roles"]
