"""Who asks: challenges answered, tokens shared and renewed, and refusals that name the source of a credential."""

import asyncio
import json
import threading
from dataclasses import replace

import pytest

from tests.client.asking import (
    BASIC,
    BRISK,
    PULL,
    PUSH,
    SECRET,
    TAGS,
    TEAM,
    Pocket,
    answer_of,
    evidence,
    paths,
    told,
    twice,
)
from tests.client.guarded_server import ask_for_token, guarded, issue, registry
from tests.client.raw_server import Behaviour, RawServer, Talk, good
from wharf.client.message import Response
from wharf.client.session import Session
from wharf.credentials.credential import IdentityToken, Password, RegistryToken
from wharf.credentials.keychain import Lookup, Silent, Source
from wharf.credentials.secret import Secret
from wharf.errors import (
    LoginImpossible,
    RemoteAnswered,
    RemoteDenied,
    RemoteMisbehaved,
    RemoteUnauthenticated,
    TlsRefused,
    Unreachable,
)
from wharf.oci.reference import RepositoryName


def test_nothing_is_shown_before_it_is_demanded() -> None:
    with RawServer(good) as server:
        pocket = Pocket(TEAM)
        told(server.host, twice, pocket=pocket)
        assert [None, None] == server.authorizations()
    assert [] == pocket.asked


def test_a_token_is_fetched_once_and_used_again() -> None:
    with registry() as server:
        told(server.host, twice, TEAM)
        assert ["/v2/team/app/tags/list", "/token"] + ["/v2/team/app/tags/list"] * 2 == paths(server)
        assert [None, BASIC, "Bearer token-1", "Bearer token-1"] == server.authorizations()


def test_without_a_credential_one_asks_for_a_token_as_nobody() -> None:
    with registry() as server:
        assert 200 == answer_of(server.host, TAGS).status
        assert [None, None, "Bearer token-1"] == server.authorizations()


def test_a_token_for_more_serves_for_less() -> None:
    async def story(session: Session) -> None:
        await session.ask(TAGS, PUSH)
        await session.ask(TAGS, PULL)

    with registry() as server:
        told(server.host, story, TEAM)
        assert 1 == paths(server).count("/token")


def test_another_right_needs_another_token_and_no_second_refusal() -> None:
    async def story(session: Session) -> None:
        await session.ask(TAGS, PULL)
        await session.ask(TAGS, PUSH)

    with registry() as server:
        told(server.host, story, TEAM)
        assert [None, BASIC, "Bearer token-1", BASIC, "Bearer token-3"] == server.authorizations()


def test_those_who_need_the_same_token_wait_for_one() -> None:
    async def story(session: Session) -> list[Response]:
        return await asyncio.gather(*(session.ask(TAGS, PULL) for _ in range(12)))

    def slowly(talk: Talk) -> None:
        threading.Event().wait(0.2)
        issue(talk)

    with registry(token=slowly) as server:
        assert [200] * 12 == [response.status for response in told(server.host, story, TEAM)]
        assert 1 == paths(server).count("/token")


def test_who_gives_up_waiting_for_a_token_leaves_the_others_waiting() -> None:
    async def story(session: Session) -> int:
        first = asyncio.create_task(session.ask(TAGS, PULL))
        second = asyncio.create_task(session.ask(TAGS, PULL))
        await asyncio.sleep(0.15)
        first.cancel()
        return (await second).status

    def slowly(talk: Talk) -> None:
        threading.Event().wait(0.3)
        issue(talk)

    with registry(token=slowly) as server:
        assert 200 == told(server.host, story, TEAM)


def test_a_token_is_renewed_before_it_runs_out() -> None:
    now = [1000.0]

    async def story(session: Session) -> None:
        await session.ask(TAGS, PULL)
        now[0] += 295
        await session.ask(TAGS, PULL)

    with registry() as server:
        told(server.host, story, TEAM, clock=lambda: now[0])
        assert [None, BASIC, "Bearer token-1", BASIC, "Bearer token-3"] == server.authorizations()


def test_a_token_that_is_refused_midway_is_renewed_once() -> None:
    def forgetful(talk: Talk) -> None:
        (
            ask_for_token
            if talk.request.headers.get("authorization") == "Bearer token-1" and talk.number > 2
            else guarded
        )(talk)

    with registry(forgetful) as server:
        told(server.host, twice, TEAM)
        assert "Bearer token-4" == server.authorizations()[-1]


def test_refusing_for_ever_comes_to_an_end() -> None:
    with registry(ask_for_token) as server, pytest.raises(RemoteUnauthenticated) as caught:
        answer_of(server.host, TAGS, credential=TEAM)
    assert 3 == len(server.requests)
    assert "the credential of team-bot is from the pocket" in evidence(caught.value)


def test_wanting_ever_more_rights_comes_to_an_end() -> None:
    def greedy(talk: Talk) -> None:
        ask_for_token(talk, f',scope="repository:other{talk.number}:pull"')

    with registry(greedy) as server, pytest.raises(RemoteMisbehaved, match="ever more"):
        answer_of(server.host, TAGS, credential=TEAM)
    assert len(server.requests) < 10


def test_a_right_that_was_not_known_to_be_needed_is_asked_for() -> None:
    def wants_base(talk: Talk) -> None:
        if talk.request.headers.get("authorization") == "Bearer token-3":
            good(talk)
        else:
            ask_for_token(talk, ',scope="repository:base:pull"' if talk.request.headers.get("authorization") else "")

    with registry(wants_base) as server:
        assert 200 == answer_of(server.host, TAGS, credential=TEAM).status
        assert "repository%3Abase%3Apull" in server.requests[3].target


def test_too_few_rights_of_a_good_login_are_denied() -> None:
    def insufficient(talk: Talk) -> None:
        ask_for_token(talk, ',error="insufficient_scope"')

    with registry(insufficient) as server, pytest.raises(RemoteDenied):
        answer_of(server.host, TAGS, credential=TEAM)
    with registry(insufficient) as server, pytest.raises(RemoteUnauthenticated) as caught:
        answer_of(server.host, TAGS)
    assert "none was found" in evidence(caught.value)


def test_name_and_password_are_shown_where_they_are_wanted() -> None:
    def basic(talk: Talk) -> None:
        good(talk) if "authorization" in talk.request.headers else talk.say(401, www_authenticate='Basic realm="x"')

    with RawServer(basic) as server:
        told(server.host, twice, TEAM)
        assert [None, BASIC, BASIC] == server.authorizations()


@pytest.mark.parametrize("credential", [None, TEAM, IdentityToken(Secret("t")), RegistryToken(Secret("t"))])
def test_a_refused_password_is_told_with_its_source(credential: Password | None) -> None:
    def refuse(talk: Talk) -> None:
        talk.say(401, b'{"errors": [{"code": "UNAUTHORIZED", "message": "no"}]}', www_authenticate='Basic realm="x"')

    with RawServer(refuse) as server, pytest.raises(RemoteUnauthenticated) as caught:
        answer_of(server.host, TAGS, credential=credential)
    assert len(server.requests) <= 2
    assert "UNAUTHORIZED: no" in evidence(caught.value)
    assert ("from the pocket" if credential else "none was found") in evidence(caught.value)


def test_a_registry_token_is_shown_as_it_is() -> None:
    with registry() as server:
        told(server.host, twice, RegistryToken(Secret("of-mine")))
        assert [None, "Bearer of-mine", "Bearer of-mine"] == server.authorizations()


def test_a_registry_token_that_cannot_be_sent_is_refused_unseen() -> None:
    with registry() as server, pytest.raises(LoginImpossible) as caught:
        answer_of(server.host, TAGS, credential=RegistryToken(Secret("hunter2\r\nHost: x")))
    assert "hunter2" not in evidence(caught.value)


def test_an_identity_token_is_exchanged() -> None:
    with registry() as server:
        told(server.host, twice, IdentityToken(Secret("refresh"), "team-bot"))
        assert "POST" == server.requests[1].method
        assert b"refresh_token=refresh" in server.requests[1].body


def test_the_credential_is_looked_up_for_the_repository_in_another_thread() -> None:
    with registry() as server:
        pocket = Pocket(TEAM)
        told(server.host, twice, pocket=pocket)
        assert [(server.host, RepositoryName("team/app"))] == pocket.asked
    assert [threading.current_thread().name] != pocket.threads


def test_a_refusal_without_a_word_of_what_is_wanted_is_told() -> None:
    with RawServer(lambda talk: talk.say(401)) as server, pytest.raises(RemoteMisbehaved, match="does not say how"):
        answer_of(server.host, TAGS, credential=TEAM)


@pytest.mark.parametrize(
    "challenge",
    ["Bearer", 'Bearer realm="', "\xff\xff", 'Bearer realm="https://a@b/t"', 'Bearer realm="gopher://a/"', "Negotiate",
     'Bearer realm="x",realm="y"', "," * 5000],
)  # fmt: skip
def test_a_challenge_that_is_none_leads_nowhere(challenge: str) -> None:
    with RawServer(lambda talk: talk.say(401, www_authenticate=challenge)) as server, pytest.raises(RemoteMisbehaved):
        answer_of(server.host, TAGS, credential=TEAM)
    assert [None] == server.authorizations()


@pytest.mark.parametrize(
    "token",
    [
        lambda talk: talk.say(200, b"<html>welcome</html>"),
        lambda talk: talk.say(200, b"{}"),
        lambda talk: talk.say(200, bytes(2_000_000)),
        lambda talk: talk.raw(b"garbage\r\n\r\n"),
        lambda talk: talk.say(200, b'{"token": "a\\r\\nb: c"}'),
    ],
    ids=["a page", "no token", "huge", "no HTTP", "a smuggled header"],
)
def test_a_token_service_that_gives_no_token_is_told(token: Behaviour) -> None:
    with registry(token=token) as server, pytest.raises(RemoteMisbehaved):
        answer_of(server.host, TAGS, credential=TEAM)


def test_a_token_service_that_refuses_is_told_with_the_source_and_without_the_secret() -> None:
    def refuse(talk: Talk) -> None:
        talk.say(401, json.dumps({"details": f"{SECRET} is wrong for team-bot"}).encode())

    with registry(token=refuse) as server, pytest.raises(RemoteUnauthenticated) as caught:
        answer_of(server.host, TAGS, credential=TEAM)
    assert "the credential of team-bot is from the pocket" in evidence(caught.value)
    assert SECRET not in evidence(caught.value)


@pytest.mark.parametrize("token", [issue, lambda talk: talk.say(403)])
def test_whoever_should_have_known_a_credential_is_named(token: Behaviour) -> None:
    """Anonymous only because a credential helper failed: nobody finds that out without being told."""

    class Locked(Pocket):
        def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
            silent = (Silent(Source("docker-credential-pass"), "the store is locked", failed=True),)
            return Lookup(silent=(*silent, Silent(Source("auth.json"), "no entry")))

    with registry(ask_for_token, token) as server, pytest.raises(RemoteAnswered) as caught:
        told(server.host, twice, pocket=Locked())
    assert "none was found; docker-credential-pass: the store is locked" in evidence(caught.value)
    assert "no entry" not in evidence(caught.value)


def test_a_token_service_that_sends_elsewhere_gets_no_second_chance() -> None:
    with RawServer(issue) as elsewhere:

        def send_away(talk: Talk) -> None:
            talk.say(307, location=f"{elsewhere.url}/token")

        with registry(token=send_away) as server, pytest.raises(RemoteMisbehaved, match="elsewhere"):
            answer_of(server.host, TAGS, credential=TEAM)
        assert [] == elsewhere.requests


def test_within_one_token_service_a_redirect_is_followed() -> None:
    def one_door_further(talk: Talk) -> None:
        issue(talk) if talk.request.target.startswith("/token/") else talk.say(301, location="/token/")

    with registry(token=one_door_further) as server:
        assert 200 == answer_of(server.host, TAGS, credential=TEAM).status


def test_headers_of_ones_own_go_to_the_registry_alone() -> None:
    settings = replace(BRISK, headers={"X-Team": "hunter2"})
    with RawServer(good) as store, RawServer(lambda talk: talk.say(307, location=f"{store.url}/x")) as server:
        answer_of(server.host, TAGS, settings=settings)
        assert "hunter2" == server.requests[0].headers["x-team"]
        assert "x-team" not in store.requests[0].headers


@pytest.mark.parametrize(("insecure", "error"), [((), TlsRefused), (("elsewhere.invalid",), Unreachable)])
def test_a_credential_goes_to_a_token_service_without_tls_only_if_that_is_named(
    insecure: tuple[str, ...], error: type[Exception]
) -> None:
    """A registry on this machine needs no TLS; whoever it names is not therefore on this machine, too."""
    settings = replace(BRISK, insecure=frozenset(insecure))

    def send_away(talk: Talk) -> None:
        talk.say(401, www_authenticate='Bearer realm="http://elsewhere.invalid/token"')

    with RawServer(send_away) as server, pytest.raises(error):
        answer_of(server.host, TAGS, credential=TEAM, settings=settings)
