"""`wharf admin rule`: tags that stay where they are, and what is kept of old versions."""

from dataclasses import dataclass
from typing import Final, Self

import click

from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.moments import SpanParameter
from wharf.cli.output import Json
from wharf.cli.owner_name import OWNER, OwnerAt
from wharf.cli.verbs import Verb, Verbs
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_ABOUT: Final = "Rules: tags that stay where they are, and what is kept of old versions."
_EPILOG: Final = """\
\b
Examples:
  wharf admin rule create registry.example/crew --immutable --tag 'v*'
  wharf admin rule create registry.example/crew --keep-newest 10
  wharf admin rule list registry.example/crew
"""
_ABOUT_CREATING: Final = """\
Make a rule for an owner's repositories; without an owner, for all of the registry.

With --immutable a tag, once set, stays at its image, and stays. All else is a rule of retention, which says what is
kept. Of each repository that such a rule is about, what none of them keeps goes: daily, or with `wharf admin retention
run`. Try it first: that has a --dry-run, which says of each version whether it goes and why.
"""
_EPILOG_OF_CREATING: Final = """\
\b
Examples:
  wharf admin rule create registry.example/crew --immutable \\
      --tag 'v*' --except '*-rc'
  wharf admin rule create registry.example/crew --keep-newest 10 \\
      --keep-pulled-within 30d --tag 'nightly-*'
"""

rule: Final = Verbs(
    "rule",
    {
        "create": Verb(_HERE, "Make a rule."),
        "list": Verb(_HERE, "List the rules of an owner.", stands_as="listed"),
        "delete": Verb(_HERE, "End a rule."),
    },
    _ABOUT,
    _EPILOG,
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as its registry tells of it. `told` is the registry's own document."""

    number: int
    says: str
    made_by: str
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, row: Members) -> Self:
        return cls(row.number("id"), row.text("says"), row.text("created_by"), row.values)


async def _create(
    errand: ApiErrand,
    owner: OwnerAt,
    *,
    immutable: bool,
    tags: tuple[str, ...],
    except_tags: tuple[str, ...],
    repositories: tuple[str, ...],
    keep_tags: tuple[str, ...],
    **numbers: int | None,
) -> None:
    told: dict[str, tuple[str, ...] | int | None] = {
        "repositories": repositories,
        "tags": tags,
        "except_tags": except_tags,
        "keep_tags": keep_tags,
        **numbers,
    }
    wish = {name: value for name, value in told.items() if value}
    path = own("owners", owner.segment, "rules")
    kind = "immutable" if immutable else "retention"
    made = await errand.api(owner.registry).post(path, "make a rule", RuleRow.read, {"kind": kind, **wish})
    errand.tell(made.told, lambda: errand.output.line(f"rule {made.number}: {made.says}"))


async def _list(errand: ApiErrand, owner: OwnerAt) -> None:
    path = own("owners", owner.segment, "rules")
    rows = await errand.api(owner.registry).every(path, "list the rules", RuleRow.read)
    told: list[Json] = [row.told for row in rows]
    errand.tell({"rules": told}, lambda: _show(errand, rows))


def _show(errand: ApiErrand, rows: tuple[RuleRow, ...]) -> None:
    from wharf.cli.output import wrapped  # noqa: PLC0415 - beside what only machines read, it is not needed

    if not rows:
        errand.output.note("no rules: tags may be moved, and nothing goes by itself")
    widest = max((len(str(row.number)) for row in rows), default=0)
    for row in rows:
        errand.output.lines(wrapped(f"  {row.number:>{widest}}  ", f"{row.says} (by {row.made_by})"))


async def _delete(errand: ApiErrand, owner: OwnerAt, *, number: int) -> None:
    await errand.api(owner.registry).delete(own("owners", owner.segment, "rules", str(number)), "end the rule")
    errand.tell({"deleted": number}, lambda: errand.output.line(f"rule {number} of {owner} has ended"))


def _patterns(name: str, flag: str, about: str) -> click.Option:
    return click.Option([name, flag], multiple=True, metavar="PATTERN", help=f"{about} May be given again.")


_OWNER: Final = click.Argument(["owner"], type=OWNER, metavar="REGISTRY[/OWNER]")

create: Final = api_command(
    "create",
    _create,
    _ABOUT_CREATING,
    _EPILOG_OF_CREATING,
    [
        _OWNER,
        click.Option(["--immutable"], is_flag=True, help="Tags stay where they are."),
        _patterns("tags", "--tag", "Only about tags like 'v*', or versions with one."),
        _patterns("except_tags", "--except", "With --immutable: but not tags like this."),
        _patterns("repositories", "--repository", "Only in these, such as crew/app or 'crew/lib-*'."),
        click.Option(["--keep-newest"], type=click.IntRange(1), metavar="N", help="Keep as many of the newest."),
        click.Option(["--keep-younger-than"], type=SpanParameter(), help="Keep what was pushed within 12h, 30d, 6w."),
        click.Option(["--keep-pulled-within"], type=SpanParameter(), help="Keep what was pulled within that time."),
        _patterns("keep_tags", "--keep-tag", "Keep what has a tag like this."),
    ],
)
listed: Final = api_command(
    "list",
    _list,
    "List the rules of an owner; without an owner, those of the registry as a whole.",
    "\b\nExample:\n  wharf admin rule list registry.example/crew\n",
    [_OWNER],
)
delete: Final = api_command(
    "delete",
    _delete,
    "End a rule. What it held still may be moved again, and what it kept is kept no more.",
    "\b\nExample:\n  wharf admin rule delete registry.example/crew 3\n",
    [_OWNER, click.Argument(["number"], type=click.IntRange(1), metavar="RULE")],
)
