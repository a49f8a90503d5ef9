"""Redirects, followed by a session from server to server; credentials stay where they belong."""

import pytest

from tests.client.asking import PULL, TAGS, TEAM, answer_of, paths, told
from tests.client.guarded_server import ask_for_token, guarded, registry
from tests.client.raw_server import RawServer, Talk, good
from wharf.client.message import Request
from wharf.client.session import Session
from wharf.credentials.credential import Password, RegistryToken
from wharf.credentials.secret import Secret
from wharf.errors import (
    RemoteMisbehaved,
)


@pytest.mark.parametrize("credential", [TEAM, RegistryToken(Secret("of-mine"))])
def test_credentials_do_not_follow_to_another_host(credential: Password) -> None:
    with RawServer(lambda talk: talk.say(200, b"blob")) as store:

        def send_away(talk: Talk) -> None:
            if "authorization" in talk.request.headers:
                talk.say(307, location=f"{store.url}/bucket?signature=1")
            else:
                ask_for_token(talk)

        with registry(send_away) as server:
            response = answer_of(server.host, TAGS, credential=credential)
        assert (b"blob", f"{store.url}/bucket?signature=1") == (response.body, response.url)
        assert [None] == store.authorizations()


def test_credentials_do_not_come_back_either() -> None:
    """From the store back to the registry: whoever sent us there does not choose what is done in our name."""
    with RawServer(lambda talk: talk.say(307, location=f"{home[0]}/v2/secret")) as store:

        def send_away(talk: Talk) -> None:
            if talk.request.target == "/v2/secret":
                good(talk)
            elif "authorization" in talk.request.headers:
                talk.say(307, location=store.url)
            else:
                ask_for_token(talk)

        home: list[str] = []
        with registry(send_away) as server:
            home.append(server.url)
            answer_of(server.host, TAGS, credential=TEAM)
            assert (None, "/v2/secret") == (server.authorizations()[-1], paths(server)[-1])


def test_credentials_follow_within_the_registry() -> None:
    def moved(talk: Talk) -> None:
        guarded(talk) if talk.request.target.endswith("moved") else talk.say(301, location="/v2/moved")

    with registry(moved) as server:
        answer_of(server.host, TAGS, credential=TEAM)
        assert "Bearer token-2" == server.authorizations()[-1]


@pytest.mark.parametrize("location", ["/v2/team/app/tags/list", "/v2/a"])
def test_redirects_in_a_circle_come_to_an_end(location: str) -> None:
    with (
        RawServer(lambda talk: talk.say(302, location=location)) as server,
        pytest.raises(RemoteMisbehaved, match="circle"),
    ):
        answer_of(server.host, TAGS)


def test_redirects_without_end_come_to_an_end() -> None:
    with (
        RawServer(lambda talk: talk.say(302, location=f"/v2/{talk.number}")) as server,
        pytest.raises(RemoteMisbehaved),
    ):
        answer_of(server.host, TAGS)
    assert len(server.requests) < 15


def test_a_change_is_not_redirected() -> None:
    with RawServer(lambda talk: talk.say(307, location="/v2/x")) as server:
        assert 307 == answer_of(server.host, Request("POST", "/v2/a/blobs/uploads/")).status


def test_an_upload_at_another_host_is_not_told_who_we_are() -> None:
    async def story(session: Session) -> None:
        await session.ask(TAGS, PULL)
        await session.ask(Request("PUT", f"{store.url}/upload", body=b"x"), PULL)

    with RawServer(good) as store, registry() as server:
        told(server.host, story, TEAM)
        assert [None] == store.authorizations()
