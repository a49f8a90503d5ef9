"""A registry of nobody in particular: Distribution, Harbor, Nexus, wharf and the like. Names and rules are its own."""

from typing import Final

from wharf.client.clouds.cloud import UNTIL_REVOKED, Cloud

PLAIN: Final = Cloud(
    name="a registry",
    recognises=lambda _registry: True,
    username_for=lambda _shape: "",
    lifetime_of=lambda _shape: UNTIL_REVOKED,
    advice=lambda _username, _shape: (),
    ways_in=("a user name and a password or token that the registry's operator gives out",),
    usual_mistakes=(
        "the user name or the password is mistyped, or its token was revoked or has expired",
        "the account belongs to another registry: look at the host and at the port",
    ),
)
