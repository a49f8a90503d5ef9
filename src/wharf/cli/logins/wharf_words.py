"""What a wharf registry says of its own token, in words and as JSON."""

from collections.abc import Iterator
from typing import Final

from wharf.cli.output import Json
from wharf.client.wharf_login import WharfStanding

_MOST_ROLES: Final = 8
_IMAGES: Final = ", for images alone"


def wharf_rows(found: WharfStanding) -> list[tuple[str, str]]:
    """Of a password there is no number; it may whatever its account may."""
    label = f" ({found.label})" if found.label else ""
    rows = [] if found.token_id is None else [("token", f"{found.token_id}{label}")]
    rows += [("scopes", f"{' '.join(found.scopes) or 'none'}{_IMAGES if found.is_for_images_alone else ''}")]
    rows += [("only for", " ".join(found.repositories))] if found.repositories else []
    return [*rows, ("roles", ", ".join(_roles(found)) or "none: public repositories alone")]


def wharf_as_json(found: WharfStanding) -> Json:
    return {
        "id": found.token_id,
        "kind": found.kind or None,
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
