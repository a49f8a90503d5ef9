"""`wharf admin org`: organisations, to which the repositories belong that begin with their name."""

from typing import Final

import click

from wharf.cli.admin.account_row import AccountRow
from wharf.cli.api_errand import ApiErrand, api_command, yes_option
from wharf.cli.owner_name import ACCOUNT, AccountAt
from wharf.cli.registry_name import REGISTRY
from wharf.cli.verbs import Verb, Verbs
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_ABOUT: Final = "Organisations: to them belong the repositories that begin with their name."
_EPILOG: Final = """\
\b
Example:
  wharf admin org create registry.example/crew
"""

org: Final = Verbs(
    "org",
    {
        "create": Verb(_HERE, "Make an organisation."),
        "list": Verb(_HERE, "List the organisations.", stands_as="listed"),
        "delete": Verb(_HERE, "Delete an organisation that owns no repository."),
    },
    _ABOUT,
    _EPILOG,
)


async def _create(errand: ApiErrand, organisation: AccountAt, *, display: str) -> None:
    wish = {"login": str(organisation.login), "display": display}
    did = f"make the organisation {organisation.login}"
    row = await errand.api(organisation.registry).post(own("orgs"), did, AccountRow.read, wish)
    errand.tell(row.as_json(), lambda: errand.output.line(f"created {organisation}"))


async def _list(errand: ApiErrand, registry: str) -> None:
    rows = await errand.api(registry).every(own("orgs"), "list the organisations", AccountRow.read)
    lines = [("LOGIN", "NAME"), *((row.login, row.display) for row in rows)]
    errand.tell({"organisations": [row.as_json() for row in rows]}, lambda: errand.output.table(lines, "<<"))


async def _delete(errand: ApiErrand, organisation: AccountAt, *, yes: bool) -> None:
    errand.must_be_sure(f"Delete the organisation {organisation}, with its services?", yes=yes)
    did = f"delete the organisation {organisation.login}"
    await errand.api(organisation.registry).delete(own("orgs", str(organisation.login)), did)
    errand.tell({"deleted": str(organisation.login)}, lambda: errand.output.line(f"deleted {organisation}"))


_ORGANISATION: Final = click.Argument(["organisation"], type=ACCOUNT, metavar="REGISTRY/ORG")

create: Final = api_command(
    "create",
    _create,
    "Make an organisation. Whoever makes it is its first owner.",
    "\b\nExample:\n  wharf admin org create registry.example/crew\n",
    [_ORGANISATION, click.Option(["--display"], default="", metavar="NAME", help="Its name in full.")],
)
listed: Final = api_command(
    "list",
    _list,
    "List the organisations: all of them for administrators, for others those that they belong to.",
    "\b\nExample:\n  wharf admin org list registry.example\n",
    [click.Argument(["registry"], type=REGISTRY)],
)
delete: Final = api_command(
    "delete",
    _delete,
    "Delete an organisation, with its services and their tokens. One that owns repositories stays.",
    "\b\nExample:\n  wharf admin org delete registry.example/crew --yes\n",
    [_ORGANISATION, yes_option()],
)
