"""`wharf admin service`: accounts that belong to no person but to an organisation, and work for it with tokens."""

from typing import Final

import click

from wharf.access.login import Login
from wharf.cli.admin.account_row import AccountRow
from wharf.cli.admin.member import role_option
from wharf.cli.api_errand import ApiErrand, api_command, yes_option
from wharf.cli.owner_name import ACCOUNT, AccountAt
from wharf.cli.verbs import Verb, Verbs
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_ABOUT: Final = "Services: accounts of an organisation that no person has. They have tokens, and no password."
_EPILOG: Final = """\
\b
Example:
  wharf admin service create registry.example/crew+ci --role writer
  wharf token create registry.example --account crew+ci
"""

service: Final = Verbs(
    "service",
    {
        "create": Verb(_HERE, "Make a service of an organisation."),
        "list": Verb(_HERE, "List the services of an organisation.", stands_as="listed"),
        "delete": Verb(_HERE, "Delete a service, with its tokens."),
    },
    _ABOUT,
    _EPILOG,
)


async def _create(errand: ApiErrand, account: AccountAt, *, role: str) -> None:
    path, did = own("orgs", str(_organisation(account)), "services"), f"make the service {account.login}"
    wish = {"name": account.login.name_of_service, "role": role}
    row = await errand.api(account.registry).post(path, did, AccountRow.read, wish)
    errand.tell(row.as_json(), lambda: errand.output.line(f"created {account}, {role} in {_organisation(account)}"))


async def _list(errand: ApiErrand, organisation: AccountAt) -> None:
    path, did = own("orgs", str(organisation.login), "services"), f"list the services of {organisation.login}"
    rows = await errand.api(organisation.registry).every(path, did, AccountRow.read)
    lines = [("LOGIN", "ROLE"), *((row.login, row.role) for row in rows)]
    errand.tell({"services": [row.as_json() for row in rows]}, lambda: errand.output.table(lines, "<<"))


async def _delete(errand: ApiErrand, account: AccountAt, *, yes: bool) -> None:
    path = own("orgs", str(_organisation(account)), "services", account.login.name_of_service)
    errand.must_be_sure(f"Delete the service {account}, with its tokens?", yes=yes)
    await errand.api(account.registry).delete(path, f"delete the service {account.login}")
    errand.tell({"deleted": str(account.login)}, lambda: errand.output.line(f"deleted {account}"))


def _organisation(account: AccountAt) -> Login:
    organisation = account.login.organisation
    if organisation is None:
        raise click.UsageError(f"a service is named behind its organisation: {account.registry}/ORG+NAME")
    return organisation


_SERVICE: Final = click.Argument(["account"], type=ACCOUNT, metavar="REGISTRY/ORG+NAME")

create: Final = api_command(
    "create",
    _create,
    "Make a service of an organisation, for a CI job or a cluster. It logs in with tokens: wharf token create.",
    "\b\nExample:\n  wharf admin service create registry.example/crew+ci --role writer\n",
    [_SERVICE, role_option()],
)
listed: Final = api_command(
    "list",
    _list,
    "List the services of an organisation.",
    "\b\nExample:\n  wharf admin service list registry.example/crew\n",
    [click.Argument(["organisation"], type=ACCOUNT, metavar="REGISTRY/ORG")],
)
delete: Final = api_command(
    "delete",
    _delete,
    "Delete a service, with its tokens.",
    "\b\nExample:\n  wharf admin service delete registry.example/crew+ci --yes\n",
    [_SERVICE, yes_option()],
)
