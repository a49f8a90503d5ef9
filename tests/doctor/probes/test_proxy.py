from pathlib import Path

import pytest

from tests.client.certificates import Authority
from tests.client.connecting_proxy import ConnectingProxy
from tests.client.raw_server import RawServer, good
from tests.doctor.worlds.around_a_registry import known, world_about
from wharf.testing.registry_process import free_port

REGISTRY = "registry.example.test"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "authority")


def test_no_proxy_is_named(tmp_path: Path) -> None:
    facts = known(world_about(tmp_path, REGISTRY, patience=0.5), "proxy")

    assert (False, False, False, False) == tuple(
        facts[name] for name in ("used", "malformed", "exempt", "intercepts_tls")
    )
    assert "outcome" not in facts


def test_this_machine_itself_is_never_reached_through_a_proxy(tmp_path: Path) -> None:
    with RawServer(good) as server:
        facts = known(world_about(tmp_path, server.host, HTTPS_PROXY="http://127.0.0.1:1"), "proxy")

    assert (False, True) == (facts["used"], facts["exempt"])


def test_a_proxy_that_lets_us_through(tmp_path: Path, authority: Authority) -> None:
    context = authority.issue(REGISTRY).server_context()
    with RawServer(good, context) as server, ConnectingProxy(leads_to=server.port) as proxy:
        world = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url(), SSL_CERT_FILE=str(authority.file))
        facts = known(world, "proxy")

    assert (True, "answers", False, "HTTPS_PROXY") == (
        facts["used"], facts["outcome"], facts["intercepts_tls"], facts["source"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants-login"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "forbids"),
        (b"HTTP/1.1 405 Method Not Allowed\r\n\r\n", "not-a-proxy"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "cannot-reach"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not-a-proxy"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>Welcome to our guests</title></html>",
            "lies",
        ),
    ],
)
def test_a_proxy_that_does_not(tmp_path: Path, answer: bytes, outcome: str) -> None:
    with ConnectingProxy(refusal=answer) as proxy:
        assert outcome == known(world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url()), "proxy")["outcome"]


def test_nobody_listens_where_the_proxy_should_be(tmp_path: Path) -> None:
    world = world_about(tmp_path, REGISTRY, https_proxy=f"http://127.0.0.1:{free_port()}")

    assert "refused" == known(world, "proxy")["outcome"]


def test_a_proxy_by_a_name_that_leads_nowhere(tmp_path: Path) -> None:
    world = world_about(tmp_path, REGISTRY, HTTPS_PROXY="http://proxy.invalid:3128")

    assert "not-found" == known(world, "proxy")["outcome"]


def test_a_proxy_in_plain_http_whose_address_says_https(tmp_path: Path) -> None:
    with RawServer(good) as server:
        facts = known(world_about(tmp_path, REGISTRY, HTTPS_PROXY=f"https://{server.host}"), "proxy")

    assert ("wrong-scheme", False) == (facts["outcome"], facts["malformed"])


def test_an_address_of_a_proxy_that_is_none(tmp_path: Path) -> None:
    facts = known(world_about(tmp_path, REGISTRY, patience=0.5, HTTPS_PROXY="http://proxy:port"), "proxy")

    assert (False, True) == (facts["used"], facts["malformed"])


def test_a_public_registry_with_an_authority_of_somebody_on_the_way(tmp_path: Path, authority: Authority) -> None:
    context = authority.issue("ghcr.io").server_context()
    with RawServer(good, context) as server, ConnectingProxy(leads_to=server.port) as proxy:
        assert known(world_about(tmp_path, "ghcr.io", HTTPS_PROXY=proxy.url()), "proxy")["intercepts_tls"] is True


def test_an_authority_that_calls_itself_by_its_trade(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path / "authority", "Zscaler Intermediate Root CA")
    context = authority.issue(REGISTRY).server_context()
    with RawServer(good, context) as server, ConnectingProxy(leads_to=server.port) as proxy:
        assert known(world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url()), "proxy")["intercepts_tls"] is True


def test_the_daemon_has_a_proxy_and_the_shell_has_none(tmp_path: Path) -> None:
    drop_in = tmp_path / "etc/systemd/system/docker.service.d/proxy.conf"
    drop_in.parent.mkdir(parents=True)
    drop_in.write_text('[Service]\nEnvironment="HTTPS_PROXY=http://proxy.example:3128"\n')

    facts = known(world_about(tmp_path, REGISTRY, patience=0.5), "proxy")

    assert (True, True, False) == tuple(
        facts[name] for name in ("daemon_has_one", "only_daemon_has_one", "only_shell_has_one")
    )


def test_a_proxy_in_daemon_json_counts_too(tmp_path: Path) -> None:
    (tmp_path / "etc/docker").mkdir(parents=True)
    (tmp_path / "etc/docker/daemon.json").write_text('{"proxies": {"https-proxy": "http://proxy.example:3128"}}')

    assert known(world_about(tmp_path, REGISTRY, patience=0.5), "proxy")["daemon_has_one"] is True


def test_a_password_for_the_proxy_is_in_no_fact_and_no_sentence(tmp_path: Path) -> None:
    with ConnectingProxy(refusal=b"HTTP/1.1 407 No\r\n\r\n") as proxy:
        seen = world_about(tmp_path, REGISTRY, HTTPS_PROXY=proxy.url("me:a-secret-word")).probed("proxy")

    assert "a-secret-word" not in f"{seen}"
