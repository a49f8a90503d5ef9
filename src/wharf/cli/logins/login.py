"""`wharf login`: a credential is tried at its registry first, and kept only if it is good for something."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from wharf.cli.logins.account_errand import AccountErrand, account_command, rights_options
from wharf.cli.logins.known_failures import with_explanation
from wharf.cli.logins.login_credential import asked_for, obtained
from wharf.cli.logins.login_refusal import refusal_of
from wharf.cli.logins.login_words import LoginDone, tell
from wharf.cli.logins.typed_credential import Given, Typed
from wharf.cli.registry_name import REGISTRY
from wharf.client.clouds.ecr import Place
from wharf.client.clouds.known import cloud_of
from wharf.client.clouds.obtained import Obtained
from wharf.client.connect import open_session
from wharf.client.login.asking import Sender, answered
from wharf.client.login.probe import ask_standing
from wharf.client.login.standing import Question, Standing, to_keep
from wharf.client.wharf_login import is_given_by_wharf, is_of_wharf, token_in
from wharf.credentials.credential import Credential, Password, secret_of
from wharf.credentials.keychain import Anonymous
from wharf.credentials.store import CredentialStore, Stored, choose_store
from wharf.errors import HelperFailed
from wharf.oci.reference import RepositoryName

_ABOUT: Final = """\
Log in to a registry. The credential is tried at the registry before it is kept; one that is refused is not kept, and
the one that was there stays.

The password comes from the keyboard, from a pipe (--password-stdin), or from the key file of a service account. There
is no option for the password itself: the arguments of a command can be read by everybody on the machine. For Amazon
ECR nothing has to be given where this machine has AWS credentials.

Docker, podman and skopeo find what is kept. Where it is kept is docker's choice, unless --store says otherwise.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf login registry.example
  printf %s "$TOKEN" | wharf login ghcr.io --username NAME --password-stdin
  wharf login 123456789012.dkr.ecr.eu-west-1.amazonaws.com
  wharf login europe-docker.pkg.dev --key-file key.json

\b
For one CI job, and gone with its folder:
  wharf login registry.example -u ci --password-stdin --config "$TMP/login"
  DOCKER_CONFIG="$TMP/login" docker push registry.example/team/app:1.0
"""
_NO_SUCH_OPTION: Final = (
    "there is no option for a password: everybody on this machine could read it among the processes. "
    "Pipe it in: --password-stdin"
)
_TOO_MANY_WORDS: Final = (
    "one registry is meant; what else was written is not repeated here, since it may be a secret. "
    "Pipe that in: --password-stdin"
)
_MADE_FOR_IT: Final = "the password, which is not kept: the token was made for this login"


def _login(
    errand: AccountErrand,
    registry: str,
    *,
    username: str,
    password_stdin: bool,
    key_file: Path | None,
    store: str,
    repository: RepositoryName | None,
    probe_push: bool,
    password: str | None,
    more: tuple[str, ...],
) -> Coroutine[object, object, None]:
    """What can go wrong before anybody is asked for a password goes wrong then."""
    if password is not None:
        raise click.UsageError(_NO_SUCH_OPTION)
    if more:
        raise click.UsageError(_TOO_MANY_WORDS)
    if probe_push and repository is None:
        raise click.UsageError("--probe-push tries it at a --repository")
    here = errand.surroundings
    place = choose_store(registry, store, here.environ, here.home, here.platform, errand.wishes.config)
    question = Question(registry, None, repository, push=probe_push, proof_from="with what was given")
    asked = asked_for(errand, registry, Given(username, password_stdin, key_file))
    return _logged_in(errand, question, asked, place)


async def _logged_in(errand: AccountErrand, question: Question, asked: Typed | Place, place: CredentialStore) -> None:
    session = open_session(question.registry, errand.settings(errand.output.note), Anonymous())
    try:
        found = await obtained(question.registry, asked, session)
        offline = not is_of_wharf(secret_of(found.credential))  # a token is kept itself
        standing = await _accepted(errand, replace(question, credential=found.credential, offline=offline), session)
    finally:
        await session.close()
    kept = await _to_keep(errand, found, standing)
    if token_in(kept.credential) is None:
        stored = await asyncio.to_thread(_kept, errand, place, question.registry, kept.credential)
        tell(errand, LoginDone(standing, kept, stored))
    else:
        tell(errand, await _done_at_wharf(errand, standing, kept, place))


async def _to_keep(errand: AccountErrand, found: Obtained, standing: Standing) -> Obtained:
    """At a wharf registry a token of the login's own; elsewhere what docker would keep."""
    given, token = found.credential, None
    if isinstance(given, Password) and is_given_by_wharf(standing.token):
        from wharf.cli.logins.login_at_wharf import kept_at_wharf  # noqa: PLC0415 - start-up time: few need it

        token = await kept_at_wharf(errand, standing.registry, given)
    if token is None:
        return replace(found, credential=to_keep(given, standing))
    by = found.by if token.credential == found.credential else _MADE_FOR_IT
    return Obtained(token.credential, by, token.expires)


async def _done_at_wharf(
    errand: AccountErrand, standing: Standing, kept: Obtained, place: CredentialStore
) -> LoginDone:
    """The registry tells what the token may do; the one whose place it took is taken back."""
    from wharf.cli.logins.login_at_wharf import taken_back, told_at_wharf  # noqa: PLC0415 - start-up time

    before = await asyncio.to_thread(errand.keychain.find, standing.registry)
    stored = await asyncio.to_thread(_kept, errand, place, standing.registry, kept.credential)
    await taken_back(errand, standing.registry, [before.credential])
    is_shown = isinstance(kept.credential, Password)  # to the API: what docker would keep is not
    at_wharf = await told_at_wharf(errand, standing.registry, kept.credential) if is_shown else None
    return LoginDone(standing, kept, stored, at_wharf)


async def _accepted(errand: AccountErrand, question: Question, sender: Sender) -> Standing:
    standing = await answered(ask_standing(question, time.time()), sender)
    here = errand.surroundings
    if refusal := refusal_of(standing, cloud_of(question.registry), here.environ, here.platform):
        raise refusal
    return standing


def _kept(errand: AccountErrand, place: CredentialStore, registry: str, credential: Credential) -> Stored:
    try:
        return place.store(registry, credential)
    except HelperFailed as problem:
        here = errand.surroundings
        raise with_explanation(problem, registry, here.environ, here.platform) from problem


login: Final = account_command(
    "login",
    _login,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["registry"], type=REGISTRY),
        click.Argument(["more"], nargs=-1, metavar=""),
        click.Option(["-u", "--username"], default="", metavar="NAME", help="The account's name."),
        click.Option(["--password-stdin"], is_flag=True, help="Read the password or token from a pipe."),
        click.Option(["-p", "--password"], hidden=True),
        click.Option(
            ["--key-file"],
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            metavar="FILE",
            help="The JSON key of a Google service account.",
        ),
        click.Option(
            ["--store"],
            default="",
            metavar="STORE",
            help="Where to keep it: file, helper (the usual one of this machine), or the name of a helper.",
        ),
        *rights_options(),
    ],
)
