"""The way to a registry through a proxy, to hosts that have no address here: the proxy knows them."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from tests.client.asking import BRISK, PING, PULL, TEAM, answer_of
from tests.client.certificates import Authority
from tests.client.connecting_proxy import ConnectingProxy
from tests.client.guarded_server import guarded, issue
from tests.client.raw_server import RawServer, by_path, good
from wharf.client.proxy import Proxies
from wharf.client.settings import ClientSettings
from wharf.errors import TlsRefused, Unreachable

FAR = "registry.test"
LOGIN = "me:hunter2"
BASIC = "Basic " + base64.b64encode(LOGIN.encode()).decode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("authority"))


def by_way_of(proxy: ConnectingProxy, *files: Path, login: str = "", insecure: bool = False) -> ClientSettings:
    url = proxy.url(login)
    names = frozenset({FAR}) if insecure else frozenset()
    return replace(BRISK, proxies=Proxies(url, url), ca_files=files, insecure=names)


def test_tls_goes_through_the_proxy_unread(authority: Authority) -> None:
    with (
        RawServer(good, authority.issue(FAR).server_context()) as server,
        ConnectingProxy(leads_to=server.port) as proxy,
    ):
        assert f"https://{FAR}/v2/" == answer_of(FAR, settings=by_way_of(proxy, authority.file)).url
        assert [f"CONNECT {FAR}:443 HTTP/1.1"] == proxy.asked
        assert FAR == server.requests[0].headers["host"]


def test_a_proxy_is_shown_its_login_and_the_registry_is_not(authority: Authority) -> None:
    with (
        RawServer(good, authority.issue(FAR).server_context()) as server,
        ConnectingProxy(leads_to=server.port, authorization=BASIC) as proxy,
    ):
        assert 200 == answer_of(FAR, settings=by_way_of(proxy, authority.file, login=LOGIN)).status
        assert "proxy-authorization" not in server.requests[0].headers


def test_a_proxy_that_wants_a_login_is_told_apart() -> None:
    with ConnectingProxy(authorization=BASIC) as proxy, pytest.raises(Unreachable, match="asks for a login") as caught:
        answer_of(FAR, settings=by_way_of(proxy, login="me:wrong-secret"))
    assert "HTTPS_PROXY" in caught.value.diagnostics().next_step
    assert "wrong-secret" not in str(caught.value.diagnostics())


@pytest.mark.parametrize(
    "refusal", [b"HTTP/1.1 403 Forbidden\r\n\r\n", b"garbage\r\n\r\n", b"\r\n\r\n", b"x" * 100_000]
)
def test_a_proxy_that_does_not_let_us_through_is_told_apart(refusal: bytes) -> None:
    with ConnectingProxy(refusal=refusal) as proxy, pytest.raises(Unreachable, match="does not let us through"):
        answer_of(FAR, settings=by_way_of(proxy))


def test_a_proxy_that_is_not_there_is_told_apart() -> None:
    with ConnectingProxy() as proxy:
        settings = by_way_of(proxy)
    with pytest.raises(Unreachable, match=r"the proxy .* does not answer"):
        answer_of(FAR, settings=settings)


def test_a_certificate_is_looked_at_through_the_proxy_as_well(authority: Authority) -> None:
    with (
        RawServer(good, authority.issue("other.test").server_context()) as server,
        ConnectingProxy(leads_to=server.port) as proxy,
        pytest.raises(TlsRefused) as caught,
    ):
        answer_of(FAR, settings=by_way_of(proxy, authority.file))
    assert "it is valid for: other.test" in caught.value.diagnostics().evidence


def test_plain_http_is_handed_to_the_proxy_request_by_request() -> None:
    """A registry that is named insecure, and found to be without TLS."""
    with RawServer(good) as server, ConnectingProxy(leads_to=server.port) as proxy:
        settings = by_way_of(proxy, login=LOGIN, insecure=True)
        assert f"http://{FAR}/v2/" == answer_of(FAR, settings=settings).url
        assert f"GET http://{FAR}/v2/ HTTP/1.1" == proxy.asked[-1]
        assert f"Proxy-Authorization: {BASIC}" in proxy.heads[-1]


def test_a_registry_that_is_not_named_is_never_spoken_to_in_plain_http() -> None:
    with (
        RawServer(good, to_greetings=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server,
        ConnectingProxy(leads_to=server.port) as proxy,
        pytest.raises(Exception, match="answers in plain HTTP"),
    ):
        answer_of(FAR, settings=by_way_of(proxy))
    assert [] == server.requests


def test_a_token_service_without_tls_gets_no_password(authority: Authority) -> None:
    with (
        RawServer(by_path(v2=guarded, token=issue), authority.issue(FAR).server_context()) as server,
        ConnectingProxy(leads_to=server.port) as proxy,
        pytest.raises(Exception, match="without TLS, where credentials are not sent"),
    ):
        answer_of(FAR, PING, PULL, TEAM, by_way_of(proxy, authority.file))
    assert [None] == server.authorizations()


def test_on_this_machine_no_proxy_is_asked() -> None:
    with RawServer(good) as server, ConnectingProxy() as proxy:
        answer_of(server.host, settings=by_way_of(proxy))
        assert [] == proxy.asked
