"""What a wharf registry says of its own token, in words and as JSON."""

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
    return [*rows, ("roles", _roles(found) or "none: public repositories alone")]


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


def _roles(found: WharfStanding) -> str:
    """By role: `owner of crew, sample; reader of team`."""
    told = list(found.roles.items())[:_MOST_ROLES]
    by_role = [
        f"{role} of {', '.join(owner for owner, held in told if held == role)}"
        for role in dict.fromkeys(role for _, role in told)
    ]
    by_role += [f"and of {len(found.roles) - _MOST_ROLES} more"] if len(found.roles) > _MOST_ROLES else []
    every = ["administrator"] if found.administrator else []
    return ", ".join([*every, *(["; ".join(by_role)] if by_role else [])])
