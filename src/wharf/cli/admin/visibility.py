"""`wharf admin visibility`: whether everybody may pull from a repository, or only those who belong to its owner."""

from typing import Final

import click

from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.images.words import REPOSITORY
from wharf.oci.members import Members
from wharf.oci.reference import Reference
from wharf.protocol.api_paths import own

_ABOUT: Final = """\
Tell whether a repository is public or private, or make it so. From a public one everybody may pull, without an account.

What is pushed for the first time is private.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf admin visibility registry.example/crew/app
  wharf admin visibility registry.example/crew/app public
"""


async def _visibility(errand: ApiErrand, repository: Reference, visibility: str | None) -> None:
    path = own("packages", str(repository.repository))
    api, did = errand.api(repository.registry), f"make {repository.repository} {visibility}"
    if visibility is None:
        found = await api.get(path, f"tell of {repository.repository}", _visibility_in)
    else:
        found = await api.patch(path, did, _visibility_in, {"visibility": visibility})
    said = {"repository": str(repository), "visibility": found}
    errand.tell(said, lambda: errand.output.line(f"{repository} is {found}"))


def _visibility_in(answer: Members) -> str:
    return answer.text("visibility")


visibility: Final = api_command(
    "visibility",
    _visibility,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["repository"], type=REPOSITORY),
        click.Argument(["visibility"], type=click.Choice(["public", "private"]), required=False),
    ],
)
