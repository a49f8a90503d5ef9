"""Ways to a registry that are blocked in one place each: names, ports, proxies."""

import socket
from pathlib import Path

import pytest

from tests.client.certificates import Authority
from tests.client.connecting_proxy import ConnectingProxy
from tests.client.raw_server import RawServer, good
from tests.doctor.worlds.around_a_registry import world_about
from tests.doctor.worlds.lines import full_of_calls, hanging_up, speechless
from wharf.testing.registry_process import free_port

REGISTRY = "registry.example.test"
REFUSED = 'Error response from daemon: Get "https://{0}/v2/": dial tcp {0}: connect: connection refused'
NO_HOST = 'Get "https://{0}/v2/": dial tcp: lookup {0} on 127.0.0.53:53: no such host'
NO_ANSWER = 'Get "https://{0}/v2/": dial tcp {0}: i/o timeout'
HUNG_UP = 'Get "https://{0}/v2/": read tcp 127.0.0.1:41000->{0}: read: connection reset by peer'
OF_THE_PROXY = 'Get "https://{0}/v2/": proxyconnect tcp: dial tcp {1}: connect: connection refused'
UNKNOWN = 'Get "https://{}/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority'


def test_nobody_listens(tmp_path: Path) -> None:
    host = f"127.0.0.77:{free_port()}"  # a registry of one's own may be on 127.0.0.1

    assert ("registry-connection-refused", ["nobody-listens"]) == world_about(tmp_path, host).causes_of(
        REFUSED.format(host)
    )


def test_a_name_that_nobody_knows(tmp_path: Path) -> None:
    signature, causes = world_about(tmp_path, "registry.invalid").causes_of(NO_HOST.format("registry.invalid"))

    assert "registry-name-unknown" == signature
    # The servers of names that this machine asks may be away.
    assert causes in (["name-known-to-nobody"], ["name-server-silent"])


def test_a_name_that_only_the_proxy_knows(tmp_path: Path) -> None:
    with ConnectingProxy() as proxy:
        world = world_about(tmp_path, "registry.invalid", HTTPS_PROXY=proxy.url())

        assert ("registry-name-unknown", ["only-the-proxy-knows-it"]) == world.causes_of(
            NO_HOST.format("registry.invalid")
        )


def test_packets_that_are_dropped(tmp_path: Path) -> None:
    with full_of_calls() as host:
        world = world_about(tmp_path, host, patience=4.0)

        assert ("registry-no-answer", ["packets-dropped"]) == world.causes_of(NO_ANSWER.format(host))


def test_a_greeting_that_is_never_answered(tmp_path: Path) -> None:
    with speechless() as host:
        world = world_about(tmp_path, host, patience=4.0)

        assert ("registry-no-answer", ["greeting-lost"]) == world.causes_of(NO_ANSWER.format(host))


def test_somebody_who_hangs_up(tmp_path: Path) -> None:
    with hanging_up() as host:
        assert ("registry-hangs-up", ["reset-here-too"]) == world_about(tmp_path, host).causes_of(HUNG_UP.format(host))


class TestProxies:
    def test_nobody_listens_there(self, tmp_path: Path) -> None:
        proxy = f"127.0.0.1:{free_port()}"
        world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=f"http://{proxy}")

        assert ("proxy-unreachable", ["nobody-listens"]) == world.causes_of(OF_THE_PROXY.format(REGISTRY, proxy))

    def test_its_address_is_none(self, tmp_path: Path) -> None:
        world = world_about(tmp_path, REGISTRY, HTTPS_PROXY="http://proxy:port")
        text = OF_THE_PROXY.format(REGISTRY, "proxy:port")

        assert ("proxy-unreachable", ["setting-malformed"]) == world.causes_of(text)

    def test_its_address_says_https_and_it_does_not_speak_it(self, tmp_path: Path) -> None:
        with RawServer(good) as server:
            world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=f"https://{server.host}")
            text = (
                f'Get "https://{REGISTRY}/v2/": proxyconnect tcp: tls: first record does not look like a TLS handshake'
            )

            assert ("proxy-unreachable", ["scheme-wrong"]) == world.causes_of(text)

    def test_it_wants_to_know_who_asks(self, tmp_path: Path) -> None:
        with ConnectingProxy(authorization="Basic bm9ib2R5") as proxy:
            world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url())

            assert ("proxy-wants-login", ["no-login-or-wrong"]) == world.causes_of(
                f'Get "https://{REGISTRY}/v2/": Proxy Authentication Required'
            )

    def test_it_forbids_this_registry(self, tmp_path: Path) -> None:
        with ConnectingProxy(refusal=b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy:
            world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url())

            assert ("proxy-does-not-let-through", ["forbidden"]) == world.causes_of(
                f'Get "https://{REGISTRY}/v2/": Forbidden'
            )

    def test_it_cannot_reach_the_registry_itself(self, tmp_path: Path) -> None:
        with ConnectingProxy(refusal=b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as proxy:
            world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url())

            assert ("proxy-does-not-let-through", ["cannot-reach-it"]) == world.causes_of(
                f'Get "https://{REGISTRY}/v2/": Bad Gateway'
            )

    def test_it_answers_with_a_page_of_its_own(self, tmp_path: Path) -> None:
        page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>Guests</title></html>"
        with ConnectingProxy(refusal=page) as proxy:
            world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url())

            assert ("not-a-registry", ["proxy-answers-itself"]) == world.causes_of(
                "error parsing HTTP 200 response body: invalid character '<' looking for beginning of value: "
                '"<html><title>Guests</title></html>"'
            )

    def test_it_answers_itself_and_hangs_up(self, tmp_path: Path) -> None:
        page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>Guests</title></html>"
        with ConnectingProxy(refusal=page) as proxy:
            world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url())

            assert ("registry-hangs-up", ["proxy-answers-itself"]) == world.causes_of(
                f'Error response from daemon: Get "https://{REGISTRY}/v2/": EOF'
            )

    def test_only_the_program_that_failed_has_one(self, tmp_path: Path) -> None:
        text = OF_THE_PROXY.format(REGISTRY, "10.9.8.7:3128")

        assert ("proxy-unreachable", ["only-the-failing-program-has-one"]) == world_about(tmp_path, REGISTRY).causes_of(
            text
        )

    def test_only_the_proxy_knows_the_name_and_the_daemon_asks_a_name_server(self, tmp_path: Path) -> None:
        with ConnectingProxy() as proxy:
            world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url())
            text = f'Get "https://{REGISTRY}/v2/": dial tcp: lookup {REGISTRY} on 127.0.0.53:53: server misbehaving'

            assert ("name-server-fails", ["only-the-proxy-knows-it"]) == world.causes_of(text)

    def test_it_reads_along(self, tmp_path: Path) -> None:
        authority = Authority.create(tmp_path / "authority", "Acme TLS inspection")
        context = authority.issue("ghcr.io").server_context()
        with RawServer(good, context) as server, ConnectingProxy(leads_to=server.port) as proxy:
            world = world_about(tmp_path, "ghcr.io", HTTPS_PROXY=proxy.url())

            assert ("tls-unknown-authority", ["intercepting-proxy"]) == world.causes_of(UNKNOWN.format("ghcr.io"))

    def test_the_daemon_was_not_told_of_it(self, tmp_path: Path) -> None:
        context = Authority.create(tmp_path / "authority").issue(REGISTRY).server_context()
        with RawServer(good, context) as server, ConnectingProxy(leads_to=server.port) as proxy:
            world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url())

            assert ("registry-no-answer", ["proxy-not-told-to-the-daemon"]) == world.causes_of(
                f'Get "https://{REGISTRY}/v2/": dial tcp 192.0.2.1:443: i/o timeout'
            )


@pytest.fixture(autouse=True)
def no_name_of_the_tests_is_known() -> None:
    """They end in .test and .invalid, which nobody may give away."""
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(REGISTRY, None)
