"""What accounts cost a pull: one manifest, with a token that is looked at, beside the registry that asks nobody."""

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bench.conditions import Conditions
from bench.contestants import PASSWORD, wharf, wharf_with_accounts
from bench.measure import Bench, BenchFailed, Figure, at_least, duel
from bench.rows.manifest_get import REPOSITORY, manifests_per_second, ready_to_pull
from bench.servers import Server
from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.access.secret_text import SecretKind, SecretText
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, Moment, NewAccount, NewToken
from wharf.metadata.sqlite import SqliteMetadata

ACCOUNTS = 10_000
TOKENS_OF_EACH = 10
_YEAR = 366 * 86_400_000


def beside_the_open_one(conditions: Conditions) -> Iterator[Figure]:
    command = conditions.wharf_command
    if command is None:
        return
    with ExitStack() as opened:
        folder = opened.enter_context(conditions.folder("bearer"))
        with_token = guarded(opened, conditions, command, folder / "guarded")
        without = opened.enter_context(open_one(conditions, folder / "open"))
        rate = partial(manifests_per_second, ready_to_pull(without), conditions.sizes.wrk_seconds)
        yield from duel(conditions.sizes.rounds, "requests/s", with_token, rate)


def in_a_crowd(conditions: Conditions) -> Iterator[Figure]:
    command = conditions.wharf_command
    if command is None:
        return
    with ExitStack() as opened:
        folder = opened.enter_context(conditions.folder("bearer-crowd"))
        crowded = guarded(opened, conditions, command, folder / "crowded", accounts=ACCOUNTS)
        alone = guarded(opened, conditions, command, folder / "alone")
        yield from duel(conditions.sizes.rounds, "requests/s", crowded, alone)


def guarded(
    opened: ExitStack, conditions: Conditions, command: tuple[str, ...], folder: Path, accounts: int = 0
) -> partial[float]:
    """A registry with accounts that holds the image, and how fast it gives it to whoever shows a token for it."""
    with open_one(conditions, folder) as server:
        target = urlsplit(ready_to_pull(server)).path
    server = opened.enter_context(wharf_with_accounts(command, folder))
    asyncio.run(crowd(folder / "store", accounts))
    url = server.url + target
    field = f"Authorization: Bearer {docker_token(server)}"
    manifests_per_second(url, 1, field)
    return partial(manifests_per_second, url, conditions.sizes.wrk_seconds, field)


def open_one(conditions: Conditions, folder: Path) -> AbstractContextManager[Server]:
    launch = wharf(conditions)
    assert launch is not None
    folder.mkdir(exist_ok=True)
    return launch(folder)


def docker_token(server: Server) -> str:
    caller = server.connect()
    proof = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    caller.request("GET", f"/token?scope=repository:{REPOSITORY}:pull", headers={"Authorization": f"Basic {proof}"})
    answer = caller.getresponse()
    said = answer.read()
    caller.close()
    if answer.status != 200:
        raise BenchFailed(f"no token was given: {answer.status} {said[:200]!r}")
    return str(json.loads(said)["token"])


async def crowd(store: Path, accounts: int) -> None:
    """Accounts and tokens, written where the registry will find them: an API would make passwords for each of them."""
    metadata = SqliteMetadata(store)
    try:
        await metadata.write(partial(gather, accounts=accounts))
    finally:
        metadata.close()


def gather(ledger: Ledger, accounts: int) -> None:
    now = Moment(1_700_000_000_000)
    for number in range(accounts):
        account = ledger.accounts.add(NewAccount(Login(f"user{number:05}"), AccountKind.USER), now)
        assert account is not None
        for token in range(TOKENS_OF_EACH):
            secret = SecretText.new(SecretKind.PERSONAL)
            read = frozenset({Permission.READ})
            ledger.tokens.add(NewToken(account.id, secret, f"token {token}", read, Moment(now + _YEAR)), now)


BENCHES = (
    Bench(
        "bearer",
        "manifest GET by tag with a Bearer token",
        "wharf --open",
        "wrk, one thread, 32 connections",
        at_least(0.8),
        beside_the_open_one,
    ),
    Bench(
        "bearer-crowd",
        "the same with 10,000 accounts and 100,000 tokens",
        "wharf with one account",
        "wrk, one thread, 32 connections",
        at_least(0.95),
        in_a_crowd,
    ),
)
