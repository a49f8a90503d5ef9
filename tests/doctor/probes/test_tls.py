import ssl
import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.client.certificates import Authority, Identity, self_signed
from tests.client.raw_server import RawServer, good
from tests.doctor.worlds.around_a_registry import known, world_about
from tests.doctor.worlds.lines import speechless
from tests.doctor.worlds.world import World

HERE = "127.0.0.1"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "authority")


def facts_with(home: Path, identity: Identity, trusted: Path | None = None) -> dict[str, object]:
    with RawServer(good, identity.server_context()) as server:
        return known(world_trusting(home, server.host, trusted), "tls")


def world_trusting(home: Path, host: str, trusted: Path | None) -> World:
    return world_about(home, host, SSL_CERT_FILE=str(trusted)) if trusted else world_about(home, host)


def test_a_certificate_of_an_authority_that_the_system_knows_is_trusted(tmp_path: Path, authority: Authority) -> None:
    facts = facts_with(tmp_path, authority.issue(HERE, "registry.test"), authority.file)

    assert ("tls", "trusted", 6) == (facts["speaks"], facts["outcome"], facts["days_left"])
    assert frozenset({HERE, "registry.test"}) == facts["names"]
    assert "CN=Test Authority" == facts["issuer"]
    assert (False, False) == (facts["weak_signature"], facts["authority_expired"])


def test_an_authority_that_nobody_knows(tmp_path: Path, authority: Authority) -> None:
    assert "unknown-authority" == facts_with(tmp_path, authority.issue(HERE))["outcome"]


def test_a_certificate_that_signed_itself(tmp_path: Path) -> None:
    assert "self-signed" == facts_with(tmp_path, self_signed(tmp_path / "self", HERE))["outcome"]


def test_dates_are_looked_at_before_the_authority_as_clients_in_go_do(tmp_path: Path, authority: Authority) -> None:
    old = authority.issue(HERE, begins=timedelta(days=-3), ends=timedelta(days=-1))

    assert "expired" == facts_with(tmp_path, old)["outcome"]


def test_a_certificate_for_tomorrow(tmp_path: Path, authority: Authority) -> None:
    early = authority.issue(HERE, begins=timedelta(days=1), ends=timedelta(days=2))

    assert "not-yet-valid" == facts_with(tmp_path, early, authority.file)["outcome"]


def test_it_is_the_clock_of_the_scene_that_counts(tmp_path: Path, authority: Authority) -> None:
    with RawServer(good, authority.issue(HERE).server_context()) as server:
        world = world_trusting(tmp_path, server.host, authority.file)
        later = World(replace(world.scene, clock=lambda: datetime.now(UTC) + timedelta(days=365)))

        assert "expired" == known(later, "tls")["outcome"]


def test_a_common_name_alone_is_no_name(tmp_path: Path, authority: Authority) -> None:
    assert "no-san" == facts_with(tmp_path, authority.issue(common_name=HERE), authority.file)["outcome"]


def test_an_address_wants_to_be_named_as_an_address(tmp_path: Path, authority: Authority) -> None:
    assert "no-ip-san" == facts_with(tmp_path, authority.issue("registry.test"), authority.file)["outcome"]


def test_a_certificate_for_another_address(tmp_path: Path, authority: Authority) -> None:
    assert "name-mismatch" == facts_with(tmp_path, authority.issue("127.0.0.2"), authority.file)["outcome"]


def test_a_server_that_wants_to_know_who_calls(tmp_path: Path, authority: Authority) -> None:
    context = authority.issue(HERE).server_context(clients_signed_by=authority.file)

    with RawServer(good, context) as server:
        assert (
            "wants-client-certificate" == known(world_trusting(tmp_path, server.host, authority.file), "tls")["outcome"]
        )


def test_a_server_that_does_not_like_who_calls(tmp_path: Path, authority: Authority) -> None:
    context = authority.issue(HERE).server_context(clients_signed_by=authority.file)
    stranger = Authority.create(tmp_path / "stranger").issue("client", for_clients=True)

    with RawServer(good, context) as server:
        folder = tmp_path / ".docker/certs.d" / server.host
        folder.mkdir(parents=True)
        (folder / "mine.cert").write_bytes(stranger.certificate.read_bytes())
        (folder / "mine.key").write_bytes(stranger.key.read_bytes())

        facts = known(world_trusting(tmp_path, server.host, authority.file), "tls")

    assert "refuses-client-certificate" == facts["outcome"]


def test_a_server_of_tls_1_1(tmp_path: Path, authority: Authority) -> None:
    context = authority.issue(HERE).server_context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")

    with RawServer(good, context) as server:
        assert "old-version" == known(world_trusting(tmp_path, server.host, authority.file), "tls")["outcome"]


def test_a_server_of_tls_1_3_alone_is_read_too(tmp_path: Path, authority: Authority) -> None:
    context = authority.issue(HERE).server_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3

    with RawServer(good, context) as server:
        facts = known(world_trusting(tmp_path, server.host, authority.file), "tls")

    assert ("trusted", frozenset({HERE})) == (facts["outcome"], facts["names"])


def test_plain_http_at_the_port_is_seen_and_says_nothing_of_certificates(tmp_path: Path) -> None:
    with RawServer(good) as server:
        assert {"speaks": "http"} == known(world_about(tmp_path, server.host), "tls")


def test_somebody_who_says_something_else(tmp_path: Path) -> None:
    with RawServer(good, to_greetings=b"220 mail.test ESMTP\r\n") as server:
        assert {"speaks": "other"} == known(world_about(tmp_path, server.host), "tls")


def test_somebody_who_says_nothing(tmp_path: Path) -> None:
    with speechless() as host:
        assert {"speaks": "nothing"} == known(world_about(tmp_path, host, patience=0.4), "tls")


def test_nobody_at_all(tmp_path: Path) -> None:
    with speechless() as host:
        pass

    assert {} == known(world_about(tmp_path, host), "tls")
