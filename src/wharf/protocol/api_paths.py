"""The addresses of the JSON API of a wharf registry: GitHub's words for packages, and wharf's own for the rest.

A segment may be any text, the whole name of a repository too: what is in it is escaped, slashes as well.
"""

from typing import Final
from urllib.parse import quote

OWN: Final = "/api/wharf/v1"
GITHUB: Final = "/api/v3"


def own(*segments: str) -> str:
    """own("orgs", "crew") is /api/wharf/v1/orgs/crew."""
    return _joined(OWN, segments)


def github(*segments: str) -> str:
    """github("user") is /api/v3/user."""
    return _joined(GITHUB, segments)


def _joined(front: str, segments: tuple[str, ...]) -> str:
    return "/".join((front, *(quote(segment, safe="") for segment in segments)))
