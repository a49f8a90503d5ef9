"""Quay: a robot account, which belongs to a namespace, or a token under a name that begins with a dollar sign."""

import re
from typing import Final

from wharf.client.clouds.cloud import UNTIL_REVOKED, Advice, Cloud, Lifetime, host_of, likely, remark
from wharf.client.clouds.shape import SecretShape

SPECIAL_NAMES: Final = frozenset({"$oauthtoken", "$token", "$app"})
_is_robot = re.compile(r"[a-z0-9][a-z0-9_.-]*\+[a-z][a-z0-9_]{1,254}").fullmatch


def _lifetime(_shape: SecretShape) -> Lifetime:
    return UNTIL_REVOKED


def _advice(username: str, _shape: SecretShape) -> tuple[Advice, ...]:
    if username.startswith("$") and username not in SPECIAL_NAMES:
        return (likely(f"Quay knows no user {username}", f"its special names are {', '.join(sorted(SPECIAL_NAMES))}"),)
    if username in {"oauthtoken", "token", "app"}:
        return (
            likely(f"the name is written ${username}; in double quotes the shell takes the dollar sign as a variable's",
                   f"write it in single quotes: --username '${username}'"),
        )  # fmt: skip
    if username.startswith("+") or username.endswith("+"):
        return (likely("half of a robot's name is missing", "its name is NAMESPACE+NAME"),)
    if "+" in username and not _is_robot(username):
        return (likely("a robot's name is NAMESPACE+NAME, in lower case", "copy it from the robot's page"),)
    if username and "+" not in username and not username.startswith("$"):
        return (remark("for machines, a robot account has rights of its own and can be revoked by itself"),)
    return ()


QUAY: Final = Cloud(
    name="Quay",
    recognises=lambda registry: host_of(registry) == "quay.io",
    username_for=lambda _shape: "",
    lifetime_of=_lifetime,
    advice=_advice,
    ways_in=(
        "a robot account: wharf login quay.io --username NAMESPACE+NAME --password-stdin",
        "an OAuth token: wharf login quay.io --username '$oauthtoken' --password-stdin",
        "an application token: wharf login quay.io --username '$app' --password-stdin",
    ),
    usual_mistakes=(
        "the robot has no permission on the repository: give it read, write or admin there",
        "accounts that sign in through Red Hat have no password here: set one, or use a robot",
        "the `+` or `$` of the user name was lost in the shell: write it in single quotes",
    ),
)
