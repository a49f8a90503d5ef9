"""A push that takes longer than its token lives counts; one whose sender lost their right meanwhile does not."""

import json
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.registry.conftest import HandClock
from tests.registry.http.api.api_caller import ApiCaller, administrator
from wharf.access.login import Login
from wharf.access.role import Role
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountId, Moment
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX
from wharf.registry.services.identity.docker_tokens import forget_ended
from wharf.testing.registry import Answer, InProcessRegistry, Wire

LAYER = (b"the first half, ", b"and the second, an hour later")
DIGEST = Digest.of(b"".join(LAYER))
INDEX = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}).encode()
Change = Callable[[Ledger, AccountId], object]


@dataclass
class _Slow(Wire):
    """Each piece takes an hour to come; before the last one somebody changes something."""

    clock: HandClock | None = None
    registry: InProcessRegistry | None = None
    meanwhile: Change | None = None

    async def receive(self) -> MutableMapping[str, Any]:
        assert self.clock is not None
        self.clock.move(3600)
        if self.meanwhile and self.registry and self.pieces_taken == len(self.pieces) - 1:
            await self.registry.metadata.write(self._change)
        return await super().receive()

    def _change(self, ledger: Ledger) -> None:
        alice = ledger.accounts.find(Login("alice"))
        assert alice is not None
        assert self.meanwhile is not None
        self.meanwhile(ledger, alice.id)
        ledger.counters.access_changed()


class Crew:
    """An organisation, of which Alice is a writer."""

    def __init__(self, registry: InProcessRegistry, clock: HandClock) -> None:
        self.registry, self.clock = registry, clock
        self.admin = administrator(registry)
        self.alice = self.admin.user("alice")
        self.admin.post("/orgs", {"login": "crew"})
        self.admin.put("/orgs/crew/members/alice", {"role": "writer"})

    def token(self) -> ApiCaller:
        """A short-lived one for a push to crew/app, bought with the password."""
        asked = "/token?service=localhost&scope=repository:crew/app:pull,push"
        return self.alice.bearer(self.asked(self.alice, "GET", asked).json()["token"])

    def bought(self, form: dict[str, str]) -> ApiCaller:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        with self.registry.acting(""):
            answer = self.registry.request("POST", "/token", urlencode(form).encode(), kind)
        return self.alice.bearer(answer.json()["access_token"])

    def slow(self, *pieces: bytes, meanwhile: Change | None = None) -> _Slow:
        return _Slow(pieces, clock=self.clock, registry=self.registry, meanwhile=meanwhile)

    def post(self, who: ApiCaller, meanwhile: Change | None = None) -> Answer:
        target = f"/v2/crew/app/blobs/uploads/?digest={DIGEST}"
        return self._sent(who, "POST", target, self.slow(*LAYER, meanwhile=meanwhile))

    def put(self, who: ApiCaller, meanwhile: Change | None = None) -> Answer:
        begun = self.asked(who, "POST", "/v2/crew/app/blobs/uploads/").headers["location"]
        return self._sent(who, "PUT", f"{begun}?digest={DIGEST}", self.slow(*LAYER, meanwhile=meanwhile))

    def manifest(self, who: ApiCaller, meanwhile: Change | None = None) -> Answer:
        return self._sent(who, "PUT", "/v2/crew/app/manifests/1.0", self.slow(INDEX, meanwhile=meanwhile))

    def _sent(self, who: ApiCaller, method: str, target: str, wire: _Slow) -> Answer:
        headers = {"authorization": who.authorization, "content-type": OCI_INDEX}
        return self.registry.exchange(method, target, wire, headers)

    def asked(self, who: ApiCaller, method: str, target: str) -> Answer:
        with self.registry.acting(who.authorization):
            return self.registry.request(method, target)


Push = Callable[[Crew, ApiCaller, Change | None], Answer]
PUSHES: tuple[Push, ...] = (Crew.post, Crew.put, Crew.manifest)


@pytest.fixture
def crew(tmp_path: Path, clock: HandClock) -> Iterator[Crew]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password="correct horse") as registry:
        yield Crew(registry, clock)


def disabled(ledger: Ledger, alice: AccountId) -> None:
    ledger.accounts.set_disabled(alice, Moment(1))


def given_another_password(ledger: Ledger, alice: AccountId) -> None:
    ledger.accounts.set_password(alice, "another hash", Moment(1))


def put_out(ledger: Ledger, alice: AccountId) -> None:
    ledger.accounts.leave(_crew(ledger), alice)


def made_a_reader(ledger: Ledger, alice: AccountId) -> None:
    ledger.accounts.set_role(_crew(ledger), alice, Role.READER, Moment(1))


def revoked(ledger: Ledger, alice: AccountId) -> None:
    ledger.tokens.revoke_all(alice, Moment(1))


def somebody_else_changed(ledger: Ledger, alice: AccountId) -> None:
    ledger.accounts.set_disabled(_crew(ledger), None)


def _crew(ledger: Ledger) -> AccountId:
    found = ledger.accounts.find(Login("crew"))
    assert found is not None
    return found.id


@pytest.mark.parametrize("push", PUSHES)
def test_a_push_outlives_the_token_that_it_is_sent_with(crew: Crew, push: Push) -> None:
    token = crew.token()
    assert (201, 401) == (push(crew, token, None).status, crew.post(token).status)


@pytest.mark.parametrize("push", PUSHES)
def test_it_outlives_its_token_also_where_somebody_else_was_changed_meanwhile(crew: Crew, push: Push) -> None:
    assert 201 == push(crew, crew.token(), somebody_else_changed).status


@pytest.mark.parametrize("push", PUSHES)
@pytest.mark.parametrize("ending", [disabled, given_another_password])
def test_nothing_is_published_with_a_credential_that_somebody_ended_meanwhile(
    crew: Crew, push: Push, ending: Change
) -> None:
    assert 401 == push(crew, crew.token(), ending).status
    assert [] == list(crew.registry.content.copies())


@pytest.mark.parametrize("push", PUSHES)
@pytest.mark.parametrize("ending", [put_out, made_a_reader])
def test_nothing_is_published_by_who_lost_their_role_meanwhile(crew: Crew, push: Push, ending: Change) -> None:
    answer = push(crew, crew.token(), ending)
    assert (403, "the role writer" in answer.body.decode()) == (answer.status, True)
    assert [] == list(crew.registry.content.copies())


@pytest.mark.parametrize("push", PUSHES)
def test_nothing_is_published_with_a_token_that_was_revoked_meanwhile(crew: Crew, push: Push) -> None:
    assert 401 == push(crew, crew.alice.token("write:packages"), revoked).status


def test_it_outlives_the_login_that_its_token_came_from_also_where_ended_ones_are_forgotten(crew: Crew) -> None:
    def forgotten(ledger: Ledger, _alice: AccountId) -> None:
        forget_ended(ledger, crew.clock())

    login = {"service": "localhost", "scope": "repository:crew/app:pull,push"}
    kept = crew.asked(crew.alice, "GET", f"/token?{urlencode({**login, 'offline_token': 'true'})}").json()
    crew.clock.move(crew.registry.settings.token_age - 3600)
    form = {**login, "grant_type": "refresh_token", "refresh_token": kept["refresh_token"]}
    given = crew.bought(form)
    assert (201, 401) == (crew.post(given, forgotten).status, crew.asked(given, "GET", "/v2/").status)


def test_a_push_that_was_refused_at_its_end_says_where_a_new_token_is_had(crew: Crew) -> None:
    answer = crew.post(crew.token(), disabled)
    assert "repository:crew/app:pull,push" in answer.headers["www-authenticate"]
