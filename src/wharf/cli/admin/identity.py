"""`wharf admin identity`: which jobs of CI are believed without a secret, and as which account they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import click

from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.moments import SpanParameter
from wharf.cli.output import Output
from wharf.cli.owner_name import LOGIN
from wharf.cli.registry_name import REGISTRY
from wharf.cli.verbs import Verb, Verbs
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_ABOUT: Final = """\
Which jobs of CI are believed without a secret: a rule names who vouches for them, and as which account they come.
"""
_EPILOG: Final = """\
\b
Example:
  wharf admin identity create registry.example --label actions \\
    --issuer https://token.actions.githubusercontent.com \\
    --audience registry.example --subject 'repo:crew/app:*' \\
    --account crew+ci --scope write:packages
"""

identity: Final = Verbs(
    "identity",
    {
        "create": Verb(_HERE, "Believe jobs of CI that an issuer vouches for."),
        "list": Verb(_HERE, "List the rules.", stands_as="listed"),
        "delete": Verb(_HERE, "Believe them no more."),
    },
    _ABOUT,
    _EPILOG,
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """`told` is the registry's own document, for machines."""

    id: int
    label: str
    issuer: str
    audience: str
    subject: str
    account: str
    scopes: tuple[str, ...]
    repositories: tuple[str, ...]
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, row: Members) -> Self:
        return cls(
            row.number("id"),
            row.text("label"),
            row.text("issuer"),
            row.text("audience"),
            row.text("subject"),
            row.text("account"),
            row.texts("scopes"),
            row.texts("repositories"),
            row.values,
        )

    def lines(self) -> list[tuple[str, str]]:
        only = [("only for", " ".join(self.repositories))] if self.repositories else []
        return [
            ("issuer", self.issuer),
            ("audience", self.audience),
            ("subject", self.subject),
            ("comes as", f"{self.account}, with {' '.join(self.scopes)}"),
            *only,
        ]


class ClaimParameter(click.ParamType[tuple[str, str]]):
    name = "NAME=PATTERN"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        claim, equals, pattern = str(value).partition("=")
        if not (claim and equals and pattern):
            self.fail(f"{value!r} is not NAME=PATTERN, such as ref=refs/heads/main", param, ctx)
        return claim, pattern


async def _create(
    errand: ApiErrand,
    registry: str,
    *,
    account: Login,
    scopes: tuple[str, ...],
    repositories: tuple[str, ...],
    claims: tuple[tuple[str, str], ...],
    expires: int | None,
    **texts: str,
) -> None:
    wish = {
        **texts,
        "account": str(account),
        "scopes": list(scopes),
        "repositories": list(repositories),
        "claims": dict(claims),
        **({"expires_in": expires} if expires is not None else {}),
    }
    row = await errand.api(registry).post(own("identity-rules"), "make a rule for identities", RuleRow.read, wish)
    errand.tell(row.told, lambda: errand.output.line(f"created rule {row.id}: {row.subject} comes as {row.account}"))


async def _list(errand: ApiErrand, registry: str) -> None:
    rows = await errand.api(registry).every(own("identity-rules"), "list the rules for identities", RuleRow.read)
    errand.tell({"rules": [row.told for row in rows]}, lambda: _show(errand.output, rows))


def _show(output: Output, rows: Sequence[RuleRow]) -> None:
    if not rows:
        output.note("no rules: no job of CI is believed without a secret")
    for row in rows:
        output.heading(f"{row.id}  {row.label}")
        output.table(row.lines(), "<<")


async def _delete(errand: ApiErrand, registry: str, number: int) -> None:
    await errand.api(registry).delete(own("identity-rules", str(number)), f"delete the rule {number}")
    errand.tell({"deleted": number}, lambda: errand.output.line(f"deleted rule {number}"))


_REGISTRY: Final = click.Argument(["registry"], type=REGISTRY)

create: Final = api_command(
    "create",
    _create,
    "Believe jobs of CI that an issuer vouches for: they exchange what it says for a short token of the account. In "
    "the subject and in claims a star stands for anything.",
    _EPILOG,
    [
        _REGISTRY,
        click.Option(["--label"], required=True, metavar="TEXT", help="What it is for."),
        click.Option(["--issuer"], required=True, metavar="URL", help="Who vouches for the jobs."),
        click.Option(["--audience"], required=True, metavar="TEXT", help="For whom the jobs ask to be vouched for."),
        click.Option(["--subject"], required=True, metavar="PATTERN", help="Which jobs: 'repo:crew/app:*'."),
        click.Option(
            ["claims", "--claim"], type=ClaimParameter(), multiple=True, help="What else it must say. May be repeated."
        ),
        click.Option(["--account"], type=LOGIN, required=True, metavar="LOGIN", help="As whom: the service crew+ci."),
        click.Option(
            ["scopes", "--scope"],
            type=click.Choice([each.value for each in Permission]),
            multiple=True,
            required=True,
            metavar="SCOPE",
            help="read:packages, write:packages, delete:packages. May be repeated.",
        ),
        click.Option(
            ["repositories", "--repository"],
            multiple=True,
            metavar="PATTERN",
            help="Only for these, such as crew/app. May be repeated.",
        ),
        click.Option(["--expires"], type=SpanParameter(), help="The token's life: 15m unless told, at most 1h."),
    ],
)
listed: Final = api_command(
    "list",
    _list,
    "List the rules: who is believed, and as which account they come.",
    "\b\nExample:\n  wharf admin identity list registry.example\n",
    [_REGISTRY],
)
delete: Final = api_command(
    "delete",
    _delete,
    "Believe them no more. What the rule gave ends, too.",
    "\b\nExample:\n  wharf admin identity delete registry.example 3\n",
    [_REGISTRY, click.Argument(["number"], type=click.IntRange(min=1), metavar="ID")],
)
