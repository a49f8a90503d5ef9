"""`wharf admin webhook edit|pause|resume|ping`: what is done with a webhook that is there."""

from typing import Final

import click

from wharf.cli.api_errand import ApiErrand, api_command
from wharf.cli.owner_name import OwnerAt
from wharf.cli.webhooks.webhook import (
    AT,
    EVENTS,
    NUMBER,
    DeliveryRow,
    WebhookRow,
    given_for_webhook,
    path_of,
    show_secret,
)

_EDIT: Final = """\
Change a webhook; what is not named stays as it is. Events take the place of those that it had. What is still to be sent
goes to the new address, signed with the new secret.
"""
_EDIT_EXAMPLES: Final = """\
\b
Examples:
  wharf admin webhook edit registry.example/crew 3 --event package
  wharf admin webhook edit registry.example/crew 3 --new-secret \\
    --url https://ci.example/new
"""
_PAUSE: Final = """\
Tell a webhook nothing for a while. What happens meanwhile it never hears of; what it was to be sent before waits until
it goes on, for three days at most.
"""


async def _edit(
    errand: ApiErrand,
    at: OwnerAt,
    number: int,
    *,
    url: str | None,
    events: tuple[str, ...],
    new_secret: bool,
    secret_stdin: bool,
) -> None:
    if new_secret and secret_stdin:
        raise click.UsageError("a secret is made or brought: say one of --new-secret and --secret-stdin")
    if not (url or events or new_secret or secret_stdin):
        raise click.UsageError("nothing is to be changed: say --url, --event, --new-secret or --secret-stdin")
    wish = given_for_webhook(errand, url, secret_stdin=secret_stdin)
    if events:
        wish["events"] = list(events)
    if new_secret:
        wish["renew_secret"] = True
    row = await _changed(errand, at, number, wish)
    errand.tell(row.told, lambda: _show_changed(errand, at, row))


def _show_changed(errand: ApiErrand, at: OwnerAt, row: WebhookRow) -> None:
    errand.output.line(f"changed webhook {row.id} of {at}, {row.wishes}")
    show_secret(errand, row)


async def _pause(errand: ApiErrand, at: OwnerAt, number: int) -> None:
    row = await _changed(errand, at, number, {"active": False})
    errand.tell(row.told, lambda: errand.output.line(f"paused webhook {number} of {at}"))


async def _resume(errand: ApiErrand, at: OwnerAt, number: int) -> None:
    row = await _changed(errand, at, number, {"active": True})
    errand.tell(row.told, lambda: errand.output.line(f"webhook {number} of {at} goes on"))


async def _changed(errand: ApiErrand, at: OwnerAt, number: int, wish: dict[str, object]) -> WebhookRow:
    did = f"change the webhook {number} of {at}"
    return await errand.api(at.registry).patch(path_of(at, number), did, WebhookRow.read, wish)


async def _ping(errand: ApiErrand, at: OwnerAt, number: int) -> None:
    did = f"send a ping to the webhook {number} of {at}"
    row = await errand.api(at.registry).post(path_of(at, number, "pings"), did, DeliveryRow.read, {})
    errand.tell(row.told, lambda: _show_pinged(errand, at, number, row))


def _show_pinged(errand: ApiErrand, at: OwnerAt, number: int, row: DeliveryRow) -> None:
    errand.output.line(f"a ping is to be sent, as delivery {row.id}")
    errand.output.note(f"What became of it: wharf admin webhook deliveries {at} {number}")


edit: Final = api_command(
    "edit",
    _edit,
    _EDIT,
    _EDIT_EXAMPLES,
    [
        AT,
        NUMBER,
        click.Option(["--url"], metavar="URL", help="Another address; a dash reads it from standard input."),
        EVENTS,
        click.Option(["--new-secret"], is_flag=True, help="Make a new secret, and show it once."),
        click.Option(["--secret-stdin"], is_flag=True, help="Read a new secret from standard input."),
    ],
)
pause: Final = api_command(
    "pause",
    _pause,
    _PAUSE,
    "\b\nExample:\n  wharf admin webhook pause registry.example/crew 3\n",
    [AT, NUMBER],
)
resume: Final = api_command(
    "resume",
    _resume,
    "Let a webhook go on that was paused. What waits for it is sent at once, in its order.",
    "\b\nExample:\n  wharf admin webhook resume registry.example/crew 3\n",
    [AT, NUMBER],
)
ping: Final = api_command(
    "ping",
    _ping,
    "Send a ping, behind all that the webhook is still to be sent. One that is paused gets it when it goes on.",
    "\b\nExample:\n  wharf admin webhook ping registry.example/crew 3\n",
    [AT, NUMBER],
)
