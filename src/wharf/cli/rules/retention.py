"""`wharf admin retention`: rules of retention are followed now, or it is said what would go and why."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final, Self

import click

from wharf.cli.api_errand import ApiErrand, api_command, yes_option
from wharf.cli.output import padded, shortened, wrapped
from wharf.cli.owner_name import OWNER, OwnerAt
from wharf.cli.verbs import Verb, Verbs
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_NAMES_WIDTH: Final = 21
_DIGEST: Final = len("sha256:") + 12
_ABOUT: Final = "Retention: what goes of old versions, by the rules that `wharf admin rule` makes."
_EPILOG: Final = """\
\b
Examples:
  wharf admin retention run registry.example/crew --dry-run
  wharf admin retention daily --data /srv/wharf
"""

retention: Final = Verbs(
    "retention",
    {
        "run": Verb(_HERE, "Follow an owner's rules now, or say what would go."),
        "daily": Verb("wharf.cli.rules.retention_daily", "Follow all rules, as the registry does each day."),
    },
    _ABOUT,
    _EPILOG,
)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    repository: str
    digest: str
    tags: tuple[str, ...]
    stays: bool
    why: str

    @classmethod
    def read(cls, row: Members) -> Self:
        return cls(row.text("repository"), row.text("digest"), row.texts("tags"), row.flag("stays"), row.text("why"))

    def lines(self) -> list[str]:
        name = ", ".join(self.tags) or self.digest[:_DIGEST]
        fate = "stays" if self.stays else "goes "
        return wrapped(f"  {fate}  {padded(shortened(name, _NAMES_WIDTH), _NAMES_WIDTH)}  ", self.why)


@dataclass(frozen=True, slots=True)
class Run:
    """`told` is the registry's own document; `is_complete`: whether it tells of all versions."""

    is_dry: bool
    staying: int
    going: int
    decisions: tuple[DecisionRow, ...]
    is_complete: bool
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, answer: Members) -> Self:
        return cls(
            answer.flag("dry_run"),
            answer.number("staying"),
            answer.number("going"),
            tuple(map(DecisionRow.read, answer.each("decisions"))),
            answer.flag("complete"),
            answer.values,
        )

    def summary(self) -> str:
        gone = "would go" if self.is_dry else "went, and can be restored for a while"
        stayed = "would stay" if self.is_dry else "stayed"
        return f"{self.going} {gone}; {self.staying} {stayed}"


async def _run(errand: ApiErrand, owner: OwnerAt, *, dry_run: bool, yes: bool) -> None:
    if not dry_run:
        errand.must_be_sure(f"Delete what no rule keeps of {owner}?", yes=yes)
    path = own("owners", owner.segment, "retention")
    api = errand.api(owner.registry)
    run = await api.post(path, "follow the rules of retention", Run.read, {"dry_run": dry_run})
    errand.tell(run.told, lambda: _show(errand, run))


def _show(errand: ApiErrand, run: Run) -> None:
    for repository, decisions in groupby(run.decisions, key=lambda decision: decision.repository):
        errand.output.heading(repository)
        for decision in sorted(decisions, key=lambda decision: (decision.stays, not decision.tags)):
            errand.output.lines(decision.lines())
    if not run.is_complete:
        errand.output.note("there are more versions than are told of here")
    errand.output.line(run.summary())


run: Final = api_command(
    "run",
    _run,
    "Follow the rules of retention of an owner now; without an owner, all of them. What goes can be restored.",
    "\b\nExamples:\n  wharf admin retention run registry.example/crew --dry-run\n"
    "  wharf admin retention run registry.example/crew --yes\n",
    [
        click.Argument(["owner"], type=OWNER, metavar="REGISTRY[/OWNER]"),
        click.Option(["--dry-run"], is_flag=True, help="Take nothing; say of each version if it would go, and why."),
        yes_option(),
    ],
)
