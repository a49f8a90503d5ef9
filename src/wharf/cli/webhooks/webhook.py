"""`wharf admin webhook`: addresses that are told of what happens at an owner, or anywhere in the registry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import click

from wharf.cli.admin.new_password import piped_password
from wharf.cli.api_errand import ApiErrand, api_command, yes_option
from wharf.cli.output import shortened
from wharf.cli.owner_name import OWNER, OwnerAt
from wharf.cli.verbs import Verb, Verbs
from wharf.oci.members import Members
from wharf.oci.strict_json import JsonValue
from wharf.protocol.api_paths import own

_HERE: Final = __name__
_CHANGING: Final = "wharf.cli.webhooks.changing"
_STATES: Final = ("waiting", "delivered", "dead")
_WIDTH: Final = 80
_FROM_STDIN: Final = "-"
_ABOUT: Final = "Webhooks: addresses that are told of what happens at an owner, or in the whole registry."
_EPILOG: Final = """\
\b
Examples:
  wharf admin webhook create registry.example/crew https://ci.example/hooks \\
    --event package
  wharf admin webhook deliveries registry.example/crew 3 --state dead
"""

_CREATE: Final = """\
Tell an address of what happens at an owner, or in the whole registry. Each delivery is signed with a secret, which is
made and shown once unless you bring your own. An address that is a secret itself is read from standard input: write a
dash in its place.
"""
_CREATE_EXAMPLES: Final = """\
\b
Examples:
  wharf admin webhook create registry.example/crew \\
    https://ci.example/hooks --event package
  wharf admin webhook create registry.example/crew - < address
"""

webhook: Final = Verbs(
    "webhook",
    {
        "create": Verb(_HERE, "Tell an address of what happens."),
        "list": Verb(_HERE, "List the webhooks of an owner.", stands_as="listed"),
        "edit": Verb(_CHANGING, "Give a webhook another address, other events or a new secret."),
        "pause": Verb(_CHANGING, "Tell a webhook nothing for a while."),
        "resume": Verb(_CHANGING, "Let a webhook go on that was paused."),
        "ping": Verb(_CHANGING, "Send a ping, to see whether it arrives."),
        "delete": Verb(_HERE, "Delete a webhook."),
        "deliveries": Verb(_HERE, "List what a webhook was sent, and what it never took."),
        "redeliver": Verb(_HERE, "Send something once more."),
    },
    _ABOUT,
    _EPILOG,
)


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """`told` is the registry's own document, for machines."""

    id: int
    url: str
    events: tuple[str, ...]
    active: bool
    secret: str
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, row: Members) -> Self:
        active = row.flag("active") if "active" in row.values else True
        return cls(row.number("id"), row.text("url"), row.texts("events"), active, row.text("secret"), row.values)

    @property
    def wishes(self) -> str:
        paused = "" if self.active else " (paused)"
        return f"for {' '.join(self.events)}{paused}"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """`told` is the registry's own document, for machines."""

    id: int
    event: str
    state: str
    attempts: int
    created_at: str
    problem: str
    told: dict[str, JsonValue]

    @classmethod
    def read(cls, row: Members) -> Self:
        return cls(
            row.number("id"),
            row.text("event"),
            row.text("state"),
            row.number("attempts"),
            row.text("created_at"),
            row.text("problem"),
            row.values,
        )

    @property
    def fate(self) -> str:
        often = f" ({self.attempts} times)" if self.attempts > 1 else ""
        return f"{self.state}{often}"

    def cells(self) -> tuple[str, str, str, str]:
        when = self.created_at.replace("T", " ").removesuffix("Z")
        return str(self.id), when, self.event, self.fate


async def _create(errand: ApiErrand, at: OwnerAt, *, url: str, events: tuple[str, ...], secret_stdin: bool) -> None:
    given = given_for_webhook(errand, url, secret_stdin=secret_stdin)
    wish = {**given, "events": list(events)}
    row = await errand.api(at.registry).post(path_of(at), f"make a webhook of {at}", WebhookRow.read, wish)
    errand.tell(row.told, lambda: _show_new(errand, at, row))


def given_for_webhook(errand: ApiErrand, url: str | None, *, secret_stdin: bool) -> dict[str, object]:
    """The address and the secret, as far as they are given, one of them perhaps by standard input."""
    if secret_stdin and url == _FROM_STDIN:
        raise click.UsageError("standard input brings one thing: the address, or the secret")
    piped = piped_password(errand.surroundings).reveal() if secret_stdin or url == _FROM_STDIN else ""
    address = {} if url is None else {"url": piped if url == _FROM_STDIN else url}
    return {**address, "secret": piped} if secret_stdin else {**address}


def _show_new(errand: ApiErrand, at: OwnerAt, row: WebhookRow) -> None:
    errand.output.line(f"created webhook {row.id} of {at}, {row.wishes}")
    show_secret(errand, row)


def show_secret(errand: ApiErrand, row: WebhookRow) -> None:
    if row.secret:
        errand.output.line(f"secret: {row.secret}")
        errand.output.note("It signs each delivery, and is not shown again.")


async def _list(errand: ApiErrand, at: OwnerAt) -> None:
    rows = await errand.api(at.registry).every(path_of(at), f"list the webhooks of {at}", WebhookRow.read)
    errand.tell({"webhooks": [row.told for row in rows]}, lambda: _show(errand, rows))


def _show(errand: ApiErrand, rows: Sequence[WebhookRow]) -> None:
    if not rows:
        errand.output.note("no webhooks")
    for row in rows:
        errand.output.line(f"{row.id}  {row.url}")
        errand.output.line(f"    {row.wishes}")


async def _delete(errand: ApiErrand, at: OwnerAt, number: int, *, yes: bool) -> None:
    errand.must_be_sure(f"Delete the webhook {number} of {at}, with what it is still to be sent?", yes=yes)
    await errand.api(at.registry).delete(path_of(at, number), f"delete the webhook {number} of {at}")
    errand.tell({"deleted": number}, lambda: errand.output.line(f"deleted webhook {number} of {at}"))


async def _deliveries(errand: ApiErrand, at: OwnerAt, number: int, *, state: str | None) -> None:
    query = {} if state is None else {"state": state}
    did = f"list the deliveries of the webhook {number}"
    rows = await errand.api(at.registry).every(path_of(at, number, "deliveries"), did, DeliveryRow.read, query)
    errand.tell({"deliveries": [row.told for row in rows]}, lambda: _show_deliveries(errand, rows))


def _show_deliveries(errand: ApiErrand, rows: Sequence[DeliveryRow]) -> None:
    errand.output.table([("ID", "CREATED", "EVENT", "STATE"), *(row.cells() for row in rows)], "><<<")
    for row in rows:
        if row.problem:
            errand.output.line(shortened(f"{row.id}: {row.problem}", _WIDTH))


async def _redeliver(errand: ApiErrand, at: OwnerAt, number: int, delivery: int) -> None:
    path = path_of(at, number, "deliveries", str(delivery), "redeliver")
    did = f"send the delivery {delivery} once more"
    row = await errand.api(at.registry).post(path, did, DeliveryRow.read, {})
    errand.tell(row.told, lambda: errand.output.line(f"{row.event} is sent once more, as delivery {row.id}"))


def path_of(at: OwnerAt, number: int | None = None, *further: str) -> str:
    one = () if number is None else (str(number),)
    return own("owners", at.segment, "webhooks", *one, *further)


AT: Final = click.Argument(["at"], type=OWNER, metavar="REGISTRY[/OWNER]")
EVENTS: Final = click.Option(
    ["events", "--event"],
    multiple=True,
    metavar="EVENT",
    help="A word of the audit log, such as tag.move, or a family of them, such as package. May be given again.",
)
NUMBER: Final = click.Argument(["number"], type=click.IntRange(1), metavar="WEBHOOK")

create: Final = api_command(
    "create",
    _create,
    _CREATE,
    _CREATE_EXAMPLES,
    [
        AT,
        click.Argument(["url"], metavar="URL"),
        EVENTS,
        click.Option(["--secret-stdin"], is_flag=True, help="Read the secret from standard input."),
    ],
)
listed: Final = api_command(
    "list",
    _list,
    "List the webhooks of an owner, without their secrets.",
    "\b\nExample:\n  wharf admin webhook list registry.example/crew\n",
    [AT],
)
delete: Final = api_command(
    "delete",
    _delete,
    "Delete a webhook, with what it is still to be sent.",
    "\b\nExample:\n  wharf admin webhook delete registry.example/crew 3 --yes\n",
    [AT, NUMBER, yes_option()],
)
deliveries: Final = api_command(
    "deliveries",
    _deliveries,
    "List what a webhook was sent and is to be sent, the newest first. Dead is what it never took.",
    "\b\nExample:\n  wharf admin webhook deliveries registry.example/crew 3 --state dead\n",
    [AT, NUMBER, click.Option(["--state"], type=click.Choice(_STATES), help="Only those in this state.")],
)
redeliver: Final = api_command(
    "redeliver",
    _redeliver,
    "Send something once more, under the same number, behind all that the webhook is still to be sent.",
    "\b\nExample:\n  wharf admin webhook redeliver registry.example/crew 3 17\n",
    [AT, NUMBER, click.Argument(["delivery"], type=click.IntRange(1), metavar="DELIVERY")],
)
