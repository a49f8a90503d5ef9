"""Rights that end while what they are for is under way: what was begun with them is not finished without them."""

import json
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.registry.http.api.api_caller import PASSWORD, ApiCaller, administrator
from wharf.access.login import Login
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import Moment, TokenId
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry, Wire

Change = Callable[[Ledger], object]


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[ApiCaller]:
    with InProcessRegistry(tmp_path, admin_password=PASSWORD) as registry:
        yield administrator(registry)


@dataclass
class SlowWire(Wire):
    """Before the last piece of the body arrives, something else happens at the registry."""

    registry: InProcessRegistry | None = None
    meanwhile: Sequence[Change] = ()

    async def receive(self) -> MutableMapping[str, Any]:
        if self.pieces_taken == len(self.pieces) - 1 and self.registry is not None:
            for change in self.meanwhile:
                await self.registry.metadata.write(change)
        return await super().receive()


def asked(caller: ApiCaller, method: str, target: str, body: object, *meanwhile: Change, kind: str = "") -> int:
    raw = json.dumps(body).encode()
    wire = SlowWire((raw[:5], raw[5:]), registry=caller.registry, meanwhile=meanwhile)
    headers = {"authorization": caller.authorization, "content-length": str(len(raw)), "content-type": kind}
    return caller.registry.exchange(method, target, wire, headers).status


def revoked(token: int) -> Change:
    def change(ledger: Ledger) -> None:
        ledger.tokens.revoke(TokenId(token), Moment(1))
        ledger.counters.access_changed()

    return change


def demoted(login: str) -> Change:
    def change(ledger: Ledger) -> None:
        account = ledger.accounts.find(Login(login))
        assert account is not None
        ledger.accounts.set_administrator(account.id, is_one=False)
        ledger.counters.access_changed()

    return change


def test_a_token_that_is_revoked_while_its_request_trickles_in_buys_no_other(admin: ApiCaller) -> None:
    made = admin.made("admin")
    thief = admin.bearer(made["token"])
    wish = {"scopes": ["admin"]}
    assert 401 == asked(thief, "POST", f"{OWN}/tokens", wish, revoked(made["id"]))


def test_who_is_no_administrator_any_more_when_the_request_is_whole_makes_no_account(admin: ApiCaller) -> None:
    chief = admin.user("chief", administrator=True)
    assert 403 == asked(chief, "POST", f"{OWN}/users", {"login": "mole", "administrator": True}, demoted("chief"))
    assert admin.get("/users/mole").status == 404


def test_a_manifest_is_not_published_by_a_token_that_was_revoked_while_it_came(admin: ApiCaller) -> None:
    assert admin.post("/orgs", {"login": "crew"}).status == 201
    image = admin.registry.image("crew/app")
    made = admin.made("write:packages")
    pusher = admin.bearer(made["token"])
    at = "/v2/crew/app/manifests/1.0"
    assert 401 == asked(pusher, "PUT", at, image, revoked(made["id"]), kind=str(image["mediaType"]))
    assert admin.registry.request("GET", at).status == 404
