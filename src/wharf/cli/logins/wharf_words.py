"""What a wharf registry says of its own token, in words and as JSON."""

from collections.abc import Iterator
from typing import Final

from wharf.cli.output import Json
from wharf.client.wharf_login import WharfStanding

_MOST_ROLES: Final = 8


def wharf_rows(found: WharfStanding) -> list[tuple[str, str]]:
    rows = [("token", f"{found.token_id}{f' ({found.label})' if found.label else ''}")]
    rows += [("scopes", " ".join(found.scopes) or "none")]
    rows += [("only for", " ".join(found.repositories))] if found.repositories else []
    return [*rows, ("roles", ", ".join(_roles(found)) or "none: public repositories alone")]


def wharf_as_json(found: WharfStanding) -> Json:
    return {
        "id": found.token_id,
        "label": found.label,
        "scopes": list(found.scopes),
        "repositories": list(found.repositories),
        "administrator": found.administrator,
        "roles": dict(found.roles),
    }


def _roles(found: WharfStanding) -> Iterator[str]:
    if found.administrator:
        yield "administrator"
    roles = list(found.roles.items())
    yield from (f"{role} of {owner}" for owner, role in roles[:_MOST_ROLES])
    if len(roles) > _MOST_ROLES:
        yield f"and of {len(roles) - _MOST_ROLES} more"
