"""`wharf whoami`: who one is at a registry, or at all known here, where that comes from, and what one may do."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import click

from wharf.cli.exit_codes import NOT_THERE, OK
from wharf.cli.logins.account_errand import AccountErrand, account_command, rights_options
from wharf.cli.logins.identity import Identity
from wharf.cli.logins.whoami_words import as_json, show_all, show_one, silent_as_json, tell_problem, tell_silent
from wharf.cli.output import Json
from wharf.cli.registry_name import REGISTRY
from wharf.client.clouds.docker_hub import DOCKER_HUB, PREVIEW, PREVIEW_SCOPE
from wharf.client.login.asking import answered
from wharf.client.login.probe import ask_pulls_left, ask_standing
from wharf.client.login.standing import Question, Standing, Verdict
from wharf.client.wharf_login import WharfStanding, is_given_by_wharf
from wharf.credentials.keychain import Anonymous, Source
from wharf.credentials.known import Inventory
from wharf.errors import WharfError
from wharf.oci.reference import RepositoryName

_ABOUT: Final = """\
Tell who you are: which source has a credential for the registry, for which account, since when, what it may do, when
it ends; and why the other sources did not answer. Without a registry, for all that are known here.

The registry is asked, unless --offline says otherwise. Secrets are never shown.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf whoami
  wharf whoami ghcr.io --repository team/app
  wharf whoami --offline --json

\b
Exit codes:
   0  logged in
   4  not logged in
   6  the registry refuses the credential, it has expired, or it may do
      nothing with the repository
   9  the registry cannot be asked
  11  not logged in, because a source of credentials failed
"""
_MOST_AT_ONCE: Final = 16


async def _whoami(
    errand: AccountErrand,
    registry: str | None,
    *,
    repository: RepositoryName | None,
    probe_push: bool,
    offline: bool,
) -> int:
    if registry is None and repository is not None:
        raise click.UsageError("--repository: of which registry? Name it")
    if probe_push and (repository is None or offline):
        raise click.UsageError("--probe-push asks the registry about a --repository")
    question = Question(registry or "", None, repository, push=probe_push)
    if registry is None:
        return await _everywhere(errand, question, offline=offline)
    return await _at_one(errand, question, offline=offline)


async def _at_one(errand: AccountErrand, question: Question, *, offline: bool) -> int:
    inventory, identity = await asyncio.gather(
        asyncio.to_thread(errand.keychain.inventory), _identity(errand, question, offline=offline)
    )
    found = _dated(identity, _since(inventory))
    errand.tell(as_json(found), lambda: show_one(errand, found))
    return found.exit_code.code


async def _everywhere(errand: AccountErrand, question: Question, *, offline: bool) -> int:
    """A registry that is found in many sources is one row: only the first source that answers counts."""
    inventory = await asyncio.to_thread(errand.keychain.inventory)
    registries = list(dict.fromkeys(row.registry for row in inventory.known))
    questions = [replace(question, registry=registry) for registry in registries]
    since, doors = _since(inventory), asyncio.Semaphore(_MOST_AT_ONCE)

    async def found(one: Question) -> Identity:
        async with doors:
            return _dated(await _identity(errand, one, offline=offline), since)

    dated = await asyncio.gather(*map(found, questions))
    errand.tell(_document(dated, inventory), lambda: _show_everywhere(errand, dated, inventory))
    if not dated:
        return NOT_THERE.code
    return next((each.exit_code.code for each in dated if each.exit_code is not OK), OK.code)


async def _identity(errand: AccountErrand, question: Question, *, offline: bool) -> Identity:
    lookup = await asyncio.to_thread(errand.keychain.find, question.registry, question.repository)
    identity = Identity(question.registry, lookup, datetime.now(UTC))
    if lookup.credential is None or offline:
        return identity
    place = lookup.source.place if lookup.source else ""
    return await _asked(errand, identity, replace(question, credential=lookup.credential, proof_from=place))


async def _asked(errand: AccountErrand, identity: Identity, question: Question) -> Identity:
    from wharf.client.connect import open_session  # noqa: PLC0415 - start-up time: --offline asks nobody

    notices: list[str] = []
    session = open_session(question.registry, errand.settings(notices.append), Anonymous())
    try:
        standing = await answered(ask_standing(question, time.time()), session)
        counts = DOCKER_HUB.recognises(question.registry) and standing.verdict is not Verdict.REFUSED
        flow = ask_pulls_left(question, PREVIEW, PREVIEW_SCOPE, time.time())
        pulls = await answered(flow, session) if counts else None
        told = tuple(notice for notice in notices if notice != f"{question.registry}: {pulls}")
        at_wharf = await _told_at_wharf(errand, standing)
        return replace(identity, standing=standing, pulls=pulls, at_wharf=at_wharf, notices=told)
    except WharfError as problem:
        return replace(identity, error=problem, notices=tuple(notices))
    finally:
        await session.close()


async def _told_at_wharf(errand: AccountErrand, standing: Standing) -> WharfStanding | None:
    """The short-lived token asks: what docker keeps is good for nothing else, and a password need not be shown."""
    if standing.token is None or not is_given_by_wharf(standing.token):
        return None
    from wharf.cli.logins.login_at_wharf import told_at_wharf  # noqa: PLC0415 - start-up time: --offline asks nobody

    return await told_at_wharf(errand, standing.registry, standing.token)


def _since(inventory: Inventory) -> Mapping[Source | None, datetime | None]:
    """The first row of a source counts."""
    return {row.source: row.since for row in reversed(inventory.known)}


def _dated(identity: Identity, since: Mapping[Source | None, datetime | None]) -> Identity:
    return replace(identity, since=since.get(identity.lookup.source))


def _show_everywhere(errand: AccountErrand, every: Sequence[Identity], inventory: Inventory) -> None:
    show_all(errand, every)
    for warning in (*inventory.warnings, *(notice for each in every for notice in each.notices)):
        errand.output.warn(warning)
    for each in every:
        if each.error is not None:
            tell_problem(errand, each)
    tell_silent(errand, [silent for silent in inventory.silent if silent.failed])


def _document(every: Sequence[Identity], inventory: Inventory) -> Json:
    return {
        "registries": [as_json(each) for each in every],
        "silent": [silent_as_json(silent) for silent in inventory.silent],
        "warnings": list(inventory.warnings),
    }


whoami: Final = account_command(
    "whoami",
    _whoami,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["registry"], type=REGISTRY, required=False),
        *rights_options(),
        click.Option(["--offline"], is_flag=True, help="Ask no registry: tell what is known on this machine."),
    ],
)
