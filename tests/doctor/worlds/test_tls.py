"""Registries whose TLS fails in one way each: the cause that the doctor names is that one, and no other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.client.certificates import Authority, Identity, self_signed
from tests.client.raw_server import RawServer, Talk
from tests.doctor.worlds.around_a_registry import world_about
from tests.doctor.worlds.chains import Chain
from tests.doctor.worlds.world import World

HERE = "127.0.0.1"
UNKNOWN = 'Get "https://{}/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority'
OUT_OF_DATE = 'Get "https://{}/v2/": x509: certificate has expired or is not yet valid: current time is after it'


def now_dated(talk: Talk) -> None:
    talk.say(200, b"{}", date=f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "authority")


def causes(home: Path, identity: Identity, text: str, trusted: Path | None = None) -> tuple[str, list[str]]:
    with RawServer(now_dated, identity.server_context()) as server:
        return knowing(home, server.host, trusted).causes_of(text.format(server.host))


def knowing(home: Path, host: str, trusted: Path | None = None) -> World:
    return world_about(home, host, SSL_CERT_FILE=str(trusted)) if trusted else world_about(home, host)


def test_expired(tmp_path: Path, authority: Authority) -> None:
    identity = authority.issue(HERE, begins=timedelta(days=-9), ends=timedelta(days=-1))

    assert ("tls-certificate-out-of-date", ["expired"]) == causes(tmp_path, identity, OUT_OF_DATE, authority.file)


def test_not_yet_valid(tmp_path: Path, authority: Authority) -> None:
    identity = authority.issue(HERE, begins=timedelta(days=1), ends=timedelta(days=9))

    assert ("tls-certificate-out-of-date", ["not-yet-valid"]) == causes(tmp_path, identity, OUT_OF_DATE, authority.file)


def test_the_clock_of_this_machine_is_off(tmp_path: Path, authority: Authority) -> None:
    with RawServer(now_dated, authority.issue(HERE).server_context()) as server:
        world = knowing(tmp_path, server.host, authority.file)
        late = World(replace(world.scene, clock=lambda: datetime.now(UTC) + timedelta(days=400)))

        assert ("tls-certificate-out-of-date", ["clock-off"]) == late.causes_of(OUT_OF_DATE.format(server.host))


def test_a_common_name_alone(tmp_path: Path, authority: Authority) -> None:
    text = 'Get "https://{}/v2/": x509: certificate relies on legacy Common Name field, use SANs instead'
    identity = authority.issue(common_name=HERE)

    assert ("tls-common-name-only", ["certificate-without-names"]) == causes(tmp_path, identity, text, authority.file)


def test_an_address_without_an_ip_san(tmp_path: Path, authority: Authority) -> None:
    text = (
        f'Get "https://{{}}/v2/": x509: cannot validate certificate for {HERE} because it doesn\'t contain any IP SANs'
    )
    identity = authority.issue("registry.test")

    assert ("tls-address-not-in-certificate", ["no-address-in-san"]) == causes(tmp_path, identity, text, authority.file)


def test_a_certificate_for_another_name(tmp_path: Path, authority: Authority) -> None:
    text = f'Get "https://{{}}/v2/": x509: certificate is valid for 127.0.0.2, not {HERE}'
    identity = authority.issue("127.0.0.2")

    assert ("tls-name-not-in-certificate", ["name-not-in-san"]) == causes(tmp_path, identity, text, authority.file)


def test_an_authority_that_nobody_here_knows(tmp_path: Path, authority: Authority) -> None:
    assert ("tls-unknown-authority", ["authority-not-known-here"]) == causes(tmp_path, authority.issue(HERE), UNKNOWN)


def test_a_certificate_that_signed_itself(tmp_path: Path) -> None:
    identity = self_signed(tmp_path / "self", HERE)

    assert ("tls-unknown-authority", ["self-signed"]) == causes(tmp_path, identity, UNKNOWN)


class TestIntermediates:
    @pytest.fixture
    def chain(self, tmp_path: Path) -> Chain:
        return Chain.create(tmp_path / "chain")

    def test_the_authority_in_between_is_not_sent(self, tmp_path: Path, chain: Chain) -> None:
        with RawServer(now_dated, chain.alone().server_context()) as server:
            put(tmp_path / "etc/docker/certs.d" / server.host / "ca.crt", chain.root)
            world = knowing(tmp_path, server.host, None)
            folders = (tmp_path / "etc/docker/certs.d",)
            settings = replace(world.scene.settings, certs_folders=folders)
            world = World(replace(world.scene, settings=settings))

            assert ("tls-unknown-authority", ["intermediate-missing"]) == world.causes_of(UNKNOWN.format(server.host))

    def test_it_is_known_too_by_the_address_that_the_certificate_names(self, tmp_path: Path, chain: Chain) -> None:
        with RawServer(lambda talk: talk.say(200, chain.between)) as issuer:
            identity = chain.alone(issuer_at=f"http://{issuer.host}/between.crt")

            assert ("tls-unknown-authority", ["intermediate-missing"]) == causes(tmp_path, identity, UNKNOWN)

    def test_and_it_is_not_missing_where_it_is_sent(self, tmp_path: Path, chain: Chain) -> None:
        assert ("tls-unknown-authority", ["authority-not-known-here"]) == causes(tmp_path, chain.whole(), UNKNOWN)


class TestFolders:
    @pytest.fixture
    def registry(self, authority: Authority) -> Iterator[str]:
        with RawServer(now_dated, authority.issue(HERE).server_context()) as server:
            yield server.host

    def test_a_folder_of_another_name(self, tmp_path: Path, registry: str, authority: Authority) -> None:
        put(tmp_path / "etc/docker/certs.d" / HERE / "ca.crt", authority.file.read_bytes())

        assert ("tls-unknown-authority", ["folder-misnamed"]) == knowing(tmp_path, registry).causes_of(
            UNKNOWN.format(registry)
        )

    def test_a_file_of_another_ending(self, tmp_path: Path, registry: str, authority: Authority) -> None:
        put(tmp_path / "etc/docker/certs.d" / registry / "ca.pem", authority.file.read_bytes())

        assert ("tls-unknown-authority", ["wrong-ending"]) == knowing(tmp_path, registry).causes_of(
            UNKNOWN.format(registry)
        )

    def test_another_authority(self, tmp_path: Path, registry: str) -> None:
        other = Authority.create(tmp_path / "other", "Authority of last year")
        put(tmp_path / "etc/docker/certs.d" / registry / "ca.crt", other.file.read_bytes())

        assert ("tls-unknown-authority", ["another-authority-in-folder"]) == knowing(tmp_path, registry).causes_of(
            UNKNOWN.format(registry)
        )

    def test_the_folder_of_podman_alone(self, tmp_path: Path, registry: str, authority: Authority) -> None:
        put(tmp_path / "etc/containers/certs.d" / registry / "ca.crt", authority.file.read_bytes())

        assert ("tls-unknown-authority", ["only-podman-knows-it"]) == knowing(tmp_path, registry).causes_of(
            UNKNOWN.format(registry)
        )

    def test_an_authority_that_is_called_a_certificate_of_one_s_own(
        self, tmp_path: Path, registry: str, authority: Authority
    ) -> None:
        put(tmp_path / "etc/docker/certs.d" / registry / "ca.cert", authority.file.read_bytes())
        text = (
            "missing key ca.key for client certificate ca.cert. Note that CA certificates should use the extension .crt"
        )

        assert ("certs-folder-half-a-pair", ["authority-named-cert"]) == knowing(tmp_path, registry).causes_of(text)


def test_a_registry_that_wants_a_client_certificate(tmp_path: Path, authority: Authority) -> None:
    context = authority.issue(HERE).server_context(clients_signed_by=authority.file)
    text = 'Get "https://{}/v2/": remote error: tls: certificate required'

    with RawServer(now_dated, context) as server:
        world = knowing(tmp_path, server.host, authority.file)

        assert ("tls-client-certificate-refused", ["none-given"]) == world.causes_of(text.format(server.host))


def test_tls_is_spoken_to_a_registry_in_plain_http(tmp_path: Path) -> None:
    with RawServer(now_dated) as server:
        text = f'Get "https://{server.host}/v2/": tls: first record does not look like a TLS handshake'

        assert ("tls-greeting-not-understood", ["registry-speaks-http"]) == knowing(tmp_path, server.host).causes_of(
            text
        )


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
